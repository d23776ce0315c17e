"""What a passage knows of its place: section, authors, speaker, question, pages, notes; and its header."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import islice

from corpus.fold import Reading
from corpus.questions import asked
from corpus.records import BlockKind, Document, Locator, NoteReference, Page, Section, Span, Turn
from corpus.structure.footnotes import Notes, source
from corpus.units import TokenCounter, Unit

_Place = Callable[[int], int]  # from an offset of the document's reading text to one of the passage's text


class Provenance:
    """Answers for groups of units of one document."""

    def __init__(self, document: Document, whole: Reading, count: TokenCounter, header_tokens: int) -> None:
        self._title = document.record.title or ""
        self._structure = document.structure
        self._variants = {person.name: person.variants for person in document.structure.people}
        self._whole = whole
        self._notes = Notes(document.structure, whole)
        self._questions = asked(document, whole)
        self._headers = _Headers(count, header_tokens)

    def locator(self, group: Sequence[Unit], spans: Sequence[Span], place: _Place) -> Locator:
        """Where a person finds a passage."""
        path, turn = self._path(group[-1]), self._turn(group[-1])
        on = pages_of(self._structure.pages, spans)
        return Locator(
            section=tuple(section.label for section in path),
            section_authors=(authors := _authors(path)),
            author_variants=tuple(v for name in authors for v in self._variants.get(name, ())),
            pages=tuple(dict.fromkeys(page.label for page in on if page.label)),
            page_indices=tuple(page.index for page in on),
            speaker=turn.speaker if turn else None,
            turn=turn.n if turn else None,
            question=self._questions.get(group[-1].turn),
            footnotes=self._references(group, place),
        )

    def header(self, group: Sequence[Unit]) -> str:
        """What is embedded and searched with a passage: title, sections, speaker, and what is answered.

        A note under its section's title would outrank the text that it only backs.
        """
        if group[0].kind is BlockKind.FOOTNOTE:
            return self._headers.of([self._title])
        turn, title = self._turn(group[-1]), self._title.casefold()  # a record has no title in capitals
        path = self._path(group[-1])
        sections = [s.title for s in path if s.title.casefold() != title]
        sections.append(", ".join(_authors(path)))
        said = [turn.speaker if turn else "", self._questions.get(group[-1].turn, "")]
        return self._headers.of([self._title, *sections, *said])

    def note(self, group: Sequence[Unit]) -> str | None:
        """The number of the note that a group defines."""
        i = self._notes.defined(group[0].block)
        return None if i is None else self._notes.all[i].number

    def signs(self, group: Sequence[Unit], place: _Place) -> tuple[int, int] | None:
        """The range of a passage's text that says who wrote its section: the by-line, with its heading."""
        sections, whole = self._structure.sections, self._whole
        section = sections[group[-1].section] if group[-1].section >= 0 else None
        if section is None or section.byline is None or group[0].kind is BlockKind.FOOTNOTE:
            return None
        inside = (group[0].start, group[-1].end)
        head = whole.range(section.heading)
        line = whole.range(section.byline)
        if line[0] >= line[1]:  # in a table of contents, which is in no passage
            line = head
        if not (inside[0] <= line[0] < line[1] <= inside[1]):
            return None
        first = head[0] if inside[0] <= head[0] < line[0] else line[0]
        return place(first), place(line[1] - 1) + 1

    def _turn(self, unit: Unit) -> Turn | None:
        return self._structure.turns[unit.turn] if unit.turn >= 0 else None

    def _path(self, unit: Unit) -> list[Section]:
        """The sections that a unit stands in, outermost first; a note belongs where it is called first."""
        sections = self._structure.sections
        index: int | None = unit.section
        i = self._notes.defined(unit.block)
        if i is not None and self._notes.all[i].markers:
            called = self._notes.all[i].markers[0].start
            index = bisect_right(sections, called, key=lambda section: section.heading.start) - 1
        path: list[Section] = []
        while index is not None and index >= 0:
            path.insert(0, sections[index])
            index = sections[index].parent
        return path

    def _references(self, group: Sequence[Unit], place: _Place) -> tuple[NoteReference, ...]:
        """Notes that a group calls, or is, in the order of their definitions."""
        found: dict[int, int | None] = {}
        for unit in group:
            for i, behind in self._notes.called(unit.start, unit.end).items():
                found.setdefault(i, place(min(behind, unit.end) - 1) + 1)
        if (own := self._notes.defined(group[0].block)) is not None:
            found[own] = None
        return tuple(self._reference(i, at) for i, at in sorted(found.items()))

    def _reference(self, i: int, at: int | None) -> NoteReference:
        notes = self._notes.all
        first = source(notes, i)
        return NoteReference(notes[i].number, notes[i].text, notes[first].text if first != i else None, at)


def pages_of(pages: Sequence[Page], spans: Sequence[Span]) -> list[Page]:
    """The pages that spans stand on, in the order of the spans."""
    found: dict[int, Page] = {}
    for span in spans:
        first = max(0, bisect_right(pages, span.start, key=lambda page: page.start) - 1)
        for page in islice(pages, first, None):
            if page.start >= span.end:
                break
            if span.start < page.end:
                found[page.index] = page
    return list(found.values())


def _authors(path: Sequence[Section]) -> tuple[str, ...]:
    return next((section.authors for section in reversed(path) if section.authors), ())


class _Headers:
    """Headers cut to the room there is, each made once: the passages of a section share theirs."""

    def __init__(self, count: TokenCounter, limit: int) -> None:
        self._count = count
        self._limit = limit
        self._made: dict[tuple[str, ...], str] = {}

    def of(self, parts: Sequence[str]) -> str:
        key = tuple(part for part in parts if part)
        if key not in self._made:
            self._made[key] = self._fit(" \u203a ".join(key))
        return self._made[key]

    def _fit(self, header: str) -> str:
        words = header.split()[: self._limit]  # a word is a token at least
        while words and self._count([" ".join(words)])[0] > self._limit:
            words.pop()
        return " ".join(words).rstrip("\u203a ")
