// What the page that asks does beyond its forms: answers come in as they are written, the browser checks what is
// cited, questions lean on earlier ones, addresses follow. All markup but the answer's own is the server's: it is
// asked for the page and a part of that is taken, so both look alike. The page is whole without this.

import { Answer } from "../../widget/src/answer.js";
import { Client } from "../../widget/src/client.js";
import { Renderer } from "../../widget/src/render.js";
import { verify } from "./checked.js";

const form = document.getElementById("ask"), results = document.getElementById("results");
const box = document.getElementById("q");
const client = new Client({ api: location.origin, site: form?.dataset.site || null });
const STRINGS = { image: "[image: {alt}]", code: "Code", table: "Table" };
const STAGES = { retrieving: "Searching …", reading: "Reading …", writing: "Writing …", verifying: "Checking …" };
const FAILURES = {
  offline: "There is no connection. Your question is kept; ask again when there is one.",
  network: "The service could not be reached.",
  origin_denied: "This page may not ask here.",
  unauthorised: "This page's key is not known here.",
  not_found: "This page's key is not known here.",
  rate_limited: "Too many questions in a short time.",
  budget: "No more questions can be asked here today.",
  overloaded: "The service is busy or starting.",
  bad_type: "Something on the network got in the way.",
  stall: "The service stopped responding.",
  truncated: "The answer broke off.",
  user: "Stopped.",
};
const here = () => location.pathname + location.search;
let turns = 0, running = null, conversation = "", shown = here();

/** The page that the server makes of form fields, as a document; what it holds is taken over piece by piece. */
function fetched(pairs) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.responseType = "document";
    request.onload = () => (request.response ? resolve(request.response) : reject(new Error(`${request.status}`)));
    request.onerror = request.ontimeout = () => reject(new Error("network"));
    request.timeout = 30_000;
    request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    request.send(new URLSearchParams(pairs).toString());
  });
}

function made(tag, name = "", text = "") {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(text);
  return element;
}

/** Elements of a fetched page under ids of their own: a conversation shows the same parts several times. */
function taken(page, selector, turn) {
  const found = page.querySelector(selector);
  if (!found) return null;
  const element = document.importNode(found, true);
  for (const inside of [element, ...element.querySelectorAll("[id], [href^='#'], [aria-labelledby], label[for]")]) {
    if (inside.id) inside.id = named(inside.id, turn);
    if (inside.getAttribute("href")?.startsWith("#")) inside.setAttribute("href", `#${named(inside.hash.slice(1), turn)}`);
    for (const attribute of ["aria-labelledby", "for"]) {
      if (inside.hasAttribute(attribute)) inside.setAttribute(attribute, named(inside.getAttribute(attribute), turn));
    }
  }
  return element;
}

const named = (id, turn) => (turn > 1 ? `${id}-${turn}` : id);

/** The fields of a form as they would be sent, but for the empty ones. */
function fields(from, submitter) {
  const pairs = [...new FormData(from, submitter)].filter(([, value]) => typeof value === "string" && value.trim());
  const without = pairs.filter(([name]) => name === "without").map(([, value]) => value);
  return pairs.filter(([name, value]) => name !== "without" && (["q", "top_k", "conversation"].includes(name) ||
    !(without.includes("all") || without.includes(`${name}:${value}`))));
}

const FILTERS = ["document_id", "type", "author", "speaker", "section"];

/** The filters of fields, as `/v1/query` takes them. */
function filters(pairs) {
  const found = {};
  for (const [name, value] of pairs) {
    if (FILTERS.includes(name)) (found[name] ??= []).push(value.trim());
    else if (name === "date_from" || name === "date_to") found[name] = value.trim();
  }
  return found;
}

function address(pairs) {
  const told = pairs.filter(([name, value]) => name !== "conversation" && !(name === "top_k" && value === "10"));
  return `${new URL(form.action).pathname}?${new URLSearchParams(told)}`;
}

/** The markers of a citation: numbers that lead to the sources of their turn. */
function marker(turn) {
  return (numbers) => {
    const all = made("span");
    for (const n of numbers) {
      const link = made("a", "cite", `${n}`);
      link.href = `#${named(`source-${n}`, turn)}`;
      link.setAttribute("aria-label", `Source ${n}`);
      all.append(link);
    }
    return all;
  };
}

