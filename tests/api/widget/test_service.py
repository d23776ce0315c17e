"""The widget with the real service over the sample documents, from its own pages and from another origin."""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from api.sites import Sites
from api.testing_browser import CONTEXT, Visitor, host_page, snippet
from api.testing_service import Served, serving
from api.testing_stream import Scripted
from corpus.sources import Source as Memory
from index.encoder import SentenceEncoder
from index.ingest import Ingest
from rag.testing import Collection

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NIGHT = "At night two lamps mark the entrance of the harbour of Belmark."
_FILLED = "".join(
    f"<p>Ledger {n} lists what was carried that year and who had paid for it.</p>" for n in range(80)
)
LONG = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The harbour of Belmark</title></head>'
    "<body><main>"
    f"<h1>The harbour of Belmark</h1>{_FILLED}<h2>Lamps</h2><p>{NIGHT} They are red and green.</p>"
    f"{_FILLED}</main></body></html>"
)
FOUND = (233, 210, 253)  # the colour in which Chromium shows the words that an address points to
QUESTION = "When was the Non-Aligned Movement founded?"
Page = Callable[..., Visitor]


@pytest.fixture(scope="module")
def real(
    samples: Collection, encoder: SentenceEncoder, pages: Scripted, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The samples behind HTTP, with one site."""
    data = tmp_path_factory.mktemp("real") / "data"
    shutil.copytree(samples.data, data)
    address, html = pages.put("/harbour", LONG), LONG.encode()
    with Ingest(data, lambda: encoder) as ingest:
        ingest.add([Memory("harbour.html", html, metadata={"URL": address})])
    key = Sites(data).add("Pages", [pages.url], per_minute=1000, per_address=1000).key
    with serving(data, lambda _: encoder) as url:
        yield Served(url, key)


@pytest.fixture
def page(browser: Browser, pages: Scripted, real: Served) -> Iterator[Page]:
    """Visit a page of the service, or a page of another origin with the widget in it."""
    context = browser.new_context(**CONTEXT)
    visitors: list[Visitor] = []

    def open_(path: str = "", by: str = "127.0.0.1") -> Visitor:
        visitor = Visitor(context.new_page(), (real.url, pages.url, pages.url.replace("127.0.0.1", by)))
        visitors.append(visitor)
        other = pages.put(f"/real/{len(visitors)}", host_page(snippet(real.url, real.key)))
        return visitor.go(real.url + path if path else other.replace("127.0.0.1", by))

    yield open_
    for visitor in visitors:
        assert visitor.faults() == {}
    context.close()


@pytest.mark.parametrize(
    "path", ["/demo", "/demo/hostile", "/demo/strict", ""], ids=["plain", "hostile", "strict", "other origin"]
)
def test_an_answer_comes_with_citations_that_the_browser_verifies(page: Page, path: str) -> None:
    visitor = page(path)
    answer = visitor.ask(QUESTION)
    assert visitor.state() == "complete"
    for n in range(answer.locator("[part~=citation]").count()):
        answer.locator("[part~=citation]").nth(n).click()
        visitor.part("citation-popover").locator(".main").first.click()
        verdict = visitor.part("viewer").locator("[data-verdict]")
        verdict.wait_for()
        assert verdict.get_attribute("data-verdict") == "verified"
        visitor.page.keyboard.press("Escape")
    assert answer.locator("[part~=citation]").count() >= 1


def test_what_is_shown_is_what_the_service_says_it_sent(page: Page) -> None:
    """The text of the stream has the hash that its end tells."""
    visitor = page("/demo")
    code = """async (question) => {
        const headers = { 'Content-Type': 'application/json', Accept: 'text/event-stream' };
        const body = JSON.stringify({ question });
        const response = await fetch('/v1/query', { method: 'POST', headers, body });
        const lines = (await response.text()).split('\\n\\n').map((one) => one.split('\\n'));
        const of = (name) => lines.filter(([event]) => event === `event: ${name}`)
            .map(([, data]) => JSON.parse(data.slice(6)));
        return [of('delta').map((delta) => delta.text).join(''), of('done')[0].sha256]; }"""
    text, told = visitor.page.evaluate(code, QUESTION)
    assert hashlib.sha256(text.encode()).hexdigest() == told


def test_nothing_in_the_documents_is_no_answer(page: Page) -> None:
    visitor = page("/demo")
    visitor.ask("What is the melting point of tungsten carbide in kelvin?")
    assert visitor.state() == "no_answer"


def test_an_origin_that_is_not_listed_is_denied(page: Page) -> None:
    visitor = page(by="localhost")
    answer = visitor.ask(QUESTION)
    assert answer.locator("[part~=error]").get_attribute("data-error") == "origin_denied"


READS = """async ([api, key, question]) => {
    const headers = { 'Content-Type': 'application/json' }, body = JSON.stringify({ question, site: key });
    const told = {}, tries = { site: [`/v1/site/${key}`], passage: [`/v1/passages/pas_none?site=${key}`],
        query: ['/v1/query', { method: 'POST', headers, body }],
        forget: ['/v1/conversations/con_none', { method: 'DELETE' }] };
    for (const [name, [path, how]] of Object.entries(tries)) {
        const got = fetch(api + path, { credentials: 'omit', ...how });
        told[name] = await got.then(({ status }) => status, () => 'kept from it');
    }
    return told; }"""
ALL_READ = {"site": 200, "passage": 404, "query": 200, "forget": 204}
NONE_READ = {"site": 200, "passage": "kept from it", "query": "kept from it", "forget": "kept from it"}


@pytest.mark.parametrize(
    ("by", "headers", "told"),
    [
        ("127.0.0.1", {}, ALL_READ),
        ("localhost", {}, NONE_READ),
        ("127.0.0.1", {"Content_Security_Policy": "sandbox allow-scripts"}, NONE_READ),
    ],
    ids=["listed", "not listed", "no origin"],
)
def test_what_a_page_of_an_origin_can_read(
    browser: Browser, pages: Scripted, real: Served, by: str, headers: dict[str, str], told: dict[str, object]
) -> None:
    """As a browser has it; tests/api/test_cors.py goes through every origin and request."""
    page = browser.new_context(**CONTEXT).new_page()
    page.goto(pages.put("/reads", "<!doctype html><title>x</title>", **headers).replace("127.0.0.1", by))
    assert page.evaluate(READS, [real.url, real.key, QUESTION]) == told
    page.context.close()


def test_a_conversation_goes_on_and_can_be_forgotten(page: Page) -> None:
    visitor = page()
    visitor.ask(QUESTION)
    visitor.ask("And who took part?")
    assert visitor.part("answer").count() == 2
    with visitor.page.expect_response(lambda told: told.request.method == "DELETE") as gone:
        visitor.do("clear")
    assert gone.value.status == 204


def test_the_permalink_of_a_citation_shows_it_without_scripts(page: Page, browser: Browser) -> None:
    visitor = page("/demo")
    visitor.ask(QUESTION)
    visitor.part("citation").first.click()
    card = visitor.part("citation-popover")
    quote, link = card.locator("mark").first.inner_text(), card.locator("a").first.get_attribute("href")
    assert link
    context = browser.new_context(**CONTEXT, java_script_enabled=False)
    reader = context.new_page()
    reader.goto(link)
    marked = " ".join(reader.locator("mark").all_inner_texts())
    assert " ".join(quote.split()) in " ".join(marked.split())
    context.close()


def test_the_original_opens_at_the_words_that_are_cited(page: Page) -> None:
    """A long page of somebody else: scrolled to, in sight, and in the browser's own colour of found words."""
    visitor = page()
    answer = visitor.ask("How is the entrance of the harbour of Belmark marked at night?")
    assert visitor.state() == "complete"
    answer.locator("[part~=citation]").first.click()
    link = visitor.part("citation-popover").locator("a[href*='/harbour']")
    with visitor.page.context.expect_page() as opened:
        link.click()
    original = opened.value
    original.wait_for_function("() => scrollY > 0")
    box = original.get_by_text(NIGHT).bounding_box()
    assert box
    assert 0 < box["y"] < 760 - box["height"]
    clip = {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}
    with Image.open(io.BytesIO(original.screenshot(clip=clip))) as shot:  # type: ignore[arg-type]
        colours = shot.convert("RGB").getcolors(1 << 24) or []
    coloured = sum(count for count, colour in colours if colour == FOUND)
    assert coloured > 1000


def test_the_first_words_come_soon(page: Page) -> None:
    """A generous bound; docs/testing-widget.md tells what was measured."""
    visitor = page("/demo").open()
    visitor.ask(QUESTION)
    visitor.page.evaluate(
        """() => { let sent = 0; window.first = 0;
        document.addEventListener('pincite-ask', () => { sent = performance.now(); });
        new MutationObserver(() => {
            const last = [...__root().querySelectorAll('[part~=answer] [part~=citation]')];
            if (sent && !first && last.length > before) first = performance.now() - sent; })
            .observe(__root(), { childList: true, subtree: true });
        window.before = __root().querySelectorAll('[part~=answer] [part~=citation]').length; }"""
    )
    visitor.ask("Who presided over the metre convention?")
    assert 0 < visitor.page.evaluate("() => first") < 3000
