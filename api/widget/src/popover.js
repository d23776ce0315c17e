/** What a citation rests on, beside its number: by hover, click, tap or keyboard. */

import { button, h } from "./dom.js";
import { later, map, never } from "./natives.js";
import { actions, quotation, stepper } from "./passage.js";
import { where } from "./reference.js";

/**
 * @typedef {import("./context.js").Context} Context
 * @typedef {import("./conversation.js").Exchange} Exchange
 */

const OPEN_MS = 150, LEAVE_MS = 260, EDGE = 8;

/**
 * One card for all markers of the widget.
 *
 * @param {Context} context @param {HTMLElement} log that holds the markers
 * @param {(marker: HTMLElement) => Exchange | undefined} owner whose answer a marker is in
 */
export function popped(context, log, owner) {
  const { t, option, emit, feedback } = context;
  /** @type {HTMLElement | null} */
  let at = null;
  let timer = 0, inside = false, pinned = false;
  let pressed = false; // whether the card was open for the marker when the pointer went down

  const card = h("div", { is: "citation-popover",
    popover: "auto", role: "dialog", tabindex: -1,
    pointerenter: () => never(timer),
    pointerleave: leave,
    /** @param {ToggleEvent} event */
    beforetoggle({ newState }) {
      if (newState === "closed") inside = card.matches(":focus-within");
    },
    /** @param {ToggleEvent} event */
    toggle({ newState }) {
      if (newState !== "closed" || !at) return;
      at.setAttribute("aria-expanded", "false");
      if (inside) at.focus({ preventScroll: true });
      at = null;
      pinned = false;
    },
  });

  /** @type {Record<string, (marker: HTMLElement | null, event: any) => void>} what is done on a marker, or beside all */
  const heard = {
    pointerdown(marker) {
      pressed = pinned && marker === at;
    },
    click(marker) {
      if (pressed) hide();
      else if (marker) show(marker);
      pressed = false;
    },
    pointerover(marker, { pointerType }) {
      if (!marker || pointerType !== "mouse" || option("citations") === "panel") return;
      never(timer);
      if (!pinned && marker !== at) timer = +later(() => open(marker, false), OPEN_MS);
    },
    pointerout(marker) {
      if (marker) leave();
    },
    scroll: place,
  };
  for (const name of Object.keys(heard)) {
    log.addEventListener(name, (event) => heard[name](/** @type {Element} */ (event.target).closest(".citation"), event));
  }

  function leave() {
    never(timer);
    if (!pinned) timer = +later(hide, LEAVE_MS);
  }

  function hide() {
    never(timer);
    if (isOpen()) card.hidePopover();
  }

  function isOpen() {
    return card.matches(":popover-open");
  }

  /** As a click does: the focus goes into the card. @param {HTMLElement} marker */
  function show(marker) {
    const n = Number(marker.dataset.n), source = owner(marker)?.answer.source(n);
    if (!source) return;
    emit("citation", { n, verdict: marker.dataset.verdict ?? null });
    if (option("citations") === "panel") context.show(source, marker);
    else open(marker, true);
  }

  /** @param {HTMLElement} marker @param {boolean} stays until it is closed */
  function open(marker, stays) {
    const exchange = owner(marker);
    never(timer);
    // What has been asked again has no sources yet.
    if (!exchange?.answer.source(Number(marker.dataset.n))) return;
    if (at !== marker) {
      at?.setAttribute("aria-expanded", "false"); // closing and opening at once is told as neither
      hide();
      fill(marker, exchange);
    }
    at = marker;
    pinned = stays;
    marker.setAttribute("aria-expanded", "true");
    if (!isOpen()) card.showPopover();
    place();
    if (stays) card.focus({ preventScroll: true });
  }

  /** @param {HTMLElement} marker @param {Exchange} exchange */
  function fill(marker, exchange) {
    const { answer } = exchange, own = Number(marker.dataset.n);
    card.ariaLabel = t("source_n", { n: own, title: answer.source(own)?.title ?? "" });
    // The one that was asked for first, then those that stand beside it.
    card.replaceChildren(...map(new Set([own, ...answer.cites[Number(marker.dataset.place)].n]), (n) => described(marker, exchange, n)), uses(marker));
  }

  /** @param {HTMLElement} marker @param {Exchange} exchange @param {number} n of one of its sources */
  function described(marker, exchange, n) {
    const source = /** @type {import("./answer.js").Source} */ (exchange.answer.source(n));
    const verdict = exchange.answer.verdict(n, Number(marker.dataset.place)), path = where(source);
    const report = option("feedback") !== "off" && button(t("report"), () => {
      if (report && feedback(exchange, "source", { n })) report.textContent = t("thanks");
    });
    const shows = button(t("show"), () => {
      inside = false;
      hide();
      context.show(source, marker);
    }, "main");
    return h("section", "",
      h("h4", { dir: "auto" }, h("span", "number", n), source.title),
      path && h("p", { is: "small", dir: "auto" }, path),
      quotation(source),
      verdict && h("p", { is: "verdict", "data-state": verdict }, t(`verdict_${verdict}`)),
      actions(source, context, shows, report));
  }

  /** Steps through the places that cite the same source. @param {HTMLElement} marker @returns {HTMLElement | string} */
  function uses(marker) {
    const all = [.../** @type {Element} */ (marker.closest("article")).querySelectorAll(`.citation[data-n="${marker.dataset.n}"]`)];
    const count = all.length, n = all.indexOf(marker);
    return count > 1 ? h("p", "uses small", ...stepper(t, t("cited_n", { n: n + 1, count }), (step) => {
      const next = /** @type {HTMLElement} */ (all[(n + step + count) % count]);
      inside = false;
      next.scrollIntoView({ block: "nearest" });
      open(next, true);
    })) : "";
  }

  /** Below the marker where there is room, else above, and within the panel and the window. */
  function place() {
    if (!at) return;
    const { top, bottom, left, width } = at.getBoundingClientRect(), { style, offsetWidth } = card;
    const below = innerHeight - bottom - EDGE, above = top - EDGE;
    /** @param {string} name @param {number} value */
    const set = (name, value) => style.setProperty(name, `${value}px`);
    set("max-height", Math.max(below, above));
    set("top", card.offsetHeight <= below || below >= above ? bottom : top - card.offsetHeight);
    const { right } = /** @type {HTMLElement} */ (card.parentElement).getBoundingClientRect();
    set("left", Math.max(EDGE, Math.min(left + (width - offsetWidth) / 2, Math.min(right, innerWidth) - offsetWidth - EDGE)));
  }

  return { card, show, hide, isOpen };
}