/** One question of a conversation on the page. */
class Turn {
  constructor(pairs) {
    this.pairs = pairs;
    this.n = ++turns;
    this.question = new Map(pairs).get("q").trim();
    this.element = made("div", "turn");
    this.answer = new Answer();
    this.quit = new AbortController();
    this.key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    this.section = made("section", "answer");
    this.section.id = named("answer", this.n);
    this.title = made("h2");
    this.head(this.title, "Answer");
    this.title.id = named("answer-title", this.n);
    this.title.tabIndex = -1;
    this.section.setAttribute("aria-labelledby", this.title.id);
    this.section.setAttribute("aria-busy", "true");
    this.prose = made("div", "prose");
    this.status = made("p", "quiet small progress");
    this.stop = made("button", "plain", "Stop");
    this.stop.type = "button";
    this.stop.addEventListener("click", () => this.quit.abort());
    this.renderer = new Renderer(this.prose, { cite: marker(this.n), strings: STRINGS });
    const asked = made("p", this.n > 1 ? "asked" : "asked first", this.question);
    asked.dir = "auto";
    this.element.append(asked);
    this.section.append(this.title, this.prose, this.status);
    this.element.append(this.section);
  }

  /** Make a heading say what no other turn's does: they look alike, and are told apart by those who hear them. */
  head(heading, text) {
    heading.replaceChildren(text, ...(this.n > 1 ? [made("span", "unseen", ` ${this.n}`)] : []));
  }

  async run() {
    this.section.dataset.state = "streaming";
    this.section.querySelector(".failure")?.remove();
    this.answer.clear();
    this.say(STAGES.retrieving);
    this.status.append(" ", this.stop);
    try {
      const asked = { signal: this.quit.signal, key: this.key, conversation: conversation || undefined,
        filters: filters(this.pairs), lang: document.documentElement.lang };
      for await (const event of client.ask(this.question, asked)) {
        this.answer.add(event);
        if (event.event === "status") this.say(STAGES[this.answer.stage] ?? "");
        this.draw();
      }
      conversation = this.answer.conversation || conversation;
    } catch (error) {
      this.answer.fail(error);
      this.fail(error);
    }
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.renderer.update(this.answer);
    this.section.dataset.state = this.answer.state;
    this.section.setAttribute("aria-busy", "false");
    this.status.remove();
    if (this.answer.id && ["complete", "no_answer"].includes(this.answer.state)) await this.complete();
  }

  say(text) {
    if (this.status.firstChild?.data !== text) this.status.replaceChildren(text, " ", this.stop);
  }

  draw() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.renderer.update(this.answer);
    });
  }

  /** The rest of the answer as the server shows it: how sure it is, its sources, where to go on. */
  async complete() {
    const page = await fetched([...this.pairs.filter(([name]) => name !== "q"), ["part", "sources"], ["id", this.answer.id]]);
    const told = taken(page, "#answer", this.n);
    if (!told) return;
    if (this.answer.state === "no_answer") this.head(this.title, told.querySelector("h2").textContent);
    // Only a model writes Markdown. What documents say is shown as it stands there, with what was asked for marked.
    const quoted = !("written" in told.dataset) && !this.prose.contains(document.activeElement);
    const words = told.querySelector(":scope > .prose");
    if (quoted && words) {
      this.prose.replaceWith(words);
      this.prose = words;
    }
    this.section.append(...told.querySelectorAll(":scope > :not(h2):not(.prose)"));
    const sources = taken(page, "#sources", this.n), link = taken(page, ".link", this.n);
    if (sources) this.head(sources.querySelector("h2"), "Sources");
    if (link && running === this) {
      history.replaceState(null, "", link.querySelector("a").href);
      shown = here();
    }
    document.querySelector("form.follow")?.remove();
    this.element.append(...[sources, link, document.importNode(page.querySelector("form.follow"), true)].filter(Boolean));
    joined(this);
    announce(`${this.title.textContent}: ${this.answer.text || this.prose.textContent}`);
    if (sources) verify(sources, client);
  }

  fail(error) {
    const box = made("div", "trouble failure");
    box.setAttribute("role", "alert");
    box.dataset.error = error.code ?? "internal";
    const reference = error.ref ? ` (${error.ref})` : "";
    box.append(made("p", "", `${FAILURES[error.code] ?? error.message ?? "Something went wrong."}${reference}`));
    if (error.code === "invalid" || error.retryable === false) {
      this.section.append(box);
      return;
    }
    const again = made("button", "plain", error.code === "user" ? "Ask again" : "Try again");
    again.type = "button";
    again.addEventListener("click", () => {
      this.quit = new AbortController();
      if (error.code === "user") this.key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
      again.disabled = true;
      this.section.append(this.status);
      start(this);
    });
    if (error.retryAfter) {
      again.disabled = true;
      const wait = made("p", "small", `Again in ${error.retryAfter} seconds.`);
      box.append(wait);
      setTimeout(() => {
        again.disabled = false;
        wait.remove();
      }, error.retryAfter * 1000);
    }
    box.append(again);
    this.section.append(box);
  }
}

