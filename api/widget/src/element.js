/** The element `<pincite-chat>`: its attributes, its methods, its place on the page. */

import { Client } from "./client.js";
import { h, icon } from "./dom.js";
import { object } from "./natives.js";
import { framed, json } from "./panel.js";
import { words } from "./words.js";

/**
 * @typedef {import("./panel.js").Panel} Panel
 * @typedef {Parameters<typeof framed>[0]} Shared
 */

/** All attributes and what they are where they are not given; `data-*` of the script are the same. */
/** @type {Record<string, string>} */
export const ATTRIBUTES = {
  site: "", api: "", mode: "launcher", open: "", position: "end", theme: "auto", lang: "", dir: "", strings: "", title: "",
  placeholder: "", greeting: "", disclaimer: "", suggestions: "", hotkey: "", persist: "session", announce: "full",
  citations: "popover", "source-target": "viewer", "highlight-here": "", context: "none", "max-length": "2000",
  "stall-ms": "20000", feedback: "on", branding: "on", nonce: "",
};
/** @type {CSSStyleSheet | null} */
let sheet = null;

/** @type {{origin: string, ready: (element: PinciteChat) => void}} where the script is from, and whom to tell */
export const home = { origin: "", ready: () => {} };

/** A chat with the documents of a site. */
export class PinciteChat extends HTMLElement {
  static observedAttributes = ["open", "mode", "site", "api", "lang", "dir"];

  /** @type {Panel | null} */
  #panel = null;
  /** @type {AbortController | null} */
  #life = null;
  /** @type {Shared | null} */
  #context = null;
  #small = matchMedia("(max-width: 480px), (max-height: 480px)");
  #root = h("div", { is: "root", title: "" });
  #launcher = h("button", { is: "launcher fill", type: "button", "aria-haspopup": "dialog" });
  #dock = h("div", { is: "dock", popover: "manual", click: () => this.open() }, h("slot", { name: "launcher" }, this.#launcher));
  #shadow = this.attachShadow({ mode: "open" });

  connectedCallback() {
    this.#life = new AbortController();
    this.#start(this.#life.signal);
  }

  disconnectedCallback() {
    this.#life?.abort();
    this.stop();
    this.#life = this.#panel = this.#context = null;
    this.#root.replaceChildren();
  }

