/** What the widget says, in the reader's language. */

import { fetched, object, text } from "./natives.js";

/** @typedef {(key: string, values?: Record<string, string | number>) => string} Words `count` chooses the plural */

const LANGUAGES = ["az", "de", "es", "fr", "ru", "tr"];

/**
 * Words in a language; English where there are none of it. Only what is chosen is fetched.
 *
 * @param {string} lang a language tag @param {string} folder where the languages are
 * @param {Record<string, any>} own words that the page puts in their place
 * @returns {Promise<{lang: string, t: Words}>}
 */
export async function words(lang, folder, own) {
  const [asked] = lang.toLowerCase().split("-"), known = LANGUAGES.includes(asked) ? asked : "en";
  let theirs = {};
  if (known !== "en") {
    const response = await fetched(`${folder}/${known}.json`, { credentials: "omit" }).catch(() => null);
    theirs = response?.ok ? object(await response.json().catch(() => null)) : {};
  }
  const table = /** @type {Record<string, any>} */ ({ ...PINCITE_ENGLISH, ...theirs, ...own });
  const rules = new Intl.PluralRules(known);
  return {
    lang: known,
    t: (key, values = {}) => {
      const found = table[key], form = object(found);
      const said = typeof found === "string" ? found : text(form[rules.select(Number(values.count))] ?? form.other);
      return said.replace(/\{(\w+)\}/g, (whole, name) => `${values[name] ?? whole}`);
    },
  };
}
