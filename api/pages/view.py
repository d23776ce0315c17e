"""A document as a page shows it: all of its canonical text, block by block, in pieces that look alike."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from corpus.load import reading
from corpus.records import Block, BlockKind, Document, Page, Span, Turn

_HYPHENS = frozenset("-\u00ad\u2010\u2011")


class Kind(StrEnum):
    """What a part of a page is, beside the kinds of blocks."""

    FURNITURE = "furniture"  # what is in no passage: front matter, tables of contents
    MARKS = "marks"  # rules between blocks


class Look(StrEnum):
    """How a piece looks."""

    TEXT = "text"
    MARKUP = "markup"  # it reads as nothing: emphasis, bullets, addresses of links
    FOLD = "fold"  # the hyphen and line end in the middle of a word
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Piece:
    """Canonical text at `start`; `cited` is the number of the cited span that it is in, from 1."""

    text: str
    start: int
    look: Look = Look.TEXT
    cited: int | None = None
    opens: bool = False  # the first piece of its cited span
    closes: bool = False  # the last one
    note: int | None = None  # the footnote that it calls
    call: int = 0  # the how-manieth marker of that note it is, from 1
    page: Page | None = None  # a page begins in front of it


@dataclass(frozen=True, slots=True)
class Part:
    """An element of a page; what stands in one is `document.text[start:end]`, but for white space around."""

    kind: BlockKind | Kind
    start: int
    end: int
    pieces: tuple[Piece, ...]
    rows: tuple[tuple[tuple[Piece, ...], ...], ...] = ()  # of a table: rows of cells
    level: int = 0
    section: int | None = None  # the section whose heading it is
    note: int | None = None  # the footnote that it defines
    pages: tuple[Page, ...] = ()  # that begin in front of it


class View:
    """The parts of a document in the order of its text, with spans of it cited."""

    def __init__(self, document: Document, cited: Sequence[Span] = ()) -> None:
        """`cited` are disjoint, in order, and inside of the text."""
        self.document = document
        text = document.text
        # White space at its ends is in no part: what is shown begins and ends with a character.
        self.cited = tuple(_trimmed(text, span.start, span.end) or span for span in cited)
        structure = document.structure
        self._dropped = _dropped(document)
        self._calls = {
            marker: (n, call)
            for n, note in enumerate(structure.footnotes)
            for call, marker in enumerate(note.markers, 1)
        }
        self._markers = sorted(self._calls)
        self._marks = structure.marks
        self._cuts = sorted(
            {
                *(edge for span in self.cited for edge in (span.start, span.end)),
                *(edge for mark in self._marks for edge in (mark.start, mark.end)),
                *(edge for span in self._dropped for edge in (span.start, span.end)),
                *(edge for span in structure.furniture for edge in (span.start, span.end)),
                *(page.start for page in structure.pages),
            }
        )
        self._pages = {page.start: page for page in structure.pages}
        self._headings = {section.heading.start: section.id for section in structure.sections}
        self._notes = {note.span.start: n for n, note in enumerate(structure.footnotes)}

    @property
    def parts(self) -> Iterator[Part]:
        """All parts; together they hold every character but white space."""
        # A page whose number is not known is shown by where it ends: the first one is no break.
        pages = (page for page in self.document.structure.pages if page.label or page.start)
        page = next(pages, None)
        for part in self._parts():
            before = []
            while page and page.start <= part.start:
                before.append(page)
                page = next(pages, None)
            while page and page.start < part.end:  # it begins in the middle: a piece has it
                page = next(pages, None)
            yield replace(part, pages=tuple(before))

    def _parts(self) -> Iterator[Part]:
        at = 0
        for span, block in places(self.document):
            yield from self._between(at, span.start)
            start = max(at, span.start)
            if start < span.end:
                yield self._part(Span(start, span.end), block)
                at = span.end
        yield from self._between(at, len(self.document.text))

    def turn(self, part: Part) -> Turn | None:
        """The turn whose label begins a part."""
        turns = self.document.structure.turns
        i = bisect_left(turns, part.start, key=lambda turn: turn.label_span.start)
        return turns[i] if i < len(turns) and turns[i].label_span.start < part.end else None

    def _between(self, start: int, end: int) -> Iterator[Part]:
        """What is in no block: rules, for instance."""
        span = _trimmed(self.document.text, start, end)
        if span:
            yield Part(Kind.MARKS, span.start, span.end, self._pieces(span))

    def _part(self, span: Span, block: Block | None) -> Part:
        if block is None:
            span = _trimmed(self.document.text, span.start, span.end) or span
            return Part(Kind.FURNITURE, span.start, span.end, self._pieces(span))
        return Part(
            kind=block.kind,
            start=span.start,
            end=span.end,
            pieces=self._pieces(span),
            rows=tuple(self._rows(span)) if block.kind is BlockKind.TABLE else (),
            level=block.level,
            section=self._headings.get(span.start),
            note=self._notes.get(span.start),
        )

    def _rows(self, span: Span) -> Iterator[tuple[tuple[Piece, ...], ...]]:
        """The cells of a table in Markdown; the line of dashes below its head is left out."""
        at = span.start
        for line in self.document.text[span.start : span.end].splitlines(keepends=True):
            cells = list(_cells(line, at))
            if set(line.strip()) - set("|:- \t"):
                yield tuple(self._pieces(cell) for cell in cells)
            at += len(line)

    def _pieces(self, span: Span) -> tuple[Piece, ...]:
        first, behind = bisect_right(self._cuts, span.start), bisect_left(self._cuts, span.end)
        edges = [span.start, *self._cuts[first:behind], span.end]
        return tuple(
            self._piece(start, end, self._pages.get(start) if start > span.start else None)
            for start, end in pairwise(edges)
        )

    def _piece(self, start: int, end: int, page: Page | None) -> Piece:
        text = self.document.text[start:end]
        cited, marker = _holder(self.cited, start), _holder(self._markers, start)
        note, call = (None, 0) if marker is None else self._calls[self._markers[marker]]
        return Piece(
            text=text,
            start=start,
            look=self._look(start, text),
            cited=None if cited is None else cited + 1,
            opens=cited is not None and self.cited[cited].start == start,
            closes=cited is not None and self.cited[cited].end == end,
            note=note,
            call=call,
            page=page,
        )

    def _look(self, start: int, text: str) -> Look:
        if _holder(self.document.structure.furniture, start) is not None:
            return Look.FURNITURE
        dropped = _holder(self._dropped, start) is not None and _holder(self._marks, start) is None
        if not dropped or not text.strip():
            return Look.TEXT
        in_word = start > 0 and not self.document.text[start - 1].isspace()  # a bullet is in none
        return Look.FOLD if in_word and set(text.strip()) <= _HYPHENS else Look.MARKUP


def places(document: Document) -> list[tuple[Span, Block | None]]:
    """Blocks, part by part where a page's end cuts them, and furniture, in the order of the text."""
    structure = document.structure
    blocks = [(span, block) for block in structure.blocks for span in block.spans if span]
    taken = sorted(span for span, _ in blocks)
    alone = [(span, None) for span in structure.furniture if span and not _inside(span, taken)]
    return sorted([*blocks, *alone], key=lambda place: place[0])


