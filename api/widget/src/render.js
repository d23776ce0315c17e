/** An answer as nodes of a page: what is finished is never touched again. */

import { blocks } from "./markdown.js";
import { map } from "./natives.js";

/**
 * @typedef {import("./answer.js").Answer} Answer
 * @typedef {import("./markdown.js").Words} Words
 * @typedef {(n: number[], place: number, answer: Answer) => HTMLElement} MakeCite makes the marker of a citation
 */

const NOTHING = { text: "", cites: 0, blocks: 0, nodes: 0 };

/** Shows one answer in one element, and goes on with it as more comes. */
export class Renderer {
  /** @type {Map<string, Node>} the markers by what they cite */
  #markers = new Map();
  #done = NOTHING;

  /** @param {HTMLElement} root an empty element @param {{cite: MakeCite, strings: Words}} given */
  constructor(root, { cite, strings }) {
    this.root = root;
    this.cite = cite;
    this.strings = strings;
  }

  /** Shows what the answer holds by now. @param {Answer} answer */
  update(answer) {
    const { text, cites } = answer;
    let woven = "", to = 0;
    for (const { at } of cites) {
      woven += text.slice(to, at) + "\0";
      to = at;
    }
    // Each stands right after what it is about.
    const whole = (woven + text.slice(to)).replace(/(?<!\s)(\s+)(\0+)/g, "$2$1").replace(/\r\n?/g, "\n").trimStart();
    if (!whole.startsWith(this.#done.text)) this.#done = NOTHING;
    const done = this.#done, from = done.text.length;
    const count = { ...done, from, words: this.strings };
    const found = blocks(whole.slice(from), count, answer.state === "streaming");
    this.#patch(this.root, map(found, ({ node }) => node), answer, this.root.childNodes[done.blocks]);
    if (found.length > 1) {
      const text = whole.slice(0, from + found[found.length - 1].at);
      this.#done = { text, cites: text.split("\0").length - 1, blocks: done.blocks + found.length - 1, nodes: count.nodes };
    }
  }

  /**
   * Makes the children of a node those that are wanted; such as are alike stay.
   *
   * @param {Node} parent @param {Iterable<Node>} wanted @param {Answer} answer
   * @param {ChildNode | null} [node] the first child to look at
   */
  #patch(parent, wanted, answer, node = null) {
    for (const want of wanted) {
      if (want instanceof Comment) {
        const marker = this.#marker(Number(want.data), answer);
        // It is not moved, so that it keeps the focus: what stands before it has gone.
        if (marker.parentNode === parent) while (node && node !== marker) node = drop(node);
        else parent.insertBefore(marker, node);
        node = marker.nextSibling;
        continue;
      }
      if (!node || !alike(node, want)) {
        /** @type {ChildNode | null} */
        const old = node;
        node = parent.insertBefore(/** @type {ChildNode} */ (want.cloneNode()), old);
        // What stood here has been replaced, but a marker may be wanted further on.
        if (old && ![...this.#markers.values()].includes(old)) old.remove();
      }
      if (node instanceof Text) say(node, /** @type {Text} */ (want).data);
      else this.#patch(node, want.childNodes, answer, node.firstChild);
      node = node.nextSibling;
    }
    while (node) node = drop(node);
  }

  /** @param {number} place @param {Answer} answer @returns {ChildNode} the same each time */
  #marker(place, answer) {
    const n = answer.cites[place]?.n ?? [], key = `${place}:${n}`;
    const marker = /** @type {HTMLElement} */ (this.#markers.get(key) ?? this.cite(n, place, answer));
    this.#markers.set(key, marker);
    return marker;
  }
}

/** @param {Node} one @param {Node} other @returns {boolean} whether one can show what the other does */
function alike(one, other) {
  return one.nodeType === other.nodeType && (one instanceof Text || one.cloneNode().isEqualNode(other.cloneNode()));
}

/** @param {Text} node @param {string} wanted what it shows stays selected where more is added */
function say(node, wanted) {
  if (!wanted.startsWith(node.data)) node.data = wanted;
  else if (wanted !== node.data) node.appendData(wanted.slice(node.data.length));
}

/** @param {ChildNode} node @returns {ChildNode | null} the one after it */
function drop(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}
