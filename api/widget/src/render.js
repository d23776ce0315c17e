/** An answer as nodes of a page: what is finished is never touched again. */

import { created } from "./natives.js";
import { blocks } from "./markdown.js";

/**
 * @typedef {import("./answer.js").Answer} Answer
 * @typedef {import("./markdown.js").Node} Value
 * @typedef {import("./markdown.js").Element} Element
 * @typedef {import("./markdown.js").Words} Words
 * @typedef {(n: number[], place: number, answer: Answer) => HTMLElement} MakeCite makes the marker of a citation
 */

/** Shows one answer in one element, and goes on with it as more comes. */
export class Renderer {
  /** @type {Value[]} what each child of the root shows */
  #shown = [];
  /** @type {Map<number, Node>} */
  #cites = new Map();
  #frozen = { text: "", cites: 0, blocks: 0, nodes: 0 };

  /** @param {HTMLElement} root an empty element @param {{cite: MakeCite, strings: Words}} given */
  constructor(root, { cite, strings }) {
    this.root = root;
    this.cite = cite;
    this.strings = strings;
  }

  /** Shows what the answer holds by now. @param {Answer} answer */
  update(answer) {
    const whole = woven(answer), open = answer.state === "streaming";
    if (!whole.startsWith(this.#frozen.text)) this.#frozen = { text: "", cites: 0, blocks: 0, nodes: 0 };
    const done = this.#frozen;
    const count = { from: done.text.length, cites: done.cites, nodes: done.nodes, words: this.strings };
    const found = blocks(whole.slice(done.text.length), count, open);
    const wanted = this.#shown.slice(0, done.blocks);
    for (const { node } of found) wanted[wanted.length] = node;
    this.#patch(this.root, this.#shown, wanted, answer, done.blocks);
    this.#shown = wanted;
    const last = found[found.length - 1];
    if (found.length > 1) {
      const text = whole.slice(0, done.text.length + last.at);
      this.#frozen = { text, cites: text.split("\0").length - 1, blocks: wanted.length - 1, nodes: done.nodes + found.length };
    }
  }

  /**
   * Makes the children of an element show other values; those that show them already stay.
   *
   * @param {ParentNode & globalThis.Node} parent @param {Value[]} old @param {Value[]} wanted @param {Answer} answer
   * @param {number} [from] those before are known to be alike
   */
  #patch(parent, old, wanted, answer, from = 0) {
    let at = from;
    /** @type {ChildNode | null} */
    let node = parent.childNodes[from] ?? null;
    for (let index = from; index < wanted.length; index++) {
      const want = wanted[index];
      while (node && cited(want) && !same(old[at], want) && ahead(old, want, at)) {
        [node, at] = [drop(node), at + 1];
      }
      const have = node ? old[at] : undefined;
      if (node && have !== undefined && same(have, want)) {
        if (typeof want === "string") say(/** @type {Text} */ (node), want);
        else if ("tag" in want) this.#patch(/** @type {any} */ (node), /** @type {Element} */ (have).kids, want.kids, answer);
        [node, at] = [node.nextSibling, at + 1];
      } else {
        parent.insertBefore(this.#make(want, answer), node);
        // What stands here and is a citation may be wanted further on; anything else has been replaced.
        if (node && !cited(old[at])) [node, at] = [drop(node), at + 1];
      }
    }
    while (node) node = drop(node);
  }

  /** @param {Value} value @param {Answer} answer @returns {Node} */
  #make(value, answer) {
    if (typeof value === "string") return document.createTextNode(value);
    if ("cite" in value) {
      const known = this.#cites.get(value.cite) ?? this.cite(answer.cites[value.cite]?.n ?? [], value.cite, answer);
      this.#cites.set(value.cite, known);
      return known;
    }
    const made = created(value.tag);
    const part = { pre: "code", code: "code", table: "table" }[value.tag];
    if (part) made.setAttribute("part", part);
    if (value.label === "plain") made.className = "plain";
    else if (value.label) {
      made.tabIndex = 0;
      made.setAttribute("role", "region");
      made.setAttribute("aria-label", value.label);
      made.className = "wide";
    }
    if (value.start && value.start !== 1) made.setAttribute("start", `${value.start}`);
    if (value.href) {
      made.setAttribute("href", value.href);
      made.setAttribute("rel", "noopener noreferrer nofollow ugc");
      made.setAttribute("target", "_blank");
    }
    if (/^(?:p|h[3-6]|li|blockquote|t[dh])$/.test(value.tag)) made.dir = "auto";
    for (const kid of value.kids) made.appendChild(this.#make(kid, answer));
    return made;
  }
}

/** @param {Answer} answer @returns {string} its text with a NUL for each citation, right after what it is about */
function woven({ text, cites }) {
  let whole = "", from = 0;
  for (const { at } of cites) {
    whole += text.slice(from, at);
    const said = whole.trimEnd();
    whole = said + "\0" + whole.slice(said.length);
    from = at;
  }
  return (whole + text.slice(from)).replace(/\r\n?/g, "\n").trimStart();
}

/** @param {Value | undefined} value @returns {value is {cite: number}} */
function cited(value) {
  return typeof value === "object" && "cite" in value;
}

/** @param {Value[]} values @param {Value} wanted @param {number} from @returns {boolean} whether it comes later */
function ahead(values, wanted, from) {
  for (let at = from + 1; at < values.length; at++) if (same(values[at], wanted)) return true;
  return false;
}

/** @param {Value} one @param {Value} other @returns {boolean} whether one node can show either */
function same(one, other) {
  if (typeof one === "string" || typeof other === "string") return typeof one === typeof other;
  if ("cite" in one || "cite" in other) return "cite" in one && "cite" in other && one.cite === other.cite;
  return one.tag === other.tag && one.href === other.href && one.label === other.label && one.start === other.start;
}

/** @param {Text} node @param {string} wanted what it shows stays selected where more is added */
function say(node, wanted) {
  if (node.data === wanted) return;
  if (wanted.startsWith(node.data)) node.appendData(wanted.slice(node.data.length));
  else node.data = wanted;
}

/** @param {ChildNode} node @returns {ChildNode | null} the one after it */
function drop(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}
