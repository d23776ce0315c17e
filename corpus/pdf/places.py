"""Where the words of a PDF stand in the canonical text that is written of it."""

from __future__ import annotations

from collections.abc import Sequence

from corpus import boxes
from corpus.pdf.lines import Line
from corpus.pdf.words import Word
from corpus.records import Span


class Places:
    """Keeps for each line that was written its words' places, on the page and in the text."""

    def __init__(self) -> None:
        self._starts: dict[int, int] = {}  # by id of a word
        self._lines: list[boxes.Line] = []

    def put(self, page: int, span: Span, lines: Sequence[Line]) -> None:
        """Lines of a page were written at a span, a line feed between two."""
        at = span.start
        for line in lines:
            words: list[tuple[int, int, float, float]] = []
            for space, word in zip(line.spaces, line.words, strict=True):
                start = at + len(space)
                at = start + len(word.text)
                self._starts[id(word)] = start
                words.append((start, at, round(word.left, 1), round(word.right, 1)))
            self._lines.append(boxes.Line(page, round(line.top, 1), round(line.bottom, 1), tuple(words)))
            at += 1

    def start(self, word: Word) -> int:
        """Where a word begins in the text."""
        return self._starts[id(word)]

    def lines(self) -> tuple[boxes.Line, ...]:
        """All lines, in the order of the text."""
        return tuple(self._lines)
