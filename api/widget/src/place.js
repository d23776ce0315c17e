/** Where the chat is on the page: a launcher in the corner and a panel above it, or in the flow of the page. */

import { Client } from "./client.js";
import { h, icon } from "./dom.js";
import { object, only } from "./natives.js";
import { framed, json } from "./panel.js";
import { words } from "./words.js";

/** @typedef {NonNullable<Awaited<ReturnType<typeof mounted>>>} Place */

/**
 * Puts it there, and the panel when it is first opened.
 *
 * @param {HTMLElement} host @param {ShadowRoot} shadow @param {(name: string) => string} option
 * @param {string} origin of the service, where no other is named @param {AbortSignal} signal of its life on the page
 */
export async function mounted(host, shadow, option, origin, signal) {
  const seen = /** @type {VisualViewport} */ (visualViewport), api = option("api") || origin, hotkey = option("hotkey"), given = { signal };
  const asked = host.lang || host.closest("[lang]")?.getAttribute("lang") || navigator.language;
  const { lang, t } = await words(asked, `${api}/w/${PINCITE_VERSION}/l`, object(json(option("strings"))));
  if (signal.aborted) return null;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(PINCITE_CSS);
  shadow.adoptedStyleSheets = [sheet];

  const inline = option("mode") === "inline", small = matchMedia("(max-width: 480px), (max-height: 480px)");
  const root = h("div", { is: "root", title: "", lang, dir: option("dir") || getComputedStyle(host).direction });
  const launcher = h("button", { is: "launcher fill", "aria-haspopup": "dialog", "aria-keyshortcuts": hotkey || null },
    icon("M3 4h14v10H9l-4 3v-3H3zM6 8h8M6 11h5"), t("launcher"));
  const dock = h("div", { is: "dock", popover: "manual", click: open }, h("slot", { name: "launcher" }, launcher));
  const client = new Client({ api, site: option("site") });
  /** @type {import("./panel.js").Panel | null} */
  let built = null;

  shadow.append(root);
  if (inline) panel();
  else if (option("mode") === "launcher") {
    root.append(dock);
    dock.showPopover();
  }
  small.addEventListener("change", () => !inline && shown() && frame(), given);
  addEventListener("pagehide", ({ persisted }) => persisted || stop(), given);
  seen.addEventListener("resize", fit, given);
  if (hotkey) document.addEventListener("keydown", pressed, given);

  /** @param {string} name @param {object | null} [detail] @param {boolean} [cancelable] */
  function emit(name, detail, cancelable) {
    return host.dispatchEvent(new CustomEvent(`pincite-${name}`, { bubbles: true, composed: true, cancelable, detail }));
  }

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    const { altKey, ctrlKey, shiftKey, metaKey, key, isComposing } = event;
    const keys = only([ctrlKey && "control", altKey && "alt", shiftKey && "shift", metaKey && "meta", key], Boolean).join("+").toLowerCase();
    const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
    if (keys !== hotkey.toLowerCase() || isComposing || target.isContentEditable || target.matches?.("input,textarea,select")) return;
    event.preventDefault();
    toggle();
  }

  /** A keyboard on the screen must not cover the box. */
  function fit() {
    root.style.setProperty("--seen", `${seen.height}px`);
  }

  function panel() {
    if (built) return built;
    built = framed({ t, lang, option, client, emit }, inline, close);
    const { box, back } = built;
    box.addEventListener("cancel", (event) => {
      event.preventDefault();
      back();
    });
    root.append(box);
    return built;
  }

  function shown() {
    return built && (inline || built.box.matches(":popover-open,[open]"));
  }

  function hide() {
    const box = /** @type {HTMLDialogElement} */ (panel().box);
    if (box.open) box.close();
    if (shown()) box.hidePopover();
    return box;
  }

  /** Small screens are filled, and the page behind cannot be reached; on others both are used. */
  function frame() {
    const box = hide();
    box.popover = small.matches ? null : "manual";
    fit();
    box[small.matches ? "showModal" : "showPopover"]();
  }

  /** Opens the panel; the question can be typed at once. */
  function open() {
    if (shown() || !emit("open", null, true)) return;
    frame();
    host.toggleAttribute("open", true);
    // On a touch screen the keyboard would cover the greeting.
    panel()[matchMedia("(pointer: coarse)").matches ? "heading" : "input"].focus();
  }

  /** Closes the panel; an answer that is under way comes in all the same. */
  function close() {
    if (inline || !shown()) return;
    const inside = panel().box.matches(":focus-within");
    panel().hide();
    hide();
    host.toggleAttribute("open", false);
    const own = /** @type {HTMLElement | null} */ (host.querySelector("[slot=launcher]")) ?? launcher;
    if (inside) own.focus({ preventScroll: true });
    emit("close");
  }

  function toggle() {
    if (shown()) close();
    else open();
  }

  function stop() {
    built?.conversation.stop();
  }

  return {
    open, close, toggle, stop, emit, panel,
    idle: () => built?.conversation.idle,

    /** @param {string} text @param {{send?: boolean}} [how] without `send` it is only written into the box */
    ask(text, { send = true } = {}) {
      open();
      panel()[send ? "ask" : "write"](`${text}`);
    },

    /** @param {number} n @param {string} [id] of an answer */
    showCitation(n, id) {
      open();
      panel().showCitation(n, id);
    },
  };
}
