/** What is told to those who do not see the page: that it searches, and then the whole answer once. */

import { only } from "./natives.js";

/**
 * What is said of an answer that has ended; what was said earlier is never said again.
 *
 * @param {import("./answer.js").Answer} answer @param {string} how `full`, `summary` or `off`
 * @param {import("./words.js").Words} t
 */
export function spoken(answer, how, t) {
  const { state, text, verdicts, sources } = answer;
  if (how === "off") return "";
  if (state === "no_answer") return t(state);
  if (how !== "summary") return answer.marked((n) => ` (${t("spoken", { n })})`).replace(/[*_`#>|]+/g, "");
  const count = text.match(/\S+/g)?.length ?? 0;
  const exact = verdicts.size && !only(verdicts.values(), (verdict) => verdict !== "exact").length;
  const backed = t("sources", { count: sources.length }) + (exact ? `, ${t("all_verified")}` : "");
  return t("ready", { words: t("words", { count }), sources: backed });
}
