"""Quotations, documents and the page of a site in a browser, and what a page says before it can answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.testing_browser import Visitor
from api.testing_pages import QUESTION, QUOTED, link
from api.testing_service import serving
from corpus.sources import Source
from index.ingest import Ingest
from index.testing import HashEncoder
from rag.testing import Collection

Visit = Callable[..., Visitor]
both = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


@both
@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (QUOTED, "exact"),
        ("Few bodies are so big and so loosely tied as the Non-Aligned Movement", "fuzzy"),
        ("The moon is made of green cheese and nobody minds it at all", "not_found"),
    ],
)
def test_a_quotation_is_verified_by_the_form(visit: Visit, scripts: bool, text: str, verdict: str) -> None:
    page = visit("/quote", scripts=scripts).page
    page.get_by_label("Quotation", exact=True).fill(text)
    page.get_by_role("button", name="Verify").click()
    page.locator("#verdict").wait_for()
    assert page.locator("#verdict").get_attribute("data-verdict") == verdict
    assert page.get_by_label("Quotation", exact=True).input_value() == text
    assert page.locator("#verdict blockquote").count() == (verdict != "not_found")
    assert page.locator("#verdict del").all_inner_texts()[:1] == (["large"] if verdict == "fuzzy" else [])


@both
def test_a_quotation_of_somebody_else_is_told_apart_and_read_in_place(visit: Visit, scripts: bool) -> None:
    page = visit("/quote", scripts=scripts).page
    page.get_by_label("Quotation", exact=True).fill(QUOTED)
    page.locator("summary", has_text="Said to be from").click()
    page.get_by_label("Author").fill("Galileo Galilei")
    page.get_by_role("button", name="Verify").click()
    page.locator("#verdict").wait_for()
    assert "Galileo Galilei" in page.locator("#verdict .held").inner_text()
    page.get_by_role("link", name="Read it in place").click()
    page.locator("article mark").first.wait_for()
    assert "Belgrade, 1961" in "".join(page.locator("article mark").all_inner_texts())


@both
def test_documents_are_found_by_name_read_and_left_again(visit: Visit, scripts: bool) -> None:
    page = visit("/d", scripts=scripts).page
    page.get_by_label("Title, author or file").fill("harbour")
    page.get_by_role("button", name="Find").click()
    page.locator(".library li").nth(1).wait_for()
    assert page.locator(".library li").count() == 2
    page.locator(".library a").first.click()
    page.locator("article").wait_for()
    for name, path in (("Documents", "/d"), ("Quotation", "/quote"), ("Ask", "/")):
        page.locator(".doors").get_by_role("link", name=name).click()
        page.wait_for_url(f"**{path}")
    assert page.locator("#q").is_visible()


@both
def test_the_page_of_a_site_answers_under_its_name_and_opens_documents_beside_it(
    visit: Visit, served: object, scripts: bool
) -> None:
    visitor = visit(f"/s/{served.key}", scripts=scripts)  # type: ignore[attr-defined]
    page = visitor.page
    assert page.get_by_role("heading", level=1).inner_text() == "The harbour office"
    page.locator("#q").fill(QUESTION)
    page.locator("#q").press("Enter")
    page.locator("#sources q").first.wait_for()
    assert page.url.partition("?")[0].endswith(f"/s/{served.key}")  # type: ignore[attr-defined]
    with page.context.expect_page() as opened:
        page.locator("#source-1").get_by_role("link", name="Read it in place").click()
    opened.value.locator("article mark").first.wait_for()


def test_the_page_of_no_site_says_what_to_do(visit: Visit) -> None:
    page = visit("/s/pk_nothing").page
    assert (
        "There is no page of this key here; ask whoever gave you its address."
        in page.locator("main").inner_text()
    )


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service whose documents have all been removed."""
    collection = Collection(tmp_path_factory.mktemp("empty"))
    collection.add({"a": "Something."})
    collection.remove("a")
    with serving(collection.data, lambda _: HashEncoder()) as url:
        yield url
    collection.close()


def test_an_empty_collection_says_how_documents_are_added(visit: Visit, empty: str) -> None:
    for path in ("/", link("/", q="Where?")):
        visitor = visit(path, url=empty)
        assert "pincite add FOLDER" in visitor.page.locator(".empty").inner_text()
        assert visitor.axe() == []


class Slow:
    """Serves a text with an encoder that takes until it is let go."""

    def __init__(self) -> None:
        self.gate = threading.Event()

    def load(self, _config: object) -> HashEncoder:
        self.gate.wait(60)
        return HashEncoder()


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[tuple[str, Slow]]:
    """A service whose encoder loads until its gate opens; its address and the gate."""
    made = Slow()
    with Ingest(tmp_path / "data", HashEncoder) as ingest:
        ingest.add([Source("ports.txt", b"The harbour of Belmark opened in 1905.")])
    with serving(tmp_path / "data", made.load, waits=False) as url:
        yield url, made
        made.gate.set()


def test_a_page_that_waits_says_so_and_becomes_the_page_that_asks(
    visit: Visit, slow: tuple[str, Slow]
) -> None:
    url, loading = slow
    visitor = visit(url=url)
    page = visitor.page
    assert "Not ready yet" in page.locator("#trouble").inner_text()
    assert visitor.axe() == []
    loading.gate.set()
    page.locator("#trouble").wait_for(state="detached")
    assert page.locator(".suggested, .lead").first.is_visible()


@both
def test_a_question_that_waits_is_asked_when_it_can_be(
    visit: Visit, slow: tuple[str, Slow], scripts: bool
) -> None:
    """With scripts by itself; without them when it is sent again."""
    url, loading = slow
    page = visit(link("/", q="When did the harbour open?"), url=url, scripts=scripts).page
    assert page.locator("#q").input_value() == "When did the harbour open?"
    assert "Not ready yet" in page.locator("#trouble").inner_text()
    loading.gate.set()
    if not scripts:
        while not page.request.get(f"{url}/ready").ok:
            pass
        page.get_by_role("button", name="Ask").click()
    page.locator("#passages li").first.wait_for()
    assert page.locator("#trouble").count() == 0


def test_a_question_that_is_typed_while_the_page_waits_is_not_lost(
    visit: Visit, slow: tuple[str, Slow]
) -> None:
    url, loading = slow
    page = visit(url=url).page
    page.locator("#q").fill("When did the harbour open?")
    loading.gate.set()
    page.locator("#trouble").wait_for(state="detached")
    assert page.locator("#q").input_value() == "When did the harbour open?"


def test_a_question_that_is_sent_while_the_page_waits_is_answered(
    visit: Visit, slow: tuple[str, Slow]
) -> None:
    url, loading = slow
    page = visit(url=url).page
    page.locator("#q").fill("When did the harbour open?")
    page.locator("#q").press("Enter")
    loading.gate.set()
    page.locator("#passages li").first.wait_for()
    page.locator("form.follow").wait_for()
    assert (page.locator("#trouble").count(), page.locator(".failure").count()) == (0, 0)
