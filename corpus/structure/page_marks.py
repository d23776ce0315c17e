"""Explicit signs of a page's end: form feeds, lines that are only a page number, running heads."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.blocks import Line

_NUMBER = re.compile(
    r"(?P<open>[-–—~|•·\[(*]+[ ]*)?(?:(?P<word>page|pg\.?|p\.|seite|s\.|página|pagina|sayfa|səhifə)[ ]*)?"
    r"(?P<number>\d{1,4}|[ivxlc]{1,7})(?P<of>[ ]?(?:of|/|von|de|sur)[ ]?\d{1,4})?(?:[ ]*[-–—~|•·\])*]+)?",
    re.IGNORECASE,
)
_IN_HEAD = re.compile(r"\A(\d{1,4})[ \t|–—•·]+(?=\D)|(?<=\D)[ \t|–—•·]+(\d{1,4})\Z")
_HEAD_NUMBER = re.compile(r"(\d{1,4})[ \t|–—•·]+(?=\D)|.*\D[ \t|–—•·]+(\d{1,4})\Z")
_DIGITS = re.compile(r"\d+")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_EDGE = "\ufeff \t\u00a0"
_LONGEST_NUMBER = 24  # characters of a line that is only a page number
STOPS = ".!?:;,"  # running heads end without
_LONGEST_HEAD = 90  # characters of a running head
_FEWEST = 3  # numbers or heads in sequence; two stand together by chance
_FEWEST_SURE = 2  # of those that say `Page` or stand at a form feed
_BETWEEN = 300  # characters of body on a page, at the median
_NEAR = 400  # characters of white space between an edge of the page and its number
_NARROW = 0.7  # of the width of the lines it stands against: a running head is no line of the body
_ZONE = 2  # lines at a page's top and foot that may be a head


@dataclass(frozen=True, slots=True)
class Mark:
    """A line that is page furniture; `number` is what it prints, `sure` whether its form alone says so."""

    line: int
    number: str | None = None
    value: int = 0
    sure: bool = False


def feeds_of(lines: Iterable[Line]) -> list[int]:
    """The offsets behind the form feeds, which are blank lines of their own."""
    return [line.end for line in lines if not line.text and line.end > line.start]


def numbers(text: str, lines: Sequence[Line], feeds: Sequence[int]) -> list[Mark]:
    """Lines that are only a page number, where they count up by one through the document.

    A bare number has to stand alone, or at a form feed; whether bare numbers are pages or chapters
    is for the caller to see from what they cut.
    """
    candidates: list[Mark] = []
    for i, line in enumerate(lines):
        content = line.text
        if len(content) > _LONGEST_NUMBER and not content[0].isspace():  # most lines
            continue
        content = content.strip(_EDGE)  # a centred number stands deep in its line
        mark = _number(content, i) if len(content) <= _LONGEST_NUMBER else None
        if mark and (_alone(lines, i) or _at_feed(line, text, feeds)):
            candidates.append(Mark(i, mark.number, mark.value, mark.sure or _at_feed(line, text, feeds)))
    best = _climb(candidates)
    sure = sum(mark.sure for mark in best)
    if len(best) < (_FEWEST_SURE if sure == len(best) else _FEWEST):
        return []
    gaps = sorted(lines[b.line].start - lines[a.line].end for a, b in pairwise(best))
    return best if gaps[len(gaps) // 2] >= _BETWEEN or sure == len(best) else []


def numbered_heads(lines: Sequence[Line]) -> list[Mark]:
    """Lines that stand alone, each with a number that counts up by one, and words that come again."""
    candidates: list[Mark] = []
    for i, line in enumerate(lines):
        if not 0 < line.end - line.start <= _LONGEST_HEAD or not _alone(lines, i):
            continue
        content = line.text.strip(_EDGE)
        match = _HEAD_NUMBER.match(content)
        if match and content[-1] not in STOPS:
            number = match.group(1) or match.group(2)
            candidates.append(Mark(i, number, int(number)))
    best = _climb(candidates)
    said = Counter(folded(lines[mark.line].text) for mark in best)
    again = [mark for mark in best if said[folded(lines[mark.line].text)] > 1]
    return best if len(best) >= _FEWEST and len(again) >= len(best) - 1 else []


def _number(content: str, line: int) -> Mark | None:
    match = _NUMBER.fullmatch(content) if content else None
    if not match:
        return None
    number = match.group("number")
    sure = bool(match.group("word") or (match.group("open") and content[-1:] in "-–—~"))
    if number.isdecimal():
        return Mark(line, number, int(number), sure)
    return Mark(line, number, _roman(number), sure) if number.islower() else None


def _roman(number: str) -> int:
    total, highest = 0, 0
    for letter in reversed(number):
        value = _ROMAN[letter]
        total += value if value >= highest else -value
        highest = max(highest, value)
    return total


def _alone(lines: Sequence[Line], i: int) -> bool:
    return (i == 0 or lines[i - 1].blank) and (i + 1 == len(lines) or lines[i + 1].blank)


def _at_feed(line: Line, text: str, feeds: Sequence[int]) -> bool:
    """Whether only white space lies between the line and a page's edge, where form feeds show pages."""
    if not feeds:
        return False
    i = bisect_right(feeds, line.start)
    page = feeds[i - 1] if i else 0
    following = feeds[i] if i < len(feeds) else len(text)
    # Bounded: of a long page only its edges are looked at.
    near = line.start - page <= _NEAR and not text[page : line.start].strip()
    return near or (following - line.end <= _NEAR and not text[line.end : following].strip())


