/** What a citation rests on, beside its number: by hover, click, tap or keyboard. */

import { button, h } from "./dom.js";
import { later, map, never, only } from "./natives.js";
import { actions, quotation, stepper } from "./passage.js";
import { where } from "./reference.js";

/**
 * @typedef {import("./context.js").Context} Context
 * @typedef {import("./conversation.js").Exchange} Exchange
 */

const OPEN_MS = 150, LEAVE_MS = 260, EDGE = 8;

/** One card for all markers of the widget. */
export class CitationPopover {
  /** @type {HTMLElement | null} */
  #marker = null;
  #timer = 0;
  #inside = false;
  #pressed = false; // whether the card was open for the marker when the pointer went down
  #pinned = false;

  /** @param {Context} context @param {(marker: HTMLElement) => Exchange | undefined} owner whose answer a marker is in */
  constructor(context, owner) {
    this.context = context;
    this.owner = owner;
    this.card = h("div", {
      part: "citation-popover", popover: "auto", role: "dialog", tabindex: -1,
      pointerenter: () => never(this.#timer),
      pointerleave: () => this.#leave(),
      beforetoggle: (/** @type {ToggleEvent} */ event) => {
        if (event.newState === "closed") this.#inside = this.card.contains(context.focused());
      },
      toggle: (/** @type {ToggleEvent} */ event) => {
        if (event.newState === "closed") this.#closed();
      },
    });
  }

  /** @returns {boolean} */
  get open() {
    return this.card.matches(":popover-open");
  }

  /** Listens to the markers inside an element. @param {HTMLElement} log */
  watch(log) {
    /** @param {Event} event */
    const marked = (event) => /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[part=citation]"));
    log.addEventListener("pointerdown", (event) => {
      this.#pressed = this.open && this.#pinned && marked(event) === this.#marker;
    });
    log.addEventListener("click", (event) => {
      const marker = marked(event);
      if (marker && !this.#pressed) this.show(marker);
      else if (marker) this.hide();
      this.#pressed = false;
    });
    log.addEventListener("pointerover", (event) => {
      const marker = event.pointerType === "mouse" && this.context.option("citations") !== "panel" ? marked(event) : null;
      if (!marker) return;
      never(this.#timer);
      if (this.open && (this.#pinned || marker === this.#marker)) return;
      this.#timer = +later(() => this.#open(marker, false), OPEN_MS);
    });
    log.addEventListener("pointerout", (event) => {
      if (marked(event)) this.#leave();
    });
    log.addEventListener("scroll", () => this.#place());
  }

  #leave() {
    never(this.#timer);
    if (!this.#pinned) this.#timer = +later(() => this.hide(), LEAVE_MS);
  }

  /** As a click does: the focus goes into the card. @param {HTMLElement} marker */
  show(marker) {
    const exchange = this.owner(marker), n = Number(marker.dataset.n), source = exchange?.answer.source(n);
    if (!source) return;
    this.context.emit("citation", { n, verdict: marker.dataset.verdict ?? null });
    if (this.context.option("citations") === "panel") this.context.show(source, marker);
    else this.#open(marker, true);
  }

  hide() {
    never(this.#timer);
    if (this.open) this.card.hidePopover();
  }

  /** @param {HTMLElement} marker @param {boolean} pinned stays until it is closed */
  #open(marker, pinned) {
    never(this.#timer);
    if (!marker.isConnected) return;
    if (this.#marker !== marker) {
      this.#marker?.setAttribute("aria-expanded", "false"); // closing and opening at once is told as neither
      this.hide();
      this.#fill(marker);
    }
    this.#marker = marker;
    this.#pinned = pinned;
    marker.setAttribute("aria-expanded", "true");
    if (!this.open) this.card.showPopover();
    this.#place();
    if (pinned) this.card.focus({ preventScroll: true });
  }

  #closed() {
    const marker = this.#marker;
    this.#marker = null;
    this.#pinned = false;
    marker?.setAttribute("aria-expanded", "false");
    if (this.#inside) marker?.focus({ preventScroll: true });
  }

  /** @param {HTMLElement} marker */
  #fill(marker) {
    const { t } = this.context, exchange = this.owner(marker);
    if (!exchange) return;
    const { answer } = exchange, place = Number(marker.dataset.place);
    const numbers = answer.cites[place].n, own = Number(marker.dataset.n);
    // The one that was asked for first, then those that stand beside it.
    const cards = map([own, ...only(numbers, (n) => n !== own)], (n) => this.#source(exchange, n, place));
    this.card.setAttribute("aria-label", t("source_n", { n: own, title: answer.source(own)?.title ?? "" }));
    this.card.replaceChildren(...cards, this.#uses(marker));
  }

  /** @param {Exchange} exchange @param {number} n @param {number} place @returns {HTMLElement} */
  #source(exchange, n, place) {
    const { t, show, feedback, option } = this.context, source = exchange.answer.source(n);
    if (!source) return h("div");
    const verdict = exchange.answer.verdict(n, place), path = where(source);
    const report = option("feedback") !== "off" && button(t("report"), () => {
      if (feedback(exchange, "source", { n })) /** @type {HTMLElement} */ (report).textContent = t("thanks");
    });
    const links = actions(source, this.context, button(t("show"), () => {
      const marker = this.#marker;
      this.#inside = false;
      this.hide();
      show(source, marker);
    }, { class: "main" }));
    if (report) links.append(report);
    return h("section", {},
      h("h4", { dir: "auto" }, h("span", { class: "number" }, `${n}`), source.title),
      path && h("p", { class: "small", dir: "auto" }, path),
      quotation(source),
      verdict && h("p", { part: "verdict", "data-state": verdict }, t(`verdict_${verdict}`)),
      links);
  }

  /** Steps through the places that cite the same source. @param {HTMLElement} marker @returns {HTMLElement | string} */
  #uses(marker) {
    const { t } = this.context, article = marker.closest("article");
    const uses = [...(article?.querySelectorAll(`[part=citation][data-n="${marker.dataset.n}"]`) ?? [])];
    if (uses.length < 2) return "";
    const at = uses.indexOf(marker);
    /** @param {number} step */
    const go = (step) => {
      const next = /** @type {HTMLElement} */ (uses[(at + step + uses.length) % uses.length]);
      this.#inside = false;
      next.scrollIntoView({ block: "nearest" });
      this.#open(next, true);
    };
    return h("p", { class: "uses small" }, ...stepper(t, t("use_n", { n: at + 1, count: uses.length }), go));
  }

  /** Below the marker where there is room, else above, and within the panel and the window. */
  #place() {
    if (!this.#marker || !this.open) return;
    const at = this.#marker.getBoundingClientRect(), { style, offsetWidth: wide } = this.card;
    const below = innerHeight - at.bottom - EDGE, above = at.top - EDGE;
    style.setProperty("max-height", `${Math.max(below, above)}px`);
    const high = this.card.offsetHeight, under = high <= below || below >= above;
    style.setProperty("top", `${under ? at.bottom : at.top - high}px`);
    const middle = at.left + at.width / 2 - wide / 2;
    const { right } = /** @type {HTMLElement} */ (this.card.parentElement).getBoundingClientRect();
    style.setProperty("left", `${Math.max(EDGE, Math.min(middle, Math.min(right, innerWidth) - wide - EDGE))}px`);
  }
}
