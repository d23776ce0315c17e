/** Making elements, without any text ever being read as markup. */

import { created } from "./natives.js";

/**
 * An element. An attribute that is false or null is left out, one that is true is empty, a function listens to the
 * event of its name.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | null | undefined | false)} kids
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = {}, ...kids) {
  const made = created(tag);
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value != null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  for (const kid of kids) if (kid) made.append(kid);
  return /** @type {any} */ (made);
}

/**
 * A button that says what it does; one with a picture says it to those who do not see it and on hover.
 *
 * @param {string} label @param {(event: MouseEvent) => void} click @param {Record<string, any>} [attributes]
 * @param {string} [path] of a picture of 20 by 20
 */
export function button(label, click, attributes = {}, path = "") {
  const given = { type: "button", click, ...attributes };
  if (!path) return h("button", given, label);
  return h("button", { "aria-label": label, class: "icon", ...given }, icon(path));
}

/** @param {string} path @returns {Element} a picture drawn in the colour of the text */
export function icon(path) {
  const space = "http://www.w3.org/2000/svg", svg = document.createElementNS(space, "svg");
  const line = document.createElementNS(space, "path");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/**
 * A link that leaves the page behind it alone; null where the address is not one of the web.
 *
 * @param {string} label @param {string | null | undefined} address @param {Record<string, any>} [attributes]
 */
export function out(label, address, attributes = {}) {
  if (!address || !/^https?:\/\//i.test(address)) return null;
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer", ...attributes }, label);
}
