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

/**
 * Keeps the events of the answers of one site.
 *
 * @param {string} site @param {string} persist `none`, `session` or `local`
 */
export function shelf(site, persist) {
  const name = `pincite:${site}`;
  /** @template T @param {(storage: Storage) => T} work @returns {T | undefined} none where reaching for it throws */
  const attempt = (work) => {
    try {
      if (persist !== "none") return work(persist === "local" ? localStorage : sessionStorage);
    } catch {
      // Forbidden or full, another script's or cut: as good as nothing.
    }
    return undefined;
  };
  return {
    /** @returns {{conversation: string, turns: Stored[]}} what was kept, as far as it is what we write */
    read() {
      const kept = object(attempt((storage) => parse(storage.getItem(name) ?? "")));
      const turns = only(map(kept.form === FORM ? list(kept.turns) : [], object), ({ question }) => text(question));
      return { conversation: text(kept.conversation), turns: /** @type {any[]} */ (turns) };
    },

    /** @param {string} conversation @param {Stored[]} turns @returns {boolean} whether they are kept */
    write: (conversation, turns) => !!attempt((storage) => {
      storage.setItem(name, stringify({ form: FORM, conversation, turns: turns.slice(-MOST_KEPT) }));
      return true;
    }),

    /** Forgets them. */
    clear: () => attempt((storage) => storage.removeItem(name)),
  };
}