def _dropped(document: Document) -> list[Span]:
    """What the reading text leaves out, in order."""
    whole = reading(document)
    ends = [r for r, _ in whole.runs[1:]] + [len(whole.text)]
    kept = sorted((c, c + end - r) for (r, c), end in zip(whole.runs, ends, strict=True))
    gaps, at = [], 0
    for start, end in kept:
        if start > at:
            gaps.append(Span(at, start))
        at = max(at, end)
    return [*gaps, Span(at, len(document.text))] if at < len(document.text) else gaps


def _holder(spans: Sequence[Span], at: int) -> int | None:
    """The index of the span, of disjoint ones in order, that holds the character at an offset."""
    i = bisect_right(spans, at, key=lambda span: span.start) - 1
    return i if i >= 0 and at < spans[i].end else None


def _inside(span: Span, others: Sequence[Span]) -> bool:
    i = bisect_right(others, span.start, key=lambda other: other.start) - 1
    return i >= 0 and span.end <= others[i].end


def _trimmed(text: str, start: int, end: int) -> Span | None:
    inside = text[start:end]
    left, right = len(inside) - len(inside.lstrip()), len(inside) - len(inside.rstrip())
    return Span(start + left, end - right) if inside.strip() else None


def _cells(line: str, at: int) -> Iterator[Span]:
    """The cells of a line, without the bars around them."""
    content = line.strip()
    start = at + line.index(content) if content else at
    edges = [i for i, c in enumerate(content) if c == "|" and content[i - 1 : i] != "\\"]
    bounds = [0 if edges[:1] != [0] else 1, *(e for e in edges if 0 < e < len(content) - 1), len(content)]
    last = len(content) - 1 if edges and edges[-1] == len(content) - 1 else len(content)
    starts = [bounds[0], *(e + 1 for e in bounds[1:-1])]
    ends = [*bounds[1:-1], last]
    for left, right in zip(starts, ends, strict=True):
        yield Span(start + left, start + max(left, right))
