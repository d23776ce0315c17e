/** The numbers in an answer: a button for each source that a sentence rests on. */

import { h } from "./dom.js";
import { map } from "./natives.js";

/**
 * @typedef {import("./answer.js").Answer} Answer
 * @typedef {import("./context.js").Context} Context
 */

/**
 * The markers of one place; those that stand together are a group.
 *
 * @param {number[]} numbers @param {number} place of the citation among all @param {Answer} answer
 * @param {Context} context @returns {HTMLElement}
 */
export function markers(numbers, place, answer, { t }) {
  if (!numbers.length) return h("span", { part: "badge", class: "cites" }, t("no_source"));
  const made = map(numbers, (n) => {
    const marker = h("button", {
      type: "button", part: "citation", "data-n": n, "data-place": place, "aria-haspopup": "dialog", "aria-expanded": "false",
    }, `${n}`);
    return marker;
  });
  const group = made.length > 1 && { role: "group", "aria-label": t("sources", { count: numbers.length }) };
  const all = h("span", { class: "cites", ...group }, ...made);
  for (const marker of made) judge(marker, answer, t);
  return all;
}

/** Says by name and by shape how a source backs its sentence; nothing moves. @param {HTMLElement} marker
 * @param {Answer} answer @param {import("./words.js").Words} t */
export function judge(marker, answer, t) {
  const n = Number(marker.dataset.n), state = answer.verdict(n, Number(marker.dataset.place));
  const title = answer.source(n)?.title ?? "";
  if (state === (marker.dataset.verdict ?? null) && marker.hasAttribute("aria-label")) return;
  if (state) marker.dataset.verdict = state;
  marker.setAttribute("aria-label", t("source_n", { n, title }) + (state ? `, ${t(`mark_${state}`)}` : ""));
}
