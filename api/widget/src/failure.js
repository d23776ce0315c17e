/** What a reader is told when an answer fails, and when it can be asked for again. */

import { h } from "./dom.js";
import { later } from "./natives.js";

/**
 * @typedef {import("./context.js").Context} Context
 * @typedef {import("./conversation.js").Exchange} Exchange
 */

/** Seconds before the first, second and third try after a failure of the service. */
const PAUSES = [1, 4, 10];
/** What a visitor cannot change is told to the page's developer instead. @type {Record<string, string>} */
const HINTS = {
  origin_denied: "this origin is not in the site's list",
  unauthorised: "the key `site` is not known",
  not_found: "the key `site` is not known, or `api` leads elsewhere",
};
const SAID = new Set(["offline", "network", "rate_limited", "budget", "overloaded", "internal", "bad_type", "stall",
  "truncated", "model_unavailable", "retrieval_failed", "user", "invalid"]);

/** @param {string} code @param {Context} context @returns {string} */
export function explained(code, { t }) {
  return t(`error_${SAID.has(code) ? code : "denied"}`);
}

/** @param {Exchange} exchange that failed @param {Context} context @param {() => void} again @returns {HTMLElement} */
export function failure({ answer, tries, live }, context, again) {
  const { t } = context, error = answer.error;
  if (!error) return h("div");
  const { code, retryable, retryAfter, ref } = error;
  if (live && HINTS[code]) console.warn(`Pincite: ${code}: ${HINTS[code]}`);
  const retry = h("button", { type: "button", part: "retry", click: again });
  const box = h("div", { part: "error", "data-error": code },
    h("p", {}, explained(code, context)),
    ref && h("p", { class: "small" }, t("reference", { ref })),
    retryable && retry);
  const pause = retryAfter ?? (code === "overloaded" || code === "internal" ? PAUSES[Math.min(tries, 3) - 1] : 0);
  if (code === "offline") wait(retry, t);
  else count(retry, live ? pause : 0, t(code === "user" ? "ask_again" : "retry"), t);
  return box;
}

/** @param {HTMLButtonElement} retry @param {number} seconds @param {string} label @param {Context["t"]} t */
function count(retry, seconds, label, t) {
  retry.disabled = seconds > 0;
  retry.textContent = seconds > 0 ? t("retry_in", { count: seconds }) : label;
  if (seconds > 0) later(() => count(retry, seconds - 1, label, t), 1000);
}

/** Nothing is asked by itself when the network is back. @param {HTMLButtonElement} retry @param {Context["t"]} t */
function wait(retry, t) {
  retry.textContent = t("retry");
  const ready = () => {
    retry.disabled = !navigator.onLine;
    if (navigator.onLine || !retry.isConnected) removeEventListener("online", ready);
  };
  retry.disabled = !navigator.onLine;
  addEventListener("online", ready);
}
