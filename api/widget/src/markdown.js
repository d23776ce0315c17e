/**
 * The little of Markdown that an answer may hold, as nodes. HTML is text, an image is its description, and nothing
 * that an answer holds makes a browser ask for anything.
 *
 * A citation stands in the text as a NUL, and in the nodes as a comment with its place among all. It is a child of its
 * block, never of a link or of emphasis: what opens before it and closes after it is made of two pieces. So a marker
 * stays where it is when more text comes.
 *
 * @typedef {{from: number, cites: number, nodes: number, words: Words}} Count how far into the answer we are
 * @typedef {{image: string, code: string, table: string}} Words `image` holds `{alt}`; the others name regions
 * @typedef {(Node | string)[]} Kids
 */

import { h } from "./dom.js";
import { map, only } from "./natives.js";

/** Beyond this an answer is shown as plain text. What the patterns below repeat is bounded, so that none is slow. */
const NODES = 2000, DEPTH = 6, ROWS = 50, COLUMNS = 12, TEXT = 65536, BLOCK = 10000;
const FENCE = /^ {0,3}(```+|~~~+)/, HEADING = /^ {0,3}(#{1,6}) +/, QUOTE = /^ {0,3}> ?/;
const ITEM = /^( *)(?:[-*+]|(\d{1,9})[.)])(?: +|$)/, RULE = /^ {0,3}([-*_])(?: {0,3}\1){2,99}$/;
const DELIMITER = /^[-:| ]{0,500}$/, BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const INLINE = new RegExp(map([
  /\0/,
  /\\([!-/:-@[-`{-~])/, // 1: escaped
  /(`{1,3})([^`]{1,500})\2/, // 3: code
  /(!?)\[([^[\]]{0,500})\]\(<?([^\s<>()]{1,2000}(?:\([^\s<>()]{0,99}\)[^\s<>()]{0,99})?)>?\)/, // 5: label, 6: address
  /<?(?<!\w)(https?:\/\/[^\s<>"`\0]{0,2000}[^\s<>"`\0.,;:!?'")\]*])>?/, // 7: address
  /(?<!\w)(?<stars>\*\*?|__?)(?![\s*_])(.{1,300}?)(?<![\s*_])\k<stars>(?![\w*])/, // 9: emphasised
], (pattern) => pattern.source).join("|"), "gs");

/**
 * The blocks of a text, each with where in the text it begins. The last one may still change when more text comes.
 *
 * @param {string} text @param {Count} count @param {boolean} [open] whether more text may come
 * @returns {{at: number, node: Node}[]}
 */
export function blocks(text, count, open = false) {
  const lines = text.split("\n"), found = [];
  let at = 0;
  for (let line = 0, end; line < lines.length; line = end) {
    end = extent(lines, line);
    const part = lines.slice(line, end), size = part.join("\n").length;
    // The first line of a table is not one before the second is there, nor a number an item before its full stop.
    const unsure = open && end === lines.length && part.length === 1 && /^(\||\d+$)/.test(part[0]);
    if (part[0].trim() && !RULE.test(part[0]) && !unsure) {
      const fits = count.from + at < TEXT && size < BLOCK && count.nodes < NODES;
      const node = fits ? block(part, count, 0) : plain(part, count);
      node.normalize();
      found.push({ at, node });
    }
    at += size + 1;
  }
  return found;
}

/** @param {string[]} lines @param {number} from @returns {number} the line after the block that begins there */
function extent(lines, from) {
  const first = lines[from], fence = FENCE.exec(first)?.[1], item = ITEM.exec(first), quote = QUOTE.test(first);
  let end = from + 1;
  if (!first.trim() || HEADING.test(first) || RULE.test(first)) return end;
  const table = tabular(lines, from);
  for (; end < lines.length; end++) {
    const line = lines[end], blank = !line.trim(), next = ITEM.exec(line);
    if (fence) {
      if (line.replaceAll("\0", "").trim() === fence) return end + 1;
    } else if (table ? !line.includes("|") : quote ? !QUOTE.test(line) : item
      ? !blank && !/^ {2}/.test(line) && !(next && !next[2] === !item[2]) && (!lines[end - 1].trim() || starts(lines, end))
      : blank || starts(lines, end)) break;
  }
  return end;
}

/** @param {string[]} lines @param {number} at */
function starts(lines, at) {
  const line = lines[at], item = ITEM.exec(line);
  return only([FENCE, HEADING, QUOTE, RULE], (one) => one.test(line)).length || tabular(lines, at)
    || (item && (item[2] ?? "1") === "1" && item[0].length < line.length);
}

/** @param {string[]} lines @param {number} at */
function tabular(lines, at) {
  const next = lines[at + 1] ?? "";
  return lines[at].includes("|") && next.includes("-") && DELIMITER.test(next);
}

/** @param {keyof HTMLElementTagNameMap} tag @param {Kids} kids @param {Count} count @param {Record<string, any>} [attributes] */
function element(tag, kids, count, attributes = {}) {
  count.nodes++;
  return h(tag, { dir: "auto", ...attributes }, ...kids);
}

/** @param {string} label @returns {Record<string, any>} the attributes of what scrolls by itself */
function region(label) {
  return { class: "wide", role: "region", tabindex: 0, "aria-label": label };
}

/** @param {string[]} lines of one block @param {Count} count @param {number} depth @returns {Element} */
function block(lines, count, depth) {
  const [line] = lines, [opened, signs] = HEADING.exec(line) ?? [], item = ITEM.exec(line);
  if (depth >= DEPTH) return plain(lines, count);
  if (FENCE.test(line)) return code(lines, count);
  if (opened) return element(/** @type {"h3"} */ (`h${Math.min(6, signs.length + 2)}`), spans(line.slice(opened.length), count), count);
  if (item) return element(item[2] ? "ol" : "ul", items(lines, count, depth), count, { start: Number(item[2] ?? 1) > 1 && item[2] });
  if (QUOTE.test(line)) return element("blockquote", inside(map(lines, (quoted) => quoted.replace(QUOTE, "")), count, depth), count);
  return tabular(lines, 0) ? table(lines, count) : element("p", spans(lines.join(" "), count), count);
}

/** @param {string[]} lines @param {Count} count @param {number} depth @returns {Element[]} */
function inside(lines, count, depth) {
  const found = [];
  for (let line = 0, end; line < lines.length; line = end) {
    end = extent(lines, line);
    if (lines[line].trim()) found.push(block(lines.slice(line, end), count, depth + 1));
  }
  return found;
}

/** @param {string} text @param {Count} count @returns {Kids} the text as it is, and what it cites */
function letters(text, count) {
  return map(text.split(/(\0)/), (piece) => (piece === "\0" ? document.createComment(`${count.cites++}`) : piece));
}

/** @param {string[]} lines @param {Count} count @returns {Element} the lines as they are */
function plain(lines, count) {
  return element("p", letters(lines.join("\n"), count), count, { class: "plain" });
}

/** @param {string[]} lines @param {Count} count @returns {Element} code to the letter; what it cites stands after it */
function code(lines, count) {
  const closed = lines.length > 1 && FENCE.test(lines[lines.length - 1]);
  const body = lines.slice(1, closed ? -1 : undefined).join("\n").replaceAll("\0", "");
  const cites = only(letters(lines.join(), count), (kid) => kid instanceof Comment);
  return element("div", [element("pre", [body], count, { part: "code", ...region(count.words.code) }), ...cites], count);
}

/** @param {string[]} lines @param {Count} count @param {number} depth @returns {Element[]} */
function items(lines, count, depth) {
  const kids = [];
  for (let line = 0; line < lines.length;) {
    const [opened = "", indent = ""] = ITEM.exec(lines[line]) ?? [], own = [lines[line++].slice(opened.length)];
    for (; line < lines.length; line++) {
      const next = ITEM.exec(lines[line]), margin = lines[line].length - lines[line].trimStart().length;
      if (next && next[1].length < indent.length + 2) break;
      own.push(lines[line].slice(Math.min(margin, opened.length)));
    }
    const [head, ...rest] = inside(own, count, depth);
    // A list is read alike whether or not blank lines are to come between its items.
    kids.push(element("li", head ? [...(head.tagName === "P" ? head.childNodes : [head]), ...rest] : [], count));
  }
  return kids;
}

/** @param {string[]} lines @param {Count} count @returns {Element} */
function table(lines, count) {
  // A marker after the last bar belongs to the last cell.
  const rows = map(lines, (line) => line.trim().replace(/^\||\|(?=\0*$)/g, "").split(/(?<!\\)\|/)), wide = rows[0].length;
  rows.splice(1, 1);
  if (rows.length > ROWS || wide > COLUMNS) return plain(lines, count);
  const kids = map(rows, (row, index) => {
    // What a row has too much stands in its last cell: no citation is lost.
    row[wide - 1] = row.slice(wide - 1).join(" ");
    return element("tr", map(row.slice(0, wide), (cell = "") => element(index ? "td" : "th", spans(cell.trim().replaceAll("\\|", "|"), count), count)), count);
  });
  return element("div", [element("table", kids, count, { part: "table" })], count, region(count.words.table));
}

/** @param {string} text @param {Count} count @param {number} [depth] @returns {Kids} */
function spans(text, count, depth = 0) {
  /** @type {Kids} */
  const made = [];
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    if (depth > DEPTH && found[0] !== "\0") continue;
    made.push(text.slice(from, found.index), ...span(found, count, depth + 1));
    from = found.index + found[0].length;
  }
  return [...made, text.slice(from)];
}

/** @param {RegExpMatchArray} found @param {Count} count @param {number} depth @returns {Kids} */
function span([whole, escaped, , quoted, image, label, address, bare, stars, emphasised], count, depth) {
  if (escaped) return [escaped];
  if (quoted) return wrap("code", letters(quoted, count), count, { part: "code" });
  if (image) return letters(count.words.image.replace("{alt}", () => label), count);
  if (stars) return wrap(stars[1] ? "strong" : "em", spans(emphasised, count, depth), count);
  return address ? link(address, label, spans(label.replace(BIDI, ""), count, depth), count)
    : bare ? link(bare, bare, [bare], count) : letters(whole, count);
}

/**
 * An element around all but citations.
 *
 * @param {keyof HTMLElementTagNameMap} tag @param {Kids} kids @param {Count} count @param {Record<string, any>} [attributes]
 */
function wrap(tag, kids, count, attributes) {
  /** @type {Kids} */
  const made = [];
  /** @type {Element | null} */
  let open = null;
  for (const kid of kids) {
    if (kid instanceof Comment) {
      made.push(kid);
      open = null;
    }
    else if (kid) {
      if (!open) made.push((open = element(tag, [], count, attributes)));
      open.append(kid);
    }
  }
  return made;
}

/**
 * A link that says where it leads, or its label.
 *
 * @param {string} address @param {string} label @param {Kids} kids that show it @param {Count} count
 */
function link(address, label, kids, count) {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !/^(?:https?|mailto):$/.test(url.protocol)) return kids;
  const made = wrap("a", kids, count, { href: url.href, rel: "noopener noreferrer nofollow ugc", target: "_blank" });
  return url.host && !label.toLowerCase().includes(url.host) ? [...made, ` (${url.host})`] : made;
}
