/** The conversation in its frame: what is asked, answered, opened and typed there. */

import { Announcer } from "./announcer.js";
import { Composer } from "./composer.js";
import { Conversation, Exchange } from "./conversation.js";
import { button, h, out } from "./dom.js";
import { highlight, isHere } from "./here.js";
import { list, map, only, parse, stringify, text } from "./natives.js";
import { CitationPopover } from "./popover.js";
import { asText } from "./reference.js";
import { Shelf } from "./shelf.js";
import { Transcript } from "./transcript.js";
import { Turn } from "./turn.js";
import { Viewer } from "./viewer.js";

/**
 * @typedef {import("./context.js").Context} Context
 * @typedef {import("./client.js").ProtocolEvent} ProtocolEvent
 */

/** Built when it is first opened. */
export class Panel {
  /** @type {Turn[]} */
  turns = [];
  #frame = 0;

  /**
   * @param {Omit<Context, "show" | "feedback" | "say">} shared @param {boolean} inline @param {() => void} close
   */
  constructor(shared, inline, close) {
    const { t, option, client, emit } = shared;
    this.close = close;
    this.inline = inline;
    /** @type {Context} */
    this.context = {
      ...shared,
      say: (said) => (this.announcer.status.textContent = said),
      show: (source, opener) => this.#show(source, opener),
      feedback: (exchange, kind, detail) => emit("feedback", { id: exchange.answer.id, kind, ...detail }, true),
    };
    const shelf = new Shelf(option("site"), option("persist"));
    this.conversation = new Conversation(client, shelf, {
      changed: (exchange, event) => this.#changed(exchange, event),
      kept: (kept) => emit("storage", { persist: shelf.persist, kept }),
    });
    this.announcer = new Announcer(t);
    this.popover = new CitationPopover(this.context, (marker) => this.#owner(marker)?.exchange);
    this.viewer = new Viewer(this.context, () => this.box.toggleAttribute("data-viewing", this.viewer.open));
    this.composer = new Composer(this.context, {
      send: (said) => this.ask(said),
      stop: () => this.conversation.stop(),
      recall: () => this.turns[this.turns.length - 1]?.exchange.question ?? "",
    });
    this.transcript = new Transcript(this.context, this.#empty());
    this.heading = h("h2", { part: "title", id: "title", tabindex: -1, dir: "auto" }, option("title") || t("title"));
    this.renew = button(t("clear"), () => {
      this.clear();
      this.composer.input.focus();
    }, {}, "M4 10a6 6 0 1 1 2 4.5M4 16v-4h4");
    const disclaimer = option("disclaimer") || t("disclaimer");
    this.box = h(inline ? "section" : "dialog", {
      part: "panel", class: "panel", "aria-labelledby": "title",
      keydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
    },
      h("header", { part: "header" }, this.heading, this.renew,
        !inline && button(t("close"), close, { part: "close" }, "M5 5l10 10M15 5L5 15")),
      h("div", { class: "sides" }, this.viewer.pane,
        h("div", { class: "side" }, this.transcript.box, this.composer.box,
          h("footer", {}, h("slot", { name: "footer" }, h("p", { part: "disclaimer" }, disclaimer)),
            option("branding") !== "off" && h("p", { part: "badge" }, t("badge"))))),
      this.popover.card, this.announcer.status, this.announcer.alert);
    this.popover.watch(this.transcript.log);
    this.#restore();
  }

  /** @returns {HTMLElement} what stands where nothing was asked yet */
  #empty() {
    const { t, option } = this.context;
    return h("div", { class: "empty" },
      h("slot", { name: "greeting" }, h("p", { class: "greeting", dir: "auto" }, option("greeting") || t("greeting"))),
      h("slot", { name: "empty" }, h("ul", { role: "list", class: "suggestions", "aria-label": t("suggestions") },
        ...map(/** @type {string[]} */ (only(list(json(option("suggestions"))), text)), (said) => (
          h("li", {}, button(said, () => this.ask(said) && this.composer.input.focus(), { dir: "auto" })))))));
  }

  #restore() {
    this.conversation.restore();
    for (const exchange of this.conversation.exchanges) this.#turn(exchange).update();
    this.#settle();
  }

