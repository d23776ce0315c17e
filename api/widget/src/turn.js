/** A question and its answer as they stand in the transcript. */

import { button, h } from "./dom.js";
import { failure } from "./failure.js";
import { judged, markers } from "./marker.js";
import { map, only } from "./natives.js";
import { asElement, asText, copied } from "./reference.js";
import { Renderer } from "./render.js";
import { listed, sources } from "./sources.js";

/**
 * @typedef {import("./context.js").Context} Context
 * @typedef {import("./conversation.js").Exchange} Exchange
 * @typedef {ReturnType<typeof turned>} Turn
 */

const COPY = "M7 7V3h10v10h-4M3 7h10v10H3z", THUMB = "M6 9l3-6c2 0 2 1 2 2v3h5l-1 8H6zM3 9v7";

/**
 * Shows one exchange; once text stands there, nothing that comes later moves it.
 *
 * @param {Exchange} exchange @param {number} n from 1 @param {Context} context
 * @param {() => void} again asks the question again
 */
export function turned(exchange, n, context, again) {
  const { t, lang, client, option } = context, { answer } = exchange;
  let frame = 0;
  const body = h("div", { is: "text", lang, dir: "auto" }), stage = h("p", { is: "status", "aria-hidden": "true" }), tail = h("div", "tail", stage);
  const shown = h("article", "answer", h("h3", "hidden", t("answer_n", { n })), body, tail);
  const renderer = new Renderer(body, {
    cite: (numbers, place) => markers(numbers, place, answer, t),
    strings: { image: t("image"), code: t("code"), table: t("table") },
  });

  function show() {
    frame = 0;
    shown.dataset.state = answer.state;
    renderer.update(answer);
    for (const marker of body.querySelectorAll(".citation")) judged(/** @type {HTMLElement} */ (marker), answer, t);
    const streaming = answer.state === "streaming";
    stage.textContent = t(answer.stage, { count: answer.nearest.length }) || t("retrieving");
    if (!streaming) tail.replaceChildren(...end());
    else if (!stage.parentNode) tail.replaceChildren(stage);
  }

  /** @returns {Node[]} what stands below an answer that has ended */
  function end() {
    const { state, notices, unused, sources: cited } = answer;
    const title = t("unused", { count: unused.length });
    return /** @type {Node[]} */ (only([
      (state === "no_answer" || state === "refused") && h("p", "none", t(state)),
      state === "no_answer" && h("p", "small", t("tips")),
      state === "incomplete" && h("p", "cut", h("span", "hidden", t("incomplete"))),
      answer.text && tools(),
      ...map(notices, ({ code }) => t(`notice_${code}`) && h("p", "notice", t(`notice_${code}`))),
      failure(exchange, t, again),
      cited.length && sources(t("sources", { count: cited.length }), cited, context, true),
      unused.length && (cited.length ? h("details", {}, h("summary", {}, title), listed(unused, context))
        : sources(t("found"), unused, context)),
    ], Boolean));
  }

  function tools() {
    const said = h("span", "small");
    /** @param {string} key */
    const tell = (key) => context.say((said.textContent = t(key)));
    const votes = map(/** @type {const} */ (["helpful", "not_helpful"]), (key, down) => button(t(key), () => {
      if (!context.feedback(exchange, "answer", { helpful: !down })) return;
      map(votes, (one, index) => one.setAttribute("aria-pressed", `${index === down}`));
      tell("thanks");
    }, key, THUMB, { "aria-pressed": "false" }));
    return h("div", "tools",
      button(t("copy"), () => tell(copied(asText(client.api, answer), asElement(client.api, answer, body))), "", COPY),
      option("feedback") !== "off" && h("span", { is: "feedback", role: "group", "aria-label": t("feedback") }, ...votes), said);
  }

  return {
    exchange,
    body,
    answer: shown,
    question: h("article", { is: "question", dir: "auto" }, h("h3", "hidden", t("you_asked")), h("p", "", exchange.question)),

    /** Shows what is there by now, at most once a frame; at once when it has ended or nobody sees it. */
    update() {
      // A hidden tab draws no frames, and still reads on.
      if (answer.state !== "streaming" || document.hidden) show();
      else frame ||= requestAnimationFrame(() => frame && show());
    },
  };
}