const spoken = made("p", "unseen");
spoken.setAttribute("role", "status");

function announce(text) {
  spoken.textContent = text;
}

function start(turn) {
  running?.quit.abort();
  running = turn;
  return turn.run().catch(() => location.assign(address(turn.pairs))).finally(() => {
    if (running === turn) running = null;
  });
}

/** Mark the passages that the answer takes its sources from: whichever of them comes first, the other is there then. */
function joined(turn) {
  for (const source of turn.element.querySelectorAll(".sources li[data-passage]")) {
    const heading = results.querySelector(`#passages li[data-passage="${CSS.escape(source.dataset.passage)}"] h3`);
    if (!heading || heading.querySelector(".cite")) continue;
    const link = made("a", "cite", source.querySelector(".n").textContent);
    link.href = `#${source.id}`;
    link.setAttribute("aria-label", `Source ${link.textContent} of the answer`);
    heading.append(" ", link);
  }
}

/** The passages, with the filters that are chosen, beside the answer that is still to come. */
async function passages(turn) {
  const page = await fetched([...turn.pairs, ["part", "passages"]]).catch(() => null);
  if (!page || turn.n !== turns) return;
  const asked = page.getElementById("ask"), found = page.getElementById("passages");
  if (asked && turn.fresh) {
    for (const old of form.querySelectorAll(".chips, input[type=hidden]")) old.remove();
    const open = form.querySelector("details")?.open;
    form.querySelector("details")?.remove();
    form.append(...[...asked.querySelectorAll(":scope > :not(label):not(.box)")].map((part) => document.importNode(part, true)));
    if (form.querySelector("details")) form.querySelector("details").open = open;
  }
  results.querySelector("#passages")?.remove();
  if (found) results.append(document.importNode(found, true));
  joined(turn);
}

/** Ask without leaving the page. A question from the box begins a conversation, a follow-up goes on with it. */
function ask(pairs, follows) {
  if (!follows) {
    conversation = "";
    turns = 0;
    results.replaceChildren();
  }
  for (const gone of document.querySelectorAll("main > .suggested, main > .trouble, main > .lead")) gone.remove();
  results.querySelector("#passages")?.remove();
  document.querySelector("main > h1").className = "unseen";
  const turn = new Turn(pairs);
  turn.fresh = !follows;
  results.append(turn.element);
  history.pushState(null, "", address(pairs));
  shown = here();
  document.title = `${turn.question} · ${document.title.split(" · ").at(-1)}`;
  turn.element.scrollIntoView({ block: follows ? "start" : "nearest" });
  return Promise.all([start(turn), passages(turn)]);
}

document.addEventListener("submit", (event) => {
  const from = event.target;
  if (from !== form && !from.matches("form.follow")) return;
  const pairs = fields(from, event.submitter);
  if (!pairs.some(([name]) => name === "q")) return;
  event.preventDefault();
  const follows = from !== form;
  if (follows) {
    conversation ||= new Map(pairs).get("conversation") ?? "";
    turns ||= 1;
    from.remove();
  }
  ask(pairs, follows);
});

// Back to another question asks it again; back from a source to the answer that it belongs to does not.
addEventListener("popstate", () => {
  if (here() !== shown) location.reload();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !box) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  box.focus();
  box.select();
});

if (form) {
  document.querySelector("main").append(spoken);
  const sources = document.getElementById("sources");
  if (sources) verify(sources, client);
}
