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

/** @param {string} text @param {number} points @returns {number} the UTF-16 units that its first code points take */
export function units(text, points) {
  let at = 0;
  for (; points > 0 && at < text.length; points--) at += wide(text, at);
  return at;
}

/** @param {string} text @param {number} [end] in UTF-16 units @returns {number} how many code points stand before */
export function points(text, end = text.length) {
  let count = 0;
  for (let at = 0; at < end; count++) at += wide(text, at);
  return count;
}

/** @param {string} text @param {number} at */
function wide(text, at) {
  return /** @type {number} */ (text.codePointAt(at)) > 0xffff ? 2 : 1;
}

/**
 * A part of a text, in code points.
 *
 * @param {string} text @param {number} start @param {number} end
 */
export function slice(text, start, end) {
  const from = units(text, start);
  return text.slice(from, from + units(text.slice(from), end - start));
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
export function check(view, span, quote, around = {}) {
  const wanted = fold(quote).text.trim();
  const there = span.start >= view.start && span.end <= view.end
    ? fold(slice(view.text, span.start - view.start, span.end - view.start)).text.trim() : "";
  if (wanted && wanted === there) return { verdict: "verified", start: span.start, end: span.end };
  const { text, from } = fold(view.text);
  let found = wanted ? places(text, wanted) : [];
  if (found.length > 1) {
    const before = fold(around.prefix ?? "").text.trim(), after = fold(around.suffix ?? "").text.trim();
    const alike = [];
    for (const at of found) {
      const ahead = text.slice(0, at).trimEnd(), behind = text.slice(at + wanted.length).trimStart();
      if ((before || after) && ahead.endsWith(before) && behind.startsWith(after)) alike[alike.length] = at;
    }
    found = alike;
  }
  if (found.length !== 1) return { verdict: "changed", start: -1, end: -1 };
  const [at] = found;
  return {
    verdict: "moved",
    start: view.start + points(view.text, from[at]),
    end: view.start + points(view.text, from[at + wanted.length]),
  };
}

/** @param {string} text @param {string} wanted @returns {number[]} where it stands; no more than the first hundred */
function places(text, wanted) {
  const found = [];
  for (let at = text.indexOf(wanted); at >= 0 && found.length < 100; at = text.indexOf(wanted, at + 1)) {
    found[found.length] = at;
  }
  return found;
}

/**
 * A text in NFC with white space folded; `from` tells for each of its UTF-16 units, and for its end, where what
 * it comes from begins.
 *
 * @param {string} text
 */
export function fold(text) {
  let folded = "";
  /** @type {number[]} */
  const from = [];
  for (const found of text.matchAll(/\s+|\P{M}\p{M}*|\p{M}+/gsu)) {
    const piece = /^\s+$/.test(found[0]) ? " " : found[0].normalize("NFC");
    for (let unit = 0; unit < piece.length; unit++) from[from.length] = found.index;
    folded += piece;
  }
  from[from.length] = text.length;
  return { text: folded, from };
}
