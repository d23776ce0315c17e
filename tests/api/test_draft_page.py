from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from api.draft_page import page
from rag.drafts import check_draft
from rag.testing import Collection

_VOID = {"meta"}


class Reader(HTMLParser):
    """What a page holds: its text, its tags, and whether they are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.draft = ""
        self.marks: dict[str, str] = {}
        self._ids: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in _VOID:
            self.open.append(tag)
            self._ids.append(dict(attrs).get("id"))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self._ids.pop()

    def handle_data(self, data: str) -> None:
        if "article" in self.open and self.open[-1] != "a":
            self.draft += data
            for id_ in self._ids:
                if id_ and id_.startswith("t"):
                    self.marks[id_] = self.marks.get(id_, "") + data


@pytest.fixture(scope="module")
def quay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    collection = Collection(tmp_path_factory.mktemp("quay"))
    collection.add({"quay.txt": "The quay is 900 metres long & its <b>crane</b> lifts 40 tonnes.\n"})
    yield collection
    collection.close()


def rendered(quay: Collection, draft: str, title: str = "draft.md") -> tuple[str, Reader]:
    html = page(check_draft(draft, quay.reader.snapshot(), quay.store), title)
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    return html, reader


DRAFT = """# The <quay> & the crane

Somebody who knows the harbour well has told us “The quay is 800 metres long” in a letter. A “crane” is there.
"""


def test_the_draft_is_shown_as_it_is_with_its_marks(quay: Collection) -> None:
    _, reader = rendered(quay, DRAFT)
    assert reader.draft == DRAFT
    sentence = DRAFT.split("\n")[2].split(" A “")[0]
    assert reader.marks == {"t1": sentence, "t2": "The quay is 800 metres long", "t3": "crane"}


def test_every_mark_has_a_note_and_every_note_its_mark(quay: Collection) -> None:
    html, _ = rendered(quay, DRAFT)
    marks, notes = re.findall(r'<mark id="t(\d+)"', html), re.findall(r'<li id="n(\d+)"', html)
    assert marks == notes == ["1", "2", "3"]
    assert sorted(re.findall(r'href="#n(\d+)"', html)) == notes


def test_the_difference_is_shown(quay: Collection) -> None:
    html, _ = rendered(quay, DRAFT)
    assert "<del>900</del> <ins>800</ins>" in html
    assert "Something is wrong." in html


def test_nothing_of_a_document_or_a_draft_becomes_markup(quay: Collection) -> None:
    html, reader = rendered(quay, "He wrote “its <b>crane</b> lifts <i>50</i> tonnes & more”.", "<x>.md")
    assert {"b", "i", "x", "script", "img"}.isdisjoint(reader.tags)
    assert "<title>&lt;x&gt;.md: checked by Pincite</title>" in html


def test_it_needs_nothing_else(quay: Collection) -> None:
    html, reader = rendered(quay, DRAFT)
    assert {"script", "link", "img", "iframe"}.isdisjoint(reader.tags)
    assert "default-src 'none'; style-src 'unsafe-inline'" in html
    assert "http" not in html.replace("http-equiv", "")
