"""Marks in the body that may call a footnote, and the ascending sequence among them.

A mark alone proves nothing (`km²`, `[5]`, `G20`): what counts is a run that climbs by one from mark
to mark, starting again at 1 where a chapter or page begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.records import Span
from corpus.structure.note_labels import PLAIN_DIGITS, SUPERSCRIPTS


class Style(StrEnum):
    """How marks are written; the strongest evidence first."""

    SUPER = "super"
    TAG = "tag"
    CARET = "caret"
    BRACKET = "bracket"
    PAREN = "paren"
    GLUED = "glued"


# The first character stands outside the repetition: so `re` skips to it without trying each place.
_S = f"[{SUPERSCRIPTS}]"
_SUPER = re.compile(rf"{_S}{_S}{{0,15}}(?:[⁻–-]{_S}{{1,4}})?")
_TAG = re.compile(r"<sup>[ \[(]{0,2}(\d{1,4}(?:[ ]?[,;–-][ ]?\d{1,4}){0,10})[ \])]{0,2}</sup>")
_CARET = re.compile(r"\^[{\[(]?(\d{1,4}(?:[ ]?[,;–-][ ]?\d{1,4}){0,10})[}\])]?\^?")
_BRACKET = re.compile(r"\[(\d{1,4}(?:[ ]?[,;–-][ ]?\d{1,4}){0,10})\\?\](?!\()")
_PAREN = re.compile(r"\((\d{1,3})\)")
_GLUED = re.compile(r"\d\d{0,2}(?!\w)(?![.,:/-]\d)")
_UNIT = re.compile(
    r"(?<![^\W_])(?:[mkcdµn]?m|ft|in|sq|yd|mi|CO|H|[a-zA-Z]|[a-z]*\d[\d.,]*)\Z"
)  # an exponent: m², 10⁶, x²
_BEFORE_NUMBER = re.compile(r"\b(?:pp?|nos?|vols?|arts?|ch|sec|figs?|ed|v)\.\Z", re.IGNORECASE)
_CLOSERS = ".,;:!?\"'”’»)]*_"
_RANGE = re.compile(r"(\d+)[ ]?[–⁻-][ ]?(\d+)")
_LONGEST_RANGE = 30
_WEAK = 0.3  # weight of a mark that looks like an exponent or a page number
_RESTART = 0.5  # below 1, that a page with one note counts; above 0, that a repeated 1 is no restart
_GAP = 0.6  # for each number that no mark has
_SPLIT = 0.5  # `¹²` is 12 before it is 1 and 2


@dataclass(frozen=True, slots=True)
class Marker:
    """A mark for one note; several may share a span (`[3, 4]`)."""

    number: int
    span: Span
    weight: float = 1.0
    epoch: int = 0  # how often numbering began again before it


def markers(text: str, style: Style) -> list[Marker]:
    """Marks of one style in reading order."""
    match style:
        case Style.SUPER:
            return list(_super(text)) if any(c in text for c in SUPERSCRIPTS) else []
        case Style.TAG:
            return list(_listed(text, _TAG)) if "<sup>" in text else []
        case Style.CARET:
            return list(_listed(text, _CARET, glued="[(\\^")) if "^" in text else []
        case Style.BRACKET:
            return list(_listed(text, _BRACKET)) if "[" in text else []
        case Style.PAREN:
            return list(_listed(text, _PAREN, glued="(\\")) if "(" in text else []
        case Style.GLUED:
            return list(_glued(text))


def _super(text: str) -> Iterator[Marker]:
    for match in _SUPER.finditer(text):
        start = match.start()
        before = text[start - 1 : start]
        if not before or before in "\n\r\f":
            continue
        weight = 1.0
        if before in " \t\u00a0":
            if not text[max(0, start - 2) : start].strip() or match.end() == len(text):
                continue  # an indented label
            weight = 0.6
        elif before.isalnum() and _UNIT.search(text, max(0, start - 12), start):
            weight = _WEAK
        digits = match.group().translate(PLAIN_DIGITS)
        yield from _numbers(digits, Span(*match.span()), weight)


def _listed(text: str, pattern: re.Pattern[str], glued: str | None = None) -> Iterator[Marker]:
    """Marks with digits in a group; `glued`: behind a character that is neither space nor one of these."""
    for match in pattern.finditer(text):
        start = match.start()
        before = text[start - 1 : start]
        if start and before == "\\":
            start -= 1
            before = text[start - 1 : start]
        weight = 1.0
        if glued is not None:
            if not before or before.isspace() or before in glued:
                continue
            if before.isalnum() and _UNIT.search(text, max(0, start - 12), start):
                weight = _WEAK
        yield from _numbers(match.group(1), Span(start, match.end()), weight)


def _glued(text: str) -> Iterator[Marker]:
    for match in _GLUED.finditer(text):
        start = match.start()
        i = start
        while i > 0 and start - i < 4 and text[i - 1] in _CLOSERS:
            i -= 1
        if i and text[i - 1].isalpha():
            weak = _BEFORE_NUMBER.search(text, max(0, start - 6), start) or (
                i == start and _capitals(text, start)
            )
            yield Marker(int(match.group()), Span(*match.span()), _WEAK if weak else 1.0)


def _capitals(text: str, end: int) -> bool:
    """Whether a capital stands in front: `G20`, `MH17`."""
    return text[end - 1].isupper()


def _numbers(digits: str, span: Span, weight: float) -> Iterator[Marker]:
    if digits.isdecimal():
        yield Marker(int(digits), span, weight)
        return
    ranged = _RANGE.fullmatch(digits)
    if ranged and 0 < int(ranged.group(2)) - int(ranged.group(1)) <= _LONGEST_RANGE:
        for number in range(int(ranged.group(1)), int(ranged.group(2)) + 1):
            yield Marker(number, span, weight)
        return
    for part in re.split(r"[ ]?[,;][ ]?", digits):
        if part.isdecimal():
            yield Marker(int(part), span, weight)
        elif part != digits:
            yield from _numbers(part, span, weight)


def chain(found: Iterable[Marker]) -> list[Marker]:
    """The heaviest subsequence that climbs by one and may begin again at 1, with its epochs.

    Raised digits in a row are read as one number or as several (`¹²` is 12, or 1 and 2), whichever
    the sequence asks for.
    """
    nodes: list[tuple[Sequence[Marker], int]] = []
    best: dict[int, tuple[float, int]] = {}  # last number -> (weight, node)
    top = (0.0, -1)
    for marker in found:
        readings = [(cost, parts, _reached(best, top, parts[0].number)) for cost, parts in _readings(marker)]
        for cost, parts, (score, before) in readings:
            score += sum(part.weight for part in parts) - cost
            last = parts[-1].number
            if score > best.get(last, (0.0, -1))[0]:
                nodes.append((parts, before))
                best[last] = (score, len(nodes) - 1)
                top = max(top, best[last], key=lambda end: end[0])
    return _numbered(nodes, top[1])


def _reached(best: dict[int, tuple[float, int]], top: tuple[float, int], number: int) -> tuple[float, int]:
    """The best sequence that `number` can go on from: its weight less what the step costs, and its node."""
    ways = [(max(0.0, top[0] - _RESTART), top[1])] if number == 1 else [(-_GAP, -1)]
    for gap in range(3):
        if reached := best.get(number - 1 - gap):
            ways.append((reached[0] - gap * _GAP, reached[1]))
    return max(ways, key=lambda way: way[0])


def _readings(marker: Marker) -> list[tuple[float, Sequence[Marker]]]:
    found: list[tuple[float, Sequence[Marker]]] = [(0.0, (marker,))]
    digits = str(marker.number)
    if marker.number < 10 or len(digits) != len(marker.span):
        return found
    for width in range(1, len(digits) // 2 + 1):
        numbers, printed = [int(digits[:width])], digits[:width]
        while len(printed) < len(digits):
            numbers.append(numbers[-1] + 1)
            printed += str(numbers[-1])
        if printed == digits and numbers[0]:
            found.append((_SPLIT, _parts(marker, numbers)))
    return found


def _parts(marker: Marker, numbers: Iterable[int]) -> list[Marker]:
    """The marks that one in a row of digits is read as."""
    parts: list[Marker] = []
    at = marker.span.start
    for number in numbers:
        end = at + len(str(number))
        parts.append(Marker(number, Span(at, end), marker.weight))
        at = end
    return parts


def _numbered(nodes: Sequence[tuple[Sequence[Marker], int]], at: int) -> list[Marker]:
    """The sequence that ends in node `at`, each marker with its epoch."""
    reverse: list[Marker] = []
    while at >= 0:
        parts, at = nodes[at]
        reverse.extend(reversed(parts))
    epoch, last = 0, 0
    result: list[Marker] = []
    for marker in reversed(reverse):
        epoch += marker.number <= last
        last = marker.number
        result.append(Marker(last, marker.span, marker.weight, epoch))
    return result