  /** @param {string} name @param {string | null} old @param {string | null} now */
  attributeChangedCallback(name, old, now) {
    if (!this.#context || old === now) return;
    if (name === "open") {
      if (now === null) this.close();
      else this.open();
    } else {
      this.disconnectedCallback();
      this.connectedCallback();
    }
  }

  /** @param {AbortSignal} signal of its life on the page */
  async #start(signal) {
    // `highlight-here` is on when it is there at all.
    const option = (/** @type {string} */ name) => this.getAttribute(name) || (name === "highlight-here" && this.hasAttribute(name) ? name : ATTRIBUTES[name]);
    const api = option("api") || home.origin, hotkey = option("hotkey");
    const asked = this.lang || this.closest("[lang]")?.getAttribute("lang") || navigator.language;
    const { lang, t } = await words(asked, `${api}/w/${PINCITE_VERSION}/l`, object(json(option("strings"))));
    if (signal.aborted) return;
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(PINCITE_CSS);
    }
    this.#shadow.adoptedStyleSheets = [sheet];
    this.#shadow.append(this.#root);
    this.#context = {
      t, lang, option, client: new Client({ api, site: option("site") }), focused: () => this.#shadow.activeElement,
      emit: (name, detail = {}, cancelable = false) => this.#emit(name, detail, cancelable),
    };
    this.#root.lang = lang;
    this.#root.dir = option("dir") || getComputedStyle(this).direction;
    this.#listen(signal, hotkey.toLowerCase());
    if (this.#inline) this.#build();
    else if (option("mode") === "launcher") {
      if (hotkey) this.#launcher.setAttribute("aria-keyshortcuts", hotkey);
      this.#launcher.replaceChildren(icon("M3 4h14v10H9l-4 3v-3H3zM6 8h8M6 11h5"), t("launcher"));
      this.#root.append(this.#dock);
      this.#dock.showPopover();
    }
    if (this.hasAttribute("open")) this.open();
    this.#emit("ready");
    home.ready(this);
  }

  /** @param {string} name @param {object} [detail] @param {boolean} [cancelable] */
  #emit(name, detail = {}, cancelable = false) {
    return this.dispatchEvent(new CustomEvent(`pincite-${name}`, { bubbles: true, composed: true, cancelable, detail }));
  }

  get #inline() {
    return this.getAttribute("mode") === "inline";
  }

  /** @param {AbortSignal} signal @param {string} hotkey such as `alt+/` */
  #listen(signal, hotkey) {
    const given = { signal };
    this.#small.addEventListener("change", () => this.#panel && !this.#inline && this.#shown && this.#frame(this.#panel), given);
    addEventListener("pagehide", (event) => event.persisted || this.stop(), given);
    visualViewport?.addEventListener("resize", () => this.#fit(), given);
    document.addEventListener("keydown", (event) => {
      const { altKey, ctrlKey, shiftKey, metaKey, key, isComposing } = event;
      const pressed = (ctrlKey ? "control+" : "") + (altKey ? "alt+" : "") + (shiftKey ? "shift+" : "") + (metaKey ? "meta+" : "") + key.toLowerCase();
      const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
      if (pressed !== hotkey || isComposing || target.isContentEditable || target.matches?.("input,textarea,select")) return;
      event.preventDefault();
      this.toggle();
    }, given);
  }

  /** A keyboard on the screen must not cover the box. */
  #fit() {
    this.#root.style.setProperty("--seen", `${visualViewport?.height ?? innerHeight}px`);
  }

  /** @returns {Panel | null} null before it is ready */
  #build() {
    if (!this.#panel && this.#context) {
      const panel = this.#panel = framed(this.#context, this.#inline, () => this.close());
      panel.box.addEventListener("cancel", (event) => {
        event.preventDefault();
        panel.back();
      });
      this.#root.append(panel.box);
    }
    return this.#panel;
  }

  get #shown() {
    return !!this.#panel && (this.#inline || this.#panel.box.matches(":popover-open,[open]"));
  }

  /** @param {Panel} panel */
  #hide({ box }) {
    const dialog = /** @type {HTMLDialogElement} */ (box);
    if (dialog.open) dialog.close();
    if (dialog.matches(":popover-open")) dialog.hidePopover();
    return dialog;
  }

  /** Small screens are filled, and the page behind cannot be reached; on others both are used. @param {Panel} panel */
  #frame(panel) {
    const dialog = this.#hide(panel), small = this.#small.matches;
    dialog.popover = small ? null : "manual";
    this.#fit();
    if (small) dialog.showModal();
    else dialog.showPopover();
  }

  /** Opens the panel; the question can be typed at once. */
  open() {
    const panel = this.#build();
    if (!panel || this.#shown || !this.#emit("open", {}, true)) return;
    this.#frame(panel);
    this.#dock.hidden = true;
    this.toggleAttribute("open", true);
    // On a touch screen the keyboard would cover the greeting.
    if (matchMedia("(pointer: coarse)").matches) panel.heading.focus();
    else panel.input.focus();
  }

  /** Closes the panel; an answer that is under way comes in all the same. */
  close() {
    const panel = this.#panel;
    if (!panel || this.#inline || !this.#shown) return;
    const inside = panel.box.contains(this.#shadow.activeElement);
    panel.hide();
    this.#hide(panel);
    this.toggleAttribute("open", false);
    this.#dock.hidden = false;
    const own = /** @type {HTMLElement | null} */ (this.querySelector("[slot=launcher]")) ?? this.#launcher;
    if (inside) own.focus({ preventScroll: true });
    this.#emit("close");
  }

  toggle() {
    if (this.#shown && !this.#inline) this.close();
    else this.open();
  }

  /** @param {string} text @param {{send?: boolean}} [how] without `send` it is only written into the box */
  ask(text, { send = true } = {}) {
    this.open();
    if (send) this.#build()?.ask(`${text}`);
    else this.#build()?.write(`${text}`);
  }

  stop() {
    this.#panel?.conversation.stop();
  }

  retry() {
    this.#panel?.retry();
  }

  /** Forgets the conversation: on the page, in the browser's storage and at the service. */
  clear() {
    this.#build()?.clear();
  }

  /** @param {number} n @param {string} [id] of an answer */
  showCitation(n, id) {
    this.open();
    this.#build()?.showCitation(n, id);
  }

  /** @param {string} [format] `text` or `json` */
  export(format = "text") {
    return this.#build()?.export(format) ?? "";
  }

  /** Resolves when no answer is under way. */
  get idle() {
    return this.#panel?.conversation.idle ?? Promise.resolve();
  }
}

for (const name of Object.keys(ATTRIBUTES)) {
  const property = name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  if (property in PinciteChat.prototype) continue; // the browser's own, and `open`, which is a method
  Object.defineProperty(PinciteChat.prototype, property, {
    configurable: true,
    enumerable: true,
    /** @this {PinciteChat} */
    get() {
      const given = this.getAttribute(name);
      return name === "highlight-here" ? given !== null : given ?? ATTRIBUTES[name];
    },
    /** @this {PinciteChat} @param {unknown} value */
    set(value) {
      if (value === null || value === false) this.removeAttribute(name);
      else this.setAttribute(name, value === true ? "" : `${value}`);
    },
  });
}
