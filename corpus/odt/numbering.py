"""Numbers and bullets of lists and headings in OpenDocument: counted, for they do not stand in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.docx.numbering import numeral
from corpus.odt.names import LO, STYLE, TEXT, whole
from corpus.zipped import Element

LEVELS = 10
OUTLINE = "\0outline"  # the list of headings, which has no name that could be another's
_BULLET = "\u2022"
_FORMATS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_PLACE = re.compile(r"%(\d{1,2})%")


@dataclass(frozen=True, slots=True)
class Level:
    """How a level of a list is numbered: `shown` levels are printed, `pattern` has `%1%` for the first."""

    style: str = "decimal"
    prefix: str = ""
    suffix: str = ""
    shown: int = 1
    start: int = 1
    pattern: str = ""


@dataclass(slots=True)
class Count:
    """How far a list was counted, at each level; `last` is what counted there."""

    numbers: list[int] = field(default_factory=lambda: [0] * LEVELS)
    last: list[str] = field(default_factory=lambda: [""] * LEVELS)


class Numbering:
    """The list styles of a document."""

    def __init__(self, *roots: Element | None) -> None:
        self._styles: dict[str, dict[int, Level]] = {}
        for root in roots:
            for found in root.iter(TEXT + "list-style") if root is not None else ():
                self._styles[str(found.get(STYLE + "name"))] = _levels(found)
            for found in root.iter(TEXT + "outline-style") if root is not None else ():
                self._styles[OUTLINE] = _levels(found)

    def printed(self, style: str, depth: int, count: Count, start: str | None = None) -> str:
        """Count an item in, at a depth from 0; what is printed before it, which may be nothing."""
        levels = self._styles.get(style)
        level = levels.get(depth) if levels else None
        if level is None or depth >= LEVELS:
            return "" if levels or style == OUTLINE else _BULLET  # the style of a list is lost, not the list
        if count.last[depth] not in ("", style):
            count.numbers[depth] = 0
        count.last[depth] = style
        before = count.numbers[depth]
        count.numbers[depth] = whole(start, before + 1 if before else level.start)
        count.numbers[depth + 1 :] = [0] * (LEVELS - depth - 1)
        if level.style in ("bullet", ""):
            return _BULLET if level.style else (level.prefix + level.suffix).strip()
        return _label(levels or {}, level, depth, count).strip()


def _label(levels: dict[int, Level], level: Level, depth: int, count: Count) -> str:
    def number(at: int) -> str:
        own = levels.get(at, Level())
        return numeral(count.numbers[at] or own.start, own.style) if own.style not in ("bullet", "") else ""

    if level.pattern:
        return _PLACE.sub(lambda p: number(int(p[1]) - 1) if 0 < int(p[1]) <= LEVELS else "", level.pattern)
    first = max(0, depth + 1 - level.shown)
    return level.prefix + ".".join(filter(None, map(number, range(first, depth + 1)))) + level.suffix


def _levels(root: Element) -> dict[int, Level]:
    levels: dict[int, Level] = {}
    for found in root:
        depth = whole(found.get(TEXT + "level"), 0) - 1
        if not 0 <= depth < LEVELS:
            continue
        kind = str(found.tag).removeprefix(TEXT)
        if kind in ("list-level-style-bullet", "list-level-style-image"):
            levels[depth] = Level("bullet")
        elif kind in ("list-level-style-number", "outline-level-style"):
            format_ = found.get(STYLE + "num-format") or ""
            levels[depth] = Level(
                _FORMATS.get(format_, "decimal" if format_ else ""),
                found.get(STYLE + "num-prefix") or "",
                found.get(STYLE + "num-suffix") or "",
                whole(found.get(TEXT + "display-levels"), 1),
                whole(found.get(TEXT + "start-value"), 1),
                (found.get(LO + "num-list-format") or "") if format_ else "",
            )
    return levels
