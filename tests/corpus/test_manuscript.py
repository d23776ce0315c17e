"""Manuscripts: what a loader writes keeps its places, crosses processes, and becomes a document."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.boxes import Box, Boxes, Line
from corpus.errors import UnreadableError
from corpus.invariants import verify
from corpus.load import load, reading, written
from corpus.manuscript import Manuscript, Note, Scribe
from corpus.passages import split
from corpus.records import BlockKind, Document, Page, Record, Span
from corpus.units import TokenCounter

PARAGRAPH = BlockKind.PARAGRAPH


def rivers() -> Manuscript:
    """Two pages: a heading, a paragraph that the page cuts, a note at its foot, running heads."""
    scribe = Scribe()
    scribe.page("7")
    scribe.furniture("RIVERS 7")
    scribe.block(BlockKind.HEADING, "On water", 1)
    body = scribe.block(
        PARAGRAPH,
        "The pact of 1998* governs the *use* of water by all the\nstates that lie on its upper stra-",
    )
    note = scribe.block(BlockKind.FOOTNOTE, "* Archive of Morava.", number="*")
    scribe.page("8")
    scribe.furniture("8 RIVERS")
    scribe.block(PARAGRAPH, "tegic reaches. It is not <b>bold</b> &amp; it never was.")
    called = Note("*", note, Span(note.start + 2, note.end), (Span(body.start + 16, body.start + 17),))
    return replace(scribe.finish(), notes=(called,))


def document(manuscript: Manuscript) -> Document:
    return written(manuscript, "rivers.pdf", "0" * 64, "application/pdf")


def test_what_a_scribe_writes_stands_where_it_says() -> None:
    made = rivers()
    assert [
        (block.kind.value, made.text[block.span.start : block.span.end][:12]) for block in made.blocks
    ] == [
        ("heading", "On water"),
        ("paragraph", "The pact of "),
        ("footnote", "* Archive of"),
        ("paragraph", "tegic reache"),
    ]
    assert [made.text[span.start : span.end] for span in made.furniture] == ["RIVERS 7", "8 RIVERS"]


def test_a_form_feed_parts_two_pages() -> None:
    scribe = Scribe()
    scribe.page("i")
    scribe.block(PARAGRAPH, "One.")
    scribe.page()
    scribe.page("2")
    scribe.block(PARAGRAPH, "Two.")
    made = scribe.finish()
    assert made.text == "One.\f\fTwo."
    assert made.pages == (Page(0, "i", 0, 4), Page(1, None, 5, 5), Page(2, "2", 6, 10))


def test_a_manuscript_comes_back_as_it_was_dumped() -> None:
    boxes = Boxes((Line(0, 10.5, 20.0, ((0, 3, 1.0, 9.5),)),), ((595.0, 842.0),))
    made = replace(
        rivers(),
        record=Record({"title": "On water"}, {"title": Span(9, 17)}),
        boxes=boxes,
        doubts=("page 9 is a picture",),
    )
    assert Manuscript.parse(made.dump()) == made


def test_marks_of_markup_are_read_as_they_stand() -> None:
    made = document(rivers())
    assert "the *use* of water" in reading(made).text
    assert "not <b>bold</b> &amp; it" in reading(made).text


def test_a_paragraph_that_a_page_cuts_reads_as_one(count: TokenCounter) -> None:
    made = document(rivers())
    passages = split(made, count)
    verify(made, passages)
    assert [passage.text for passage in passages] == [
        "On water\nThe pact of 1998 governs the *use* of water by all the states that lie on its upper "
        "strategic reaches. It is not <b>bold</b> &amp; it never was.",
        "Archive of Morava.",
    ]
    assert [passage.locator.pages for passage in passages] == [("7", "8"), ("7",)]
    assert passages[0].locator.footnotes[0].text == "Archive of Morava."


def test_a_note_that_goes_on_is_one_note(count: TokenCounter) -> None:
    scribe = Scribe()
    scribe.page()
    body = scribe.block(PARAGRAPH, "The pact* governs the use of water.")
    first = scribe.block(BlockKind.FOOTNOTE, "* Archive of", number="*")
    scribe.page()
    scribe.block(PARAGRAPH, "Nobody left it.")
    more = scribe.block(BlockKind.FOOTNOTE, "Morava.")
    plain = scribe.finish()
    note = Note(
        "*", first, Span(first.start + 2, first.end), (Span(body.start + 8, body.start + 9),), (more,)
    )
    blocks = (*plain.blocks[:1], replace(plain.blocks[1], rest=(more,)), plain.blocks[2])
    made = document(replace(plain, blocks=blocks, notes=(note,)))
    assert [note.text for note in made.structure.footnotes] == ["Archive of Morava."]
    passages = split(made, count)
    verify(made, passages)
    assert [passage.text for passage in passages] == [
        "The pact governs the use of water.\nNobody left it.",
        "Archive of Morava.",
    ]


def test_headings_and_notes_are_looked_for_where_a_loader_tells_none() -> None:
    scribe = Scribe()
    scribe.page()
    scribe.block(PARAGRAPH, "I. ORIGINS")
    scribe.block(PARAGRAPH, "The pact was signed in Morava.[1] It governs the use of water.[2]")
    scribe.block(PARAGRAPH, "II. PARTIES")
    scribe.block(PARAGRAPH, "Four states are parties to it.[3]")
    scribe.block(PARAGRAPH, "[1] Archive of Morava, folder 12.")
    scribe.block(PARAGRAPH, "[2] Archive of Morava, folder 14.")
    scribe.block(PARAGRAPH, "[3] Archive of Morava, folder 17.")
    structure = document(scribe.finish()).structure
    assert [section.label for section in structure.sections] == ["I. ORIGINS", "II. PARTIES"]
    assert [note.number for note in structure.footnotes] == ["1", "2", "3"]


def test_a_table_of_contents_is_in_no_block() -> None:
    scribe = Scribe()
    scribe.page()
    scribe.block(PARAGRAPH, "Contents\nOrigins ........ 3\nParties ........ 5")
    scribe.block(BlockKind.HEADING, "Origins", 1)
    scribe.block(PARAGRAPH, "The pact was signed in Morava.")
    scribe.block(BlockKind.HEADING, "Parties", 1)
    scribe.block(PARAGRAPH, "Four states are parties to it.")
    made = scribe.finish()
    structure = document(made).structure
    assert structure.contents == made.blocks[0].span
    assert structure.blocks == made.blocks[1:]


def test_a_manuscript_without_words_is_refused() -> None:
    scribe = Scribe()
    scribe.page()
    scribe.furniture("7")
    with pytest.raises(UnreadableError, match="there are no words in it"):
        document(scribe.finish())


def test_what_a_loader_knows_of_the_record_wins_over_what_is_found_and_loses_to_what_is_told() -> None:
    made = replace(
        rivers(), record=Record({"title": "Waters", "publisher": "House"}, {"title": Span(10, 18)})
    )
    told = written(made, "rivers.pdf", "0" * 64, "application/pdf", {"publisher": "Institute"})
    assert (told.record.title, told.record.publisher) == ("Waters", "Institute")
    assert told.record.support == {"title": Span(10, 18)}


def test_another_kind_of_file_is_refused_with_what_to_do() -> None:
    with pytest.raises(UnreadableError, match="x: application/x-y is not read here; save it as"):
        load(b"data", "x", as_type="application/x-y")


def test_boxes_are_of_the_words_at_a_span() -> None:
    lines = (
        Line(0, 10, 20, ((0, 3, 10, 40), (4, 8, 50, 90))),
        Line(1, 12, 22, ((9, 13, 10, 50),)),
    )
    assert list(Boxes(lines).of([Span(4, 11)])) == [Box(0, 50, 10, 90, 20), Box(1, 10, 12, 30, 22)]
    assert list(Boxes(lines).of([Span(3, 4), Span(8, 9), Span(13, 20)])) == []
