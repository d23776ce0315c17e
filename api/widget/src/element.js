/** The element `<pincite-chat>`: its attributes, its methods, its place on the page. */

import { Client } from "./client.js";
import { readableOn } from "./colour.js";
import { button, h } from "./dom.js";
import { object } from "./natives.js";
import { json, Panel } from "./panel.js";
import { words } from "./words.js";

/** @typedef {ConstructorParameters<typeof Panel>[0]} Shared */

/** All attributes; `data-*` of the script are the same. */
export const ATTRIBUTES = ["site", "api", "mode", "open", "position", "theme", "lang", "dir", "strings", "title", "placeholder",
  "greeting", "disclaimer", "suggestions", "hotkey", "persist", "announce", "citations", "source-target", "highlight-here",
  "context", "max-length", "stall-ms", "feedback", "branding", "nonce"];
/** @type {Record<string, string>} */
const DEFAULTS = { mode: "launcher", position: "end", theme: "auto", persist: "session", announce: "full", citations: "popover",
  "source-target": "viewer", context: "none", "max-length": "2000", "stall-ms": "20000", feedback: "on", branding: "on" };
const SMALL = "(max-width: 480px), (max-height: 480px)";
const BUBBLE = "M3 4h14v10H9l-4 3v-3H3zM6 8h8M6 11h5";

/** @type {CSSStyleSheet | null} */
let sheet = null;

/** @type {{origin: string, ready: (element: PinciteChat) => void}} where the script is from, and whom to tell */
export const home = { origin: "", ready: () => {} };

/** A chat with the documents of a site. */
export class PinciteChat extends HTMLElement {
  static observedAttributes = ["open", "theme", "position", "mode", "site", "api", "lang", "dir"];

