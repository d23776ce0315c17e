"""From ranges of the reading text to spans of the canonical text: cut by pages, without furniture."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import islice

from corpus.fold import Reading
from corpus.records import Document, Span


class Places:
    """Where what is read of a document stands in its canonical text."""

    def __init__(self, document: Document, whole: Reading) -> None:
        self._text = document.text
        self._blocks = document.structure.blocks
        self._furniture = document.structure.furniture
        self._marks = document.structure.marks
        self._whole = whole

    def spans(self, pieces: Iterable[tuple[int, int, int]]) -> tuple[Span, ...]:
        """The spans of pieces `(block, start, end)`, offsets of the reading text.

        Those with nothing but white space between them are one.
        """
        spans: list[Span] = []
        places = (place for piece in pieces for place in self._parts(*piece))
        for span in (part for place in places for part in self._outside_furniture(place)):
            if spans and self._meet(spans[-1], span):
                span = Span(spans.pop().start, span.end)
            spans.append(span)
        return tuple(spans)

    def _parts(self, block: int, start: int, end: int) -> Iterator[Span]:
        """Where a range of a block stands in each of its parts, with the marks of notes beside it."""
        parts = self._blocks[block].spans  # a book without paragraphs is one of as many parts as pages
        begins = bisect_right(parts, start, key=lambda part: self._whole.position(part.start)) - 1
        for part in islice(parts, max(0, begins), None):
            first, behind = self._whole.position(part.start), self._whole.end(part.end)
            if first >= end:
                break
            if max(start, first) >= min(end, behind):
                continue
            place = self._whole.locate(max(start, first), min(end, behind))
            goes_on = behind < end  # then the hyphen of a cut word is part of it
            labelled = start <= first and self._mark_at(part.start)
            yield Span(
                part.start if labelled else place.start,
                part.end if goes_on else self._marked(place.end, part.end),
            )

    def _mark_at(self, start: int) -> bool:
        i = bisect_left(self._marks, Span(start, start))
        return i < len(self._marks) and self._marks[i].start == start

    def _marked(self, end: int, limit: int) -> int:
        """The end of a place with the markers behind it."""
        for mark in islice(self._marks, bisect_left(self._marks, Span(end, end)), None):
            if mark.end > limit or self._text[end : mark.start].strip():
                break
            end = mark.end
        return end

    def _outside_furniture(self, place: Span) -> Iterator[Span]:
        """What is read of a place: a page number in the middle of a sentence makes it two."""
        at = place.start
        first = bisect_right(self._furniture, at, key=lambda span: span.end)
        for gap in islice(self._furniture, first, None):
            if gap.start >= place.end:
                break
            yield from self._bare(at, gap.start)
            at = gap.end
        yield from self._bare(at, place.end)

    def _bare(self, start: int, end: int) -> Iterator[Span]:
        """A place without the white space around it; nothing where there is nothing else."""
        words = self._text[start:end]
        if words.strip():
            yield Span(start + len(words) - len(words.lstrip()), start + len(words.rstrip()))

    def _meet(self, before: Span, after: Span) -> bool:
        if after.start < before.end:  # it stands between the parts of a paragraph that comes first
            return False
        if self._whole.of(Span(before.end, after.start)).strip():
            return False
        i = bisect_right(self._furniture, before.end, key=lambda span: span.end)
        return not (i < len(self._furniture) and self._furniture[i].start < after.start)
