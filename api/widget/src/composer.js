/** Where a question is written. */

import { button, h } from "./dom.js";

/**
 * The box, and one button that sends or stops.
 *
 * @param {import("./context.js").Context} context
 * @param {{send: (text: string) => boolean, stop: () => void, recall: () => string}} doing
 */
export function composer({ t, option }, { send, stop, recall }) {
  const input = h("textarea", { is: "input",
    rows: 1, maxlength: option("max-length"), placeholder: option("placeholder") || t("launcher"),
    "aria-label": t("question"), enterkeyhint: "send", dir: "auto",
    /** @param {KeyboardEvent} event */
    keydown(event) {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Enter" && !event.shiftKey) submit();
      else if (event.key === "ArrowUp" && !input.value) set(recall());
      else return;
      event.preventDefault();
    },
  });
  const sender = button(t("send"), submit, "send fill", "M10 16V4M5 9l5-5 5 5");
  const stopper = button(t("stop"), () => {
    stop();
    input.focus();
  }, "stop fill", "M6 6h8v8H6z", { hidden: true, "aria-keyshortcuts": "Control+." });

  function submit() {
    if (send(input.value)) set("");
    input.focus();
  }

  /** @param {string} text */
  function set(text) {
    input.value = text;
  }

  return {
    input,
    box: h("div", "composer", input, sender, stopper),
    set,
    /** @param {boolean} running */
    busy(running) {
      sender.hidden = running;
      stopper.hidden = !running;
    },
  };
}
