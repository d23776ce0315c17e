from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.blocks import Line, lines, place, scan
from corpus.records import Block, BlockKind, Span


def found(text: str, *, markdown: bool = True) -> list[tuple[str, str]]:
    """Kinds and texts of the blocks."""
    return [(block.kind, text[block.span.start : block.span.end]) for block in scan(text, markdown=markdown)]


def test_lines_end_with_any_line_end_and_know_their_place() -> None:
    assert list(lines("one\r\ntwo\rthree\n\nfour")) == [
        Line("one", 0, 3),
        Line("two", 5, 8),
        Line("three", 9, 14),
        Line("", 15, 15),
        Line("four", 16, 20),
    ]


def test_lines_in_furniture_read_as_blank() -> None:
    text = "a\n<!-- b\nc -->\nd <!-- e -->"
    assert [line.text for line in lines(text, [Span(2, 14), Span(17, 27)])] == ["a", "", "", "d <!-- e -->"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_markdown_parts_into_blocks_of_every_kind(end: str) -> None:
    text = (
        "# Title|A paragraph|of two lines.||- one|- two|  and more||1. first|2. second||"
        "! a ! b !|!---!---!|! c ! d !||```py|code||more code|```|* * *|[^n]: A note|goes on.||Under|====="
    ).replace("|", end)
    text = text.replace("!", "|")
    assert [(kind, part.replace(end, "|")) for kind, part in found(text)] == [
        (BlockKind.HEADING, "# Title"),
        (BlockKind.PARAGRAPH, "A paragraph|of two lines."),
        (BlockKind.LIST_ITEM, "- one"),
        (BlockKind.LIST_ITEM, "- two|  and more"),
        (BlockKind.LIST_ITEM, "1. first"),
        (BlockKind.LIST_ITEM, "2. second"),
        (BlockKind.TABLE, "| a | b |||---|---||| c | d |"),
        (BlockKind.CODE, "```py|code||more code|```"),
        (BlockKind.FOOTNOTE, "[^n]: A note|goes on."),
        (BlockKind.HEADING, "Under"),
    ]


def test_plain_text_knows_neither_tables_nor_notes_nor_fences() -> None:
    text = "| a |\n\n[^1]: note\n\n```\ncode\n```\n\n# no heading"
    assert [kind for kind, _ in found(text, markdown=False)] == [BlockKind.PARAGRAPH] * 4


def test_headings_carry_level_and_number_and_notes_their_number() -> None:
    assert scan("## II. The parts\n\nOf them\n---", markdown=True) == (
        Block(BlockKind.HEADING, Span(0, 16), 2),
        Block(BlockKind.HEADING, Span(18, 25), 2),
    )
    assert scan("[^a]: x\n[^b]: y", markdown=True) == (
        Block(BlockKind.FOOTNOTE, Span(0, 7), 0, "a"),
        Block(BlockKind.FOOTNOTE, Span(8, 15), 0, "b"),
    )


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("# Title", 1),
        ("   ###### Deep", 6),
        ("####### Too deep", None),
        ("#hashtag", None),
        ("    # code", None),
        ("SELECTED DATES", None),
        ("I. Introduction", None),
        ("Any words\n=====", 1),
        ("Any words\n---", 2),
        ("Any words\n***", None),
        ("The words of a very long line " * 5 + "\n---", None),
    ],
)
def test_in_markdown_only_marks_make_a_heading(line: str, level: int | None) -> None:
    (block,) = scan(line, markdown=True)
    assert (block.level if block.kind is BlockKind.HEADING else None) == level


def test_in_plain_text_the_scanner_finds_no_headings() -> None:
    assert [kind for kind, _ in found("# One\n\nTWO PARTS\n\nThree\n=====", markdown=False)] == [
        BlockKind.PARAGRAPH
    ] * 3


def test_what_is_put_among_the_blocks_leaves_the_rest_of_them() -> None:
    text = "One\nTWO\nthree\n\n- four\n\nfive"
    blocks = scan(text, markdown=False)
    two = Block(BlockKind.HEADING, Span(4, 7), 1)
    note = Block(BlockKind.FOOTNOTE, Span(15, 27), number="1")
    assert place(text, blocks, [two, note]) == (
        Block(BlockKind.PARAGRAPH, Span(0, 3)),
        two,
        Block(BlockKind.PARAGRAPH, Span(8, 13)),
        note,
    )
    assert place(text, blocks, []) == blocks


def test_an_indented_paragraph_behind_a_note_is_more_of_it() -> None:
    text = "[^1]: One.\n\n    Two.\n\n\tThree.\n\nText."
    assert found(text) == [
        (BlockKind.FOOTNOTE, "[^1]: One.\n\n    Two.\n\n\tThree."),
        (BlockKind.PARAGRAPH, "Text."),
    ]


def test_a_wrapped_line_that_begins_with_a_number_is_no_list() -> None:
    text = "see vol. 12,\np. 385 and article\n12. The council met.\n"
    assert found(text, markdown=False) == [(BlockKind.PARAGRAPH, text.strip())]


def test_a_list_may_follow_its_lead_in() -> None:
    assert found("Points:\n1. one\n2. two") == [
        (BlockKind.PARAGRAPH, "Points:"),
        (BlockKind.LIST_ITEM, "1. one"),
        (BlockKind.LIST_ITEM, "2. two"),
    ]


def test_a_rule_under_a_list_item_or_a_note_makes_no_heading() -> None:
    assert found("- item\n---\n[^1]: note\n---") == [
        (BlockKind.LIST_ITEM, "- item"),
        (BlockKind.FOOTNOTE, "[^1]: note"),
    ]


def test_a_code_span_of_three_ticks_opens_no_fence() -> None:
    text = "```code``` begins this line.\n\nNext."
    assert [kind for kind, _ in found(text)] == [BlockKind.PARAGRAPH] * 2


def test_a_fence_closes_with_one_as_long_and_reaches_the_end_if_none_does() -> None:
    assert found("````\n```\nx\n````\ny") == [
        (BlockKind.CODE, "````\n```\nx\n````"),
        (BlockKind.PARAGRAPH, "y"),
    ]
    assert found("~~~\n```\n\nx") == [(BlockKind.CODE, "~~~\n```\n\nx")]


@settings(deadline=None, max_examples=200)
@given(data=st.data(), markdown=st.booleans())
def test_every_line_with_words_lies_in_exactly_one_block(
    soup: st.SearchStrategy[str], data: st.DataObject, markdown: bool
) -> None:
    text = data.draw(soup)
    blocks = scan(text, markdown=markdown)
    for line in lines(text):
        holding = [b for b in blocks if b.span.start <= line.start and line.end <= b.span.end]
        touching = [b for b in blocks if b.span.overlap(Span(line.start, line.end))]
        feeds_in_code = [b for b in holding if b.kind is BlockKind.CODE and line.start < line.end]
        assert touching == (holding if line.text else feeds_in_code)
        assert len(holding) <= 1
        if any(c.isalnum() for c in line.text):
            assert len(holding) == 1
