/**
 * Where a conversation outlives a page: in the tab, in the browser, or not at all. A browser that keeps nothing is
 * as good.
 */

import { list, map, object, only, parse, stringify, text } from "./natives.js";

/**
 * @typedef {import("./client.js").ProtocolEvent} ProtocolEvent
 * @typedef {{question: string, key: string, events: ProtocolEvent[], failed: string}} Stored `failed` is a code
 */

const FORM = 1, MOST_KEPT = 50;

/** Keeps the events of the answers of one site. */
export class Shelf {
  /** @param {string} site @param {string} persist `none`, `session` or `local` */
  constructor(site, persist) {
    this.persist = persist;
    this.name = `pincite:${site}`;
  }

  /** @returns {Storage | null} reaching for it may already throw */
  get #storage() {
    try {
      return this.persist === "session" ? sessionStorage : this.persist === "local" ? localStorage : null;
    } catch {
      return null;
    }
  }

  /** @returns {{conversation: string, turns: Stored[]}} what was kept, as far as it is what we write */
  read() {
    let kept = object(null);
    try {
      kept = object(parse(this.#storage?.getItem(this.name) ?? "null"));
    } catch {
      // Another script's, or cut: as good as nothing.
    }
    const turns = map(kept.form === FORM ? list(kept.turns) : [], (turn) => {
      const { question, key, events, failed } = object(turn);
      return { question: text(question), key: text(key), events: map(list(events), object), failed: text(failed) };
    });
    return { conversation: text(kept.conversation), turns: only(/** @type {any[]} */ (turns), (turn) => turn.question) };
  }

  /** @param {string} conversation @param {Stored[]} turns @returns {boolean} whether they are kept */
  write(conversation, turns) {
    try {
      const storage = this.#storage;
      storage?.setItem(this.name, stringify({ form: FORM, conversation, turns: turns.slice(-MOST_KEPT) }));
      return !!storage;
    } catch {
      return false;
    }
  }

  /** Forgets them. */
  clear() {
    try {
      this.#storage?.removeItem(this.name);
    } catch {
      // Nothing was kept there.
    }
  }
}
