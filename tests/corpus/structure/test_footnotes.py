from __future__ import annotations

from corpus.blocks import scan
from corpus.fold import fold
from corpus.records import Footnote, Span
from corpus.structure.footnotes import footnotes


def found(text: str) -> tuple[Footnote, ...]:
    return footnotes(text, scan(text, markdown=True), fold(text, markdown=True))


def test_definitions_are_linked_with_all_their_markers() -> None:
    text = "One[^1] two[^a] three[^1].\n\n[^a]: The *second*\nnote.\n[^1]: The first.\n"
    assert found(text) == (
        Footnote("a", "The second note.", Span(28, 52), (Span(11, 15),)),
        Footnote("1", "The first.", Span(53, 69), (Span(3, 7), Span(21, 25))),
    )


def test_a_marker_in_front_of_a_colon_is_a_marker() -> None:
    text = "Said[^1]: yes.\n\n[^1]: Note."
    assert found(text)[0].markers == (Span(4, 8),)


def test_a_note_may_call_another_note() -> None:
    text = "One[^1].\n\n[^1]: See[^2].\n[^2]: Note."
    assert [note.markers for note in found(text)] == [(Span(3, 7),), (Span(19, 23),)]


def test_of_two_definitions_the_first_one_counts() -> None:
    assert [note.text for note in found("x[^1]\n\n[^1]: first\n[^1]: second")] == ["first"]


def test_a_note_that_nothing_calls_is_kept() -> None:
    assert found("x\n\n[^1]: note") == (Footnote("1", "note", Span(3, 13), ()),)


def test_markers_in_code_and_without_a_definition_call_nothing() -> None:
    assert found("x[^2]\n\n```\n[^1]\n```\n\n[^1]: note")[0].markers == ()
    assert found("x[^2]") == ()
