/** Highlighting a quotation in the page around the widget, where that page is the cited document. */

import { map } from "./natives.js";
import { fold } from "./points.js";

/** @param {string | null | undefined} original @returns {boolean} whether a document is the page that is being read */
export function isHere(original) {
  try {
    const url = new URL(original ?? "");
    return url.origin + url.pathname + url.search === location.origin + location.pathname + location.search;
  } catch {
    return false;
  }
}

/** @param {string[]} quotes @returns {boolean} whether they stand in the page, each once, and are shown now */
export function highlight(quotes) {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  /** @type {[Text, number][]} */
  const nodes = [];
  let said = "";
  while (walker.nextNode()) {
    const node = /** @type {Text} */ (walker.currentNode);
    if (node.parentElement?.closest("script,style,noscript,pincite-chat")) continue;
    nodes[nodes.length] = [node, said.length];
    said += node.data;
  }
  const { text, from } = fold(said);
  const ranges = map(quotes, (quote) => {
    const wanted = fold(quote).text.trim(), at = text.indexOf(wanted), range = document.createRange();
    if (!wanted || at < 0 || text.indexOf(wanted, at + 1) >= 0) return null;
    const start = from[at], end = from[at + wanted.length];
    for (const [node, begin] of nodes) {
      if (begin <= start && start < begin + node.length) range.setStart(node, start - begin);
      if (begin < end && end <= begin + node.length) range.setEnd(node, end - begin);
    }
    return range;
  });
  const [first] = ranges;
  if (!first || ranges.includes(null) || !("highlights" in CSS)) return false;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("::highlight(pincite){background:#ffe58a;color:#000}");
  document.adoptedStyleSheets.push(sheet);
  CSS.highlights.set("pincite", new Highlight(.../** @type {Range[]} */ (ranges)));
  first.startContainer.parentElement?.scrollIntoView({ block: "center" });
  return true;
}
