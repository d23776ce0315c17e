/** The service as a page in a browser talks to it. */

import { fetched, later, never, object, parse, stringify, text } from "./natives.js";
import { events } from "./sse.js";

/** Codes of an event `error`; others are `internal`. */
const REPORTED = ["model_unavailable", "retrieval_failed", "overloaded", "rate_limited", "budget"];
/** @type {Record<number, string>} */
const STATUSES = { 401: "unauthorised", 402: "budget", 403: "origin_denied", 404: "not_found", 429: "rate_limited",
  503: "overloaded" };

/** Why a question has no answer. */
export class AskError extends Error {
  /**
   * @param {string} code of the list in docs/widget.md
   * @param {{retryable?: boolean, retryAfter?: number | null, ref?: string, detail?: string}} [more]
   *   `retryAfter` in seconds; `ref` finds the failure in the service's log
   */
  constructor(code, { retryable = !/^(?:origin_denied|unauthorised|not_found|invalid)$/.test(code), retryAfter = null, ref = "", detail = "" } = {}) {
    super(detail || code);
    this.code = code;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
    this.ref = ref;
  }
}

/**
 * @typedef {{event: string, data: any}} ProtocolEvent
 * @typedef {{signal?: AbortSignal, key?: string, conversation?: string | null, lang?: string,
 *   context?: {path: string, title: string} | null, filters?: object, stallMs?: number}} AskOptions
 */

/** Asks one service, for one site. */
export class Client {
  /** @param {{api: string, site?: string | null}} given `api` is the address of the service; `site` a public key */
  constructor({ api, site }) {
    this.api = api.replace(/\/+$/, "");
    this.site = site || null;
  }

  /**
   * The events of an answer, as docs/generation.md lists them; the last one is `done`. Where one of them was lost
   * an event `whole` comes before it, with the answer as `GET /v1/answers/{id}` has it.
   *
   * @param {string} question
   * @param {AskOptions} [options] `key` makes asking again safe; `stallMs` is how long nothing may come
   * @returns {AsyncGenerator<ProtocolEvent, void, void>} throws an AskError
   */
  async *ask(question, { signal, key, conversation, lang, context, filters, stallMs = 20000 } = {}) {
    const quit = new AbortController(), ended = signal ? AbortSignal.any([signal, quit.signal]) : quit.signal;
    let timer = 0;
    const alive = () => {
      never(timer);
      timer = +later(() => quit.abort("stall"), stallMs);
    };
    try {
      alive();
      const body = { question, protocol: 1, site: this.site, idempotency_key: key, conversation, lang, context, filters };
      const response = await this.#send("/v1/query", {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
        body: stringify(body),
        signal: ended,
      });
      if (!/^text\/event-stream\b/i.test(response.headers.get("Content-Type") ?? "") || !response.body) {
        throw new AskError("bad_type");
      }
      yield* this.#read(response.body, alive);
    } catch (error) {
      throw ended.aborted ? new AskError(quit.signal.reason ?? "user") : await this.#why(error);
    } finally {
      never(timer);
      quit.abort("user"); // a reader who leaves ends the request
    }
  }

  /** @param {ReadableStream<Uint8Array>} body @param {() => void} alive @returns {AsyncGenerator<ProtocolEvent>} */
  async *#read(body, alive) {
    let id = "", seq = 0, lost = false;
    for await (const { event, data: said } of events(body, alive)) {
      const data = parsed(said);
      if (event === "meta") id = text(data.id);
      if (Number.isInteger(data.seq)) {
        lost ||= data.seq !== seq + 1;
        seq = data.seq;
      }
      if (event === "error") throw problem(REPORTED.includes(data.code) ? data.code : "internal", data, data.retryable !== false);
      if (event !== "done") {
        yield { event, data };
        continue;
      }
      if (lost && id) {
        const whole = await this.answer(id).catch(() => null);
        if (!whole) throw new AskError("truncated");
        yield { event: "whole", data: whole };
      }
      yield { event, data };
      return;
    }
    throw new AskError("truncated");
  }

  /** @param {string} id @returns {Promise<any>} an answer of the last minutes, whole */
  answer(id) {
    return this.#get(`/v1/answers/${encodeURIComponent(id)}`, {});
  }

  /** @param {string} id @param {number} [around] @returns {Promise<any>} a passage, and in `view` what is around it */
  passage(id, around = 1) {
    return this.#get(`/v1/passages/${encodeURIComponent(id)}`, { around: `${around}` });
  }

  /** @param {string} conversation its token @returns {Promise<void>} the service forgets the turns it keeps */
  async forget(conversation) {
    await this.#send(`/v1/conversations/${encodeURIComponent(conversation)}`, { method: "DELETE" });
  }

  /** @param {string} path @param {Record<string, string>} query */
  async #get(path, query) {
    const asked = new URLSearchParams(this.site ? { ...query, site: this.site } : query);
    try {
      return await (await this.#send(`${path}?${asked}`, {})).json();
    } catch (error) {
      throw await this.#why(error);
    }
  }

  /** @param {string} path @param {RequestInit} init @returns {Promise<Response>} */
  async #send(path, init) {
    const response = await fetched(this.api + path, {
      credentials: "omit",
      referrerPolicy: "strict-origin",
      cache: "no-store",
      ...init,
    });
    if (!response.ok) throw await refused(response);
    return response;
  }

  /** @param {unknown} error @returns {Promise<AskError>} what a failed request means */
  async #why(error) {
    if (error instanceof AskError) return error;
    if (!navigator.onLine) return new AskError("offline");
    return new AskError(await this.#denied(), { detail: String(error) });
  }

  /** A browser does not tell a refused preflight from a service that is down; the site's own page does. */
  async #denied() {
    if (!this.site) return "network";
    try {
      const response = await this.#send(`/v1/site/${this.site}`, {});
      return (await response.json()).allowed === false ? "origin_denied" : "network";
    } catch (error) {
      return error instanceof AskError ? error.code : "network";
    }
  }
}

/** @param {Response} response @returns {Promise<AskError>} a refusal, from its status and its problem document */
async function refused(response) {
  const { status, headers } = response, told = parsed(await response.text().catch(() => ""));
  return problem(STATUSES[status] ?? (status < 500 ? "invalid" : "internal"), {
    retry_after: Number.parseInt(headers.get("Retry-After") ?? ""),
    ref: told.request_id ?? headers.get("X-Request-Id"),
    detail: told.detail,
  });
}

/** @param {string} code @param {Record<string, any>} told @param {boolean} [retryable] @returns {AskError} */
function problem(code, { retry_after: after, ref, detail }, retryable) {
  return new AskError(code, { retryable, retryAfter: after >= 0 ? after : null, ref: text(ref), detail: text(detail) });
}

/** @param {string} said @returns {Record<string, any>} */
function parsed(said) {
  try {
    return object(parse(said));
  } catch {
    return {};
  }
}