  /** @param {Exchange} exchange @returns {Turn} */
  #turn(exchange) {
    const turn = new Turn(exchange, this.turns.length + 1, this.context, () => this.retry(exchange));
    this.turns[this.turns.length] = turn;
    this.transcript.add(turn.question, turn.answer);
    return turn;
  }

  /** @param {string} said @returns {boolean} whether it is being asked */
  ask(said) {
    const question = said.trim().slice(0, Number(this.context.option("max-length")) || 2000);
    if (!question || this.conversation.running || !this.context.emit("ask", { text: question }, true)) return false;
    const exchange = new Exchange(question), turn = this.#turn(exchange);
    this.viewer.close();
    this.#start(exchange);
    this.transcript.asked(turn.question);
    return true;
  }

  /** @param {Exchange} [exchange] the last one where none is given */
  retry(exchange = this.conversation.exchanges[this.conversation.exchanges.length - 1]) {
    if (!exchange || this.conversation.running || !exchange.answer.error) return;
    if (this.composer.input.value.trim() === exchange.question) this.composer.set("");
    this.#start(exchange);
    this.composer.input.focus({ preventScroll: true });
  }

  /** @param {Exchange} exchange */
  #start(exchange) {
    const { option, lang } = this.context;
    this.announcer.searching();
    this.conversation.ask(exchange, {
      lang,
      stallMs: Number(option("stall-ms")) || 20000,
      context: option("context") === "page" ? { path: location.pathname, title: document.title } : null,
    });
    this.#settle();
  }

  /** @param {Exchange} exchange @param {ProtocolEvent | null} event */
  #changed(exchange, event) {
    const { emit, option } = this.context, { answer } = exchange;
    const [turn] = only(this.turns, (one) => one.exchange === exchange);
    if (!turn) return;
    turn.update();
    if (event?.event === "status") emit("status", { stage: answer.stage });
    if (!event) {
      this.#ended(exchange, turn);
      this.announcer.ended(answer, option("announce"), turn.failure);
    }
    // Where it scrolls to is known once the text stands there.
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.transcript.grown(turn.answer, turn.body));
  }

  /** @param {Exchange} exchange @param {Turn} turn */
  #ended({ answer, question, begun }, turn) {
    const { emit } = this.context, { error } = answer;
    this.#settle();
    if (error?.code === "offline" && !this.composer.input.value) this.composer.set(question);
    emit("sources", { count: answer.sources.length });
    if (error && error.code !== "user") emit("error", { code: error.code, retryable: error.retryable });
    const ms = Math.round(performance.now() - begun);
    emit("answer", { id: answer.id, state: answer.state, cited: answer.sources.length, ms });
  }

  #settle() {
    this.composer.busy(this.conversation.running);
    this.renew.hidden = !this.turns.length;
  }

  clear() {
    this.popover.hide();
    this.viewer.close();
    this.conversation.clear();
    this.turns = [];
    this.transcript.clear();
    this.announcer.status.textContent = this.announcer.alert.textContent = "";
    this.#settle();
  }

  /** @param {number} n @param {string} [id] of an answer; the last one where none is given */
  showCitation(n, id) {
    const turn = id ? only(this.turns, ({ exchange }) => exchange.answer.id === id)[0] : this.turns[this.turns.length - 1];
    const marker = turn?.answer.querySelector(`[part=citation][data-n="${Math.trunc(n)}"]`);
    if (!marker) return;
    marker.scrollIntoView({ block: "nearest" });
    this.popover.show(/** @type {HTMLElement} */ (marker));
  }

  /** @param {string} format @returns {string} the conversation: `text`, or `json` of the events */
  export(format) {
    const { api } = this.context.client;
    if (format === "json") {
      return stringify(map(this.turns, ({ exchange: { question, events } }) => ({ question, events })), null, 2);
    }
    return map(this.turns, ({ exchange: { question, answer } }) => `${question}\n\n${asText(api, answer)}`).join("\n\n\n");
  }

  /** @param {import("./context.js").Source} source @param {HTMLElement | null} opener */
  #show(source, opener) {
    const { option, emit, client } = this.context, original = source.citation?.original;
    const url = original || `${client.api}/p/${source.passage_id}`;
    if (!emit("source-open", { url }, true)) return;
    if (option("highlight-here") && isHere(original) && highlight(source.citation?.quote ?? [])) {
      if (this.box.matches(":modal")) this.close();
    } else if (option("source-target") === "original" && original) out("", original)?.click();
    else this.viewer.show(source, opener);
  }

  /** @param {Element} inside @returns {Turn | undefined} */
  #owner(inside) {
    return only(this.turns, ({ answer }) => answer.contains(inside))[0];
  }

  /** What Escape does, and going back on a phone: the innermost thing closes. */
  back() {
    if (this.popover.open) this.popover.hide();
    else if (this.viewer.open) this.viewer.close();
    else this.close();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key } = event, target = /** @type {HTMLElement} */ (event.target);
    const written = target.matches("input,textarea");
    if (event.isComposing) return;
    if (key === "Escape") {
      if (this.popover.open || (this.inline && !this.viewer.open)) return;
      this.back();
    } else if (key === "." && event.ctrlKey) this.conversation.stop();
    else if (event.altKey && !event.ctrlKey && /^Digit[1-9]$/.test(event.code)) this.showCitation(Number(event.code[5]));
    else if ((key === "[" || key === "]") && !written && this.transcript.log.contains(target)) this.#walk(target, key === "]" ? 1 : -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Goes from citation to citation. @param {HTMLElement} from @param {number} step */
  #walk(from, step) {
    const all = /** @type {HTMLElement[]} */ ([...this.transcript.log.querySelectorAll("[part=citation]")]);
    const at = all.indexOf(from), start = at < 0 && step < 0 ? 0 : at;
    all[(start + step + all.length) % all.length]?.focus();
  }
}

/** @param {string} id of a `<script type="application/json">` @returns {unknown} */
export function json(id) {
  try {
    return parse((id && document.getElementById(id)?.textContent) || "null");
  } catch {
    console.warn(`Pincite: the element #${id} holds no JSON.`);
    return null;
  }
}
