/**
 * An answer as its events tell it, while it comes or out of a store: one path for both.
 *
 * @typedef {{start: number, end: number}} Span
 * @typedef {{id: string, passage_id: string, url: string, original?: string | null, quote: string[], spans: Span[],
 *   selector?: {exact: string, prefix: string, suffix: string}, document?: Record<string, any>,
 *   locator?: Record<string, any>}} Citation the citation object of docs/api.md
 * @typedef {{n: number, passage_id: string, title: string, heading_path: string[], lang: string | null,
 *   dir: string, snippet: string, citation: Citation | null}} Source
 * @typedef {{at: number, n: number[]}} Cite `at` is where in the text, in UTF-16 units
 * @typedef {"exact" | "supported" | "weak" | "unsupported"} Verdict
 * @typedef {"streaming" | "complete" | "no_answer" | "refused" | "stopped" | "incomplete" | "failed"} State
 * @typedef {{event: string, data: any}} ProtocolEvent
 */

import { list, map, object, only, text } from "./natives.js";

const STATES = ["exact", "supported", "weak", "unsupported"];

/** Accumulates protocol events; whatever they hold, its fields have the types told here. */
export class Answer {
  id = "";
  conversation = "";
  stage = "retrieving";
  text = "";
  /** @type {Cite[]} */
  cites = [];
  /** @type {Source[]} in the order of their numbers, from 1 */
  sources = [];
  /** @type {Source[]} what the search found first, numbered from 1 on their own */
  nearest = [];
  /** @type {{code: string, detail: string}[]} */
  notices = [];
  /** @type {State} */
  state = "streaming";
  /** @type {Error & {code: string, retryable: boolean, retryAfter: number | null, ref: string} | null} */
  error = null;
  /** @type {Map<string, Verdict>} by number, and by number and place of the citation */
  verdicts = new Map();

  /** Begins anew, as asking again does. */
  clear() {
    Object.assign(this, new Answer());
  }

  /** @param {ProtocolEvent} told events and fields that are not known are left alone */
  add({ event, data: given }) {
    const data = object(given);
    if (event === "meta") {
      this.id = text(data.id);
      this.conversation = text(data.conversation);
    } else if (event === "status") {
      this.stage = text(data.stage);
      if (data.nearest) this.nearest = map(list(data.nearest), (found, index) => source(found, index + 1));
    } else if (event === "source") {
      const told = source(data, data.n);
      if (told.n === this.sources.length + 1) this.sources[told.n - 1] = told;
    } else if (event === "delta") {
      this.text += text(data.text).replaceAll("\0", "\ufffd");
    } else if (event === "cite") {
      const known = only(list(data.n), (n) => this.source(n));
      this.cites[this.cites.length] = { at: this.text.length, n: known };
    } else if (event === "verdict" && STATES.includes(data.state)) {
      const { index } = object(data.claim);
      this.verdicts.set(Number.isInteger(index) ? `${data.n}@${index}` : `${data.n}`, data.state);
    } else if (event === "notice") {
      this.notices[this.notices.length] = { code: text(data.code), detail: text(data.detail) };
    } else if (event === "whole") {
      const { id, conversation, nearest } = this;
      this.clear();
      Object.assign(this, { id, conversation, nearest });
      for (const part of retold(data)) this.add(part);
    } else if (event === "done") {
      this.state = data.state === "no_answer" || data.state === "refused" ? data.state : "complete";
    }
  }

  /** @param {NonNullable<Answer["error"]>} error why there is no more of it; what came stays */
  fail(error) {
    this.error = error;
    this.state = error.code === "user" ? "stopped" : this.text ? "incomplete" : "failed";
  }

  /** @param {number} n @returns {Source | undefined} */
  source(n) {
    return this.sources[n - 1];
  }

  /**
   * How a source backs the sentence that cites it; null while that is not told.
   *
   * @param {number} n @param {number} place of the citation among all, from 0
   */
  verdict(n, place) {
    return this.verdicts.get(`${n}@${place}`) ?? this.verdicts.get(`${n}`) ?? null;
  }

  /** The passages that were found and are not cited. */
  get unused() {
    return only(this.nearest, (found) => !only(this.sources, (cited) => cited.passage_id === found.passage_id).length);
  }

  /** @param {(n: number, place: number) => string} mark @returns {string} the text with its citations in place */
  marked(mark) {
    let whole = "", from = 0;
    map(this.cites, ({ at, n }, place) => {
      whole += this.text.slice(from, at);
      for (const one of n) whole += mark(one, place);
      from = at;
    });
    return whole + this.text.slice(from);
  }
}

/** @param {unknown} given @param {number} n @returns {Source} */
function source(given, n) {
  const data = object(given), cited = object(data.citation);
  const citation = data.citation ? { ...cited, quote: only(list(cited.quote), text), spans: list(cited.spans) } : null;
  return {
    n,
    passage_id: text(data.passage_id) || text(cited.passage_id),
    title: text(data.title) || text(cited.document?.title) || text(cited.document?.source),
    heading_path: /** @type {string[]} */ (only(list(data.heading_path), text)),
    lang: text(data.lang) || null,
    dir: text(data.dir) || "auto",
    snippet: text(data.snippet) || list(cited.quote).join(" … "),
    citation: /** @type {Citation | null} */ (citation),
  };
}

/** @param {Record<string, any>} whole an answer of `POST /v1/query` @returns {Generator<ProtocolEvent>} its events */
export function* retold(whole) {
  const { text: said = "", claims = [] } = object(whole.answer), letters = [...text(said)];
  for (const citation of list(whole.citations)) {
    yield { event: "source", data: { n: citation.n, heading_path: citation.locator?.section, citation } };
  }
  let from = 0, index = 0;
  for (const { end, citations, verbatim } of list(claims)) {
    yield { event: "delta", data: { text: letters.slice(from, end).join("") } };
    yield { event: "cite", data: { n: list(citations) } };
    for (const n of list(citations)) {
      yield { event: "verdict", data: { n, state: verbatim ? "exact" : "supported", claim: { index } } };
    }
    from = end;
    index++;
  }
  yield { event: "delta", data: { text: letters.slice(from).join("") } };
  for (const notice of list(whole.notices)) yield { event: "notice", data: notice };
  yield { event: "done", data: { state: whole.status === "unsupported" ? "no_answer" : "complete" } };
}
