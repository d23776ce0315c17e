from __future__ import annotations

import pytest

from corpus.blocks import scan
from corpus.fold import fold
from corpus.records import Section, Span
from corpus.structure.headings import heading, sections


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("# Title", (1, None)),
        ("   ###### Deep", (6, None)),
        ("####### Too deep", None),
        ("#hashtag", None),
        ("    # code", None),
        ("SELECTED DATES", None),
        ("I. Introduction", None),
    ],
)
def test_in_markdown_only_marks_make_a_heading(line: str, expected: tuple[int, str | None] | None) -> None:
    assert heading(line, markdown=True, alone=True) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("SELECTED DATES", (1, None)),
        ("  ÜÇÜNCÜ HİSSƏ", (1, None)),
        ("NATO", None),
        ("A 1", None),
        ("III. The war", (1, "III")),
        ("A. First part", (1, "A")),
        ("2. Energy", (2, "2")),
        ("\f1.2 Gas", (3, "1.2")),
        ("1.2.3. Gas fields", (4, "1.2.3")),
        ("1. It is a sentence.", None),
        ("2. and so on,", None),
        ("12 May", None),
        ("A line of prose", None),
        ("# Title", None),
        ("THE WORDS OF A VERY LONG LINE " * 5, None),
    ],
)
def test_in_plain_text_capitals_and_numbers_do(line: str, expected: tuple[int, str | None] | None) -> None:
    assert heading(line, markdown=False, alone=True) == expected


def test_in_plain_text_a_heading_stands_alone() -> None:
    assert heading("SELECTED DATES", markdown=False, alone=False) is None


@pytest.mark.parametrize(("underline", "level"), [("=====", 1), ("---", 2)])
def test_an_underline_makes_a_heading_in_both(underline: str, level: int) -> None:
    assert heading("Any words", markdown=False, alone=False, underline=underline) == (level, None)
    assert heading("Any words", markdown=True, alone=False, underline=underline) == (level, None)


def test_sections_nest_by_level_and_end_where_the_next_of_their_level_begins() -> None:
    text = "# A *b*\n\nx\n\n### C\n\ny\n\n## D &amp; e\n\n# F\n"
    assert sections(scan(text, markdown=True), fold(text, markdown=True), len(text)) == (
        Section(0, None, 1, None, "A b", (), Span(0, 7), Span(0, 36)),
        Section(1, 0, 3, None, "C", (), Span(12, 17), Span(12, 22)),
        Section(2, 0, 2, None, "D & e", (), Span(22, 34), Span(22, 36)),
        Section(3, None, 1, None, "F", (), Span(36, 39), Span(36, 40)),
    )


def test_the_number_is_not_part_of_the_title() -> None:
    text = "IV. The war\n\nIt began.\n\n1.2. Its end\n\nIt ended."
    found = sections(scan(text, markdown=False), fold(text, markdown=False), len(text))
    assert [(section.number, section.title) for section in found] == [("IV", "The war"), ("1.2", "Its end")]
