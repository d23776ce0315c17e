/** Highlighting a quotation in the page around the widget, where that page is the cited document. */

import { map } from "./natives.js";
import { fold, slice } from "./points.js";

/** @param {string | null | undefined} original @returns {boolean} whether a document is the page that is being read */
export function isHere(original) {
  return !!original && URL.canParse(original) && bare(original) === bare(location.href);
}

/** @param {string} address @returns {string} without its fragment */
function bare(address) {
  return new URL(address).href.split("#")[0];
}

/** @param {string[]} quotes @returns {boolean} whether they stand in the page, each once, and are shown now */
export function highlight(quotes) {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  /** @type {[Text, number][]} */
  const nodes = [];
  let said = "", node;
  while ((node = /** @type {Text | null} */ (walker.nextNode()))) {
    if (node.parentElement?.closest("script,style,noscript,pincite-chat")) continue;
    nodes.push([node, said.length]);
    said += node.data;
  }
  const { text, from } = fold(said);
  const ranges = map(quotes, (quote) => {
    const wanted = fold(quote).text.trim(), at = text.indexOf(wanted), range = new Range();
    if (!wanted || at < 0 || text.indexOf(wanted, at + 1) >= 0) return null;
    const [start, end] = map([at, at + wanted.length], (place) => slice(said, 0, from[place]).length);
    for (const [node, begin] of nodes) {
      const last = begin + node.length;
      if (begin <= start && start < last) range.setStart(node, start - begin);
      if (begin < end && end <= last) range.setEnd(node, end - begin);
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
