/** Making elements, without any text ever being read as markup. */

import { created } from "./natives.js";

/**
 * An element, and what stands in it. It is given a name, which is its class for our styles and by its first word its
 * part for the page's; or attributes, among them that name as `is`: one that is false or null is left out, one that
 * is true is empty, a function listens to the event of its name.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {string | Record<string, any>} given never what a service sent
 * @param {...(Node | string | number | null | undefined | false)} kids those that are empty are left out
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, given, ...kids) {
  const made = created(tag), { is, ...attributes } = typeof given === "string" ? { is: given } : given;
  if (tag === "button") made.setAttribute("type", tag);
  if (is) [attributes.class, attributes.part] = [is, is.split(" ")[0]];
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value != null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  for (const kid of kids) if (kid) made.append(/** @type {string} */ (kid));
  return /** @type {any} */ (made);
}

/**
 * A button that says what it does; one with a picture says it to those who do not see it.
 *
 * @param {string} label @param {() => void} click @param {string} [name]
 * @param {string} [path] of a picture of 20 by 20 @param {Record<string, any>} [more] attributes
 */
export function button(label, click, name = "", path = "", more = {}) {
  const given = { click, ...more };
  return path ? h("button", { is: `${name} icon`, "aria-label": label, ...given }, icon(path)) : h("button", { is: name, ...given }, label);
}

/** @param {string} path @returns {Element} a picture drawn in the colour of the text */
export function icon(path) {
  const [svg, line] = /** @type {const} */ (["svg", "path"]).map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/**
 * A link that leaves the page behind it alone; null where the address is not one of the web.
 *
 * @param {string} label @param {string | null | undefined} href @param {Record<string, any>} [attributes]
 */
export function out(label, href, attributes = {}) {
  return href && /^https?:\/\//i.test(href) ? h("a", { href, target: "_blank", rel: "noopener noreferrer", ...attributes }, label) : null;
}
