"""Words to lines: what stands side by side on one base line, small raised and lowered marks with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus.pdf.words import Word

_GUTTER = 1.2  # sizes: a wider gap may part two columns
_CELL = 1.6  # sizes: a wider gap within a line parts cells of a table
_BACK = 0.5  # sizes: a word that begins further left than the last one ends begins something new
_RAISED = 0.12  # sizes: a mark that stands so much above the line's foot is raised
_SMALL = 0.92  # of the line's size: a raised mark is as small
_EVEN = 0.55  # of the widest gap in a line: where the narrowest is as wide, the line is stretched
_STRETCHED = 3.5  # sizes: wider gaps are none of a stretched line


@dataclass(frozen=True)
class Line:
    """Words from left to right on one base line, or a part of them."""

    words: tuple[Word, ...]

    @cached_property
    def left(self) -> float:
        """Its left edge in points, as all of these."""
        return min(word.left for word in self.words)

    @cached_property
    def right(self) -> float:
        """Its right edge."""
        return max(word.right for word in self.words)

    @cached_property
    def main(self) -> Word:
        """The longest word of the size that most letters have: what the line is like."""
        first = self.words[0].size
        if all(word.size == first for word in self.words):
            return max(self.words, key=lambda word: len(word.text))
        sizes: Counter[float] = Counter()
        for word in self.words:
            sizes[word.size] += len(word.text)
        size = max(sizes, key=lambda size: (sizes[size], size))
        return max((word for word in self.words if word.size == size), key=lambda word: len(word.text))

    @cached_property
    def size(self) -> float:
        """The size of most of its letters."""
        return self.main.size

    @cached_property
    def base(self) -> float:
        """Where its letters stand."""
        return self.main.base

    @cached_property
    def top(self) -> float:
        """Its upper edge."""
        return min(word.top for word in self.words)

    @cached_property
    def bottom(self) -> float:
        """Its lower edge."""
        return max(word.bottom for word in self.words)

    @cached_property
    def bold(self) -> bool:
        """Whether all its letters are bold."""
        return all(word.bold for word in self.words if any(map(str.isalnum, word.text)))

    @cached_property
    def italic(self) -> bool:
        """Whether all its letters are italic."""
        return all(word.italic for word in self.words if any(map(str.isalnum, word.text)))

    @cached_property
    def text(self) -> str:
        """Its words as they are written: a blank, or a tab where a wide gap is, between them."""
        return "".join(f"{before}{word.text}" for before, word in zip(self.spaces, self.words, strict=True))

    @cached_property
    def spaces(self) -> tuple[str, ...]:
        """What is written before each word."""
        found = [""]
        gaps = [word.left - before.right for before, word in zip(self.words, self.words[1:], strict=False)]
        free = [gap for gap, word in zip(gaps, self.words[1:], strict=True) if not word.glued]
        widest = max(free, default=0.0)
        even = len(free) > 1 and widest <= _STRETCHED * self.size and min(free) >= _EVEN * widest
        for gap, word in zip(gaps, self.words[1:], strict=True):
            if gap > _CELL * self.size and not even:
                found.append("\t")
            else:
                found.append("" if word.glued and gap < 0.3 * self.size else " ")
        return tuple(found)

    def raised(self, word: Word) -> bool:
        """Whether a word of it is a small mark above the line's foot."""
        return word.size <= _SMALL * self.size and self.base - word.base >= _RAISED * self.size


def pieces(words: Iterable[Word]) -> list[Line]:
    """Lines as far as the file writes them in one go, parted where a column may end; in the file's order."""
    found: list[Line] = []
    current: list[Word] = []
    for word in words:
        if current and not _goes_on(current, word):
            found.append(Line(tuple(current)))
            current = []
        current.append(word)
    if current:
        found.append(Line(tuple(current)))
    return found


def joined(parts: Sequence[Line]) -> list[Line]:
    """Pieces of one column as whole lines from top to bottom: those on one base line are one."""
    rows: list[list[Line]] = []
    for part in sorted(parts, key=lambda part: (part.base, part.left)):
        row = next((row for row in reversed(rows[-4:]) if _beside(row, part)), None)
        if row is None:
            rows.append([part])
        else:
            row.append(part)
    lines = [Line(tuple(sorted(_words(row), key=lambda word: word.left))) for row in rows]
    return sorted(lines, key=lambda line: line.base)


def _words(row: Sequence[Line]) -> Iterator[Word]:
    for part in row:
        yield from part.words


def _goes_on(current: Sequence[Word], word: Word) -> bool:
    """Whether a word stands behind the last one on its line."""
    last = current[-1]
    size = max(last.size, word.size)
    if not -_BACK * size <= word.left - last.right <= _GUTTER * size:
        return False
    return _level(last, word) or any(_level(before, word) for before in current[-3:-1])


def _level(one: Word, other: Word) -> bool:
    """Whether two words stand on one line: on one foot, or a small one within the height of the other."""
    size, small = max(one.size, other.size), min(one.size, other.size)
    apart = abs(one.base - other.base)
    return apart <= 0.2 * size if small > 0.95 * size else apart <= 0.5 * size


def _beside(row: Sequence[Line], part: Line) -> bool:
    if any(other.left < part.right - 1 and part.left < other.right - 1 for other in row):
        return False
    nearest = min(row, key=lambda other: abs(other.left - part.left))
    return _level(nearest.main, part.main)
