/** Questions and answers one after another, apart from how they look. */

import { Answer } from "./answer.js";
import { AskError } from "./client.js";
import { map, only } from "./natives.js";

/**
 * @typedef {import("./client.js").Client} Client
 * @typedef {import("./client.js").AskOptions} AskOptions
 * @typedef {import("./client.js").ProtocolEvent} ProtocolEvent
 * @typedef {import("./shelf.js").Shelf} Shelf
 */

/** One question and what became of it; asked again it keeps its key, so that it is answered once. */
export class Exchange {
  /** @param {string} question @param {string} [key] */
  constructor(question, key = fresh()) {
    this.question = question;
    this.key = key;
    this.answer = new Answer();
    /** @type {ProtocolEvent[]} */
    this.events = [];
    this.tries = 0;
    this.begun = 0;
    this.live = false; // answered in this page, not out of a store
  }
}

/** Asks one thing at a time and keeps what was said. */
export class Conversation {
  /** @type {Exchange[]} */
  exchanges = [];
  token = "";
  /** @type {Promise<void>} resolves when nothing is running */
  idle = Promise.resolve();
  /** @type {AbortController | null} */
  #quit = null;

  /**
   * @param {Client} client @param {Shelf} shelf
   * @param {{changed: (exchange: Exchange, event: ProtocolEvent | null) => void, kept: (kept: boolean) => void}} told
   *   `changed` is given null when the exchange has ended
   */
  constructor(client, shelf, told) {
    this.client = client;
    this.shelf = shelf;
    this.told = told;
  }

  /** @returns {boolean} whether an answer is under way */
  get running() {
    return this.#quit !== null;
  }

  /** Takes up what the shelf holds, by the path that new answers take. */
  restore() {
    const { conversation, turns } = this.shelf.read();
    this.token = conversation;
    this.exchanges = map(turns, ({ question, key, events, failed }) => {
      const exchange = new Exchange(question, key || undefined);
      exchange.events = events;
      for (const event of events) exchange.answer.add(event);
      if (exchange.answer.state === "streaming") exchange.answer.fail(new AskError(failed || "truncated"));
      return exchange;
    });
  }

  /** @param {Exchange} exchange a new one, or one to ask again @param {AskOptions} options */
  ask(exchange, options) {
    if (this.running) return;
    if (!this.exchanges.includes(exchange)) this.exchanges[this.exchanges.length] = exchange;
    const quit = (this.#quit = new AbortController());
    exchange.tries++;
    exchange.live = true;
    exchange.begun = performance.now();
    exchange.answer.error = null;
    exchange.answer.state = "streaming";
    exchange.answer.stage = "retrieving";
    this.told.changed(exchange, { event: "status", data: { stage: "retrieving" } });
    this.idle = this.#run(exchange, { ...options, signal: quit.signal, key: exchange.key }, quit);
  }

  /** @param {Exchange} exchange @param {AskOptions} options @param {AbortController} quit */
  async #run(exchange, options, quit) {
    const { answer } = exchange;
    try {
      for await (const event of this.client.ask(exchange.question, { ...options, conversation: this.token || null })) {
        if (event.event === "meta") {
          answer.clear();
          exchange.events = [];
        }
        exchange.events[exchange.events.length] = event;
        answer.add(event);
        if (answer.conversation) this.token = answer.conversation;
        if (event.event !== "done") this.told.changed(exchange, event);
      }
    } catch (error) {
      answer.fail(error instanceof AskError ? error : new AskError("internal", { detail: String(error) }));
    }
    if (this.#quit === quit) this.#quit = null;
    if (!this.exchanges.includes(exchange)) return;
    this.#keep();
    this.told.changed(exchange, null);
  }

  #keep() {
    const turns = map(only(this.exchanges, ({ answer }) => answer.state !== "streaming"), ({ question, key, events, answer }) => (
      { question, key, events, failed: answer.error?.code ?? "" }));
    this.told.kept(this.shelf.write(this.token, turns));
  }

  /** Ends the answer that is under way; what came of it stays. */
  stop() {
    this.#quit?.abort();
  }

  /** Forgets all of it, here and at the service. */
  clear() {
    this.stop();
    if (this.token) this.client.forget(this.token).catch(() => {});
    this.token = "";
    this.exchanges = [];
    this.shelf.clear();
  }
}

/** @returns {string} a key that nobody else has; `randomUUID` is missing where a page is not secure */
function fresh() {
  let key = "";
  for (const byte of crypto.getRandomValues(new Uint8Array(16))) key += byte.toString(16).padStart(2, "0");
  return key;
}
