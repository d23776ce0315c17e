/** The conversation in its frame: what is asked, answered, opened and typed there. */

import { spoken } from "./announcer.js";
import { composer } from "./composer.js";
import { conversed, exchanged } from "./conversation.js";
import { button, h, out } from "./dom.js";
import { explained } from "./failure.js";
import { highlight, isHere } from "./here.js";
import { list, map, only, parse, stringify, text } from "./natives.js";
import { popped } from "./popover.js";
import { asText, permalink } from "./reference.js";
import { shelf } from "./shelf.js";
import { transcript } from "./transcript.js";
import { turned } from "./turn.js";
import { viewed } from "./viewer.js";

/**
 * @typedef {import("./context.js").Context} Context
 * @typedef {import("./client.js").ProtocolEvent} ProtocolEvent
 * @typedef {import("./conversation.js").Exchange} Exchange
 * @typedef {import("./turn.js").Turn} Turn
 * @typedef {ReturnType<typeof framed>} Panel
 */

/**
 * Built when it is first opened.
 *
 * @param {Omit<Context, "show" | "feedback" | "say">} shared @param {boolean} inline @param {() => void} close
 */
export function framed(shared, inline, close) {
  const { t, option, client, emit, lang } = shared;
  /** @type {Turn[]} */
  let turns = [];
  let frame = 0;

  /** @type {Context} */
  const context = {
    ...shared,
    show,
    say: (said) => (status.textContent = said),
    feedback: ({ answer: { id } }, kind, detail) => emit("feedback", { id, kind, ...detail }, true),
  };
  const status = h("div", { is: "hidden", role: "status" }), alert = h("div", { is: "hidden", role: "alert" });
  const persist = option("persist"), kept = shelf(option("site"), persist);
  const conversation = conversed(client, kept, changed, (kept) => emit("storage", { persist, kept }));
  const writing = composer(context, { send: ask, stop: conversation.stop, recall: () => last()?.exchange.question ?? "" });
  const talk = transcript(context, h("div", "empty",
    h("slot", { name: "greeting" }, h("p", { dir: "auto" }, option("greeting") || t("greeting"))),
    h("slot", { name: "empty" }, h("ul", { is: "suggestions", role: "list" },
      ...map(/** @type {string[]} */ (only(list(json(option("suggestions"))), text)), (said) => (
        h("li", {}, button(said, () => ask(said) && writing.input.focus(), "", "", { dir: "auto" }))))))));
  const popover = popped(context, talk.log, (marker) => owner(marker)?.exchange);
  const viewer = viewed(context, (open) => box.toggleAttribute("data-viewing", open));
  const heading = h("h2", { is: "title", id: "title", tabindex: -1, dir: "auto" }, option("title") || t("title"));
  const renew = button(t("clear"), () => {
    clear();
    writing.input.focus();
  }, "", "M4 10a6 6 0 1 1 2 4.5M4 16v-4h4");
  const box = h(inline ? "section" : "dialog", { is: "panel", "aria-labelledby": "title", keydown },
    h("header", "header", heading, renew, !inline && button(t("close"), close, "close", "M5 5l10 10M15 5L5 15")),
    h("div", "sides", viewer.pane,
      h("div", "side", talk.box, writing.box,
        h("footer", {}, h("slot", { name: "footer" }, h("p", "disclaimer", option("disclaimer") || t("disclaimer"))),
          option("branding") !== "off" && h("p", "badge", t("badge"))))),
    popover.card, status, alert);
  for (const exchange of conversation.exchanges) added(exchange).update();
  settle();

  function last() {
    return turns[turns.length - 1];
  }

  /** @param {Exchange} exchange @returns {Turn} */
  function added(exchange) {
    const turn = turned(exchange, turns.length + 1, context, () => retry(turn));
    turns.push(turn);
    talk.add(turn.question, turn.answer);
    return turn;
  }

  /** @param {string} said @returns {boolean} whether it is being asked */
  function ask(said) {
    const question = said.trim().slice(0, Number(option("max-length")));
    if (!question || conversation.running || !emit("ask", { text: question }, true)) return false;
    const turn = added(exchanged(question));
    viewer.close();
    start(turn.exchange);
    talk.asked(turn.question);
    return true;
  }

  /** @param {Turn} [turn] the last one where none is given */
  function retry(turn = last()) {
    const { exchange } = turn ?? {};
    if (!exchange?.answer.error || conversation.running) return;
    if (writing.input.value.trim() === exchange.question) writing.set("");
    start(exchange);
    writing.input.focus({ preventScroll: true });
  }

  /** @param {Exchange} exchange */
  function start(exchange) {
    status.textContent = t("retrieving");
    conversation.ask(exchange, {
      lang,
      stallMs: Number(option("stall-ms")),
      context: option("context") === "page" ? { path: location.pathname, title: document.title } : undefined,
    });
    settle();
  }

  /** @param {Exchange} exchange @param {ProtocolEvent | null} event */
  function changed(exchange, event) {
    const { answer: { stage, state, error, sources, id }, answer, question, begun } = exchange;
    const turn = only(turns, (one) => one.exchange === exchange)[0], count = sources.length;
    turn.update();
    if (event?.event === "status") emit("status", { stage });
    if (!event) {
      settle();
      if (error?.code === "offline" && !writing.input.value) writing.set(question);
      emit("sources", { count });
      if (error && error.code !== "user") emit("error", { code: error.code, retryable: error.retryable });
      emit("answer", { id, state, cited: count, ms: Math.round(performance.now() - begun) });
      if (error) alert.textContent = explained(error.code, t);
      else status.textContent = spoken(answer, option("announce"), t);
    }
    // Where it scrolls to is known once the text stands there.
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => talk.grown(turn.answer, turn.body));
  }

  function settle() {
    writing.busy(conversation.running);
    renew.hidden = !turns.length;
  }

  /** Forgets the conversation: on the page, in the browser's storage and at the service. */
  function clear() {
    popover.hide();
    viewer.close();
    conversation.clear();
    turns = [];
    talk.clear();
    status.textContent = alert.textContent = "";
    settle();
  }

  /** @param {number} n @param {string} [id] of an answer; the last one where none is given */
  function showCitation(n, id) {
    const turn = id ? only(turns, ({ exchange }) => exchange.answer.id === id)[0] : last();
    const marker = /** @type {HTMLElement | null} */ (turn?.answer.querySelector(`.citation[data-n="${Math.trunc(n)}"]`));
    if (!marker) return;
    marker.scrollIntoView({ block: "nearest" });
    popover.show(marker);
  }

  /** @param {import("./context.js").Source} source @param {HTMLElement | null} opener */
  function show(source, opener) {
    const original = source.citation?.original;
    if (!emit("source-open", { url: original || permalink(client.api, source) }, true)) return;
    if (option("highlight-here") && isHere(original) && highlight(source.citation?.quote ?? [])) {
      if (box.matches(":modal")) close();
    } else if (option("source-target") === "original" && original) out("", original)?.click();
    else viewer.show(source, opener);
  }

  /** @param {Element} inside @returns {Turn | undefined} */
  function owner(inside) {
    return only(turns, ({ answer }) => answer.contains(inside))[0];
  }

  /** What Escape does, and going back on a phone: the innermost thing closes. */
  function back() {
    if (popover.isOpen()) popover.hide();
    else if (viewer.isOpen()) viewer.close();
    else close();
  }

  /** @param {KeyboardEvent} event */
  function keydown(event) {
    const { key, code, altKey, ctrlKey } = event, target = /** @type {HTMLElement} */ (event.target);
    if (event.isComposing) return;
    if (key === "Escape") {
      if (popover.isOpen() || (inline && !viewer.isOpen())) return;
      back();
    } else if (key === "." && ctrlKey) conversation.stop();
    else if (altKey && !ctrlKey && /^Digit[1-9]$/.test(code)) showCitation(Number(code[5]));
    else if ((key === "[" || key === "]") && talk.log.contains(target)) {
      const all = /** @type {HTMLElement[]} */ ([...talk.log.querySelectorAll(".citation")]), at = all.indexOf(target);
      all.at(key === "]" ? (at + 1) % all.length : Math.max(at, 0) - 1)?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return {
    box, heading, input: writing.input, write: writing.set, conversation, ask, clear, retry: () => retry(), back, showCitation, hide: popover.hide,

    /** @param {string} [format] @returns {string} the conversation: `text`, or `json` of the events */
    export: (format) => (format === "json"
      ? stringify(map(turns, ({ exchange: { question, events } }) => ({ question, events })), null, 2)
      : map(turns, ({ exchange: { question, answer } }) => `${question}\n\n${asText(client.api, answer)}`).join("\n\n\n")),
  };
}

/** @param {string} id of a `<script type="application/json">` @returns {unknown} null where it holds none */
export function json(id) {
  try {
    return parse((id && document.getElementById(id)?.textContent) || "null");
  } catch {
    return null;
  }
}
