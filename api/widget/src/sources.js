/** The sources under an answer: those that are cited, and folded away those that were found besides. */

import { h } from "./dom.js";
import { map } from "./natives.js";
import { where } from "./reference.js";

/**
 * @typedef {import("./answer.js").Source} Source
 * @typedef {import("./context.js").Context} Context
 */

/** @param {string} title @param {Source[]} found @param {Context} context @param {boolean} [numbered] */
export function sources(title, found, context, numbered) {
  return h("section", { is: "sources", "aria-label": title }, h("h4", "", title), listed(found, context, numbered));
}

/** @param {Source[]} found @param {Context} context @param {boolean} [numbered] */
export function listed(found, context, numbered) {
  return h("ol", { role: "list" }, ...map(found, (source) => {
    const { n, lang, dir, snippet, title } = source;
    /** @type {HTMLElement} */
    const opener = h("button", { click: () => context.show(source, opener) },
      numbered && h("span", "number", n),
      h("span", { is: "about", lang, dir },
        h("span", "name", title), h("span", "small", where(source)), !numbered && h("span", "snippet", snippet)));
    return h("li", { is: "source", "data-n": numbered && n }, opener);
  }));
}
