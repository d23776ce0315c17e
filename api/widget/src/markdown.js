/**
 * The little of Markdown that an answer may hold, as plain values. HTML is text, an image is its description, and
 * nothing that an answer holds makes a browser ask for anything.
 *
 * A citation stands in the text as a NUL. It is a child of its block, never of a link or of emphasis: what opens
 * before it and closes after it is made of two pieces. So a marker stays where it is when more text comes.
 *
 * @typedef {{tag: string, kids: Node[], href?: string, start?: number, label?: string}} Element
 * @typedef {string | {cite: number} | Element} Node `cite` is the place of the citation among all
 * @typedef {{from: number, cites: number, nodes: number, words: Words}} Count how far into the answer we are
 * @typedef {{image: string, code: string, table: string}} Words `image` holds `{alt}`; the others name regions
 */

import { map, only } from "./natives.js";

/** Beyond this an answer is shown as plain text. What the patterns below repeat is bounded, so that none is slow. */
const MOST = { nodes: 2000, depth: 6, rows: 50, columns: 12, text: 65536, block: 10000 };
const FENCE = /^ {0,3}(```+|~~~+)/, HEADING = /^ {0,3}(#{1,6}) +/, QUOTE = /^ {0,3}> ?/;
const ITEM = /^( *)(?:[-*+]|(\d{1,9})[.)])(?: +|$)/, RULE = /^ {0,3}([-*_])(?: {0,3}\1){2,99}$/;
const DELIMITER = /^[-:| ]{0,500}$/, BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const INLINE = new RegExp(map([
  /\0/,
  /\\([!-/:-@[-`{-~])/, // 1: escaped
  /(`{1,3})([^`]{1,500})\2/, // 3: code
  /(!?)\[([^[\]]{0,500})\]\(<?([^\s<>()]{1,2000}(?:\([^\s<>()]{0,99}\)[^\s<>()]{0,99})?)>?\)/, // 5: label, 6: address
  /<?(?<!\w)(https?:\/\/[^\s<>"`\0]{0,2000}[^\s<>"`\0.,;:!?'")\]*])>?/, // 7: address
  /(?<!\w)(?<stars>\*\*?)(?![\s*])(.{1,300}?)(?<![\s*])\k<stars>(?![\w*])/, // 9: emphasised
], (pattern) => pattern.source).join("|"), "gs");

/**
 * The blocks of a text, each with where in the text it begins. The last one may still change when more text comes.
 *
 * @param {string} text @param {Count} count @param {boolean} [open] whether more text may come
 * @returns {{at: number, node: Element}[]}
 */
export function blocks(text, count, open = false) {
  const lines = text.split("\n");
  /** @type {{at: number, node: Element}[]} */
  const found = [];
  let at = 0;
  for (let line = 0; line < lines.length;) {
    const end = extent(lines, line), part = lines.slice(line, end), size = part.join("\n").length;
    // The first line of a table is not one before the second is there.
    const unsure = open && end === lines.length && part.length === 1 && part[0][0] === "|";
    if (part[0].trim() && !RULE.test(part[0]) && !unsure) {
      const fits = count.from + at < MOST.text && size < MOST.block && count.nodes < MOST.nodes;
      found[found.length] = { at, node: fits ? block(part, count, 0) : plain(part, count) };
    }
    at += size + 1;
    line = end;
  }
  return found;
}

/** @param {string[]} lines @param {number} from @returns {number} the line after the block that begins there */
function extent(lines, from) {
  const first = lines[from], fence = FENCE.exec(first)?.[1], item = ITEM.test(first), quote = QUOTE.test(first);
  let end = from + 1;
  if (!first.trim() || HEADING.test(first) || RULE.test(first)) return end;
  const table = tabular(lines, from);
  for (; end < lines.length; end++) {
    const line = lines[end], blank = !line.trim();
    if (fence) {
      if (bare(line) === fence) return end + 1;
    } else if (table ? !line.includes("|") : quote ? !QUOTE.test(line) : item
      ? !blank && !/^ {2}/.test(line) && !ITEM.test(line) && (!lines[end - 1].trim() || starts(lines, end))
      : blank || starts(lines, end)) break;
  }
  return end;
}

/** @param {string} line @returns {string} without what a citation is */
function bare(line) {
  return line.replaceAll("\0", "").trim();
}

/** @param {string[]} lines @param {number} at */
function starts(lines, at) {
  const line = lines[at], item = ITEM.exec(line);
  return FENCE.test(line) || HEADING.test(line) || QUOTE.test(line) || RULE.test(line) || tabular(lines, at)
    || (item && (item[2] ?? "1") === "1" && item[0].length < line.length);
}

/** @param {string[]} lines @param {number} at */
function tabular(lines, at) {
  const next = lines[at + 1] ?? "";
  return lines[at].includes("|") && next.includes("-") && DELIMITER.test(next);
}

/** @param {string[]} lines of one block @param {Count} count @param {number} depth @returns {Element} */
function block(lines, count, depth) {
  const [line] = lines, heading = HEADING.exec(line), item = ITEM.exec(line);
  count.nodes++;
  if (depth > MOST.depth) return plain(lines, count);
  if (FENCE.test(line)) return code(lines, count);
  if (heading) return { tag: `h${Math.min(6, heading[1].length + 2)}`, kids: spans(line.slice(heading[0].length), count) };
  if (item) {
    const kids = items(lines, count, depth);
    return item[2] ? { tag: "ol", start: Number(item[2]), kids } : { tag: "ul", kids };
  }
  if (QUOTE.test(line)) return { tag: "blockquote", kids: inside(map(lines, (quoted) => quoted.replace(QUOTE, "")), count, depth) };
  return tabular(lines, 0) ? table(lines, count) : { tag: "p", kids: spans(lines.join(" "), count) };
}

/** @param {string[]} lines @param {Count} count @param {number} depth @returns {Element[]} */
function inside(lines, count, depth) {
  const found = [];
  for (let line = 0, end = 0; line < lines.length; line = end) {
    end = extent(lines, line);
    if (lines[line].trim()) found[found.length] = block(lines.slice(line, end), count, depth + 1);
  }
  return found;
}

/** @param {string[]} lines @param {Count} count @returns {Element} the lines as they are */
function plain(lines, count) {
  /** @type {Node[]} */
  const kids = [];
  map(lines.join("\n").split("\0"), (piece, index) => kids.push(...(index ? [{ cite: count.cites++ }, piece] : [piece])));
  return { tag: "p", label: "plain", kids: only(kids, Boolean) };
}

/** @param {string[]} lines @param {Count} count @returns {Element} code to the letter; what it cites stands after it */
function code(lines, count) {
  const closed = lines.length > 1 && FENCE.test(lines[lines.length - 1]);
  const body = lines.slice(1, closed ? -1 : undefined).join("\n").replaceAll("\0", "");
  /** @type {Node[]} */
  const kids = [{ tag: "pre", label: count.words.code, kids: [{ tag: "code", kids: [body] }] }];
  for (const _ of lines.join("").matchAll(/\0/g)) kids[kids.length] = { cite: count.cites++ };
  return { tag: "div", kids };
}

/** @param {string[]} lines @param {Count} count @param {number} depth @returns {Element[]} */
function items(lines, count, depth) {
  /** @type {Element[]} */
  const kids = [];
  for (let line = 0; line < lines.length;) {
    const [opened = "", indent = ""] = ITEM.exec(lines[line]) ?? [], own = [lines[line++].slice(opened.length)];
    for (; line < lines.length; line++) {
      const next = ITEM.exec(lines[line]), margin = lines[line].length - lines[line].trimStart().length;
      if (next && next[1].length < indent.length + 2) break;
      own[own.length] = lines[line].slice(Math.min(margin, opened.length));
    }
    count.nodes++;
    const [head, ...rest] = inside(own, count, depth);
    // A list is read alike whether or not blank lines are to come between its items.
    kids[kids.length] = { tag: "li", kids: head?.tag === "p" ? [...head.kids, ...rest] : head ? [head, ...rest] : [] };
  }
  return kids;
}

/** @param {string[]} lines @param {Count} count @returns {Element} */
function table(lines, count) {
  const rows = map(lines, cells), wide = rows[0].length;
  rows.splice(1, 1);
  if (rows.length > MOST.rows || wide > MOST.columns) return plain(lines, count);
  const kids = map(rows, (row, index) => {
    // What a row has too much stands in its last cell: no citation is lost.
    row[wide - 1] = row.slice(wide - 1).join(" ");
    count.nodes += wide;
    return { tag: "tr", kids: map(row.slice(0, wide), (cell = "") => ({ tag: index ? "td" : "th", kids: spans(cell, count) })) };
  });
  return { tag: "div", label: count.words.table, kids: [{ tag: "table", kids }] };
}

/** @param {string} line @returns {string[]} a marker after the last bar belongs to the last cell */
function cells(line) {
  const found = line.trim().replace(/^\||\|(?=\0*$)/g, "").split(/(?<!\\)\|/);
  return map(found, (cell) => cell.trim().replaceAll("\\|", "|"));
}

/** @param {string} text @param {Count} count @param {number} [depth] @returns {Node[]} */
function spans(text, count, depth = 0) {
  /** @type {Node[]} */
  const made = [];
  let from = 0, pending = "";
  const flush = () => {
    if (pending) made[made.length] = pending;
    pending = "";
  };
  for (const found of text.matchAll(INLINE)) {
    if (depth > MOST.depth && found[0] !== "\0") continue;
    pending += text.slice(from, found.index);
    from = found.index + found[0].length;
    if (found[1]) pending += found[1];
    else {
      flush();
      made.push(...node(found, count, depth + 1));
    }
  }
  pending += text.slice(from);
  flush();
  count.nodes += made.length;
  return made;
}

/** @param {RegExpMatchArray} found @param {Count} count @param {number} depth @returns {Node[]} */
function node([whole, , , letters, image, label, address, bareAddress, stars, emphasised], count, depth) {
  if (whole === "\0") return [{ cite: count.cites++ }];
  if (letters) return wrap("code", plain([letters], count).kids);
  if (image) return plain([count.words.image.replace("{alt}", () => label)], count).kids;
  if (address) return link(address, spans(label, count, depth));
  if (bareAddress) return link(bareAddress, [bareAddress]);
  return wrap(stars[1] ? "strong" : "em", spans(emphasised, count, depth));
}

/** @param {string} tag @param {Node[]} kids @param {string} [href] @returns {Node[]} an element around all but citations */
function wrap(tag, kids, href) {
  /** @type {Node[]} */
  const made = [];
  /** @type {Element | null} */
  let open = null;
  for (const kid of kids) {
    const cite = typeof kid === "object" && "cite" in kid;
    if (cite || !open) made[made.length] = cite ? kid : (open = { tag, kids: [], href });
    if (cite) open = null;
    else open?.kids.push(kid);
  }
  return made;
}

/** @param {string} address @param {Node[]} label @returns {Node[]} a link that says where it leads, or its label */
function link(address, label) {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !/^(?:https?|mailto):$/.test(url.protocol)) return label;
  const clean = map(label, (kid) => (typeof kid === "string" ? kid.replace(BIDI, "") : kid));
  const made = wrap("a", clean, url.href);
  if (url.host && !clean.join("").toLowerCase().includes(url.host)) made[made.length] = ` (${url.host})`;
  return made;
}
