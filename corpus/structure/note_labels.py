"""Lines that may begin a footnote: the label each opens with, and the blocks they stand in.

Nothing here decides that a line is a note: years, lists, dates and table rows open with numbers
too. `corpus.structure.note_links` keeps those that markers in the body call.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, pairwise

from corpus.blocks import Line

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
PLAIN_DIGITS = str.maketrans(SUPERSCRIPTS, "0123456789")
_EDGE = "\x00\ufeff \t\f\v\u00a0\u200b"  # what may stand in front of a label
_OPENERS = frozenset("0123456789[(^<\\" + SUPERSCRIPTS)
_LABEL = re.compile(
    rf"(?:(?P<super>[{SUPERSCRIPTS}]{{1,4}})[.)]?[ \t\u00a0]*"
    r"|<sup>[ ]?(?P<tag>\d{1,4})[.)]?[ ]?</sup>[ \t\u00a0]*"
    r"|\^\{?(?P<caret>\d{1,4})\}?\^?:?[ \t\u00a0]*"
    r"|\\?\[(?P<bracket>\d{1,4})\\?\][:.]?(?!\()[ \t\u00a0]*"
    r"|\((?P<paren>\d{1,4})\)[ \t\u00a0]+"
    r"|(?P<dotted>\d{1,4})\\?[.):][ \t\u00a0]+"
    r"|(?P<bare>\d{1,4})(?:[ \t\u00a0]+(?=[^\s\d.,;)%/+=-]|[12]\d{3}\b|\d{1,2} [^\W\d_])"
    r"|(?=[A-Z“\"‘«<])))(?=\S)"
)
_ALONE = re.compile(  # a bare number above a line is a page or a chapter more often than a note
    rf"(?:(?P<super>[{SUPERSCRIPTS}]{{1,4}})[.)]?|<sup>[ ]?(?P<tag>\d{{1,4}})[.)]?[ ]?</sup>"
    r"|\^(?P<caret>\d{1,4})\^?|\\?\[(?P<bracket>\d{1,4})\\?\][:.]?|\((?P<paren>\d{1,4})\)|(?P<dotted>\d{1,4})\\?[.):])\s*\Z"
)
_LONGEST_ALONE = 16  # characters
_RULE = re.compile(r"[-_=*—─ \t]{3,}\Z")
_HEADING = re.compile(
    r"[\W\d]*(?:foot|end)?(?:notes|references|bibliography|sources|works cited|citations)\W*\Z", re.IGNORECASE
)
_SOURCE = re.compile(
    r"https?:|www\.|\bibid|\bpp?\. ?\d|\bvol\.|\bno\. ?\d|\bsee\b|\bcf\.|\bop\. cit|\baccessed\b"
    r"|\beds?\.|\(\d{4}\)|[\"“”«]|\b(?:1[5-9]|20)\d\d\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:\d+ )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?:[ ,]+\d{4})?\b", re.IGNORECASE
)
_LONGEST_TITLE = 120  # characters; a longer line is no heading


class Family(StrEnum):
    """Labels that one document uses side by side: raised digits are often flattened to bare ones."""

    RAISED = "raised"
    DOTTED = "dotted"
    BRACKET = "bracket"
    PAREN = "paren"


_FAMILIES = {
    "super": Family.RAISED,
    "tag": Family.RAISED,
    "caret": Family.RAISED,
    "bare": Family.RAISED,
    "dotted": Family.DOTTED,
    "bracket": Family.BRACKET,
    "paren": Family.PAREN,
}


@dataclass(frozen=True, slots=True)
class Label:
    """A line that opens with a number: `start` is the label's place, `text` where the words begin.

    `unit` counts paragraphs and labelled lines from the top: neighbours differ by one. `look` says
    how much the line resembles a note (1), a heading, a date or a row (-1).
    """

    number: int
    family: Family
    start: int
    text: int
    end: int
    unit: int
    look: float


@dataclass(slots=True)
class _Unit:
    """A paragraph, or the part of one that a label opens, while its lines are collected."""

    start: int
    end: int
    lines: int = 1
    label: re.Match[str] | None = None
    headed: bool = False
    below: Line | None = None  # the first line of words, where the label stands alone above them

    @property
    def first(self) -> int:
        """How many lines it takes to come to the words."""
        return 1 if self.below is None else 2


def labels(lines: Iterable[Line]) -> tuple[list[Label], list[tuple[int, int]]]:
    """Every labelled line, and the place of every unit, in reading order."""
    units: list[_Unit] = []
    labelled = headed = False
    fresh = True  # whether a paragraph begins
    for line, below in pairwise(chain(lines, (None,))):
        assert line is not None
        text = line.text
        first = text[:1]
        match = alone = None
        if not first.isalpha():  # most lines are words: the rest costs more
            if not text or text.isspace() or (first in "-_=*—─ \t" and _RULE.match(text)):
                fresh = True
                continue
            match = _label(text) if first in _OPENERS or first in _EDGE else None
            if match is None and (fresh or labelled) and len(text) <= _LONGEST_ALONE:
                match = alone = _alone(text, below)
        # In the middle of a paragraph a number may have been wrapped to a line's start; a raised one was not.
        if match and not (fresh or labelled or match.lastgroup == "super"):
            match = None
        if fresh or match:
            units.append(
                _Unit(line.start, line.end, label=match, headed=headed, below=below if alone else None)
            )
            labelled, fresh = match is not None, False
            headed = _headed(units, text, headed)
        else:
            units[-1].end = line.end
            units[-1].lines += 1
            headed = headed and labelled
    found = [_made(unit, i) for i, unit in enumerate(units) if unit.label and unit.lines >= unit.first]
    return found, [(unit.start, unit.end) for unit in units]


def _label(text: str) -> re.Match[str] | None:
    at = len(text) - len(text.lstrip(_EDGE))
    return _LABEL.match(text, at) if text[at : at + 1] in _OPENERS else None


def _alone(text: str, below: Line | None) -> re.Match[str] | None:
    """The label that a line is and nothing else, where words follow on the next."""
    if below is None or below.blank or _RULE.match(below.text) or _label(below.text):
        return None
    return _ALONE.match(text, len(text) - len(text.lstrip(_EDGE)))


def _headed(units: Sequence[_Unit], text: str, headed: bool) -> bool:
    """Whether what follows stands under a heading such as NOTES, with nothing but notes in between."""
    if len(text) < 40 and _HEADING.match(text):
        return True
    return headed and units[-1].label is not None


def _made(unit: _Unit, index: int) -> Label:
    match = unit.label
    assert match is not None
    assert match.lastgroup is not None
    number = int(match.group(match.lastgroup).translate(PLAIN_DIGITS))
    words, text = match.string[match.end() :], unit.start + match.end()
    if not words and unit.below:
        words, text = unit.below.text, unit.below.start
    return Label(
        number=number,
        family=_FAMILIES[match.lastgroup],
        start=unit.start + match.start(),
        text=text + len(words) - len(words.lstrip()),
        end=unit.start + len(match.string.rstrip()) if unit.lines == 1 else unit.end,
        unit=index,
        look=_look(words, unit, match.lastgroup),
    )


def _look(words: str, unit: _Unit, form: str) -> float:
    if unit.headed or form in ("super", "tag", "caret"):
        return 1.0
    if "\t" in words or (form == "bare" and _DATE.match(words)):
        return -1.0
    if _SOURCE.search(words[:400]):
        return 0.5
    last = words.rstrip(" *_")[-1:]
    if unit.lines == unit.first and len(words) < _LONGEST_TITLE and last not in ".!?)]>":
        return -1.0
    return 0.0


def blocks(found: Sequence[Label], family: Family) -> list[list[Label]]:
    """Labels of one family in runs: neighbours, each number one higher than the last."""
    runs: list[list[Label]] = []
    for label in found:
        if label.family is not family:
            continue
        last = runs[-1][-1] if runs else None
        if last and label.unit == last.unit + 1 and label.number == last.number + 1:
            runs[-1].append(label)
        else:
            runs.append([label])
    return runs
