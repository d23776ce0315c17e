/** What a reader is told when an answer fails, and when it can be asked for again. */

import { h } from "./dom.js";
import { later } from "./natives.js";

/**
 * @typedef {import("./words.js").Words} Words
 * @typedef {import("./conversation.js").Exchange} Exchange
 */

/** Seconds before the first and second try after a failure of the service; ten before others. */
const PAUSES = [1, 4];
/** What a visitor cannot change is told to the page's developer instead. @type {Record<string, string>} */
const HINTS = {
  origin_denied: "this origin is not listed",
  unauthorised: "`site` is not known",
  not_found: "`site` or `api` is wrong",
};

/** @param {string} code @param {Words} t @returns {string} */
export function explained(code, t) {
  return t(`error_${HINTS[code] ? "denied" : code}`);
}

/** @param {Exchange} exchange that failed @param {Words} t @param {() => void} again */
export function failure({ answer: { error }, tries }, t, again) {
  if (!error) return null;
  const { code, retryable, retryAfter, ref } = error, retry = h("button", { is: "retry", click: again });
  if (tries && HINTS[code]) console.warn(`Pincite: ${code}: ${HINTS[code]}`);
  /** @param {number} seconds until it can be asked for again */
  const count = (seconds) => {
    const waits = seconds > 0;
    retry.disabled = waits;
    retry.textContent = t(waits ? "retry_in" : "retry", { count: seconds });
    if (waits) later(() => count(seconds - 1), 1000);
  };
  count(tries && (retryAfter ?? (code === "overloaded" || code === "internal" ? PAUSES[tries - 1] ?? 10 : 0)));
  if (code === "offline" && !navigator.onLine) {
    // Nothing is asked by itself when the network is back.
    retry.disabled = true;
    addEventListener("online", () => count(0), { once: true });
  }
  return h("div", { is: "error", "data-error": code },
    h("p", "", explained(code, t)), ref && h("p", "small", `(${ref})`), retryable && retry);
}
