/** Questions and answers one after another, apart from how they look. */

import { Answer } from "./answer.js";
import { AskError } from "./client.js";
import { list, map, object, only, text } from "./natives.js";

/**
 * @typedef {import("./client.js").AskOptions} AskOptions
 * @typedef {import("./client.js").ProtocolEvent} ProtocolEvent
 * @typedef {ReturnType<typeof exchanged>} Exchange
 * @typedef {ReturnType<typeof conversed>} Conversation
 */

/**
 * One question and what became of it; asked again it keeps its key, so that it is answered once.
 *
 * @param {string} question @param {string} [key]
 */
export function exchanged(question, key) {
  return {
    question,
    // Nobody else has it; `randomUUID` is missing where a page is not secure.
    key: key || crypto.getRandomValues(new Uint32Array(4)).join(""),
    answer: new Answer(),
    events: /** @type {ProtocolEvent[]} */ ([]),
    tries: 0, // in this page: none where it is out of a store
    begun: 0,
  };
}

/**
 * Asks one thing at a time and keeps what was said.
 *
 * @param {import("./client.js").Client} client @param {ReturnType<import("./shelf.js").shelf>} shelf
 * @param {(exchange: Exchange, event: ProtocolEvent | null) => void} changed is given null when the exchange has ended
 * @param {(kept: boolean) => void} kept
 */
export function conversed(client, shelf, changed, kept) {
  const { conversation, turns } = shelf.read();
  let token = conversation;
  /** @type {AbortController | null} */
  let quit = null;
  // What the shelf holds is taken up by the path that new answers take.
  let exchanges = map(turns, ({ question, key, events, failed }) => {
    const exchange = exchanged(question, text(key)), { answer } = exchange;
    exchange.events = /** @type {ProtocolEvent[]} */ (map(list(events), object));
    for (const event of exchange.events) answer.add(event);
    if (answer.state === "streaming") answer.fail(new AskError(text(failed) || "truncated"));
    return exchange;
  });

  /** @param {Exchange} exchange @param {AskOptions} options @param {AbortController} own */
  async function run(exchange, options, own) {
    const { answer } = exchange;
    try {
      for await (const event of client.ask(exchange.question, { ...options, signal: own.signal, key: exchange.key, conversation: token || null })) {
        if (event.event === "meta") {
          answer.clear();
          exchange.events = [];
        }
        exchange.events.push(event);
        answer.add(event);
        token = answer.conversation || token;
        if (event.event !== "done") changed(exchange, event);
      }
    } catch (error) {
      answer.fail(error instanceof AskError ? error : new AskError("internal", { detail: String(error) }));
    }
    if (quit === own) quit = null;
    if (!exchanges.includes(exchange)) return;
    kept(shelf.write(token, map(only(exchanges, (one) => one.answer.state !== "streaming"), ({ question, key, events, answer }) => (
      { question, key, events, failed: answer.error?.code ?? "" }))));
    changed(exchange, null);
  }

  const self = {
    /** Resolves when nothing is running. */
    idle: Promise.resolve(),
    get exchanges() {
      return exchanges;
    },
    /** @returns {boolean} whether an answer is under way */
    get running() {
      return !!quit;
    },

    /** @param {Exchange} exchange a new one, or one to ask again @param {AskOptions} options */
    ask(exchange, options) {
      const { answer } = exchange;
      if (!exchanges.includes(exchange)) exchanges.push(exchange);
      exchange.tries++;
      exchange.begun = performance.now();
      answer.error = null;
      answer.state = "streaming";
      answer.stage = "retrieving";
      quit = new AbortController();
      changed(exchange, { event: "status", data: {} });
      self.idle = run(exchange, options, quit);
    },

    /** Ends the answer that is under way; what came of it stays. */
    stop: () => quit?.abort(),

    /** Forgets all of it, here and at the service. */
    clear() {
      quit?.abort();
      if (token) client.forget(token).catch(() => {});
      token = "";
      exchanges = [];
      shelf.clear();
    },
  };
  return self;
}
