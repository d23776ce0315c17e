/** A quotation with what stands around it, and where a source leads. */

import { button, h, out } from "./dom.js";
import { map } from "./natives.js";
import { copied, permalink, reference } from "./reference.js";

/**
 * @typedef {import("./answer.js").Source} Source
 * @typedef {import("./context.js").Context} Context
 */

/** @param {Source} source @param {string[]} quotes @returns {HTMLElement} the words that are cited, marked */
export function quotation({ citation, snippet, lang, dir }, quotes = citation?.quote ?? []) {
  const { prefix, suffix } = citation?.selector ?? {};
  /** @type {(Node | string)[]} */
  const kids = [prefix ? `… ${prefix}` : ""];
  map(quotes, (quote, index) => kids.push(index ? " … " : "", h("mark", { part: "mark" }, quote)));
  return h("blockquote", { part: "quote", lang, dir }, ...(quotes.length ? [...kids, suffix ? `${suffix} …` : ""] : [snippet]));
}

/**
 * What can be done with a source.
 *
 * @param {Source} source @param {Context} context @param {...(Node | false | null)} more
 */
export function actions(source, { t, client, emit }, ...more) {
  /** @param {Event} event */
  const leave = (event) => {
    const url = /** @type {HTMLAnchorElement} */ (event.currentTarget).href;
    if (!emit("source-open", { url }, true)) event.preventDefault();
  };
  const copy = button(t("copy_citation"), () => {
    const done = copied(`“${source.citation?.quote.join(" … ") ?? source.snippet}” ${reference(client.api, source)}`);
    copy.textContent = t(done ? "copied" : "not_copied");
  });
  return h("div", { class: "actions" },
    ...more,
    out(t("open"), permalink(client.api, source), { click: leave }),
    out(t("original"), source.citation?.original, { click: leave }),
    copy);
}

/** @param {Context["t"]} t @param {string} told where one is @param {(by: number) => void} go @returns {Node[]} two buttons */
export function stepper(t, told, go) {
  return [
    button(t("previous"), () => go(-1), {}, "M12 4l-6 6 6 6"), h("span", {}, told), button(t("next"), () => go(1), {}, "M8 4l6 6-6 6"),
  ];
}
