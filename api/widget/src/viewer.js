/** A source in its document: the cited words marked where they stand, checked here against the stored text. */

import { button, h } from "./dom.js";
import { list, map, object, only, text } from "./natives.js";
import { actions, quotation, stepper } from "./passage.js";
import { check, slice } from "./points.js";
import { where } from "./reference.js";

/**
 * @typedef {import("./answer.js").Source} Source
 * @typedef {import("./context.js").Context} Context
 * @typedef {import("./points.js").View} View
 * @typedef {import("./points.js").Check} Check
 */

/** @type {Record<string, keyof HTMLElementTagNameMap>} */
const TAGS = { heading: "h4", code: "pre", table: "pre" };

/** One pane for all sources. */
export class Viewer {
  /** @type {HTMLElement | null} */
  #opener = null;
  #asked = 0;
  /** @type {HTMLElement[]} the beginning of each cited passage that is shown */
  #marks = [];
  #at = 0;

  /** @param {Context} context @param {() => void} changed called when it opens or closes */
  constructor(context, changed) {
    const { t } = context;
    this.context = context;
    this.changed = changed;
    this.heading = h("h3", { dir: "auto", tabindex: -1 });
    this.path = h("p", { class: "small", dir: "auto" });
    this.steps = h("p", { class: "uses small" });
    this.body = h("div", { class: "page", tabindex: 0, role: "group", "aria-label": t("viewer") });
    this.links = h("div");
    this.pane = h("section", { part: "viewer", hidden: true, "aria-label": t("viewer") },
      h("header", { part: "viewer-toolbar" },
        button(t("back"), () => this.close(), {}, "M12 4l-6 6 6 6"),
        h("div", {}, this.heading, this.path)),
      this.steps,
      this.body, this.links);
  }

  /** @returns {boolean} */
  get open() {
    return !this.pane.hidden;
  }

  /** @param {Source} source @param {HTMLElement | null} opener gets the focus back */
  async show(source, opener) {
    const asked = ++this.#asked, { t, client } = this.context;
    this.#opener = opener;
    this.heading.textContent = source.title;
    this.path.textContent = where(source);
    this.steps.replaceChildren();
    this.#marks = [];
    this.body.replaceChildren(h("p", { part: "status" }, t("loading")));
    this.links.replaceChildren(actions(source, this.context));
    this.pane.hidden = false;
    this.changed();
    this.heading.focus({ preventScroll: true });
    const found = object(await client.passage(source.passage_id).catch(() => null));
    if (asked !== this.#asked) return;
    const view = object(found.view);
    if (text(view.text)) this.#fill(source, /** @type {View} */ (view));
    else this.body.replaceChildren(h("p", { part: "error" }, t("not_loaded")), quotation(source));
  }

  close() {
    if (!this.open) return;
    this.#asked++;
    const inside = this.pane.contains(this.context.focused());
    this.pane.hidden = true;
    this.changed();
    if (inside && this.#opener?.isConnected) this.#opener.focus({ preventScroll: true });
  }

  /** @param {Source} source @param {View} view */
  #fill(source, view) {
    const { t } = this.context, { citation } = source;
    const quotes = map(list(citation?.quote), text), last = quotes.length - 1;
    const checks = map(quotes, (quote, index) => check(view, citation?.spans[index] ?? { start: -1, end: -1 }, quote, {
      prefix: index ? "" : citation?.selector?.prefix, suffix: index === last ? citation?.selector?.suffix : "",
    }));
    const found = only(checks, ({ start }) => start >= 0).sort((one, other) => one.start - other.start);
    const verdicts = map(checks, ({ verdict }) => verdict);
    const verdict = verdicts.includes("changed") || !quotes.length ? "changed" : verdicts.includes("moved") ? "moved" : "verified";
    this.#marks = [];
    this.body.lang = view.language ?? source.lang ?? "";
    this.body.replaceChildren(
      h("p", { part: "verdict", "data-verdict": verdict }, t(`check_${verdict}`)),
      verdict === "changed" && quotes.length ? quotation(source) : "",
      ...this.#blocks(view, found));
    this.#at = 0;
    this.#step(0);
  }

  /** @param {View} view @param {Check[]} marked @returns {Element[]} */
  #blocks(view, marked) {
    const made = [], pages = map(list(view.pages), object);
    let at = view.start;
    for (const block of [...list(view.blocks), { kind: "paragraph", start: view.end, end: view.end }]) {
      // What stands between blocks is shown where it is more than white space: nothing is left out.
      if (slice(view.text, at - view.start, block.start - view.start).trim()) {
        made[made.length] = this.#block(view, { kind: "paragraph", start: at, end: block.start }, marked);
      }
      if (block.start < at || block.end <= block.start) continue;
      for (const { start, label } of pages) {
        if (label && start >= at && start < block.end) made[made.length] = h("p", { class: "folio" }, this.context.t("page", { label }));
      }
      made[made.length] = this.#block(view, block, marked);
      at = block.end;
    }
    return made;
  }

  /** @param {View} view @param {import("./points.js").Block} block @param {Check[]} marked @returns {Element} */
  #block(view, { kind, start, end }, marked) {
    const { t } = this.context, shown = h(TAGS[kind] ?? "p", { class: `block ${/^\w+$/.test(kind) ? kind : ""}`, dir: "auto" });
    /** @param {number} from @param {number} to */
    const said = (from, to) => slice(view.text, from - view.start, to - view.start);
    let at = start;
    const signs = kind === "heading" ? /^#+ +/.exec(said(start, end))?.[0].length ?? 0 : 0;
    if (signs) {
      shown.append(h("span", { hidden: true }, said(at, at + signs)));
      at += signs;
    }
    for (const cited of marked) {
      const from = Math.max(cited.start, at), to = Math.min(cited.end, end);
      if (from >= to) continue;
      const mark = h("mark", { part: "mark", tabindex: -1 }, said(from, to));
      shown.append(said(at, from));
      if (from === cited.start) {
        this.#marks[this.#marks.length] = mark;
        shown.append(h("span", { class: "hidden" }, t("cited_start")));
      }
      shown.append(mark);
      if (to === cited.end) shown.append(h("span", { class: "hidden" }, t("cited_end")));
      at = to;
    }
    shown.append(said(at, end));
    return shown;
  }

  /** @param {number} step */
  #step(step) {
    const { t } = this.context, count = this.#marks.length;
    if (!count) return;
    this.#at = (this.#at + step + count) % count;
    const mark = this.#marks[this.#at], box = this.body.getBoundingClientRect(), at = mark.getBoundingClientRect();
    // Only this pane scrolls: the page around the widget stays where it is.
    this.body.scrollTop += at.top - box.top - Math.max(16, (box.height - at.height) / 2);
    if (!step || this.pane.contains(this.context.focused())) mark.focus({ preventScroll: true });
    const told = t("cited_n", { n: this.#at + 1, count });
    this.steps.replaceChildren(...(count > 1 ? stepper(t, told, (by) => this.#step(by)) : [told]));
  }
}
