/** Finding words in the text that is shown, without touching it. */

import { h } from "./dom.js";

const FOUND = "pincite-found";

/** A box that finds what is typed; Enter goes to the next place, Shift+Enter to the one before. */
export class Finder {
  /** @type {Range[]} */
  #found = [];
  #at = -1;

  /** @param {HTMLElement} body where to look @param {import("./words.js").Words} t */
  constructor(body, t) {
    this.body = body;
    this.t = t;
    this.count = h("span", { class: "path", "aria-live": "off" });
    this.input = h("input", {
      type: "search", "aria-label": t("find"), placeholder: t("find"), maxlength: 200,
      input: () => this.#look(),
      keydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Enter" && !event.isComposing) this.#go(event.shiftKey ? -1 : 1);
      },
    });
    this.box = h("div", { class: "find", role: "search" }, this.input, this.count);
  }

  clear() {
    this.input.value = "";
    this.#look();
  }

  #look() {
    const wanted = this.input.value.trim().toLowerCase();
    this.#found = [];
    this.#at = -1;
    const walker = document.createTreeWalker(this.body, NodeFilter.SHOW_TEXT);
    while (wanted && walker.nextNode()) {
      const node = /** @type {Text} */ (walker.currentNode), said = node.data.toLowerCase();
      if (said.length !== node.length) continue; // some letters are longer in lower case
      for (let at = said.indexOf(wanted); at >= 0; at = said.indexOf(wanted, at + wanted.length)) {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + wanted.length);
        this.#found[this.#found.length] = range;
      }
    }
    if ("highlights" in CSS) {
      if (this.#found.length) CSS.highlights.set(FOUND, new Highlight(...this.#found));
      else CSS.highlights.delete(FOUND);
    }
    this.#go(1);
    if (!wanted) this.count.textContent = "";
  }

  /** @param {number} step */
  #go(step) {
    const count = this.#found.length;
    this.#at = count ? (this.#at + step + count) % count : 0;
    this.count.textContent = count ? `${this.#at + 1}/${count}` : this.t("none_found");
    if (!count) return;
    const box = this.body.getBoundingClientRect(), at = this.#found[this.#at].getBoundingClientRect();
    this.body.scrollTop += at.top - box.top - box.height / 2;
  }
}
