"""Headings: Markdown marks, underlines, capitals, Roman and Arabic numbers; and the sections they open."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.fold import Reading
from corpus.records import Block, BlockKind, Section, Span

_ATX = re.compile(r"[ ]{0,3}(#{1,6})[ \t]+\S")
_NUMBERED = re.compile(
    r"(?P<number>[IVXLC]{1,6}\.|\d{1,2}\.|\d{1,2}(?:\.\d{1,2}){1,3}\.?|[A-Z]\.)[ \t]+[*_]{0,3}[^\W\d_].*"
)
_LONGEST_TITLE = 120  # characters; longer single lines are paragraphs
_SENTENCE_END = re.compile(r"[.!?…:;,][\"'”’)*_]*\s*\Z")


def heading(line: str, *, markdown: bool, alone: bool, underline: str = "") -> tuple[int, str | None] | None:
    """Level (1 is the highest) and number of the heading that a line is, or None.

    `alone` says that blank lines stand around it: only then may words alone make a heading.
    """
    if markdown and (atx := _ATX.match(line)):
        return len(atx.group(1)), None
    text = line.strip()
    if not text or len(text) > _LONGEST_TITLE:
        return None
    if underline:
        return (1 if underline.strip()[0] == "=" else 2), None
    if markdown or not alone or _SENTENCE_END.search(text):
        return None
    if numbered := _NUMBERED.fullmatch(text):
        number = numbered.group("number").rstrip(".")
        return (1 if number.isalpha() else 2 + number.count(".")), number
    return (1, None) if _capitals(text) else None


def _capitals(text: str) -> bool:
    """At least two words, letters all capital: `SELECTED DATES`, but not `NATO` nor `A 1`."""
    letters = [c for c in text if c.isalpha()]
    return (
        len(text.split()) >= 2
        and len(letters) >= 6
        and all(c.isupper() for c in letters if c.lower() != c.upper())
    )


def sections(blocks: Sequence[Block], reading: Reading, end: int) -> tuple[Section, ...]:
    """Sections in reading order, nested by level; each ends where one of its level or higher begins.

    `end` is the length of the canonical text.
    """
    heads = [block for block in blocks if block.kind is BlockKind.HEADING]
    ends = [end] * len(heads)
    parents: list[int | None] = []
    open_: list[int] = []  # ids from the outermost to the innermost
    for id_, block in enumerate(heads):
        while open_ and heads[open_[-1]].level >= block.level:
            ends[open_.pop()] = block.span.start
        parents.append(open_[-1] if open_ else None)
        open_.append(id_)
    return tuple(
        Section(
            id=id_,
            parent=parents[id_],
            level=block.level,
            number=block.number,
            title=_title(block, reading),
            authors=(),
            heading=block.span,
            span=Span(block.span.start, ends[id_]),
        )
        for id_, block in enumerate(heads)
    )


def _title(block: Block, reading: Reading) -> str:
    start, end = reading.position(block.span.start), reading.position(block.span.end)
    title = reading.text[start:end].strip()
    if block.number and title.startswith(block.number):
        title = title[len(block.number) :].lstrip(". ")
    return title
