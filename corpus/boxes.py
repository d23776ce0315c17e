"""Where the characters of a canonical text stand on the pages of its file: a line at a time, word by word."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.records import Span


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points from the page's upper left corner; `page` counts from 0."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of words: `words` are (start, end, left, right): offsets in the text, and points to a tenth."""

    page: int
    top: float
    bottom: float
    words: tuple[tuple[int, int, float, float], ...]

    @property
    def start(self) -> int:
        """Where its first word begins."""
        return self.words[0][0]

    @property
    def end(self) -> int:
        """Where its last word ends."""
        return self.words[-1][1]


@dataclass(frozen=True, slots=True)
class Boxes:
    """The lines of a document in the order of its text, and the sizes (width, height) of its pages."""

    lines: tuple[Line, ...] = ()
    sizes: tuple[tuple[float, float], ...] = ()

    def of(self, spans: Sequence[Span]) -> Iterator[Box]:
        """The boxes of what stands at spans, one a line; part of a word has a share of its width."""
        for span in spans:
            first = bisect_right(self.lines, span.start, key=lambda line: line.end)
            behind = bisect_left(self.lines, span.end, key=lambda line: line.start)
            for line in self.lines[first:behind]:
                edges = [edge for word in line.words if (edge := _edges(word, span))]
                if edges:
                    left, right = min(edge[0] for edge in edges), max(edge[1] for edge in edges)
                    yield Box(line.page, left, line.top, right, line.bottom)


def _edges(word: tuple[int, int, float, float], span: Span) -> tuple[float, float] | None:
    """From where to where a span reaches in a word, in points."""
    start, end, left, right = word
    first, last = max(start, span.start), min(end, span.end)
    if first >= last:
        return None
    wide = (right - left) / (end - start)
    return left + (first - start) * wide, left + (last - start) * wide
