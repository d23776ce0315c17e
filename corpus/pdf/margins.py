"""Running heads and page numbers: lines at the edges of pages that come again, or count with the pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from corpus.pdf.lines import Line
from corpus.structure.titles import roman

_ZONE = 0.15  # of the page's height, at its head and foot
_DEEPEST = 3  # lines from the edge
_APART = 1.45  # sizes: the distance between furniture and the body, at least
_SAME = 4.0  # points by which a head may stand higher or lower on another page
_NUMBER = re.compile(r"(?<![\w.,/-])(?:\d{1,4}|[ivxl]{1,7}|[IVXL]{1,7})(?![\w,-]|\.\d|/)")
_ALONE = re.compile(
    r"\W*(?:(?:page|p\.|seite|s\.|página)\s*)?(?:\d{1,4}|[ivxl]{1,7})(?:\s*(?:of|/|von|de)\s*\d+)?\W*\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Margins:
    """Of each page the rows that are furniture, and the number printed on it (None where none is sure)."""

    furniture: tuple[tuple[Line, ...], ...]
    labels: tuple[str | None, ...]


class _Edge(NamedTuple):
    """A row near a page's edge; `depth` counts from the edge."""

    page: int
    head: bool
    depth: int
    row: Line


def margins(
    pages: Sequence[Sequence[Line]], heights: Sequence[float], told: Sequence[str | None], body: float
) -> Margins:
    """The furniture of pages, given as rows from top to bottom; `body` is the size of most letters.

    `told` is what the file calls the pages: a row that says only that is the page's number.
    """
    edges = [edge for page, rows in enumerate(pages) for edge in _edges(page, rows, heights[page], body)]
    edges = [edge for edge in edges if _apart(edge, pages[edge.page])]
    counting = {
        id(edge.row): edge.row.text for edge in edges if edge.row.text == told[edge.page]
    } | _counting(edges, len(pages))
    again = _again(edges)
    taken: list[list[Line]] = [[] for _ in pages]
    labels: list[str | None] = [None] * len(pages)
    outer: set[tuple[int, bool, int]] = set()  # rows that are furniture: page, head or foot, depth
    for edge in sorted(edges, key=lambda edge: edge.depth):
        number = counting.get(id(edge.row))
        if not (number or id(edge.row) in again):
            continue
        if edge.depth and (edge.page, edge.head, edge.depth - 1) not in outer:
            continue
        outer.add((edge.page, edge.head, edge.depth))
        taken[edge.page].append(edge.row)
        labels[edge.page] = labels[edge.page] or number
    return Margins(tuple(tuple(rows) for rows in taken), tuple(labels))


def _edges(page: int, rows: Sequence[Line], height: float, body: float) -> Iterator[_Edge]:
    for depth, row in enumerate(rows[:_DEEPEST]):
        if row.bottom <= _ZONE * height and row.size <= 1.15 * body:
            yield _Edge(page, True, depth, row)
    for depth, row in enumerate(reversed(rows[-_DEEPEST:])):
        if row.top >= (1 - _ZONE) * height and row.size <= 1.15 * body:
            yield _Edge(page, False, depth, row)


def _apart(edge: _Edge, rows: Sequence[Line]) -> bool:
    """Whether room parts a row, or one further in that may be furniture with it, from the body."""
    inward = rows if edge.head else rows[::-1]
    return any(
        depth + 1 >= len(inward)
        or abs(inward[depth + 1].base - row.base) >= _APART * max(row.size, inward[depth + 1].size)
        for depth, row in enumerate(inward[:_DEEPEST])
        if depth >= edge.depth
    )


def _again(edges: Sequence[_Edge]) -> set[int]:
    """Rows that say the same at the same height on another page."""
    said: dict[tuple[bool, str], list[_Edge]] = defaultdict(list)
    for edge in edges:
        said[edge.head, _NUMBER.sub("", _folded(edge.row))].append(edge)
    return {
        id(one.row)
        for (_, text), same in said.items()
        if any(map(str.isalpha, text))
        for one in same
        if any(
            one.page != other.page
            and abs(one.row.base - other.row.base) <= _SAME
            and (_folded(one.row) == _folded(other.row) or _steps(one, other))
            for other in same
        )
    }


def _steps(one: _Edge, other: _Edge) -> bool:
    """Whether a number in two rows counts with their pages."""
    shifts = {value - one.page for _, value in _numbers(one.row)}
    return any(value - other.page in shifts for _, value in _numbers(other.row))


def _counting(edges: Sequence[_Edge], pages: int) -> dict[int, str]:
    """Rows with the number that counts with the pages, by the row's id."""
    shifts: Counter[tuple[bool, int]] = Counter()
    for found in {
        (edge.page, number.isdecimal(), value - edge.page)
        for edge in edges
        for number, value in _numbers(edge.row)
        if _alone(edge.row) or _beside(edge.row, number)
    }:
        shifts[found[1:]] += 1
    sure = [shift for shift, times in shifts.most_common() if times >= 2 or (pages == 1 and shift[1] == 1)]
    arabic = next((shift for shift in sure if shift[0]), None)
    roman = next((shift for shift in sure if not shift[0]), None)
    return {
        id(edge.row): number
        for edge in edges
        for number, value in _numbers(edge.row)
        if (number.isdecimal(), value - edge.page) in (arabic, roman)
        and (
            _alone(edge.row)
            or (_beside(edge.row, number) and shifts[number.isdecimal(), value - edge.page] > 1)
        )
    }


def _alone(row: Line) -> bool:
    """Whether a row is a page's number and nothing else."""
    return _ALONE.match(row.text) is not None


def _beside(row: Line, number: str) -> bool:
    """Whether a number stands at an end of a row, far from the rest or in a row that is no sentence."""
    words = row.text.split()
    return number in (words[0], words[-1]) and row.text[-1] not in ".;:," and len(words) <= 16


def _numbers(row: Line) -> list[tuple[str, int]]:
    """The numbers that a row holds, with their values; Roman ones up to 49."""
    found: list[tuple[str, int]] = []
    for match in _NUMBER.finditer(row.text):
        number = match.group()
        value = int(number) if number.isdecimal() else roman(number)
        if value:
            found.append((number, value))
    return found


def _folded(row: Line) -> str:
    return " ".join(row.text.casefold().split())
