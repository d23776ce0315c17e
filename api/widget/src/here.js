/** Highlighting a quotation in the page around the widget, where that page is the cited document. */

import { fold } from "./points.js";

const HERE = "pincite";

/** @param {string | null | undefined} original @returns {boolean} whether a document is the page that is being read */
export function isHere(original) {
  try {
    const url = new URL(original ?? "");
    return url.origin + url.pathname + url.search === location.origin + location.pathname + location.search;
  } catch {
    return false;
  }
}

/** @param {string[]} quotes @returns {boolean} whether the first of them stands in the page once, and is shown now */
export function highlight(quotes) {
  if (!("highlights" in CSS)) return false;
  const ranges = [];
  const { text, nodes } = pageText();
  const folded = fold(text);
  for (const quote of quotes) {
    const wanted = fold(quote).text.trim(), at = wanted ? folded.text.indexOf(wanted) : -1;
    if (at >= 0 && folded.text.indexOf(wanted, at + 1) < 0) {
      const range = document.createRange();
      range.setStart(...point(nodes, folded.from[at]));
      range.setEnd(...point(nodes, folded.from[at + wanted.length]));
      ranges[ranges.length] = range;
    }
  }
  if (!ranges.length) return false;
  if (!CSS.highlights.has(HERE)) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`::highlight(${HERE}){background-color:#ffe58a;color:#1d1d1b}`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  CSS.highlights.set(HERE, new Highlight(...ranges));
  ranges[0].startContainer.parentElement?.scrollIntoView({ block: "center" });
  return true;
}

/** @returns {{text: string, nodes: [Text, number][]}} what the page says, and where each node of it begins */
function pageText() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, (node) => (
    node.parentElement?.closest("script,style,noscript,template,pincite-chat") ? 2 : 1));
  /** @type {[Text, number][]} */
  const nodes = [];
  let text = "";
  while (walker.nextNode()) {
    const node = /** @type {Text} */ (walker.currentNode);
    nodes[nodes.length] = [node, text.length];
    text += node.data;
  }
  return { text, nodes };
}

/** @param {[Text, number][]} nodes @param {number} at @returns {[Text, number]} */
function point(nodes, at) {
  let found = nodes[0];
  for (const pair of nodes) if (pair[1] < at || pair === nodes[0]) found = pair;
  return [found[0], at - found[1]];
}
