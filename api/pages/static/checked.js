// The browser's own check of what is cited: the quotation shown against the stored text around it.

import { check } from "../../widget/src/points.js";

const TOLD = {
  verified: "Checked in your browser, too.",
  moved: "Checked in your browser: the stored text has these words in another place.",
  changed: "Checked in your browser: the stored text does not have these words.",
};

/**
 * Check the sources of an answer, and say under each of them what was found; where nothing can be fetched
 * nothing is said.
 *
 * @param {Element} sources @param {{passage(id: string): Promise<any>}} client
 */
export async function verify(sources, client) {
  await Promise.all([...sources.querySelectorAll("li[data-passage]")].map((source) => one(source, client).catch(() => {})));
}

async function one(source, client) {
  const { view } = await client.passage(source.dataset.passage);
  if (!view) return;
  const verdicts = [...source.querySelectorAll("q[data-start]")].map((said) =>
    check(view, { start: Number(said.dataset.start), end: Number(said.dataset.end) }, said.textContent).verdict);
  const worst = ["changed", "moved", "verified"].find((verdict) => verdicts.includes(verdict));
  if (!worst) return;
  const told = document.createElement("span");
  told.className = "here";
  told.dataset.verdict = worst;
  told.textContent = ` ${TOLD[worst]}`;
  source.querySelector(".stands")?.after(told);
}
