"""Lines of a column to blocks: what belongs together, by gaps, indents, sizes and where lines end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from corpus.pdf.lines import Line

_GAP = 1.22  # of the usual distance between two lines: more parts two blocks
_INDENT = 0.7  # sizes: a line that begins so far right of the column's edge is set in
_RATIO = 1.06  # sizes that differ more are of different blocks
_FEWEST_ROWS = 2  # lines with cells that make a table
_BULLET = re.compile(
    r"[\u2022\u00b7\u2023\u25aa\u25ab\u25cf\u25cb\u25e6\u25a0\u25a1\u2043\u2219\uf0a7\uf0b7\uf0d8o\u2013\u2014*-](?=[\s\t])"
)
_ITEM = re.compile(r"(?:\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]|\[\d{1,3}\])(?=[\s\t])")
_STOP = re.compile(r"[.!?:;…][\"'”’)\]»]*[\d*†‡]*\Z")


class Kind(StrEnum):
    """What the shape of a block tells."""

    TEXT = "text"
    ITEM = "item"
    TABLE = "table"


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together; `page` counts from 0, `gap` is the room above in points."""

    page: int
    lines: list[Line]
    kind: Kind = Kind.TEXT
    gap: float = 0.0
    left: float = 0.0  # edges of the column
    right: float = 0.0

    @property
    def text(self) -> str:
        """Its lines."""
        return "\n".join(line.text for line in self.lines)

    @property
    def size(self) -> float:
        """The size of most of its letters."""
        sizes = Counter[float]()
        for line in self.lines:
            sizes[line.size] += len(line.text)
        return max(sizes, key=lambda size: (sizes[size], size))

    @property
    def bold(self) -> bool:
        """Whether all its letters are bold."""
        return all(line.bold for line in self.lines)


def pitches(columns: Iterable[Sequence[Line]]) -> dict[float, float]:
    """The usual distance between two lines of each size, in points."""
    found: dict[float, Counter[float]] = {}
    for lines in columns:
        for above, below in pairwise(lines):
            if above.size == below.size and 0 < below.base - above.base < 2.6 * below.size:
                found.setdefault(below.size, Counter())[round(2 * (below.base - above.base)) / 2] += 1
    return {size: max(times, key=lambda pitch: (times[pitch], -pitch)) for size, times in found.items()}


def paragraphs(page: int, lines: Sequence[Line], pitch: dict[float, float]) -> list[Paragraph]:
    """The blocks of a column of a page."""
    if not lines:
        return []
    left, right = _edges(lines)
    found: list[Paragraph] = []
    for i, line in enumerate(lines):
        above = lines[i - 1] if i else None
        below = lines[i + 1] if i + 1 < len(lines) else None
        gap = line.base - above.base if above else 0.0
        usual = pitch.get(line.size) or 1.2 * line.size
        if found and above and not _begins(found[-1], above, line, below, gap / usual, left, right):
            found[-1].lines.append(line)
            continue
        found.append(Paragraph(page, [line], _kind(line), max(0.0, gap - usual), left, right))
    return _tabled(found)


def goes_on(before: Paragraph, after: Paragraph) -> bool:
    """Whether a block at the foot of a column goes on at the head of the next one."""
    last, first = before.lines[-1], after.lines[0]
    if Kind.TABLE in (before.kind, after.kind) or after.kind is Kind.ITEM or not _alike(last, first):
        return False
    text = last.text
    if _STOP.search(text) and not text.endswith("-"):
        return False
    return first.left <= after.left + _INDENT * first.size or first.text[:1].islower()


def _edges(lines: Sequence[Line]) -> tuple[float, float]:
    """Where most lines of a column begin and end: its left edge, and the right one that long lines reach."""
    lefts = Counter(round(line.left) for line in lines)
    most = max(lefts.values())
    left = min(at for at, times in lefts.items() if times >= max(1, 0.25 * most))
    rights = sorted(line.right for line in lines)
    return float(left), rights[min(len(rights) - 1, int(0.9 * len(rights)))]


def _begins(
    block: Paragraph,
    above: Line,
    line: Line,
    below: Line | None,
    gap: float,
    left: float,
    right: float,
) -> bool:
    """Whether a line begins a block; `gap` is its distance from the one above in usual distances."""
    if not _alike(above, line) or gap > _GAP or gap < 0.3:
        return True
    if _kind(line) is Kind.ITEM and (block.kind is Kind.ITEM or _STOP.search(above.text)):
        return not _wrapped(above, line, right) or (
            block.kind is Kind.ITEM and line.left <= block.lines[0].left + 2
        )
    if block.kind is Kind.ITEM and line.left > block.lines[0].left + 0.3 * line.size:  # it hangs
        return False
    if ("\t" in line.text) != ("\t" in above.text):
        return "\t" in line.text and block.kind is not Kind.ITEM and _short(above, line, right)
    size = line.size
    first = block.lines[0]
    if line.left - above.left > _INDENT * size:  # further right: a first line, or what hangs
        hangs = below is not None and abs(below.left - line.left) < 0.3 * size and above is first
        return not hangs and not _centred(block, line) and above.left <= left + _INDENT * size
    if above.left - line.left > _INDENT * size and above is not first:  # back to the edge
        return not _centred(block, line)
    if (
        above is not first
        and abs(line.left - first.left) < 0.3 * size
        and block.lines[1].left - line.left > _INDENT * size
    ):
        return True  # the next of items that hang
    set_in = above.left > left + _INDENT * size and line.text[:1].isupper()
    return _short(above, line, right) and (set_in or bool(_STOP.search(above.text)))


def _wrapped(above: Line, line: Line, right: float) -> bool:
    """Whether a line that looks like an item goes on from a full line that ends no sentence."""
    return not _STOP.search(above.text) and not _short(above, line, right)


def _alike(one: Line, other: Line) -> bool:
    """Whether two lines may be of one block, by size and weight."""
    ratio = max(one.size, other.size) / min(one.size, other.size)
    return ratio <= _RATIO and one.bold == other.bold


def _short(above: Line, line: Line, right: float) -> bool:
    """Whether the first word of a line would have had room at the end of the one above."""
    word = line.words[0]
    return above.right + (word.right - word.left) + 1.2 * line.size < right


def _centred(block: Paragraph, line: Line) -> bool:
    middle = (line.left + line.right) / 2
    return all(abs((other.left + other.right) / 2 - middle) < 0.8 * line.size for other in block.lines)


def _kind(line: Line) -> Kind:
    return Kind.ITEM if _BULLET.match(line.text) or _ITEM.match(line.text) else Kind.TEXT


def _tabled(found: Sequence[Paragraph]) -> list[Paragraph]:
    """The blocks with rows of cells that follow each other as one table."""
    tabled: list[Paragraph] = []
    for block in found:
        cells = all("\t" in line.text for line in block.lines) and block.kind is not Kind.ITEM
        last = tabled[-1] if tabled else None
        if cells and last and last.kind is Kind.TABLE:
            last.lines += block.lines
        elif cells:
            block.kind = Kind.TABLE
            tabled.append(block)
        else:
            tabled.append(block)
    for block in tabled:
        if block.kind is Kind.TABLE and len(block.lines) < _FEWEST_ROWS:
            block.kind = Kind.TEXT
    return tabled
