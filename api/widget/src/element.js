/** The element `<pincite-chat>`: its attributes and its methods. */

import { mounted } from "./place.js";

/** All attributes; `data-*` of the script are the same. */
export const ATTRIBUTES = ("site api mode open position theme lang dir strings title placeholder greeting disclaimer suggestions hotkey "
  + "persist announce citations source-target highlight-here context max-length stall-ms feedback branding").split(" ");
/** What they are where they are not given and that is not nothing. @type {Record<string, string>} */
const DEFAULTS = {
  mode: "launcher", position: "end", theme: "auto", persist: "session", announce: "full", citations: "popover",
  "source-target": "viewer", context: "none", "max-length": "2000", "stall-ms": "20000", feedback: "on", branding: "on",
};

/** What a page may call, as docs/widget.md tells. */
const METHODS = ["open", "close", "toggle", "ask", "stop", "retry", "clear", "showCitation", "export"];

/** @type {{origin: string, ready: (element: PinciteChat) => void}} where the script is from, and whom to tell */
export const home = { origin: "", ready: () => {} };

/** The property that reflects an attribute. @param {string} name */
const property = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

/** A chat with the documents of a site. */
export class PinciteChat extends HTMLElement {
  static observedAttributes = ["open", "mode", "site", "api", "lang", "dir"];

  #shadow = this.attachShadow({ mode: "open" });
  #life = new AbortController();
  /** @type {import("./place.js").Place | null} null before it is ready */
  #place = null;
  /** @type {[string, any[]][]} what was called before that, to be done then */
  #calls = [];
  #coming = Promise.resolve();

  connectedCallback() {
    this.#coming = this.#appear();
  }

  async #appear() {
    const { signal } = (this.#life = new AbortController());
    const place = await mounted(this, this.#shadow, (name) => /** @type {any} */ (this)[property(name)], home.origin, signal);
    if (!place) return;
    this.#place = place;
    if (this.hasAttribute("open")) place.open();
    place.emit("ready");
    home.ready(this);
    for (const [name, given] of this.#calls.splice(0)) /** @type {any} */ (this)[name](...given);
  }

  disconnectedCallback() {
    this.#life.abort();
    this.#place?.stop();
    this.#place = null;
    this.#shadow.replaceChildren();
  }

  /** @param {string} name @param {string | null} old @param {string | null} now */
  attributeChangedCallback(name, old, now) {
    if (!this.#place || old === now) return;
    if (name === "open") this.#place[now === null ? "close" : "open"]();
    else {
      this.disconnectedCallback();
      this.connectedCallback();
    }
  }

  /** Resolves when no answer is under way. */
  get idle() {
    return this.#coming.then(() => this.#place?.idle());
  }

  static {
    for (const name of METHODS) {
      Object.defineProperty(this.prototype, name, {
        /** @this {PinciteChat} @param {...any} given @returns {any} what is exported */
        value(...given) {
          const place = /** @type {any} */ (this.#place);
          if (place) return (place[name] ?? place.panel()[name])(...given);
          if (name === "export") return given[0] === "json" ? "[]" : "";
          this.#calls.push([name, given]);
        },
      });
    }
  }
}

for (const name of ATTRIBUTES) {
  if (property(name) in PinciteChat.prototype) continue; // the browser's own, and `open`, which is a method
  Object.defineProperty(PinciteChat.prototype, property(name), {
    /** @this {PinciteChat} */
    get() {
      const given = this.getAttribute(name), usual = DEFAULTS[name] ?? "";
      if (name === "highlight-here") return given !== null;
      // What is a number stays a whole one that is not nought.
      return given === null || (Number(usual) && !/^[1-9]\d{0,8}$/.test(given)) ? usual : given;
    },
    /** @this {PinciteChat} @param {unknown} value */
    set(value) {
      if (value === null || value === false) this.removeAttribute(name);
      else this.setAttribute(name, value === true ? "" : `${value}`);
    },
  });
}
