/** The conversation as it is read: it follows what is written only for those who are at its end. */

import { button, h } from "./dom.js";

const NEAR = 48, ABOVE = 12;

/**
 * A log that scrolls by itself until the answer's beginning has reached the top.
 *
 * @param {import("./context.js").Context} context @param {HTMLElement} empty shown while nothing was asked
 */
export function transcript({ t }, empty) {
  let follows = true, top = 0;
  const log = h("div", { is: "log",
    role: "log", "aria-live": "off", tabindex: 0, "aria-label": t("log"),
    scroll() {
      const near = log.scrollHeight - log.clientHeight - log.scrollTop < NEAR;
      // Only a reader who goes up is left there; what we scroll goes down.
      if (near || log.scrollTop < top) follows = near;
      if (near) latest.hidden = true;
      top = log.scrollTop;
    },
  }, empty);
  const latest = button(t("latest"), () => {
    log.scrollTop = log.scrollHeight;
    log.focus({ preventScroll: true });
  }, "latest", "", { hidden: true });
  /** @param {HTMLElement} element @returns {DOMRect} */
  const place = (element) => element.getBoundingClientRect();

  return {
    log,
    box: h("div", "talk", log, latest),

    /** @param {...HTMLElement} articles */
    add(...articles) {
      empty.remove();
      log.append(...articles);
    },

    /** A new question is shown whatever was read before. @param {HTMLElement} question */
    asked(question) {
      follows = true;
      log.scrollTop += place(question).top - place(log).top - ABOVE;
    },

    /**
     * More was written. What stands below the text when it has ended is not scrolled to.
     *
     * @param {HTMLElement} answer @param {HTMLElement} body its text
     */
    grown(answer, body) {
      const box = place(log), end = place(body).bottom + NEAR - box.bottom;
      const room = Math.min(place(answer).top - box.top - ABOVE, end);
      if (follows && room > 0) log.scrollTop += room;
      latest.hidden = follows ? end < room + NEAR : end < 0;
    },

    clear() {
      log.replaceChildren(empty);
      latest.hidden = follows = true;
    },
  };
}