def _climb(candidates: Sequence[Mark]) -> list[Mark]:
    """The longest run that counts up by one (one page may print no number)."""
    best: dict[int, tuple[int, int]] = {}  # value -> (length, index of its candidate)
    before: list[int] = []
    top = (0, -1)
    for i, mark in enumerate(candidates):
        length, at = best.get(mark.value - 1, (0, -1))
        if (skipped := best.get(mark.value - 2)) and skipped[0] - 1 > length:
            length, at = skipped[0] - 1, skipped[1]
        before.append(at)
        best[mark.value] = max(best.get(mark.value, (0, -1)), (length + 1, i))
        top = max(top, (length + 1, i))
    run: list[Mark] = []
    at = top[1]
    while at >= 0:
        run.append(candidates[at])
        at = before[at]
    return run[::-1]


def heads(lines: Sequence[Line], feeds: Sequence[int], marks: Sequence[Mark]) -> list[Mark]:
    """Short lines that are said again, but for their digits, at form feeds or beside page numbers."""
    near = {mark.line for mark in marks}
    places = _zones(lines, feeds, near)
    said = Counter(folded(lines[i].text) for i in places)
    needed = max(_FEWEST_SURE, min(_FEWEST, (len(feeds) or len(marks)) // 2))
    return [
        Mark(i, *_head_number(lines[i].text))
        for i in places
        if said[folded(lines[i].text)] >= needed and i not in near
    ]


def _zones(lines: Sequence[Line], feeds: Sequence[int], near: set[int]) -> list[int]:
    """Short lines among the first and last of a page."""
    starts = [line.start for line in lines] if feeds else []
    edges = [-1, *(bisect_left(starts, feed - 1) for feed in feeds), *sorted(near), len(lines)]
    return sorted({i for edge in edges for step in (-1, 1) for i in _nearest(lines, edge + step, step)})


def _nearest(lines: Sequence[Line], i: int, step: int) -> list[int]:
    """Lines from a page's edge inwards that may be heads: short ones, not lines of the body's width."""
    found: list[int] = []
    looked = 0
    while 0 <= i < len(lines) and len(found) < _ZONE and looked < 8:
        if not lines[i].blank:
            content = lines[i].text.strip()
            length = len(content)
            if (
                length > _LONGEST_HEAD
                or content[-1:] in STOPS
                or length > _NARROW * _width(lines, i + step, step)
            ):
                break
            found.append(i)
        i += step
        looked += 1
    return found


def _width(lines: Sequence[Line], i: int, step: int) -> float:
    """Characters of the longest of the lines that stand right against this one, on the body's side."""
    widest = 0
    for _ in range(_ZONE + 1):
        if not 0 <= i < len(lines) or lines[i].blank:
            break
        widest = max(widest, len(lines[i].text))
        i += step
    return widest or _LONGEST_HEAD / _NARROW


def folded(content: str) -> str:
    """A line as other pages say it: without its digits, in one case."""
    return _DIGITS.sub("#", content.strip(_EDGE)).casefold()


def _head_number(content: str) -> tuple[str | None, int]:
    match = _IN_HEAD.search(content.strip(_EDGE))
    number = match and (match.group(1) or match.group(2))
    return (number, int(number)) if number else (None, 0)
