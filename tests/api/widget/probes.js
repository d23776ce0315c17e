/** What tests of the modules do in the page: they import this file. */

import { Answer } from "/src/answer.js";
import { Renderer } from "/src/render.js";
import { events } from "/src/sse.js";

const TAGS = new Set(("P H3 H4 H5 H6 UL OL LI BLOCKQUOTE TABLE THEAD TBODY TR TH TD PRE CODE STRONG EM A BR DIV SPAN "
  + "BUTTON").split(" "));
const ATTRIBUTES = new Set("href rel target dir start part class tabindex role aria-label".split(" "));
const WORDS = { image: "[image: {alt}]", code: "Code", table: "Table" };

/** A stream of bytes in pieces of a size. */
export function stream(bytes, size, more = {}) {
  return new ReadableStream({
    start(to) {
      for (let at = 0; at < bytes.length; at += size) to.enqueue(bytes.slice(at, at + size));
      if (!more.cancel) to.close();
    },
    ...more,
  });
}

/** A stream of these pieces. */
export function parted(...pieces) {
  return new ReadableStream({
    start(to) {
      for (const piece of pieces) to.enqueue(piece);
      to.close();
    },
  });
}

/** The events of a stream as [name, data]. */
export async function told(readable) {
  const all = [];
  for await (const { event, data } of events(readable)) all.push([event, data]);
  return all;
}

/** An answer that is being shown, and what can be said in it. */
export function paper() {
  const root = document.createElement("div"), answer = new Answer();
  document.body.replaceChildren(root);
  const cite = (n) => Object.assign(document.createElement("button"), { textContent: n.join(",") });
  const shown = new Renderer(root, { cite, strings: WORDS });
  const add = (event, data) => {
    answer.add({ event, data });
    shown.update(answer);
  };
  return {
    root,
    say: (text) => add("delta", { text }),
    cite(n) {
      answer.add({ event: "source", data: { n, passage_id: `p${n}` } });
      add("cite", { n: [n] });
    },
    end: () => add("done", { state: "complete" }),
  };
}

/** A whole answer, shown. */
export function whole(text) {
  const one = paper();
  one.say(text);
  one.end();
  return one.root;
}

/** Elements, attributes and links under a node that no answer may make. */
export function strange(root) {
  const found = [];
  for (const element of root.querySelectorAll("*")) {
    if (!TAGS.has(element.tagName)) found.push(element.tagName);
    for (const { name } of element.attributes) if (!ATTRIBUTES.has(name)) found.push(`${element.tagName} ${name}`);
    if (element.tagName !== "A") continue;
    const { protocol, rel, href } = element;
    const safe = ["noopener", "noreferrer", "nofollow"].every((word) => rel.split(" ").includes(word));
    if (!safe || !["http:", "https:", "mailto:"].includes(protocol)) found.push(`A ${href} ${rel}`);
  }
  return found;
}

/** The links under a node, with their text. */
export function links(root) {
  return [...root.querySelectorAll("a")].map((link) => [link.getAttribute("href"), link.textContent]);
}

/** How much an answer makes of a text, and how long that takes. */
export function measured(text) {
  const from = performance.now(), root = whole(text), took = performance.now() - from;
  let depth = 0;
  for (const element of root.querySelectorAll("blockquote, ul, ol")) {
    let deep = 0;
    for (let up = element; up; up = up.parentElement.closest("blockquote, ul, ol")) deep++;
    depth = Math.max(depth, deep);
  }
  const count = (selector) => root.querySelectorAll(selector).length;
  return { took, depth, nodes: count("*"), tables: count("table"), length: root.textContent.length };
}
