/** The conversation as it is read: it follows what is written only for those who are at its end. */

import { button, h } from "./dom.js";

const NEAR = 48;

/** A log that scrolls by itself until the answer's beginning has reached the top. */
export class Transcript {
  #follows = true;
  #top = 0;

  /** @param {import("./context.js").Context} context @param {Node} empty shown while nothing was asked */
  constructor({ t }, empty) {
    this.log = h("div", {
      part: "log", role: "log", "aria-live": "off", tabindex: 0, "aria-label": t("log"), scroll: () => this.#scrolled(),
    }, empty);
    this.latest = button(t("latest"), () => this.#end(), { class: "latest", hidden: true });
    this.box = h("div", { class: "talk" }, this.log, this.latest);
    this.empty = empty;
  }

  /** @returns {number} how far the end is away */
  get #left() {
    return this.log.scrollHeight - this.log.clientHeight - this.log.scrollTop;
  }

  #scrolled() {
    const near = this.#left < NEAR, up = this.log.scrollTop < this.#top;
    // Only a reader who goes up is left there; what we scroll goes down.
    if (near || up) this.#follows = near;
    if (near) this.latest.hidden = true;
    this.#top = this.log.scrollTop;
  }

  /** @param {...HTMLElement} articles */
  add(...articles) {
    this.empty.parentNode?.removeChild(this.empty);
    this.log.append(...articles);
  }

  #end() {
    this.log.scrollTop = this.log.scrollHeight;
    this.#follows = true;
    this.latest.hidden = true;
    this.log.focus({ preventScroll: true });
  }

  /** A new question is shown whatever was read before. @param {HTMLElement} question */
  asked(question) {
    this.#follows = true;
    this.log.scrollTop += question.getBoundingClientRect().top - this.log.getBoundingClientRect().top - 12;
  }

  /**
   * More was written. What stands below the text when it has ended is not scrolled to.
   *
   * @param {HTMLElement} answer @param {HTMLElement} body its text
   */
  grown(answer, body) {
    const box = this.log.getBoundingClientRect(), end = body.getBoundingClientRect().bottom + NEAR - box.bottom;
    const room = Math.min(answer.getBoundingClientRect().top - box.top - 12, end);
    if (this.#follows && room > 0) this.log.scrollTop += room;
    this.latest.hidden = this.#follows ? end < room + NEAR : end < 0;
  }

  clear() {
    this.log.replaceChildren(this.empty);
    this.latest.hidden = true;
    this.#follows = true;
  }
}
