/** What is told to those who do not see the page: that it searches, and then the whole answer once. */

import { h } from "./dom.js";

/**
 * @typedef {import("./answer.js").Answer} Answer
 * @typedef {import("./words.js").Words} Words
 */

/** Two hidden live regions; what was said earlier is never said again. */
export class Announcer {
  status = h("div", { role: "status", class: "hidden" });
  alert = h("div", { role: "alert", class: "hidden" });

  /** @param {Words} t */
  constructor(t) {
    this.t = t;
  }

  /** A question is asked. */
  searching() {
    this.status.textContent = this.t("retrieving");
  }

  /** @param {Answer} answer that has ended @param {string} how `full`, `summary` or `off` @param {string} failure */
  ended(answer, how, failure) {
    if (failure) this.alert.textContent = failure;
    else if (how !== "off") this.status.textContent = how === "summary" ? this.#summary(answer) : this.#whole(answer);
  }

  /** @param {Answer} answer */
  #whole(answer) {
    if (answer.state === "no_answer") return this.t("no_answer");
    return answer.marked((n) => ` (${this.t("spoken", { n })})`).replace(/[*_`#>|]+/g, "");
  }

  /** @param {Answer} answer */
  #summary(answer) {
    if (answer.state === "no_answer") return this.t("no_answer");
    const count = (answer.text.match(/\S+/g) ?? []).length;
    let exact = answer.verdicts.size > 0;
    for (const state of answer.verdicts.values()) exact &&= state === "exact";
    return this.t("ready", {
      words: this.t("words", { count }),
      sources: this.t("sources", { count: answer.sources.length }) + (exact ? `, ${this.t("all_verified")}` : ""),
    });
  }
}