  /** @type {Panel | null} */
  #panel = null;
  /** @type {AbortController | null} */
  #life = null;
  /** @type {Shared | null} */
  #context = null;
  #small = matchMedia(SMALL);
  #root = h("div", { part: "root", class: "root", title: "" });
  #launcher = button("", () => {}, { part: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false" });
  #dock = h("div", { class: "dock", popover: "manual", click: () => this.open() }, h("slot", { name: "launcher" }, this.#launcher));

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).append(this.#root);
  }

  connectedCallback() {
    this.#life = new AbortController();
    this.#start(this.#life.signal);
  }

  disconnectedCallback() {
    this.#life?.abort();
    this.#life = null;
    this.#panel?.conversation.stop();
    this.#panel = this.#context = null;
    this.#root.replaceChildren();
  }

  /** @param {string} name @param {string | null} old @param {string | null} now */
  attributeChangedCallback(name, old, now) {
    if (!this.#life || !this.#context || old === now) return;
    if (name === "open") {
      if (now === null) this.close();
      else this.open();
    } else if (name === "theme" || name === "position") this.#look();
    else {
      this.disconnectedCallback();
      this.connectedCallback();
    }
  }

  /** @param {AbortSignal} signal of its life on the page */
  async #start(signal) {
    const api = this.#option("api") || home.origin;
    const asked = this.lang || this.closest("[lang]")?.getAttribute("lang") || navigator.language || "en";
    const { lang, t } = await words(asked, `${api}/w/${PINCITE_VERSION}/l`, object(json(this.#option("strings"))));
    if (signal.aborted) return;
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(PINCITE_CSS);
    }
    /** @type {ShadowRoot} */ (this.shadowRoot).adoptedStyleSheets = [sheet];
    this.#context = this.#shared(t, lang, api);
    this.#root.lang = lang;
    this.#root.dir = this.#option("dir") || getComputedStyle(this.parentElement ?? this).direction;
    this.#look();
    this.#listen(signal);
    if (this.#inline) this.#build();
    else if (this.#option("mode") === "launcher") this.#dockAt(t("launcher"));
    if (this.hasAttribute("open")) this.open();
    this.#emit("ready");
    home.ready(this);
  }

  /** @param {import("./words.js").Words} t @param {string} lang @param {string} api @returns {Shared} */
  #shared(t, lang, api) {
    return {
      t,
      lang,
      client: new Client({ api, site: this.#option("site") || null }),
      option: (/** @type {string} */ name) => this.#option(name),
      emit: (/** @type {string} */ name, detail = {}, cancelable = false) => this.#emit(name, detail, cancelable),
      focused: () => /** @type {ShadowRoot} */ (this.shadowRoot).activeElement,
    };
  }

  /** @param {string} name @returns {string} empty where there is none; a flag that is set is its own name */
  #option(name) {
    const given = this.getAttribute(name);
    return given === "" && name === "highlight-here" ? name : given || (DEFAULTS[name] ?? "");
  }

  /** @param {string} name @param {object} [detail] @param {boolean} [cancelable] */
  #emit(name, detail = {}, cancelable = false) {
    return this.dispatchEvent(new CustomEvent(`pincite-${name}`, { bubbles: true, composed: true, cancelable, detail }));
  }

  get #inline() {
    return this.#option("mode") === "inline";
  }

  #look() {
    const { dataset, style } = this.#root, given = getComputedStyle(this);
    dataset.theme = this.#option("theme");
    dataset.position = this.#option("position");
    const accent = given.getPropertyValue("--pincite-accent").trim();
    if (accent && !given.getPropertyValue("--pincite-on-accent").trim()) style.setProperty("--on-accent", readableOn(accent));
    else style.removeProperty("--on-accent");
  }

  /** @param {string} label */
  #dockAt(label) {
    const hotkey = this.#option("hotkey");
    const said = h("span", {}, label), picture = button("", () => {}, {}, BUBBLE).firstChild;
    this.#launcher.replaceChildren(/** @type {Node} */ (picture), said);
    if (hotkey) this.#launcher.setAttribute("aria-keyshortcuts", hotkey);
    this.#root.append(this.#dock);
    this.#dock.showPopover();
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    this.#small.addEventListener("change", () => this.#panel && this.#shown && this.#frame(this.#panel), { signal });
    addEventListener("pagehide", (event) => event.persisted || this.stop(), { signal });
    document.addEventListener("keydown", (event) => this.#hotkey(event), { signal });
    visualViewport?.addEventListener("resize", () => this.#fit(), { signal });
  }

  /** A keyboard on the screen must not cover the box. */
  #fit() {
    this.#root.style.setProperty("--seen", `${visualViewport?.height ?? innerHeight}px`);
  }

  /** @param {KeyboardEvent} event */
  #hotkey(event) {
    const parts = this.#option("hotkey").split("+"), key = parts.pop();
    const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
    if (!key || event.isComposing || target.isContentEditable || target.matches?.("input,textarea,select")) return;
    const held = { Alt: event.altKey, Control: event.ctrlKey, Shift: event.shiftKey, Meta: event.metaKey };
    for (const name of /** @type {(keyof typeof held)[]} */ (Object.keys(held))) if (held[name] !== parts.includes(name)) return;
    if (event.key.toLowerCase() !== key.toLowerCase()) return;
    event.preventDefault();
    this.toggle();
  }

  /** @returns {Panel | null} null before it is ready */
  #build() {
    if (!this.#panel && this.#context) {
      const panel = new Panel(this.#context, { inline: this.#inline, close: () => this.close() });
      panel.box.addEventListener("cancel", (event) => {
        event.preventDefault();
        panel.back();
      });
      this.#panel = panel;
      this.#root.append(panel.box);
    }
    return this.#panel;
  }

  get #shown() {
    return !!this.#panel && (this.#inline || this.#panel.box.matches(":popover-open,[open]"));
  }

  /** Small screens are filled, and the page behind cannot be reached; on others both are used. @param {Panel} panel */
  #frame({ box }) {
    const dialog = /** @type {HTMLDialogElement} */ (box), { scrollTop } = this.#panel?.transcript.log ?? {};
    if (dialog.open) dialog.close();
    if (dialog.matches(":popover-open")) dialog.hidePopover();
    dialog.popover = this.#small.matches ? null : "manual";
    this.#fit();
    if (this.#small.matches) dialog.showModal();
    else dialog.showPopover();
    if (this.#panel && scrollTop) this.#panel.transcript.log.scrollTop = scrollTop;
  }

  /** Opens the panel; the question can be typed at once. */
  open() {
    const panel = this.#build();
    if (!panel || this.#shown || !this.#emit("open", {}, true)) return;
    this.#frame(panel);
    if (this.#dock.isConnected) this.#dock.hidePopover();
    this.#launcher.setAttribute("aria-expanded", "true");
    this.toggleAttribute("open", true);
    // On a touch screen the keyboard would cover the greeting.
    if (matchMedia("(pointer: coarse)").matches) panel.heading.focus();
    else panel.composer.input.focus();
  }

  /** Closes the panel; an answer that is under way comes in all the same. */
  close() {
    const panel = this.#panel;
    if (!panel || this.#inline || !this.#shown) return;
    const dialog = /** @type {HTMLDialogElement} */ (panel.box);
    const inside = dialog.contains(this.#context?.focused() ?? null);
    panel.popover.hide();
    if (dialog.open) dialog.close();
    else dialog.hidePopover();
    this.#launcher.setAttribute("aria-expanded", "false");
    this.toggleAttribute("open", false);
    if (this.#dock.isConnected) this.#dock.showPopover();
    if (inside) (/** @type {HTMLElement | null} */ (this.querySelector("[slot=launcher]")) ?? this.#launcher).focus({ preventScroll: true });
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
    else this.#build()?.composer.set(`${text}`);
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

  /** @param {string} [format] `text`, `html` or `json` */
  export(format = "text") {
    return this.#build()?.export(format) ?? "";
  }

  /** Resolves when no answer is under way. */
  get idle() {
    return this.#panel?.conversation.idle ?? Promise.resolve();
  }
}

for (const name of ATTRIBUTES) {
  const property = name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  if (property in PinciteChat.prototype) continue; // the browser's own, and `open`, which is a method
  Object.defineProperty(PinciteChat.prototype, property, {
    configurable: true,
    enumerable: true,
    /** @this {PinciteChat} */
    get() {
      const given = this.getAttribute(name);
      return name === "highlight-here" ? given !== null : given ?? DEFAULTS[name] ?? "";
    },
    /** @this {PinciteChat} @param {unknown} value */
    set(value) {
      if (value === null || value === false) this.removeAttribute(name);
      else this.setAttribute(name, value === true ? "" : `${value}`);
    },
  });
}
