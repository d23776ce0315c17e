/** A citation as people pass it on: a line with a link, and an answer with its numbered references. */

import { h } from "./dom.js";
import { map, only } from "./natives.js";

/**
 * @typedef {import("./answer.js").Answer} Answer
 * @typedef {import("./answer.js").Source} Source
 */

/** @param {string} api @param {Source} source @returns {string} the page that shows the place, highlighted */
export function permalink(api, { citation, passage_id: passage }) {
  return `${api}/p/${encodeURIComponent(citation?.id || passage)}`;
}

/** @param {Source} source @returns {string} where in the document it stands, as far as is known */
export function where({ heading_path: path, citation }) {
  const pages = citation?.locator?.pages, page = Array.isArray(pages) && pages.length ? `p. ${pages.join(", ")}` : "";
  return only([...path, page], Boolean).join(" › ");
}

/** @param {string} api @param {Source} source @returns {string} one line */
export function reference(api, source) {
  const at = where(source);
  return `${source.title}${at && `, ${at}`}. ${permalink(api, source)}`;
}

/** @param {string} api @param {Answer} answer @returns {string} with `[1]` and the list of references */
export function asText(api, answer) {
  const list = map(answer.sources, (source) => `[${source.n}] ${reference(api, source)}`);
  return only([answer.marked((n) => `[${n}]`).trim(), list.join("\n")], Boolean).join("\n\n");
}

/** @param {string} api @param {Answer} answer @param {HTMLElement} shown what shows it @returns {Element} the same */
export function asElement(api, answer, shown) {
  const body = /** @type {HTMLElement} */ (shown.cloneNode(true));
  body.removeAttribute("class");
  for (const group of body.querySelectorAll(".cites")) {
    const numbers = map(group.querySelectorAll("[data-n]"), (one) => `[${one.getAttribute("data-n")}]`);
    group.replaceWith(h("sup", {}, numbers.join("")));
  }
  const references = map(answer.sources, (source) => {
    const link = permalink(api, source);
    return h("li", { value: source.n }, `${reference(api, source).slice(0, -link.length)}`, h("a", { href: link }, link));
  });
  return h("div", {}, body, references.length > 0 && h("ol", {}, ...references));
}

/** Works where a page is not secure as well. @param {string} plain @param {Element} [rich] @returns {boolean} whether it is on the clipboard, as both */
export function copied(plain, rich) {
  /** @param {ClipboardEvent} event */
  const put = (event) => {
    event.clipboardData?.setData("text/plain", plain);
    if (rich) event.clipboardData?.setData("text/html", new XMLSerializer().serializeToString(rich));
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  // Safari copies nothing where nothing is selected, unless this event is prevented.
  for (const name of /** @type {const} */ (["beforecopy", "copy"])) addEventListener(name, /** @type {any} */ (put), { capture: true, once: true });
  return document.execCommand("copy");
}
