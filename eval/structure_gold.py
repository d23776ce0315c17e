"""Structure known beforehand: one JSON object that says, by name, what stands where in documents.

    {"report.txt": {"sections": […], "turns": […], "footnotes": […], "page_breaks": […], "title": …, …}}

Every key of a document may be absent: what it would say is not judged then, while an empty list says
that there is none. `docs/structure.md` has the whole form. Offsets are code points of the canonical text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from corpus.records import Span
from corpus.structure.cuts import Cut
from corpus.structure.words import GENRES
from eval.errors import EvaluationError

_OPTIONAL = frozenset(["cover", "title_page", "back_cover", "front_matter"])  # finding them is no fault
_CONTENTS = "toc"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PLACES = (("text_start", "text_end"), ("start", "end"))  # where a `text` stands; the first pair there is
_MOST_FAULTS = 20  # shown; the rest is counted
# The record's fields (CSL names) and the keys that give them.
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "title": "title",
        "subtitle": "subtitle",
        "type": "type",
        "publisher": "publisher",
        "container-title": "container_title",
        "issued": "date",
        "publisher-place": "place",
        "language": "language",
        "author": "authors",
        "editor": "editors",
        "interviewer": "interviewers",
        "interviewee": "interviewees",
    }
)


@dataclass(frozen=True, slots=True)
class GoldSection:
    """A section with a heading; `optional` ones (title pages) may be missed."""

    heading: Span
    title: str
    end: int
    parent: int | None  # where the heading of the section around it begins
    authors: tuple[str, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class GoldTurn:
    """What one speaker says until the next one speaks, label apart."""

    speaker: str
    role: str | None
    label: Span
    span: Span
    paragraphs: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class GoldNote:
    """A note's definition with its label; `refers_to` is where the definition meant by an `Ibid.` begins."""

    number: str
    span: Span
    markers: tuple[Span, ...]
    refers_to: int | None


@dataclass(frozen=True, slots=True)
class GoldBreak:
    """A page's end: from the last body text to the first of the next page; `joined` is the word it cut."""

    span: Span
    cuts: Cut
    joined: str | None


@dataclass(frozen=True, slots=True)
class Gold:
    """What is known of one document; None where it is not judged.

    `apart` are tables of contents and page furniture, which belong in no passage. Of the record's
    fields, those known to be absent are None.
    """

    version: str | None  # sha256 of the file's bytes
    sections: tuple[GoldSection, ...] | None
    turns: tuple[GoldTurn, ...] | None
    notes: tuple[GoldNote, ...] | None
    breaks: tuple[GoldBreak, ...] | None
    apart: tuple[Span, ...]
    record: Mapping[str, Any]
    texts: tuple[tuple[Span, str], ...]  # what stands at some of the places, to tell another edition

    def check(self, name: str, text: str) -> None:
        """Raise EvaluationError where the offsets are not of this text."""
        wrong = [
            f"{name}: [{span.start}, {span.end}) reads {text[span.start : span.end]!r}, not {said!r}"
            for span, said in self.texts
            if text[span.start : span.end] != said
        ]
        spans = [*self.apart, *(s.heading for s in self.sections or ()), *(n.span for n in self.notes or ())]
        wrong += [
            f"{name}: a span ends at {s.end}, the text at {len(text)}" for s in spans if s.end > len(text)
        ]
        if wrong:
            raise EvaluationError(f"{_listed(wrong)}. It was written for another text: take that one")


