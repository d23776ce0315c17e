"""Blocks to units, the smallest pieces that are not cut: sentences, rows, lines of code, headings.

Only a sentence that is longer than a passage is cut, by langchain-text-splitters with offsets of our own
(its `add_start_index` searches for the text again, and misses).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from corpus.fold import Reading
from corpus.records import Block, BlockKind, Document, Span, Turn
from corpus.sentences import sentences

TITLES = (BlockKind.HEADING, BlockKind.LABEL)  # they go with what follows and are no sentences


class TokenCounter(Protocol):
    """Counts word pieces; the encoder's own, because that is what truncates."""

    def __call__(self, texts: Sequence[str]) -> Sequence[int]:
        """The number of tokens of each text, special ones not counted."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, a row, a line of code, a heading. Offsets of the reading text."""

    start: int
    end: int
    block: int
    kind: BlockKind
    section: int  # index of the section, -1 in front of the first
    turn: int  # index of the turn, -1 outside of any
    tokens: int


def units(document: Document, whole: Reading, count: TokenCounter, limit: int) -> list[Unit]:
    """The units of a document in reading order; what is longer than `limit` tokens is cut."""
    starts = [section.heading.start for section in document.structure.sections]
    ranges = [
        (start, end, i, block)
        for i, block in enumerate(document.structure.blocks)
        for start, end in _ranges(document, whole, block)
    ]
    tokens = count([whole.text[start:end] for start, end, _, _ in ranges])
    found: list[Unit] = []
    for (start, end, i, block), size in zip(ranges, tokens, strict=True):
        section = bisect_right(starts, block.span.start) - 1
        turn = _turn(document.structure.turns, block)
        for s, e, t in _cut(whole.text, start, end, size, count, limit):
            found.append(Unit(s, e, i, block.kind, section, turn, t))
    return found


def _turn(turns: Sequence[Turn], block: Block) -> int:
    """The turn that a block is part of; a note is said by nobody."""
    i = bisect_right(turns, block.span.start, key=lambda turn: turn.label_span.start) - 1
    inside = i >= 0 and block.span.start < turns[i].span.end
    return i if inside and block.kind is not BlockKind.FOOTNOTE else -1


def _ranges(document: Document, whole: Reading, block: Block) -> Iterator[tuple[int, int]]:
    """Reading ranges of a block's sentences, rows or lines, without white space around them."""
    start, end = whole.range(Span(block.span.start, block.spans[-1].end))
    if block.kind in (BlockKind.TABLE, BlockKind.CODE):
        at = block.span.start
        for line in document.text[block.span.start : block.span.end].splitlines(keepends=True):
            yield from _trimmed(whole, *whole.range(Span(at, at + len(line))))
            at += len(line)
    elif block.kind in TITLES:
        yield from _trimmed(whole, start, end)
    else:
        for s, e in sentences(whole.text[start:end], document.language):
            yield start + s, start + e


def _trimmed(whole: Reading, start: int, end: int) -> Iterator[tuple[int, int]]:
    text = whole.text[start:end]
    if text.strip():
        yield start + len(text) - len(text.lstrip()), start + len(text.rstrip())


def _cut(
    text: str, start: int, end: int, tokens: int, count: TokenCounter, limit: int
) -> Iterator[tuple[int, int, int]]:
    """A range as it is, or in pieces of at most `limit` tokens when it is longer: (start, end, tokens)."""
    if tokens <= limit:
        yield start, end, tokens
        return
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # half a second, and seldom needed

    @cache  # it counts every word that ends a piece, one at a time
    def length(piece: str) -> int:
        return max(count([piece])[0], min(1, len(piece)))  # a mark may be no token at all

    splitter = RecursiveCharacterTextSplitter(
        separators=["; ", ", ", " ", ""],
        keep_separator="end",
        chunk_size=limit,
        chunk_overlap=0,
        length_function=length,  # of a piece of no length the splitter would say it twice
        strip_whitespace=False,
    )
    pieces = splitter.split_text(text[start:end])
    assert "".join(pieces) == text[start:end], "the splitter changed the text"
    for piece, size in zip(pieces, count(pieces), strict=True):
        left = len(piece) - len(piece.lstrip())
        if piece.strip():
            yield start + left, start + len(piece.rstrip()), size
        start += len(piece)
