/** A question and its answer as they stand in the transcript. */

import { button, h } from "./dom.js";
import { explained, failure } from "./failure.js";
import { judge, markers } from "./marker.js";
import { map, only } from "./natives.js";
import { asElement, asText, copied } from "./reference.js";
import { Renderer } from "./render.js";
import { besides, sources } from "./sources.js";

/**
 * @typedef {import("./context.js").Context} Context
 * @typedef {import("./conversation.js").Exchange} Exchange
 */

const COPY = "M7 7V3h10v10h-4M3 7h10v10H3z", UP = "M6 9l3-6c2 0 2 1 2 2v3h5l-1 8H6zM3 9v7";
const DOWN = "M14 11l-3 6c-2 0-2-1-2-2v-3H4l1-8h9zM17 11V4";

/** Shows one exchange; once text stands there, nothing that comes later moves it. */
export class Turn {
  #frame = 0;
  #judged = 0;

  /**
   * @param {Exchange} exchange @param {number} number from 1 @param {Context} context
   * @param {() => void} again asks the question again
   */
  constructor(exchange, number, context, again) {
    const { t, lang } = context;
    this.exchange = exchange;
    this.context = context;
    this.again = again;
    this.body = h("div", { class: "text", lang, dir: "auto" });
    this.stage = h("p", { part: "status", "aria-hidden": "true" });
    this.tail = h("div", { class: "tail" }, this.stage);
    this.question = h("article", { part: "question", dir: "auto" },
      h("h3", { class: "hidden" }, t("you_asked")), h("p", {}, exchange.question));
    this.answer = h("article", { part: "answer" },
      h("h3", { class: "hidden" }, t("answer_n", { n: number })), this.body, this.tail);
    this.renderer = new Renderer(this.body, {
      cite: (numbers, place, answer) => markers(numbers, place, answer, context),
      strings: { image: t("image"), code: t("code"), table: t("table") },
    });
  }

  /** Shows what is there by now, at most once a frame; at once when it has ended. */
  update() {
    const { answer } = this.exchange;
    if (answer.state !== "streaming") this.#show();
    else if (!this.#frame) {
      const frame = () => {
        if (this.#frame) this.#show();
      };
      // A hidden tab draws no frames, and still reads on.
      this.#frame = document.hidden ? (frame(), 0) : requestAnimationFrame(frame);
    }
  }

  #show() {
    const { answer } = this.exchange;
    this.#frame = 0;
    const opened = this.answer.dataset.state === "streaming", streaming = answer.state === "streaming";
    this.answer.dataset.state = answer.state;
    this.renderer.update(answer);
    this.#judge();
    if (streaming) {
      if (!opened) this.tail.replaceChildren(this.stage);
      this.stage.textContent = this.#progress();
    } else this.tail.replaceChildren(...this.#end());
  }

  /** @returns {string} */
  #progress() {
    const { stage, nearest } = this.exchange.answer, { t } = this.context;
    return t(["reading", "writing"].includes(stage) ? stage : "retrieving", { count: nearest.length });
  }

  #judge() {
    const { answer } = this.exchange;
    if (answer.verdicts.size === this.#judged && answer.state === "streaming") return;
    this.#judged = answer.verdicts.size;
    for (const marker of this.body.querySelectorAll("[part=citation]")) judge(/** @type {HTMLElement} */ (marker), answer, this.context.t);
  }

  /** @returns {HTMLElement[]} what stands below an answer that has ended */
  #end() {
    const { exchange, context } = this, { answer } = exchange, { t } = context;
    const none = answer.state === "no_answer" || answer.state === "refused";
    const cited = answer.sources, unused = answer.unused;
    return /** @type {HTMLElement[]} */ (only([
      none && h("p", { class: "none" }, t(answer.state)),
      answer.state === "no_answer" && h("p", { class: "small" }, t("tips")),
      answer.state === "incomplete" && h("p", { class: "cut" }, h("span", { class: "hidden" }, t("incomplete"))),
      answer.text && this.#tools(),
      ...map(only(answer.notices, ({ code }) => NOTICES.has(code)), ({ code }) => h("p", { class: "notice" }, t(`notice_${code}`))),
      answer.error && failure(exchange, context, this.again),
      cited.length && sources(t("sources", { count: cited.length }), cited, context, true),
      unused.length && (none || answer.error && !cited.length
        ? sources(t(none ? "nearest" : "found"), unused, context, false) : cited.length && besides(unused, context)),
    ], Boolean));
  }

  #tools() {
    const { exchange, context } = this, { answer } = exchange, { t, client } = context;
    const copy = button(t("copy"), () => {
      const done = copied(asText(client.api, answer), asElement(client.api, answer, this.body));
      context.say(said.textContent = t(done ? "copied" : "not_copied"));
    }, {}, COPY);
    const said = h("span", { class: "small" });
    /** @param {boolean} helpful @param {string} label @param {string} path */
    const vote = (helpful, label, path) => {
      const made = button(label, () => {
        if (!context.feedback(exchange, "answer", { helpful })) return;
        for (const one of votes) one.setAttribute("aria-pressed", `${one === made}`);
        context.say(said.textContent = t("thanks"));
      }, { "aria-pressed": "false" }, path);
      return made;
    };
    const votes = context.option("feedback") === "off" ? [] : [vote(true, t("helpful"), UP), vote(false, t("not_helpful"), DOWN)];
    return h("div", { class: "tools" }, copy, votes.length > 0 && h("span", { part: "feedback", role: "group", "aria-label": t("feedback") }, ...votes), said);
  }

  /** @returns {string} what is announced of an answer that failed */
  get failure() {
    const { error } = this.exchange.answer;
    return error ? explained(error.code, this.context) : "";
  }
}

const NOTICES = new Set(["low_confidence", "stale_source", "model_unavailable", "withheld"]);
