/**
 * Places in a text as Python counts them, in code points, and the check of a quotation against a stored text.
 *
 * @typedef {{start: number, end: number}} Span code points of a document's canonical text, half-open
 * @typedef {{kind: string, level?: number | null, start: number, end: number}} Block
 * @typedef {{index: number, label: string | null, start: number}} Page
 * @typedef {{document_id?: string, version?: string, title?: string | null, language?: string | null,
 *   start: number, end: number, text: string, sha256?: string, blocks: Block[], pages?: Page[],
 *   section?: string[]}} View a stretch of a document: `text` is its canonical text from `start` to `end`
 * @typedef {{verdict: "verified" | "moved" | "changed", start: number, end: number}} Check
 *   where the quotation stands; both -1 where it does not
 */

import { only } from "./natives.js";

/**
 * A part of a text, in code points.
 *
 * @param {string} text @param {number} start @param {number} end neither is negative
 */
export function slice(text, start, end) {
  return [...text].slice(start, end).join("");
}

/**
 * Whether a quotation stands where it is said to stand, or elsewhere in the view and there once; never about.
 *
 * Compared after NFC, with any white space as one space.
 *
 * @param {View} view
 * @param {Span} span where it is said to stand
 * @param {string} quote
 * @param {{prefix?: string, suffix?: string}} [around] what stands before and after it: tells equal ones apart
 * @returns {Check}
 */
export function check({ text: stored, start, end }, span, quote, { prefix = "", suffix = "" } = {}) {
  const [wanted, before, after] = [quote, prefix, suffix].map((one) => fold(one).text.trim());
  if (wanted && span.start >= start && span.end <= end
    && fold(slice(stored, span.start - start, span.end - start)).text.trim() === wanted) return { verdict: "verified", ...span };
  const { text, from } = fold(stored);
  let found = [];
  for (let at = -1; wanted && found.length < 100 && (at = text.indexOf(wanted, at + 1)) >= 0;) found.push(at);
  if (found.length > 1) {
    found = only(found, (at) => (before || after) && text.slice(0, at).trimEnd().endsWith(before)
      && text.slice(at + wanted.length).trimStart().startsWith(after));
  }
  if (found.length !== 1) return { verdict: "changed", start: -1, end: -1 };
  return { verdict: "moved", start: start + from[found[0]], end: start + from[found[0] + wanted.length] };
}

/**
 * A text in NFC with white space folded; `from` tells for each of its UTF-16 units, and for its end, how many code
 * points stand before what it comes from.
 *
 * @param {string} text
 */
export function fold(text) {
  let folded = "", at = 0;
  /** @type {number[]} */
  const from = [];
  for (const [found] of text.matchAll(/\s+|\P{M}\p{M}*|\p{M}+/gsu)) {
    const piece = /\s/.test(found) ? " " : found.normalize();
    for (let unit = 0; unit < piece.length; unit++) from.push(at);
    folded += piece;
    at += [...found].length;
  }
  from.push(at);
  return { text: folded, from };
}
