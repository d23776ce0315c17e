"""Starred notes: `* Text` or `† Text` at a page's foot, called by the same sign behind a word."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from corpus.blocks import Line
from corpus.records import Span

_SIGNS = "*†‡§"
_LABEL = re.compile(r"[ \t\f]*(?P<sign>\\?\*{1,3}|†{1,3}|‡{1,3}|§)[ \t\u00a0]*(?=[^\s*†‡§])")
_CALL = re.compile(r"(?<=[^\s*†‡§\\|/=+<>{}])(\\?\*{1,3}|†{1,3}|‡{1,3})(?=[\s.,;:!?)”’\"]|\Z)", re.MULTILINE)
_LONGEST_GAP = 8000  # characters from a call to its note: a page, or the end of a chapter's opening


def symbol_notes(
    text: str, lines: Sequence[Line], taken: Sequence[Span]
) -> Iterator[tuple[str, Span, Span, tuple[Span, ...]]]:
    """(sign, label, body, markers) of each starred note; `taken` are notes already found.

    Stars also make lists and emphasis: a line is a note only when no other line of its kind stands
    beside it and exactly one unpaired sign in the text before, not called yet, waits for it.
    """
    if not any(sign in text for sign in _SIGNS):
        return
    waiting: dict[str, Span] = {}
    starts = [span.start for span in taken]
    for i, line in enumerate(lines):
        content = line.text
        if not any(sign in content for sign in _SIGNS):
            continue
        i_taken = bisect_right(starts, line.start) - 1
        if i_taken >= 0 and taken[i_taken].end > line.start:
            continue
        label = _LABEL.match(content)
        if label and not _closed(content, label.group("sign")):
            sign = label.group("sign").lstrip("\\")
            call = waiting.get(sign)
            if call and line.start - call.end <= _LONGEST_GAP and not _listed(lines, i, sign):
                del waiting[sign]
                at = line.start + label.start("sign")
                end = _end(lines, i)
                yield sign, Span(at, line.start + label.end()), Span(line.start + label.end(), end), (call,)
            continue
        for sign, span in _calls(line):
            waiting[sign] = span


def _closed(content: str, sign: str) -> bool:
    """Whether the star at a line's start opens an emphasis that ends in the line."""
    return sign.startswith("*") and content.count(sign) % 2 == 0


def _calls(line: Line) -> Iterator[tuple[str, Span]]:
    stars = line.text.count("*") - line.text.count("\\*")
    for match in _CALL.finditer(line.text):
        sign = match.group(1)
        # An even number of stars pairs up as emphasis: which of them calls is not certain.
        if sign.startswith("*") and stars % 2 == (0 if len(sign) % 2 else 1):
            continue
        if sign.startswith("*") and stars != len(sign):
            continue
        yield sign.lstrip("\\"), Span(line.start + match.start(), line.start + match.end())


def _listed(lines: Sequence[Line], i: int, sign: str) -> bool:
    """Whether a neighbour opens with the same sign: then it is a list."""
    return any(
        (match := _LABEL.match(lines[j].text)) and match.group("sign").lstrip("\\") == sign
        for j in _neighbours(lines, i)
    )


def _neighbours(lines: Sequence[Line], i: int) -> Iterator[int]:
    for step in (-1, 1):
        j = i + step
        while 0 <= j < len(lines) and abs(j - i) < 4 and lines[j].blank:
            j += step
        if 0 <= j < len(lines):
            yield j


def _end(lines: Sequence[Line], i: int) -> int:
    """The end of the paragraph, or of the lines before another sign's note."""
    while i + 1 < len(lines) and not lines[i + 1].blank and not _LABEL.match(lines[i + 1].text):
        i += 1
    return lines[i].start + len(lines[i].text.rstrip())
