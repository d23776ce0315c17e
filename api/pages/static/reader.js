// What a reader page does beyond showing its text: highlight what the fragment cites, check it against the
// stored quotation, copy references. The page is whole without it. Offsets are code points.
"use strict";

const article = document.querySelector("article");
const status = document.getElementById("status");

/** The spans of a fragment such as `#c=120-180,240-260`; empty when it is none. */
function cited(fragment) {
  const found = /^#c=(\d{1,12}-\d{1,12}(?:,\d{1,12}-\d{1,12})*)$/.exec(decodeURIComponent(fragment));
  return found ? found[1].split(",").map((pair) => pair.split("-").map(Number)) : [];
}

/** How many UTF-16 units of a text its first code points take. */
function units(text, points) {
  let at = 0;
  for (const point of text) {
    if (points-- <= 0) break;
    at += point.length;
  }
  return at;
}

/** All text nodes that hold canonical text, each with the offset of its first code point. */
function* texts() {
  for (const element of article.querySelectorAll("[data-start]")) {
    let at = Number(element.dataset.start);
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode, length = Array.from(node.data).length;
      yield [node, at, at + length];
      at += length;
    }
  }
}

/** Wrap what stands at a span in marks; the first of them gets the id. */
function highlight([start, end], n, id) {
  const pieces = [];
  for (const [node, from, to] of [...texts()]) {
    const left = Math.max(start, from) - from, right = Math.min(end, to) - from;
    if (left >= right) continue;
    const range = document.createRange();
    range.setStart(node, units(node.data, left));
    range.setEnd(node, units(node.data, right));
    if (!range.toString().trim()) continue;
    const mark = document.createElement("mark");
    mark.dataset.n = n;
    range.surroundContents(mark);
    pieces.push(mark);
  }
  if (!pieces.length) return null;
  pieces[0].classList.add("opens");
  pieces.at(-1).classList.add("closes");
  pieces[0].id = id;
  pieces[0].tabIndex = -1;
  return pieces[0];
}

function unmark() {
  for (const mark of article.querySelectorAll("mark")) {
    const parent = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    parent.normalize();
  }
}

/** Show what the fragment cites, where the server did not already. */
function follow() {
  const spans = cited(location.hash);
  if (!spans.length) return;
  const id = decodeURIComponent(location.hash).slice(1);
  let first = document.getElementById(id);
  if (!first) {
    unmark();
    first = spans.map((span, i) => highlight(span, i + 1, i ? `cited-${i + 1}` : id))[0];
  }
  if (!first) return;
  for (let around = first.parentElement; around; around = around.parentElement) {
    if (around.tagName === "DETAILS") around.open = true;
  }
  first.scrollIntoView({ block: "center", behavior: "instant" });
  first.focus({ preventScroll: true });
}

const squeezed = (text) => text.normalize("NFC").replace(/\s+/g, " ").trim();

/** Compare what is highlighted with the quotation that the citation keeps. */
async function check() {
  const id = article.dataset.citation, told = document.getElementById("checked");
  if (!id || !told) return;
  const answer = await fetch(`/v1/citations/${encodeURIComponent(id)}`);
  if (!answer.ok) return;
  const { quote } = await answer.json();
  const same = quote.every((text, i) => {
    const marks = [...article.querySelectorAll(`mark[data-n="${i + 1}"]`)];
    return squeezed(marks.map((mark) => mark.textContent).join("")).replaceAll(" ", "") ===
      squeezed(text).replaceAll(" ", "");
  });
  told.append(same ? " Checked here in your browser: it is the quotation that was cited."
    : " What is highlighted differs from the quotation that was cited.");
}

/** Copy a reference instead of following its link. */
async function copy(event) {
  const link = event.target.closest("a.copy");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !navigator.clipboard) return;
  event.preventDefault();
  status.textContent = "";
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(String(answer.status));
    await navigator.clipboard.writeText(await answer.text());
    status.textContent = `Reference copied (${link.dataset.name ?? link.textContent}).`;
  } catch {
    location.href = link.href;
  }
}

document.addEventListener("click", copy);
addEventListener("hashchange", follow);
if (article) {
  follow();
  check().catch(() => {});
}
