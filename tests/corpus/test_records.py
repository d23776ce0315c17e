from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.records import Locator, Passage, Record, Span, covered, person_name


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (Span(2, 5), Span(0, 2), 0),
        (Span(2, 5), Span(0, 3), 1),
        (Span(2, 5), Span(0, 9), 3),
        (Span(2, 5), Span(4, 9), 1),
        (Span(2, 5), Span(5, 9), 0),
        (Span(2, 5), Span(3, 3), 0),
    ],
)
def test_spans_share_what_lies_in_both(one: Span, other: Span, shared: int) -> None:
    assert one.overlap(other) == other.overlap(one) == shared


def test_spans_know_their_length_and_order() -> None:
    assert len(Span(2, 5)) == 3
    assert sorted([Span(2, 5), Span(1, 9), Span(2, 3)]) == [Span(1, 9), Span(2, 3), Span(2, 5)]


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2)])
def test_a_span_is_never_inside_out(start: int, end: int) -> None:
    with pytest.raises(AssertionError):
        Span(start, end)


def test_disjoint_spans_cover_what_each_of_them_does() -> None:
    assert covered([Span(0, 3), Span(5, 9)], Span(2, 7)) == 3


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ({"literal": "AIR Center"}, "AIR Center"),
        ({"given": "Marie", "family": "Curie"}, "Marie Curie"),
        ({"family": "Plato"}, "Plato"),
    ],
)
def test_names_read_as_people_write_them(person: dict[str, str], name: str) -> None:
    assert person_name(person) == name


def test_a_record_reads_its_csl_fields() -> None:
    csl = {"title": "T", "type": "book", "publisher": "P", "issued": "2022", "author": [{"literal": "A"}]}
    record = Record(csl)
    assert (record.title, record.type, record.publisher, record.date, record.authors) == (
        "T",
        "book",
        "P",
        "2022",
        ("A",),
    )
    assert (Record().title, Record().authors) == (None, ())


def test_the_encoder_reads_the_header_above_the_text() -> None:
    passage = Passage("p", 0, (Span(0, 1),), "text", ((0, 0),), ((0, 4),), "Title", Locator())
    assert passage.embedded == "Title\ntext"
    assert replace(passage, header="").embedded == "text"
