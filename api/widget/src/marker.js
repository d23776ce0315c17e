/** The numbers in an answer: a button for each source that a sentence rests on. */

import { h } from "./dom.js";
import { map } from "./natives.js";

/** @typedef {import("./answer.js").Answer} Answer */

/**
 * The markers of one place; those that stand together are a group.
 *
 * @param {number[]} numbers @param {number} place of the citation among all @param {Answer} answer
 * @param {import("./words.js").Words} t @returns {HTMLElement}
 */
export function markers(numbers, place, answer, t) {
  if (!numbers.length) return h("span", "badge cites", t("no_source"));
  const group = numbers.length > 1 && { role: "group", "aria-label": t("sources", { count: numbers.length }) };
  return h("span", { is: "cites", ...group }, ...map(numbers, (n) => judged(h("button", {
    is: "citation", "data-n": n, "data-place": place, "aria-haspopup": "dialog", "aria-expanded": "false",
  }, n), answer, t)));
}

/**
 * Says by name and by shape how a source backs its sentence; nothing moves.
 *
 * @param {HTMLElement} marker @param {Answer} answer @param {import("./words.js").Words} t
 */
export function judged(marker, answer, t) {
  const n = Number(marker.dataset.n), state = answer.verdict(n, Number(marker.dataset.place));
  if (state) marker.dataset.verdict = state;
  const label = t("source_n", { n, title: answer.source(n)?.title ?? "" }) + (state ? `, ${t(state === "exact" ? "verified" : `verdict_${state}`)}` : "");
  if (marker.ariaLabel !== label) marker.ariaLabel = label;
  return marker;
}
