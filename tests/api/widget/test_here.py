"""On the page that is cited itself, where the site wants it: the words are shown there, not in the viewer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from api.testing_browser import Visitor
from api.testing_script import Said, Source
from api.testing_stream import Scripted

Visit = Callable[..., Visitor]
Site = Callable[..., str]
QUOTE = "The quay is long."
MARKED = "() => [...(CSS.highlights.get('pincite') ?? [])].map(String)"
PAD = "<p>Something else is said here.</p>" * 60


def show(visitor: Visitor) -> None:
    visitor.ask("Where?")
    visitor.part("citation").first.click()
    visitor.part("citation-popover").locator(".main").first.click()


@pytest.fixture
def quay(visit: Visit, site: Site, api: Scripted) -> Callable[..., Visitor]:
    """A page that says something about the quay, and is what its widget cites, or is not."""

    def open_(body: str, here: bool = True, **given: str) -> Visitor:
        key = site()
        visitor = visit(key, body=PAD + body + PAD, **given)
        address = visitor.page.url if here else "https://elsewhere.example/"
        source = Source(f"The quay {key}", QUOTE, QUOTE, original=address)
        api.passages[source.passage_id] = source.view()
        other = site(said=(Said("It is long.", (1,)),), sources=(source,))
        api.sites[key] = api.sites[other]
        show(visitor)
        return visitor

    return open_


WANTED = {"highlight_here": ""}


def test_the_words_are_marked_in_the_page_and_in_sight(quay: Callable[..., Visitor]) -> None:
    """Also where markup stands within them."""
    visitor = quay("<p id=it>First. The <b>quay</b> is\n long. Then.</p>", **WANTED)
    assert visitor.page.evaluate(MARKED) == ["The quay is\n long."]
    assert visitor.part("viewer").is_hidden()
    box = visitor.page.locator("#it").bounding_box()
    assert box
    assert 0 < box["y"] < 760


@pytest.mark.parametrize(
    ("body", "here", "given"),
    [
        (f"<p>{QUOTE}</p>", True, {}),
        (f"<p>{QUOTE}</p>", False, WANTED),
        (f"<p>{QUOTE}</p><p>{QUOTE}</p>", True, WANTED),
        ("<p>The quay is short.</p>", True, WANTED),
    ],
    ids=["not wanted", "another page", "twice", "other words"],
)
def test_else_the_viewer_shows_them(
    quay: Callable[..., Visitor], body: str, here: bool, given: dict[str, str]
) -> None:
    visitor = quay(body, here, **given)
    visitor.part("viewer").locator("[data-verdict]").wait_for()
    assert visitor.part("viewer").locator("mark").text_content() == QUOTE
    assert visitor.page.evaluate(MARKED) == []
