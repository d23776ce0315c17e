"""Pages that are known for sure, and the labels printed on them where these are certain."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from corpus.blocks import Line
from corpus.records import Page
from corpus.structure.page_marks import Mark

_FIRST_PAGE = 300  # characters of body before a number that is printed at the foot


def fed(length: int, feeds: Sequence[int], lines: Sequence[Line], marks: Iterable[Mark]) -> tuple[Page, ...]:
    """Pages between form feeds; labels where the printed numbers count with the pages."""
    starts = [0, *feeds]
    ends = [*(feed - 1 for feed in feeds), length]
    printed: dict[int, set[tuple[str, int]]] = {}
    for mark in marks:
        if mark.number:
            page = bisect_left(feeds, lines[mark.line].start + 1)
            printed.setdefault(page, set()).add((mark.number, mark.value))
    shifts = Counter(value - page for page, said in printed.items() for _, value in said)
    shift, times = shifts.most_common(1)[0] if shifts else (0, 0)
    labels = (
        {page: number for page, said in printed.items() for number, value in said if value - page == shift}
        if times >= 2
        else {}
    )
    return tuple(
        Page(i, labels.get(i), start, end) for i, (start, end) in enumerate(zip(starts, ends, strict=True))
    )


def numbered(
    length: int, printed: Sequence[Mark], edges: Sequence[tuple[int | None, int | None]]
) -> tuple[Page, ...]:
    """Pages between page numbers; labels where it is certain whether these stand at the foot or the head.

    `edges` say where the body stops before and goes on behind each number, if it does.
    """
    if not printed or any(b.value != a.value + 1 for a, b in pairwise(printed)) or len(edges) != len(printed):
        return ()  # a page without its number: where it ends is not known
    turns = [after for before, after in edges if before is not None and after is not None]
    opens, closes, first = edges[0][0] is None, edges[-1][1] is None, edges[0][0]
    at_foot = closes or (first is not None and printed[0].value == 1 and first >= _FIRST_PAGE)
    labels: list[str | None] = [None] * (len(turns) + 1)
    if opens != at_foot:  # the first or the last page has no number of its own
        own = slice(0, len(printed)) if at_foot else slice(len(labels) - len(printed), None)
        labels[own] = [mark.number for mark in printed]
    starts, ends = [0, *turns], [*turns, length]
    return tuple(
        Page(i, label, start, end)
        for i, (label, start, end) in enumerate(zip(labels, starts, ends, strict=True))
    )