def read_gold(path: Path) -> Mapping[str, Gold]:
    """The documents of a file by name; EvaluationError with all faults at once."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path}: no readable file: {error}") from error
    except json.JSONDecodeError as error:
        raise EvaluationError(f"{path}: not JSON: {error}") from error
    return parse(path.name, raw)


def parse(name: str, raw: object) -> Mapping[str, Gold]:
    """The documents of an object as in `read_gold`."""
    faults: list[str] = []
    if not isinstance(raw, dict) or not raw:
        raise EvaluationError(f"{name}: expected an object of documents by name, found {_kind(raw)}")
    read = {str(doc): _Reader(str(doc), faults).gold(value) for doc, value in raw.items()}
    if faults:
        raise EvaluationError(f"{name}: {_listed(faults)}")
    return MappingProxyType(read)


def _listed(faults: Sequence[str]) -> str:
    more = f"; and {len(faults) - _MOST_FAULTS} more" if len(faults) > _MOST_FAULTS else ""
    return "; ".join(faults[:_MOST_FAULTS]) + more


def _kind(value: object) -> str:
    return "an empty object" if value == {} else f"a {type(value).__name__}"


class _Reader:
    """Reads the object of one document; what is wrong with it goes to `faults`, with its place."""

    def __init__(self, name: str, faults: list[str]) -> None:
        self._name = name
        self._faults = faults

    def gold(self, row: object) -> Gold:
        if not isinstance(row, dict):
            self._fault("", f"expected an object, found {_kind(row)}")
            row = {}
        sections = self._rows(row, "sections", "")
        contents = [s for _, s in sections if s.get("kind") == _CONTENTS]
        furniture = [span for at, r in self._rows(row, "furniture", "") if (span := self._span(r, at))]
        tables = [span for table in contents if (span := self._span(table, "/sections"))]
        version = row.get("sha256")
        if version is not None and not _SHA256.fullmatch(str(version)):
            self._fault("/sha256", f"{version!r} is not a sha256 in lower-case hexadecimal")
        return Gold(
            version=version,
            sections=tuple(self._sections(sections, None)) if "sections" in row else None,
            turns=tuple(self._turns(row)) if "turns" in row else None,
            notes=tuple(self._notes(row)) if "footnotes" in row else None,
            breaks=tuple(self._breaks(row)) if "page_breaks" in row else None,
            apart=tuple(sorted([*tables, *furniture])),
            record=MappingProxyType(
                {csl: _field(csl, row[key]) for csl, key in FIELDS.items() if key in row}
            ),
            texts=tuple(_texts(row)),
        )

    def _sections(
        self, rows: Sequence[tuple[str, dict[str, Any]]], parent: int | None
    ) -> Iterator[GoldSection]:
        for at, row in rows:
            if row.get("kind") == _CONTENTS or row.get("heading_start") is None:
                continue
            heading, span = self._span(row, at, "heading_start", "heading_end"), self._span(row, at)
            if heading is None or span is None:
                continue
            authors = row.get("authors") or [row["author"]] if row.get("author") else row.get("authors") or []
            optional = row.get("kind") in _OPTIONAL
            title = str(row.get("title") or "")
            yield GoldSection(heading, title, span.end, parent, tuple(map(str, authors)), optional)
            yield from self._sections(self._rows(row, "subsections", at), heading.start)

    def _turns(self, row: Mapping[str, Any]) -> Iterator[GoldTurn]:
        for at, turn in self._rows(row, "turns", ""):
            label, span = self._span(turn, at, "label_start", "label_end"), self._span(turn, at)
            parts = [s for p, part in self._rows(turn, "paragraphs", at) if (s := self._span(part, p))]
            if label and span:
                role = turn.get("role")
                yield GoldTurn(str(turn.get("speaker")), role and str(role), label, span, tuple(parts))

    def _notes(self, row: Mapping[str, Any]) -> Iterator[GoldNote]:
        starts: dict[str, int] = {}  # of the last definition with a number, so far
        for at, note in self._rows(row, "footnotes", ""):
            span = self._span(note, at)
            number, meant = str(note.get("number")), note.get("refers_to")
            if meant is not None and str(meant) not in starts:
                self._fault(at, f"refers to note {meant}, which is not defined before it")
            marks = [s for p, mark in self._rows(note, "markers", at) if (s := self._span(mark, p))]
            if span:
                before = None if meant is None else starts.get(str(meant))
                starts[number] = span.start
                yield GoldNote(number, span, tuple(marks), before)

    def _breaks(self, row: Mapping[str, Any]) -> Iterator[GoldBreak]:
        for at, found in self._rows(row, "page_breaks", ""):
            span, cuts = self._span(found, at), str(found.get("cuts"))
            if cuts not in set(Cut):
                self._fault(at, f"cuts is {cuts!r}, not one of {', '.join(Cut)}")
            elif cuts == Cut.WORD and not found.get("joined_word"):
                self._fault(at, "a cut word without its joined_word")
            elif span:
                word = found.get("joined_word")
                yield GoldBreak(span, Cut(cuts), word and str(word))

    def _rows(self, row: Mapping[str, Any], key: str, at: str) -> list[tuple[str, dict[str, Any]]]:
        """The objects of a list, each with its place; nothing where the key is absent."""
        value = row.get(key, [])
        if not isinstance(value, list):
            self._fault(f"{at}/{key}", f"expected a list, found {_kind(value)}")
            return []
        placed = [(f"{at}/{key}[{i}]", item) for i, item in enumerate(value)]
        for place, item in placed:
            if not isinstance(item, dict):
                self._fault(place, f"expected an object, found {_kind(item)}")
        return [(place, item) for place, item in placed if isinstance(item, dict)]

    def _span(self, row: Mapping[str, Any], at: str, first: str = "start", last: str = "end") -> Span | None:
        start, end = row.get(first), row.get(last)
        if isinstance(start, int) and isinstance(end, int) and 0 <= start <= end:
            return Span(start, end)
        self._fault(at, f"{first} {start!r} and {last} {end!r} are not a span")
        return None

    def _fault(self, at: str, what: str) -> None:
        self._faults.append(f"{self._name}{at}: {what}")


def _field(csl: str, value: Any) -> Any:
    """A field as records give it: names as a tuple, a genre as its CSL type, nothing as None."""
    if isinstance(value, list):
        return tuple(map(str, value)) or None
    if csl == "type":
        return next((kind for kind, words in GENRES.items() if value in words), value)
    return value or None


def _texts(value: object) -> Iterator[tuple[Span, str]]:
    """Every `text` in an object that stands there with its place."""
    if isinstance(value, dict):
        said = value.get("text")
        place = next((p for p in _PLACES if isinstance(value.get(p[0]), int)), None)
        if isinstance(said, str) and place and isinstance(end := value.get(place[1]), int):
            start = value[place[0]]
            if 0 <= start <= end:
                yield Span(start, end), said
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
