/**
 * What a page's scripts may replace later on, taken as it is when the widget starts; and two loops that need
 * nothing of `Array.prototype`.
 */

export const { parse, stringify } = JSON;
export const fetched = fetch.bind(globalThis);
export const later = setTimeout.bind(globalThis);
export const never = clearTimeout.bind(globalThis);
export const created = document.createElement.bind(document);

/**
 * @template A, B
 * @param {Iterable<A>} list
 * @param {(item: A, index: number) => B} make
 * @returns {B[]}
 */
export function map(list, make) {
  /** @type {B[]} */
  const made = [];
  for (const item of list) made[made.length] = make(item, made.length);
  return made;
}

/**
 * @template A
 * @param {Iterable<A>} list
 * @param {(item: A) => unknown} keep
 * @returns {A[]}
 */
export function only(list, keep) {
  /** @type {A[]} */
  const kept = [];
  for (const item of list) if (keep(item)) kept[kept.length] = item;
  return kept;
}

/** @param {unknown} value @returns {Record<string, any>} the value where it is an object, else an empty one */
export function object(value) {
  return value && typeof value === "object" && !Array.isArray(value) ? /** @type {any} */ (value) : {};
}

/** @param {unknown} value @returns {any[]} the value where it is a list, else an empty one */
export function list(value) {
  return Array.isArray(value) ? value : [];
}

/** @param {unknown} value @returns {string} the value where it is text, else none */
export function text(value) {
  return typeof value === "string" ? value : "";
}
