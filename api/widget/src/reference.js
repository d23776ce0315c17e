/** A citation as people pass it on: a line with a link, and an answer with its numbered references. */

import { h } from "./dom.js";
import { list, map, object, only } from "./natives.js";

/**
 * @typedef {import("./answer.js").Answer} Answer
 * @typedef {import("./answer.js").Source} Source
 */

/** @param {string} api @param {Source} source @returns {string} the page that shows the place, highlighted */
export function permalink(api, { citation, passage_id: passage }) {
  return `${api}/p/${encodeURIComponent(citation?.id || passage)}`;
}

/** @param {Source} source @returns {string} where in the document it stands, as far as is known */
export function where({ title, heading_path: path, citation }) {
  const { pages, page_indices: counted, time } = object(citation?.locator);
  // A number in brackets is one that nobody printed.
  const numbers = list(pages).join(", ") || map(list(counted), (index) => `[${index + 1}]`).join(", ");
  const told = [...path, numbers && `p. ${numbers}`, time && `${clock(time.start)}–${clock(time.end)}`];
  // A section that is called like its document tells nothing beside the title.
  return only(told, (part) => part && part !== title).join(" › ");
}

/** @param {number} seconds into a recording @returns {string} as its player shows it: `1:12`, `2:03:07` */
function clock(seconds) {
  const parts = map([seconds / 3600, (seconds / 60) % 60, seconds % 60], (part) => `${Math.trunc(part)}`.padStart(2, "0"));
  return parts.join(":").replace(/^[0:]{1,4}/, "");
}

/** @param {Source} source @returns {string} what it is called, up to its link */
function named(source) {
  const at = where(source);
  return `${source.title}${at && `, ${at}`}. `;
}

/** @param {string} api @param {Source} source @returns {string} one line */
export function reference(api, source) {
  return named(source) + permalink(api, source);
}

/** @param {string} api @param {Answer} answer @returns {string} with `[1]` and the list of references */
export function asText(api, answer) {
  const list = map(answer.sources, (source) => `[${source.n}] ${reference(api, source)}`);
  return only([answer.marked((n) => `[${n}]`).trim(), list.join("\n")], Boolean).join("\n\n");
}

/** @param {string} api @param {Answer} answer @param {HTMLElement} shown what shows it @returns {Element} the same */
export function asElement(api, { sources }, shown) {
  const body = h("div", "", ...map(shown.childNodes, (node) => node.cloneNode(true)));
  for (const group of body.querySelectorAll(".cites")) {
    group.replaceWith(h("sup", "", ...map(group.children, (one) => `[${one.textContent}]`)));
  }
  const references = map(sources, (source) => {
    const href = permalink(api, source);
    return h("li", { value: source.n }, named(source), h("a", { href }, href));
  });
  return h("div", "", body, references.length && h("ol", "", ...references));
}

/**
 * Works where a page is not secure as well.
 *
 * @param {string} plain @param {Element} [rich] @returns {string} the word for whether it is on the clipboard, as both
 */
export function copied(plain, rich) {
  /** @param {any} event */
  const put = (event) => {
    event.clipboardData?.setData("text/plain", plain);
    if (rich) event.clipboardData?.setData("text/html", new XMLSerializer().serializeToString(rich));
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  // Safari copies nothing where nothing is selected, unless this event is prevented.
  for (const name of ["beforecopy", "copy"]) addEventListener(name, put, { capture: true, once: true });
  return document.execCommand("copy") ? "copied" : "not_copied";
}
