/** A source in its document: the cited words marked where they stand, checked here against the stored text. */

import { button, h } from "./dom.js";
import { list, map, object, only } from "./natives.js";
import { actions, quotation, stepper } from "./passage.js";
import { check } from "./points.js";
import { where } from "./reference.js";

/**
 * @typedef {import("./answer.js").Source} Source
 * @typedef {import("./points.js").View} View
 * @typedef {import("./points.js").Check} Check
 */

/** @type {Record<string, keyof HTMLElementTagNameMap>} */
const TAGS = { heading: "h4", code: "pre", table: "pre" };

/**
 * One pane for all sources.
 *
 * @param {import("./context.js").Context} context @param {(open: boolean) => void} changed called when it opens or closes
 */
export function viewed(context, changed) {
  const { t, client } = context;
  /** @type {HTMLElement | null} */
  let opener = null;
  let asked = 0, at = 0;
  /** @type {HTMLElement[]} the beginning of each cited passage that is shown */
  let marks = [];
  const heading = h("h3", { dir: "auto", tabindex: -1 }), path = h("p", { is: "small", dir: "auto" }), told = h("div", "uses");
  const body = h("div", { is: "page", tabindex: 0, role: "group", "aria-label": t("viewer") }), links = h("div", "");
  const pane = h("section", { is: "viewer", hidden: true, "aria-label": t("viewer") },
    h("header", "viewer-toolbar", button(t("back"), close, "", "M12 4l-6 6 6 6"), h("div", "", heading, path)),
    told, body, links);

  /** @param {boolean} open */
  function turn(open) {
    pane.hidden = !open;
    changed(open);
    return ++asked;
  }

  /** @param {Source} source @param {HTMLElement | null} from gets the focus back */
  async function show(source, from) {
    const own = turn(true);
    opener = from;
    heading.textContent = source.title;
    path.textContent = where(source);
    told.replaceChildren(h("p", "status", t("retrieving")));
    body.replaceChildren();
    links.replaceChildren(actions(source, context));
    heading.focus({ preventScroll: true });
    const { view } = object(await client.passage(source.passage_id).catch(() => null));
    if (own !== asked) return;
    if (typeof view?.text === "string") fill(source, view);
    else {
      told.replaceChildren(h("p", "error", t("not_loaded")));
      body.replaceChildren(...found(source));
    }
  }

  function close() {
    const inside = pane.matches(":focus-within");
    turn(false);
    if (inside) opener?.focus({ preventScroll: true });
  }

  /** @param {Source} source @param {View} view */
  function fill(source, view) {
    const { quote = [], spans = [], selector } = source.citation ?? {}, last = quote.length - 1;
    const checks = map(quote, (one, index) => check(view, spans[index] ?? { start: -1, end: -1 }, one, {
      prefix: index ? "" : selector?.prefix, suffix: index === last ? selector?.suffix : "",
    }));
    // The worst of them; none where nothing is cited.
    const [verdict] = only(["changed", "moved", "verified"], (one) => only(checks, (check) => check.verdict === one).length);
    marks = [];
    at = 0;
    body.lang = view.language ?? source.lang ?? "";
    body.replaceChildren(...(verdict === "changed" ? [...found(source), h("p", "small", t("text_now"))] : []),
      ...blocks(view, only(checks, ({ start }) => start >= 0).sort((one, other) => one.start - other.start)));
    // What is not cited has nothing to be checked; what is checked is told above the text, which scrolls.
    told.replaceChildren(verdict ? h("p", { is: "verdict", "data-verdict": verdict }, t(`check_${verdict}`)) : "");
    step(0);
  }

  /** @param {Source} source @returns {Element[]} its words as they came with the answer, and that they are that */
  function found(source) {
    return [h("p", "small", t("text_found")), quotation(source)];
  }

  /** @param {View} view @param {Check[]} cited @returns {Element[]} */
  function blocks(view, cited) {
    const letters = [...view.text], made = /** @type {Element[]} */ ([]);
    /** @param {number} from @param {number} to */
    const said = (from, to) => letters.slice(from - view.start, to - view.start).join("");
    let done = view.start;
    /** @param {string} kind @param {number} end */
    const add = (kind, end) => {
      const shown = h(TAGS[kind] ?? "p", { is: `block ${kind}`, dir: "auto" });
      const signs = kind === "heading" && /^#+ +/.exec(said(done, end))?.[0];
      if (signs) done += signs.length;
      for (const { start, end: stop } of cited) {
        const from = Math.max(start, done), to = Math.min(stop, end);
        if (from >= to) continue;
        const mark = h("mark", { is: "mark", tabindex: -1 }, said(from, to));
        if (from === start) marks.push(mark);
        shown.append(said(done, from), from === start ? h("span", "hidden", t("cited_start")) : "", mark,
          to === stop ? h("span", "hidden", t("cited_end")) : "");
        done = to;
      }
      shown.append(said(done, end));
      done = end;
      made.push(shown);
    };
    for (const { kind, start, end } of [...list(view.blocks), { kind: "", start: view.end, end: view.end }]) {
      // What stands between blocks is shown where it is more than white space: nothing is left out.
      if (said(done, start).trim()) add("paragraph", start);
      if (start < done || end <= start) continue;
      for (const { start: from, label } of list(view.pages)) {
        if (label && from >= done && from < end) made.push(h("p", "folio", t("page", { label })));
      }
      done = start;
      add(kind, end);
    }
    return made;
  }

  /** @param {number} by */
  function step(by) {
    const count = marks.length;
    if (!count) return;
    at = (at + by + count) % count;
    const mark = marks[at], box = body.getBoundingClientRect(), { top, height } = mark.getBoundingClientRect();
    // Only this pane scrolls: the page around the widget stays where it is.
    body.scrollTop += top - box.top - Math.max(16, (box.height - height) / 2);
    if (!by || pane.matches(":focus-within")) mark.focus({ preventScroll: true });
    if (count > 1) told.replaceChildren(/** @type {Node} */ (told.firstChild), ...stepper(t, t("cited_n", { n: at + 1, count }), step));
  }

  return { pane, show, close, isOpen: () => !pane.hidden };
}
