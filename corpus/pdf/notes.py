"""Footnotes: small lines at the foot of a column that begin with a label, and raised marks that call them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from corpus.pdf.lines import Line
from corpus.pdf.words import Word

_SMALL = 0.93  # of the body's size: the lines of notes are at most as large
_SYMBOLS = r"[*\u2020\u2021\u00a7\u00b6#]{1,4}"
_LABEL = re.compile(rf"(?:\[(?P<square>\d{{1,3}})\]|(?P<number>\d{{1,3}})[.)]?|(?P<symbol>{_SYMBOLS}))\s*")
_MARK = re.compile(rf"\(?\[?(?P<numbers>\d{{1,3}}(?:\s?[,;]\s?\d{{1,3}})*|{_SYMBOLS})\]?\)?[.,;]?\Z")
_EACH = re.compile(rf"\d{{1,3}}|{_SYMBOLS}")
_SUPERSCRIPT = re.compile("[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+")
_DIGITS = str.maketrans("\u00b9\u00b2\u00b3\u2070\u2074\u2075\u2076\u2077\u2078\u2079", "1230456789")
_UNITS = re.compile(r"(?:\d|\b[cdkm]?m|\bsec|\bs|\bx|\bR)\Z")  # in front of an exponent


@dataclass(slots=True)
class Definition:
    """Lines of a note: `label` characters of the first line are its label; `sure` where that is raised."""

    page: int
    number: str
    label: int
    lines: list[Line]
    sure: bool
    rest: list[tuple[int, list[Line]]] = field(default_factory=list)  # (page, lines) where it goes on
    mark: Mark | None = None

    @property
    def places(self) -> list[tuple[int, list[Line]]]:
        """Its lines, page by page."""
        return [(self.page, self.lines), *self.rest]


class Mark(NamedTuple):
    """A mark in the body that calls a note: characters `[start, end)` of a word."""

    page: int
    number: str
    word: Word
    start: int
    end: int


class Parted(NamedTuple):
    """The lines of a column: of the body, of a note that goes on from the last page, and of its own notes."""

    body: list[Line]
    lead: list[Line]
    notes: list[Definition]


def parted(page: int, lines: Sequence[Line], body: float) -> Parted:
    """The notes at the foot of a column, given its lines from top to bottom."""
    foot = len(lines)
    while foot and lines[foot - 1].size <= _SMALL * body:
        foot -= 1
    labels = [_label(line) for line in lines]
    if foot == len(lines):  # as large as the body: then the label has to be raised
        starts = [i for i, label in enumerate(labels) if label and label[2]]
        foot = starts[0] if starts and lines[starts[0]].base > 0.5 * lines[-1].bottom else foot
    notes: list[Definition] = []
    lead: list[Line] = []
    for line, label in zip(lines[foot:], labels[foot:], strict=True):
        if label and _follows(notes[-1].number if notes else None, label[0]):
            notes.append(Definition(page, label[0], label[1], [line], label[2]))
        elif notes:
            notes[-1].lines.append(line)
        else:
            lead.append(line)
    return Parted(list(lines[:foot]), lead, notes)


def marks(page: int, lines: Iterable[Line]) -> list[Mark]:
    """The raised numbers and symbols of body lines, exponents left out."""
    found: list[Mark] = []
    for line in lines:
        for i, word in enumerate(line.words):
            before = line.words[i - 1].text if i and word.glued else ""
            if i and line.raised(word) and (match := _MARK.match(word.text)) and not _exponent(before, word):
                at = match.start("numbers")
                found.extend(
                    Mark(page, each.group(), word, at + each.start(), at + each.end())
                    for each in _EACH.finditer(match.group("numbers"))
                )
            elif match := _SUPERSCRIPT.search(word.text):
                number = match.group().translate(_DIGITS)
                if match.start() and not _UNITS.search(word.text[: match.start()]):
                    found.append(Mark(page, number, word, *match.span()))
            elif (
                i
                and word.glued
                and word.text[0] in "*\u2020\u2021"
                and (match := re.match(_SYMBOLS, word.text))
            ):
                found.append(Mark(page, match.group(), word, *match.span()))
    return found


def linked(notes: Sequence[Definition], called: Sequence[Mark]) -> list[Definition]:
    """The notes that a mark calls, or whose label is raised; each with its mark where there is one.

    A note is called on its own page, else on the one before; notes at the end of all, anywhere before.
    """
    free = list(called)
    last: dict[int, int] = {}  # by page, the place in `called` of the last mark that was taken
    for note in notes:
        own = [
            (i, mark)
            for i, mark in enumerate(free)
            if mark.number == note.number and mark.page <= note.page and mark.word not in note.lines[0].words
        ]
        same = [(i, mark) for i, mark in own if mark.page == note.page]
        before = [(i, mark) for i, mark in own if mark.page == note.page - 1]
        ahead = [(i, mark) for i, mark in same if i >= last.get(note.page, 0)]
        chosen = next(iter(ahead or same or before or own), None)
        if chosen:
            note.mark = chosen[1]
            last[note.page] = chosen[0]
            del free[chosen[0]]
    return [note for note in notes if note.mark or note.sure]


def _label(line: Line) -> tuple[str, int, bool] | None:
    """The number of a note that a line begins with, its length, and whether it is raised."""
    first = line.words[0]
    raised = line.raised(first) and len(line.words) > 1
    match = _LABEL.match(line.text)
    if match is None:
        found = _SUPERSCRIPT.match(line.text)
        return (found.group().translate(_DIGITS), found.end(), True) if found else None
    number = match.group("square") or match.group("number") or match.group("symbol")
    if raised and _MARK.match(first.text):
        return number, match.end(), True
    spaced = line.text[: match.end()] != line.text[: match.end()].rstrip() or match.group("symbol")
    words = line.text[match.end() :]
    return (number, match.end(), False) if spaced and words[:1] and not words[0].islower() else None


def _follows(before: str | None, number: str) -> bool:
    """Whether a label counts on from the one above it on the page."""
    if before is None or not (before.isdecimal() and number.isdecimal()):
        return True
    return int(number) == int(before) + 1


def _exponent(before: str, word: Word) -> bool:
    return word.text[:1].isdigit() and bool(_UNITS.search(before))
