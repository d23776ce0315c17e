/**
 * What the pieces of the widget share: the words, the options of the element, its events, and the service.
 *
 * @typedef {import("./answer.js").Source} Source
 * @typedef {import("./conversation.js").Exchange} Exchange
 * @typedef {object} Context
 * @property {import("./words.js").Words} t
 * @property {string} lang
 * @property {import("./client.js").Client} client
 * @property {(name: string) => string} option the value of an attribute, or its default
 * @property {(name: string, detail?: object | null, cancelable?: boolean) => boolean} emit false where a page prevented it
 * @property {(text: string) => void} say to those who do not see the page
 * @property {(source: Source, opener: HTMLElement | null) => void} show opens a source as the options say
 * @property {(exchange: Exchange, kind: string, detail: object) => boolean} feedback
 */

export {};
