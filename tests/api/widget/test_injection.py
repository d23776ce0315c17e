"""Whatever an answer, a source or a failure holds: nothing runs, loads or becomes markup."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from api.testing_browser import CONTEXT, Visitor, host_page, snippet
from api.testing_script import Said, Source, event, narrative, opening
from api.testing_stream import Behaviour, Exchange, Scripted

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Site = Callable[..., str]
PAYLOADS: list[str] = [
    json.loads(line)
    for line in Path(__file__).with_name("payloads.txt").read_text(encoding="utf-8").splitlines()
    if line.startswith('"')
]
ASK = """async ([from, to]) => {
    const chat = document.querySelector('pincite-chat'), states = [];
    chat.clear();
    for (let n = from; n < to; n++) {
        chat.ask(String(n));
        await chat.idle;
        const last = [...chat.shadowRoot.querySelectorAll('[part~=answer]')].at(-1);
        states.push(last.dataset.state);
        last.querySelector('[part~=citation]')?.click();
        chat.shadowRoot.querySelector('[part~=citation-popover] .main')?.click();
        await new Promise((then) => setTimeout(then));
        window.found.push(...strange(chat.shadowRoot).map((what) => `${n}: ${what}`));
    }
    return states;
}"""
STRANGE = """() => {
window.found = [];
const TAGS = new Set(('DIV SECTION HEADER FOOTER ARTICLE ASIDE NAV H2 H3 H4 H5 H6 P SPAN BUTTON TEXTAREA '
    + 'INPUT SVG PATH OL UL LI BLOCKQUOTE TABLE THEAD TBODY TR TH TD PRE CODE STRONG EM A BR MARK DETAILS '
    + 'SUMMARY DIALOG SLOT LABEL TIME SUP').split(' '));
const ATTRIBUTES = /^on|^(src|srcset|srcdoc|action|formaction|ping|background|poster|data)$/;
window.strange = (root) => {
    const found = [];
    for (const element of root.querySelectorAll('*')) {
        if (!TAGS.has(element.tagName.toUpperCase())) found.push(element.tagName);
        for (const { name } of element.attributes) {
            if (ATTRIBUTES.test(name)) found.push(name);
        }
        if (element.localName === 'a') {
            if (!['http:', 'https:', 'mailto:'].includes(element.protocol)) found.push(`a ${element.href}`);
            const { rel } = element;
            if (!/noopener/.test(rel) || !/noreferrer/.test(rel)) found.push(`rel ${rel}`);
        }
    }
    return found;
};
}"""


FEW = 8  # turns that stand in the page at the same time; all of them are looked at again each time


def parts() -> list[tuple[int, int]]:
    return [(n, min(n + FEW, len(PAYLOADS))) for n in range(0, len(PAYLOADS), FEW)]


def at(exchange: Exchange) -> str:
    return PAYLOADS[int(exchange.seen.json()["question"])]


def whole(events: list[bytes]) -> Behaviour:
    def behave(exchange: Exchange) -> None:
        exchange.start()
        exchange.send(b"".join(events))

    return behave


def prose(exchange: Exchange) -> None:
    """The answer itself, a few bytes at a time."""
    source = Source("Title", "A quote.", "A quote.")
    events = narrative((Said("Before. "), Said(at(exchange)), Said(" after.", (1,))), (source,))
    exchange.start()
    head, rest = b"".join(events[:5]), b"".join(events[5:])
    exchange.send(head)
    for byte in range(0, 280, 7):
        exchange.send(rest[byte : byte + 7])
    exchange.send(rest[280:])


def titled(exchange: Exchange) -> None:
    """The title of a source and the headings over it."""
    whole(
        narrative((Said("Said.", (1,)),), (Source(at(exchange), "A quote.", "A quote.", (at(exchange),)),))
    )(exchange)


def quoted(exchange: Exchange) -> None:
    """The words that are cited, and the stored text around them."""
    text = at(exchange)
    source = Source("Title", f"Before. {text} After.", text)
    exchange.server.passages[source.passage_id] = source.view()
    whole(narrative((Said("Said.", (1,)),), (source,)))(exchange)


def addressed(exchange: Exchange) -> None:
    """Every address of a source."""
    text = at(exchange)
    target = text.partition("](")[2].rstrip(")") or text
    told = Source("Title", "A quote.", "A quote.", original=target).event(1)
    told |= {"url": target, "passage_id": text}
    told["citation"] |= {"url": target, "passage_id": text, "id": target}
    rest = narrative((Said("Said.", (1,)),), (Source("Title", "A quote.", "A quote."),))
    events = [event("source", told) if one.startswith(b"event: source") else one for one in rest]
    whole(events)(exchange)


def filed(exchange: Exchange) -> None:
    """The name of a file, its ids and all else that a citation holds."""
    text = at(exchange)
    told = Source("Title", "A quote.", "A quote.").event(1)
    document = dict.fromkeys(("id", "source", "title", "publisher", "date", "type"), text) | {
        "authors": [text]
    }
    told["citation"]["document"] |= document
    told["citation"]["locator"] |= {"pages": [text], "speaker": text, "section": [text]}
    told |= {"title": "", "lang": text, "dir": text, "doc_version": text, "fetched_at": text}
    rest = narrative((Said("Said.", (1,)),), (Source("Title", "A quote.", "A quote."),))
    whole([event("source", told) if one.startswith(b"event: source") else one for one in rest])(exchange)


def failing(exchange: Exchange) -> None:
    """What is told of a failure, by a status or in the stream, and in notices."""
    text = at(exchange)
    told: dict[str, Any] = {"code": text, "detail": text, "retryable": True, "retry_after": text, "ref": text}
    notice = event("notice", {"code": text, "detail": text})
    if len(text) % 2:
        whole([*opening(), notice, event("delta", {"seq": 1, "text": "Half"}), event("error", told)])(
            exchange
        )
    else:
        exchange.whole(told | {"request_id": text, "title": text}, 500, "application/problem+json")


SINKS: dict[str, tuple[Behaviour, set[str]]] = {
    "prose": (prose, {"complete"}),
    "title": (titled, {"complete"}),
    "quote": (quoted, {"complete"}),
    "address": (addressed, {"complete"}),
    "file": (filed, {"complete"}),
    "failure": (failing, {"failed", "incomplete"}),
}


@pytest.fixture
def victim(browser: Browser, pages: Scripted, api: Scripted) -> Iterator[Callable[[str], Visitor]]:
    """A page with the widget, without a policy that would help it; an address that is not ours is noted."""
    context = browser.new_context(**CONTEXT)

    def open_(key: str) -> Visitor:
        visitor = Visitor(context.new_page(), (pages.url, api.url))
        address = pages.put(f"/victim/{key}", host_page(snippet(api.url, key, mode="inline")))
        visitor.go(address).page.evaluate(STRANGE)
        return visitor

    yield open_
    context.close()


@pytest.mark.parametrize("sink", SINKS)
def test_nothing_runs_and_nothing_is_asked_for(
    victim: Callable[[str], Visitor], site: Site, pages: Scripted, sink: str
) -> None:
    behave, states = SINKS[sink]
    visitor = victim(site(behave))
    address = visitor.page.url
    told = [state for part in parts() for state in visitor.page.evaluate(ASK, part)]
    assert len(PAYLOADS) >= 150
    assert (len(told), set(told)) == (len(PAYLOADS), states)
    assert visitor.page.evaluate("() => window.found") == []
    assert visitor.faults() == {}
    assert (visitor.page.url, len(visitor.page.context.pages)) == (address, 1)
    assert visitor.page.context.cookies() == []
    assert visitor.page.title() == "A page"


def test_what_was_kept_is_as_harmless(victim: Callable[[str], Visitor], site: Site) -> None:
    """The same events out of the browser's store, after the page was loaded again."""
    key = site(prose)
    visitor = victim(key)
    for part in parts():
        visitor.page.evaluate(ASK, part)
        visitor.page.reload()
        visitor.part("answer").nth(part[1] - part[0] - 1).wait_for()
        visitor.page.evaluate(STRANGE)
        assert visitor.page.evaluate("() => strange(__root())") == []
        assert visitor.faults() == {}


def test_what_a_page_gives_the_widget_is_text_too(
    browser: Browser, victim: Callable[[str], Visitor], site: Site, api: Scripted, pages: Scripted
) -> None:
    """Title, greeting, placeholder, disclaimer, suggestions."""
    key, context = site(), browser.new_context(**CONTEXT)
    visitor = Visitor(context.new_page(), (pages.url, api.url))
    bad = "<img src=x onerror=window.__xss=1>[x](javascript:window.__xss=1)"
    told = dict.fromkeys(("title", "greeting", "placeholder", "disclaimer"), bad)
    listed = (
        f'<script type="application/json" id="s">{json.dumps([bad]).replace("<", chr(92) + "u003c")}</script>'
    )
    page = host_page(snippet(api.url, key, mode="inline", suggestions="s", **told), body=listed)
    visitor.go(pages.put(f"/victim/{key}", page)).open()
    visitor.page.evaluate(STRANGE)
    assert visitor.page.evaluate("() => strange(__root())") == []
    assert visitor.faults() == {}
    context.close()
