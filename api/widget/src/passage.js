/** A quotation with what stands around it, and where a source leads. */

import { button, h, out } from "./dom.js";
import { map, text } from "./natives.js";
import { copied, permalink, reference } from "./reference.js";

/**
 * @typedef {import("./answer.js").Source} Source
 * @typedef {import("./context.js").Context} Context
 */

/** @param {Source} source @returns {HTMLElement} the words that are cited, marked */
export function quotation({ citation, snippet, lang, dir }) {
  const { quote, selector } = citation ?? { quote: [] };
  // What stands around it is so many characters: the word that they cut is left out.
  const before = text(selector?.prefix).replace(/^\S*\s+/, ""), after = text(selector?.suffix).replace(/\s+\S*$/, "");
  return h("blockquote", { is: "quote", lang, dir }, before && `… ${before}`,
    ...map(quote, (one, index) => h("span", "", index && " … ", h("mark", "mark", one))), quote.length ? after && `${after} …` : snippet);
}

/**
 * What can be done with a source.
 *
 * @param {Source} source @param {Context} context @param {Node} [first] @param {Node | false} [last]
 */
export function actions(source, { t, client, emit }, first, last) {
  /** @param {Event} event */
  const click = (event) => {
    const url = /** @type {HTMLAnchorElement} */ (event.currentTarget).href;
    if (!emit("source-open", { url }, true)) event.preventDefault();
  };
  const copy = button(t("copy_citation"), () => {
    copy.textContent = t(copied(`“${source.citation?.quote.join(" … ") ?? source.snippet}” ${reference(client.api, source)}`.replace(/\s+/g, " ")));
  });
  return h("div", "actions", first, out(t("open"), permalink(client.api, source), { click }),
    out(t("original"), source.citation?.original, { click }), copy, last);
}

/** @param {Context["t"]} t @param {string} told where one is @param {(by: number) => void} go @returns {Node[]} two buttons */
export function stepper(t, told, go) {
  return [button(t("previous"), () => go(-1), "", "M12 4l-6 6 6 6"), h("span", "", told), button(t("next"), () => go(1), "", "M8 4l6 6-6 6")];
}
