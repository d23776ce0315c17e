"""The lines of a text as the detectors read them: trimmed, with their place, and grouped to paragraphs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from corpus.records import Span


class Row(NamedTuple):
    """A line without the white space around it; `start` is where its first character stands.

    A tuple and not a dataclass: a text of five million characters has sixty thousand of them.
    """

    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


_start = attrgetter("start")


def rows(text: str) -> list[Row]:
    """Every line of a text, blank ones included (their text is empty)."""
    if "\r" in text:  # as many characters as before, so that offsets hold
        text = text.replace("\r\n", " \n").replace("\r", "\n")
    if "\f" in text:  # a new page begins a new line, and a new paragraph
        text = text.replace("\f", "\n")
    found: list[Row] = []
    at = 0
    for line in text.split("\n"):
        bare = line.strip()
        found.append(Row(at + line.find(bare) if bare else at, bare))
        at += len(line) + 1
    return found


def paragraphs(all_rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """Runs of lines that no blank line parts."""
    first = -1
    for i, row in enumerate(all_rows):
        if row.text:
            if first < 0:
                first = i
        elif first >= 0:
            yield all_rows[first:i]
            first = -1
    if first >= 0:
        yield all_rows[first:]


def span_of(group: Sequence[Row]) -> Span:
    """The place of a run of lines."""
    return Span(group[0].start, group[-1].end)


def outside(all_rows: Sequence[Row], hidden: Sequence[Span]) -> list[Row]:
    """The same lines; those that begin in a hidden span (sorted, disjoint) read as blank."""
    found = list(all_rows)
    for span in hidden:
        first = bisect_left(found, span.start, key=_start)
        for i in range(first, bisect_left(found, span.end, key=_start)):
            found[i] = Row(found[i].start, "")
    return found
