"""Numbers and bullets that Word prints before paragraphs: counted, for they do not stand in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from corpus.docx.names import W, value
from corpus.web.walk import roman
from corpus.zipped import Element

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_BULLET = "\u2022"


@dataclass(frozen=True, slots=True)
class Level:
    """How a level of a list is numbered: `text` has `%1` for the number of the first level."""

    style: str = "decimal"
    text: str = ""
    start: int = 1
    paragraph_style: str | None = None


@dataclass(slots=True)
class _List:
    levels: dict[int, Level]
    counts: list[int] = field(default_factory=lambda: [0] * _LEVELS)


class Numbering:
    """The lists of a document, and how far each was counted."""

    def __init__(self, root: Element | None) -> None:
        self._lists: dict[str, _List] = {}
        self._by_style: dict[str, tuple[str, int]] = {}
        if root is None:
            return
        kinds = {
            found.get(W + "abstractNumId"): _levels(found) for found in root.iterchildren(W + "abstractNum")
        }
        shared: dict[str | None, _List] = {}
        for found in root.iterchildren(W + "num"):
            abstract = value(found, "abstractNumId")
            levels = dict(kinds.get(abstract, {}))
            changed = _overrides(found, levels)
            levels.update(changed)
            own = _List(levels) if changed else shared.setdefault(abstract, _List(levels))
            number = str(found.get(W + "numId"))
            self._lists[number] = own
            for depth, level in levels.items():
                if level.paragraph_style:
                    self._by_style.setdefault(level.paragraph_style, (number, depth))

    def of_style(self, style: str) -> tuple[str, int] | None:
        """The list and level that a paragraph style is linked to by the list."""
        return self._by_style.get(style)

    def count(self, number: str, depth: int) -> str:
        """Count a paragraph of a list in; what is printed before it, which may be nothing."""
        found = self._lists.get(number)
        if found is None or depth not in found.levels:
            return ""
        level = found.levels[depth]
        before = found.counts[depth]
        found.counts[depth] = before + 1 if before else level.start
        for deeper in range(depth + 1, _LEVELS):
            found.counts[deeper] = 0
        if level.style == "bullet":
            return _BULLET
        if level.style == "none":
            return ""
        return _PLACE.sub(lambda place: self._numeral(found, int(place[1]) - 1), level.text)

    def _numeral(self, found: _List, depth: int) -> str:
        level = found.levels.get(depth, Level())
        return numeral(found.counts[depth] or level.start, level.style)


def numeral(number: int, style: str) -> str:
    """A number as Word prints it in a style of numbering."""
    if style in ("lowerRoman", "upperRoman") and 0 < number < 4_000:
        return roman(number) if style == "lowerRoman" else roman(number).upper()
    if style in ("lowerLetter", "upperLetter") and 0 < number <= 26 * 20:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if style == "lowerLetter" else letter.upper()
    if style == "chicago" and number > 0:
        return "*†‡§"[(number - 1) % 4] * ((number - 1) // 4 + 1)
    return f"{number:02d}" if style == "decimalZero" else str(number)


def _levels(root: Element) -> dict[int, Level]:
    levels = {}
    for found in root.iterchildren(W + "lvl"):
        depth = str(found.get(W + "ilvl"))
        if depth.isdecimal() and int(depth) < _LEVELS:
            levels[int(depth)] = Level(
                value(found, "numFmt") or "decimal",
                (value(found, "lvlText") or "").strip(),
                _whole(value(found, "start"), 1),
                value(found, "pStyle"),
            )
    return levels


def _overrides(root: Element, levels: dict[int, Level]) -> dict[int, Level]:
    """The levels that a list changes: then it counts for itself."""
    changed: dict[int, Level] = {}
    for found in root.iterchildren(W + "lvlOverride"):
        changed.update(_levels(found))
        depth, start = str(found.get(W + "ilvl")), value(found, "startOverride")
        if start and depth.isdecimal() and int(depth) in levels and int(depth) not in changed:
            changed[int(depth)] = replace(levels[int(depth)], start=_whole(start, 1))
    return changed


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 7 else otherwise
