"""The order of reading: columns from left to right, parted by what runs across them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.pdf.lines import Line

_GAP = 6.0  # points: the least room between two columns
_EDGE = 2.0  # points by which lines that begin at one edge may differ
_FEWEST = 4  # lines on each side that prove two columns; fewer where another page has the same
_PROSE = 18  # characters of the middling line: the cells of a table are shorter


def flows(parts: Sequence[Line], gutters: Sequence[float] = ()) -> list[list[Line]]:
    """The pieces of lines of a page in columns, in the order of reading.

    `gutters` are the left edges of columns on other pages: there, fewer lines make a column.
    """
    return list(_flows(list(parts), gutters))


def edges(parts: Sequence[Line]) -> list[float]:
    """The left edges of the columns of a page but the first."""
    return [
        edge for edge in _candidates(parts, _FEWEST) if any(two for two, *_ in _bands(parts, edge, _FEWEST))
    ]


def _flows(parts: list[Line], gutters: Sequence[float]) -> Iterator[list[Line]]:
    for edge, fewest in [*((e, _FEWEST) for e in _candidates(parts, _FEWEST)), *((g, 1) for g in gutters)]:
        bands = list(_bands(parts, edge, fewest))
        if not any(two for two, *_ in bands):
            continue
        loose: list[Line] = []
        for two, left, right in bands:
            if not two:
                loose += [*left, *right]
                continue
            if loose:
                yield from _flows(loose, ())
                loose = []
            yield from _flows(left, ())
            yield from _flows(right, gutters)
        if loose:
            yield from _flows(loose, ())
        return
    if parts:
        yield parts


def _candidates(parts: Sequence[Line], fewest: int) -> list[float]:
    """Where columns may begin: left edges that many lines share, those of most lines first."""
    lefts = sorted(part.left for part in parts)
    groups: list[list[float]] = []
    for left in lefts:
        if groups and left - groups[-1][-1] <= _EDGE:
            groups[-1].append(left)
        else:
            groups.append([left])
    shared = [group for group in groups[1:] if len(group) >= fewest]
    return [group[0] for group in sorted(shared, key=len, reverse=True)]


def _bands(parts: Sequence[Line], edge: float, fewest: int) -> Iterator[tuple[bool, list[Line], list[Line]]]:
    """The page from top to bottom, cut by what runs across an edge: (whether two columns, left, right)."""
    left: list[Line] = []
    right: list[Line] = []
    for part in sorted(parts, key=lambda part: part.base):
        if part.left >= edge - _EDGE:
            right.append(part)
        elif part.right <= edge - _GAP:
            left.append(part)
        else:
            if left or right:
                yield _columns(left, right, fewest), left, right
            yield False, [part], []
            left, right = [], []
    if left or right:
        yield _columns(left, right, fewest), left, right


def _columns(left: Sequence[Line], right: Sequence[Line], fewest: int) -> bool:
    """Whether both sides are columns of prose that stand beside each other."""
    if min(len(left), len(right)) < fewest:
        return False
    if _middling(left) < _PROSE or (_middling(right) < _PROSE and fewest > 1):
        return False
    top = max(left[0].top, right[0].top)
    bottom = min(left[-1].bottom, right[-1].bottom)
    shorter = min(left[-1].bottom - left[0].top, right[-1].bottom - right[0].top)
    return bottom - top >= 0.3 * shorter


def _middling(parts: Sequence[Line]) -> int:
    lengths = sorted(len(part.text) for part in parts)
    return lengths[len(lengths) // 2]
