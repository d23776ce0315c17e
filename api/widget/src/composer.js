/** Where a question is written. */

import { button, h } from "./dom.js";

/**
 * @typedef {import("./context.js").Context} Context
 */

/** The box, and one button that sends or stops. */
export class Composer {
  /** @param {Context} context @param {{send: (text: string) => boolean, stop: () => void, recall: () => string}} doing */
  constructor(context, doing) {
    const { t, option } = context;
    this.doing = doing;
    this.input = h("textarea", {
      part: "input", rows: 1, maxlength: option("max-length"), placeholder: option("placeholder") || t("placeholder"),
      "aria-label": t("question"), enterkeyhint: "send", dir: "auto",
      keydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
    });
    this.send = button(t("send"), () => this.#submit(), { part: "send", class: "icon fill" }, "M10 16V4M5 9l5-5 5 5");
    this.stop = button(t("stop"), () => {
      doing.stop();
      this.input.focus();
    }, { part: "stop", class: "icon fill", hidden: true, "aria-keyshortcuts": "Control+." }, "M6 6h8v8H6z");
    this.box = h("div", { part: "composer" }, this.input, this.send, this.stop);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "ArrowUp" && !this.input.value) {
      event.preventDefault();
      this.set(this.doing.recall());
    }
  }

  #submit() {
    const asked = this.input.value.trim();
    if (asked && this.doing.send(asked)) this.set("");
    this.input.focus();
  }

  /** @param {string} text */
  set(text) {
    this.input.value = text;
  }

  /** @param {boolean} running */
  busy(running) {
    this.send.hidden = running;
    this.stop.hidden = !running;
  }
}
