/** What the script does when it is loaded: defines the element once, makes one where there is none. */

import { ATTRIBUTES, home, PinciteChat } from "./element.js";
import { out } from "./dom.js";
import { list } from "./natives.js";

const TAG = "pincite-chat";

/** @param {HTMLOrSVGScriptElement | null} script that is running */
export function start(script) {
  if (customElements.get(TAG)) return;
  const given = /** @type {HTMLScriptElement | null} */ (script);
  home.origin = new URL(given?.src || location.href).origin;
  const api = given?.dataset.api || home.origin;
  // What else is needed came before these.
  if (!("popover" in HTMLElement.prototype && CSS.supports("color", "light-dark(red, lch(from red l c h))"))) {
    (given ?? document.body).after(out("Ask the documentation", `${api}/s/${encodeURIComponent(given?.dataset.site ?? "")}`) ?? "");
    return;
  }
  const asked = list(window.Pincite?.q), ready = new Promise((told) => {
    home.ready = told;
  });
  /** @param {...[string, ...any[]]} calls such as `["ask", "How long is the warranty?"]` */
  const push = (...calls) => {
    for (const [method, ...rest] of calls) ready.then((element) => element[method](...rest));
  };
  window.Pincite = { ready, q: { push } };
  customElements.define(TAG, PinciteChat);
  push(...asked);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => make(given));
  else make(given);
}

/** @param {HTMLScriptElement | null} script */
function make(script) {
  if (!script?.dataset.site || document.querySelector(TAG)) return;
  const element = document.createElement(TAG);
  for (const name of ATTRIBUTES) {
    const value = script.getAttribute(`data-${name}`);
    if (value !== null) element.setAttribute(name, value);
  }
  document.body.append(element);
}
