/** The sources under an answer: those that are cited, and folded away those that were found besides. */

import { button, h } from "./dom.js";
import { map } from "./natives.js";
import { where } from "./reference.js";

/**
 * @typedef {import("./answer.js").Source} Source
 * @typedef {import("./context.js").Context} Context
 */

/** @param {string} title @param {Source[]} found @param {Context} context @param {boolean} numbered */
export function sources(title, found, context, numbered) {
  return h("section", { part: "sources", "aria-label": title }, h("h4", {}, title), listed(found, context, numbered));
}

/** @param {Source[]} unused @param {Context} context */
export function besides(unused, context) {
  return h("details", { class: "besides" }, h("summary", {}, context.t("unused", { count: unused.length })), listed(unused, context, false));
}

/** @param {Source[]} found @param {Context} context @param {boolean} numbered */
function listed(found, context, numbered) {
  return h("ol", { role: "list" }, ...map(found, (source) => item(source, context, numbered)));
}

/** @param {Source} source @param {Context} context @param {boolean} numbered */
function item(source, context, numbered) {
  const at = where(source), { n, lang, dir, snippet } = source;
  /** @type {HTMLButtonElement} */
  const opener = button("", () => context.show(source, opener));
  opener.append(
    numbered ? h("span", { class: "number" }, `${n}`) : "",
    h("span", { class: "about", lang, dir },
      h("span", { class: "name" }, source.title),
      at && h("span", { class: "small" }, at),
      !numbered && h("span", { class: "snippet" }, snippet)));
  return h("li", { part: "source", "data-n": numbered && n }, opener);
}
