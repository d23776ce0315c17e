/** A quotation with what stands around it, and where a source leads. */

import { button, h, out } from "./dom.js";
import { list, map, text } from "./natives.js";
import { copied, permalink, reference } from "./reference.js";

/**
 * @typedef {import("./answer.js").Source} Source
 * @typedef {import("./context.js").Context} Context
 */

/** @param {Source} source @param {string[]} quotes @returns {HTMLElement} the words that are cited, marked */
export function quotation({ citation, snippet, lang, dir }, quotes = citation?.quote ?? []) {
  const { prefix, suffix } = citation?.selector ?? {};
  /** @type {(Node | string)[]} */
  const kids = [sentence(text(prefix), -1)];
  map(quotes, (quote, index) => kids.push(index ? " … " : "", h("mark", { part: "mark" }, quote)));
  kids.push(sentence(text(suffix), 1));
  return h("blockquote", { part: "quote", lang, dir }, ...(quotes.length ? kids : [snippet]));
}

/** Of what stands beside a quotation no more than to the next end of a sentence. @param {string} beside
 * @param {number} way */
function sentence(beside, way) {
  const ends = [...beside.matchAll(/[.!?…。！？]["'”’»)\]]*\s+/gu)];
  if (way > 0) return beside.slice(0, ends.length ? ends[0].index + ends[0][0].length : undefined);
  // The one right before the quotation ends there too: the sentence begins after the end before it.
  const before = ends.length && ends[ends.length - 1].index + ends[ends.length - 1][0].length >= beside.length ? ends[ends.length - 2] : ends[ends.length - 1];
  return before ? beside.slice(before.index + before[0].length) : beside;
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
  const copy = button(t("copy_citation"), async () => {
    const quotes = list(source.citation?.quote).join(" … ");
    const done = await copied(given(`“${quotes}”`, quotes) + reference(client.api, source));
    copy.textContent = t(done ? "copied" : "not_copied");
  });
  return h("div", { class: "actions" },
    ...more,
    out(t("open"), permalink(client.api, source), { click: leave }),
    out(t("original"), source.citation?.original, { click: leave }),
    copy);
}

/** @param {string} said @param {unknown} when */
function given(said, when) {
  return when ? `${said} ` : "";
}
