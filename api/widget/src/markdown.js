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

import { map } from "./natives.js";

/** Beyond this an answer is shown as plain text. No pattern below takes longer than its text is long. */
const MOST = { nodes: 2000, signs: 5000, depth: 6, rows: 50, columns: 12, text: 65536 };
const FENCE = /^ {0,3}(`{3,}|~{3,})/, HEADING = /^ {0,3}(#{1,6})[ \t]/, QUOTE = /^ {0,3}> ?/;
const ITEM = /^( *)(?:[-*+]|(\d{1,9})[.)])(?:[ \t]+|$)/, RULE = /^ {0,3}(?:(?:- *){3,}|(?:\* *){3,}|(?:_ *){3,})$/;
const DELIMITER = /^ *\|? *:?-+:? *(?:\| *:?-+:? *)*\|? *$/;
const TARGET = /^\]\(\s{0,3}<?([^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s{1,3}"[^"]{0,300}")?\s{0,3}\)/;
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

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
  for (let line = 0, at = 0; line < lines.length;) {
    const begun = line;
    line = line + 1;
    if (lines[begun].trim() && !RULE.test(lines[begun])) {
      line = extent(lines, begun);
      const part = lines.slice(begun, line);
      // The first line of a table is not one before the second is there.
      const unsure = open && line === lines.length && part.length === 1 && part[0][0] === "|";
      const cites = count.cites, nodes = count.nodes;
      if (!unsure) {
        let node = count.from + at < MOST.text ? block(part, count, 0) : plain(part, count);
        if (count.nodes > MOST.nodes || part.join("\n").length > MOST.text) {
          count.cites = cites;
          count.nodes = Math.max(nodes, MOST.nodes);
          node = plain(part, count);
        }
        found[found.length] = { at, node };
      }
    }
    for (let past = begun; past < line; past++) at += lines[past].length + 1;
  }
  return found;
}

/** @param {string[]} lines @param {number} from @returns {number} the line after the block that begins there */
function extent(lines, from) {
  let line = from + 1;
  const fence = FENCE.exec(lines[from])?.[1], item = ITEM.exec(lines[from]);
  if (fence) {
    while (line < lines.length && lines[line].trim().replaceAll("\0", "") !== fence) line++;
    return Math.min(line + 1, lines.length);
  }
  if (HEADING.test(lines[from])) return line;
  if (item) {
    for (; line < lines.length; line++) {
      const next = ITEM.exec(lines[line]), blank = !lines[line].trim();
      if (blank) continue;
      const goes = /^ {2,}/.test(lines[line]) || (next && !next[2] === !item[2]);
      if (!goes && (!lines[line - 1].trim() || starts(lines, line))) break;
    }
    while (!lines[line - 1].trim()) line--;
    return line;
  }
  if (QUOTE.test(lines[from])) {
    while (line < lines.length && QUOTE.test(lines[line])) line++;
    return line;
  }
  if (tabular(lines, from)) {
    while (line < lines.length && lines[line].includes("|")) line++;
    return line;
  }
  while (line < lines.length && lines[line].trim() && !starts(lines, line)) line++;
  return line;
}

/** @param {string[]} lines @param {number} at */
function starts(lines, at) {
  const line = lines[at], item = ITEM.exec(line);
  return FENCE.test(line) || HEADING.test(line) || QUOTE.test(line) || RULE.test(line) || tabular(lines, at)
    || (item && (!item[2] || item[2] === "1") && item[0].length < line.length);
}

/** @param {string[]} lines @param {number} at */
function tabular(lines, at) {
  return lines[at].includes("|") && at + 1 < lines.length && lines[at + 1].includes("-") && lines[at + 1].length < 500 && DELIMITER.test(lines[at + 1]);
}

/** @param {string[]} lines of one block @param {Count} count @param {number} depth @returns {Element} */
function block(lines, count, depth) {
  const [line] = lines, heading = HEADING.exec(line), item = ITEM.exec(line);
  count.nodes++;
  if (depth >= MOST.depth) return plain(lines, count);
  if (FENCE.test(line)) return code(lines, count);
  if (heading) return { tag: `h${Math.min(6, heading[1].length + 2)}`, kids: spans(title(line, heading[0]), count) };
  if (item) return items(lines, count, depth, item[2]);
  if (QUOTE.test(line)) {
    return { tag: "blockquote", kids: inside(map(lines, (quoted) => quoted.replace(QUOTE, "")), count, depth + 1) };
  }
  if (tabular(lines, 0)) return table(lines, count);
  return { tag: "p", kids: spans(lines.join("\n"), count) };
}

/** @param {string[]} lines @param {Count} count @param {number} depth @returns {Element[]} */
function inside(lines, count, depth) {
  const found = [];
  for (let line = 0; line < lines.length;) {
    const end = lines[line].trim() && !RULE.test(lines[line]) ? extent(lines, line) : 0;
    if (end) found[found.length] = block(lines.slice(line, end), count, depth);
    line = end || line + 1;
  }
  return found;
}

/** @param {string[]} lines @param {Count} count @returns {Element} the lines as they are */
function plain(lines, count) {
  /** @type {Node[]} */
  const kids = [];
  for (const piece of lines.join("\n").split(/(\0)/)) {
    if (piece) kids[kids.length] = piece === "\0" ? { cite: count.cites++ } : piece;
  }
  return { tag: "p", label: "plain", kids };
}

/** @param {string[]} lines @param {Count} count @returns {Element} code to the letter; what it cites stands after it */
function code(lines, count) {
  const fence = /** @type {RegExpExecArray} */ (FENCE.exec(lines[0]))[1];
  const closed = lines.length > 1 && lines[lines.length - 1].replaceAll("\0", "").trim() === fence;
  const all = lines.join("\n"), body = lines.slice(1, closed ? -1 : undefined).join("\n");
  /** @type {Node[]} */
  const kids = [{ tag: "pre", label: count.words.code, kids: [{ tag: "code", kids: [body.replaceAll("\0", "")] }] }];
  for (let at = all.indexOf("\0"); at >= 0; at = all.indexOf("\0", at + 1)) kids[kids.length] = { cite: count.cites++ };
  return { tag: "div", kids };
}

/** @param {string[]} lines @param {Count} count @param {number} depth @param {string} [first] @returns {Element} */
function items(lines, count, depth, first) {
  /** @type {Element[]} */
  const kids = [];
  for (let line = 0; line < lines.length;) {
    const [opened, indent] = /** @type {RegExpExecArray} */ (ITEM.exec(lines[line]));
    const own = [lines[line++].slice(opened.length)];
    for (; line < lines.length; line++) {
      const next = ITEM.exec(lines[line]);
      if (next && next[1].length <= indent.length + 1) break;
      const margin = /^ */.exec(lines[line])?.[0].length ?? 0;
      own[own.length] = lines[line].slice(Math.min(margin, opened.length));
    }
    count.nodes++;
    const within = inside(own, count, depth + 1), [head] = within;
    // A list is read alike whether or not blank lines are to come between its items.
    kids[kids.length] = { tag: "li", kids: head?.tag === "p" && !head.label ? [...head.kids, ...within.slice(1)] : within };
  }
  return first ? { tag: "ol", start: Number(first), kids } : { tag: "ul", kids };
}

/** @param {string[]} lines @param {Count} count @returns {Element} */
function table(lines, count) {
  const rows = map(lines, cells);
  rows.splice(1, 1);
  if (rows.length > MOST.rows || rows[0].length > MOST.columns) return plain(lines, count);
  const made = map(rows, (row, index) => {
    const kids = map(rows[0].keys(), (column) => ({ tag: index ? "td" : "th", kids: spans(row[column] ?? "", count) }));
    // What a row has too much stands in its last cell: no citation is lost.
    for (const more of row.slice(kids.length)) kids[kids.length - 1].kids.push(" ", ...spans(more, count));
    count.nodes += kids.length;
    return { tag: "tr", kids };
  });
  const kids = [{ tag: "thead", kids: made.slice(0, 1) }, { tag: "tbody", kids: made.slice(1) }];
  return { tag: "div", label: count.words.table, kids: [{ tag: "table", kids }] };
}

/** @param {string} line @returns {string[]} */
function cells(line) {
  const found = line.trim().replace(/^\|/, "").split(/(?<!\\)\|/);
  // A marker after the last bar belongs to the last cell.
  const last = found[found.length - 1];
  if (found.length > 1 && !last.replaceAll("\0", "").trim()) found.splice(-2, 2, found[found.length - 2] + last.trim());
  return map(found, (cell) => cell.trim().replaceAll("\\|", "|"));
}

/** @param {string} line @param {string} opened @returns {string} a heading without its signs */
function title(line, opened) {
  let end = line.length;
  while (end > opened.length && " \t#".includes(line[end - 1])) end--;
  return line.slice(opened.length, end).trim();
}

/** @param {string} text @param {Count} count @param {number} [depth] @returns {Node[]} */
function spans(text, count, depth = 0) {
  /** @type {Node[]} */
  const made = [];
  /** @type {Set<string | number>} what is known not to come, and targets that are none */
  const missing = new Set(), special = depth < MOST.depth ? /[\\`*_[!<\0\n]|\bhttps?:\/\//g : /\0/g;
  let pending = "", from = 0;
  /** @param {Node[]} nodes @param {number} end */
  const put = (nodes, end) => {
    if (pending) made[made.length] = pending;
    pending = "";
    made.push(...nodes);
    from = special.lastIndex = end;
  };
  /** @param {string} wanted @param {number} after */
  const find = (wanted, after) => {
    if (missing.has(wanted)) return -1;
    const at = text.indexOf(wanted, after);
    if (at < 0) missing.add(wanted);
    return at;
  };
  let tries = MOST.signs;
  for (let found = special.exec(text); found && tries > 0 && made.length + count.nodes <= MOST.nodes; found = special.exec(text)) {
    tries--;
    const at = found.index, [sign] = found;
    pending += text.slice(from, at);
    from = at;
    const rest = () => text.slice(at, at + 2100);
    if (sign === "\0") put([{ cite: count.cites++ }], at + 1);
    else if (sign === "\n") {
      const slash = pending.endsWith("\\"), hard = slash || pending.endsWith("  ");
      pending = hard ? pending.slice(0, slash ? -1 : undefined).trimEnd() : pending + " ";
      if (hard) put([{ tag: "br", kids: [] }], at + 1);
      else from = special.lastIndex = at + 1;
    } else if (sign === "\\") {
      if (/[!-/:-@[-`{-~]/.test(text[at + 1] ?? "")) {
        pending += text[at + 1];
        from = special.lastIndex = at + 2;
      }
    } else if (sign === "`") {
      const [run] = /** @type {RegExpExecArray} */ (/^`+/.exec(text.slice(at, at + 40))), end = find(run, at + run.length);
      if (end < 0) from = at, special.lastIndex = at + run.length;
      else put(wrap("code", split(text.slice(at + run.length, end), count)), end + run.length);
    } else if (sign === "*" || sign === "_") {
      const two = text[at + 1] === sign ? sign + sign : sign;
      const before = text[at - 1] ?? " ", after = text[at + two.length] ?? " ";
      const opens = !/[\s\0]/.test(after) && !(sign === "_" ? /[\p{L}\p{N}]/u : /\w/).test(before);
      let end = opens ? find(two, at + two.length + 1) : -1;
      if (end > 0 && two.length === 1) {
        while (end > 0 && text[end + 1] === sign) end = text.indexOf(sign, end + 2);
      }
      if (end < 0 || /\s/.test(text[end - 1])) special.lastIndex = at + two.length;
      else put(wrap(two.length > 1 ? "strong" : "em", spans(text.slice(at + two.length, end), count, depth + 1)), end + two.length);
    } else if (sign === "[" || sign === "!") {
      const image = sign === "!", open = image ? at + 1 : at;
      const middle = image && text[open] !== "[" ? -1 : find("](", open);
      const target = middle < 0 || missing.has(middle) ? null : TARGET.exec(text.slice(middle, middle + 2500));
      if (target) {
        const label = text.slice(open + 1, middle), end = middle + target[0].length;
        if (image) put(split(count.words.image.replace("{alt}", () => label), count), end);
        else put(link(target[1], spans(label, count, depth + 1)), end);
      } else {
        missing.add(middle);
        special.lastIndex = at + 1;
      }
    } else {
      const [address, bare] = /^<?(https?:\/\/[^\s<>"`\0]+)/.exec(rest()) ?? [];
      if (address && bare) {
        const closed = sign === "<" && text[at + address.length] === ">";
        const kept = closed ? bare : bare.replace(/[.,;:!?'")\]*_]+$/, "");
        put(link(kept, [kept]), closed ? at + address.length + 1 : at + kept.length + (sign === "<" ? 1 : 0));
        if (sign === "<" && !closed) made.splice(-1, 0, "<");
      } else special.lastIndex = at + sign.length;
    }
  }
  const rest = split(pending + text.slice(from), count);
  made.push(...rest);
  count.nodes += made.length;
  return made;
}

/** @param {string} text @param {Count} count @returns {Node[]} text to the letter, and its citations */
function split(text, count) {
  return plain([text], count).kids;
}

/** @param {string} tag @param {Node[]} kids @param {string} [href] @returns {Node[]} an element around all but citations */
function wrap(tag, kids, href) {
  /** @type {Node[]} */
  const made = [];
  /** @type {Element | null} */
  let open = null;
  for (const kid of kids) {
    if (typeof kid === "object" && "cite" in kid) {
      open = null;
      made[made.length] = kid;
    } else {
      if (!open) made[made.length] = open = { tag, kids: [], href };
      open.kids[open.kids.length] = kid;
    }
  }
  return made;
}

/** @param {string} address @param {Node[]} label @returns {Node[]} a link that says where it leads, or its label */
function link(address, label) {
  /** @type {URL} */
  let url;
  try {
    url = new URL(address);
  } catch {
    return label;
  }
  if (!/^(?:https?|mailto):$/.test(url.protocol)) return label;
  const clean = map(label, (kid) => (typeof kid === "string" ? kid.replace(BIDI, "") : kid));
  const said = map(clean, (kid) => (typeof kid === "string" ? kid : "tag" in kid ? kid.kids.join("") : "")).join("");
  const made = wrap("a", clean, url.href);
  if (url.host && !said.toLowerCase().includes(url.host)) made[made.length] = ` (${url.host})`;
  return made;
}
