from __future__ import annotations

from pathlib import Path

import pytest

from corpus.records import Span
from index.errors import NotFoundError
from index.readings import ReadDocument, Readings
from rag.testing import Collection

PAPER = """The report
==========

The council met in spring and decided that the old bridge must be re-
placed.[^1] Nobody objected to *that* plan.

[^1]: Minutes, 4 May.
"""


@pytest.fixture
def paper(tmp_path: Path) -> ReadDocument:
    collection = Collection(tmp_path / "data")
    collection.add({"paper.md": PAPER})
    snapshot = collection.reader.snapshot()
    read = snapshot.read(snapshot.quotes.documents[0])
    collection.close()
    return read


def spans_of(read: ReadDocument, text: str) -> list[str]:
    start = read.reading.text.index(text)
    canonical = read.stored.document.text
    return [canonical[span.start : span.end] for span in read.spans(start, start + len(text))]


def test_words_stand_in_the_reading_text(paper: ReadDocument) -> None:
    assert paper.reading.text[slice(*paper.words[-1].tolist())] == "May"


def test_line_ends_markup_and_marks_of_notes_do_not_part_a_span(paper: ReadDocument) -> None:
    assert spans_of(paper, "the old bridge must be replaced. Nobody objected to that plan") == [
        "the old bridge must be re-\nplaced.[^1] Nobody objected to *that* plan"
    ]


def test_the_end_of_a_page_parts_a_span(tmp_path: Path) -> None:
    """Where the parts of a paragraph are put together, what stands between them is not cited."""
    text = (
        "The council of all the mills¹ of the valley had long ago resolved to stra-\n\n"
        "1 Smith, Mills, p. 3.\n\ntegically sell the great mill to the mayor of the town. It did.\n"
    )
    collection = Collection(tmp_path / "data")
    collection.add({"mills.txt": text})
    snapshot = collection.reader.snapshot()
    read = snapshot.read(snapshot.quotes.documents[0])
    collection.close()
    assert spans_of(read, "resolved to strategically sell") == ["resolved to stra", "tegically sell"]


def test_spans_stand_in_the_order_of_the_file(paper: ReadDocument) -> None:
    spans = paper.spans(0, len(paper.reading.text))
    assert list(spans) == sorted(spans)
    assert isinstance(spans[0], Span)


def test_a_document_is_kept_and_its_removal_noticed(tmp_path: Path) -> None:
    collection = Collection(tmp_path / "data")
    collection.add({"a.md": "One sentence stands here.", "b.md": "Another one stands there."})
    readings = Readings(collection.store)
    revision = collection.store.next_revisions()[0].key
    assert readings.of(revision) is readings.of(revision)
    collection.remove("a.md")
    with pytest.raises(NotFoundError, match=f"no revision {revision}"):
        readings.of(revision)
    collection.close()
