"""Frozen values of the corpus: what a document is and where everything in it stands.

All offsets are Unicode code points of the canonical text, half-open `[start, end)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a canonical text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        assert 0 <= self.start <= self.end, (self.start, self.end)

    def __len__(self) -> int:
        return self.end - self.start

    def overlap(self, other: Span) -> int:
        """Code points that both spans cover."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))


@dataclass(frozen=True, slots=True)
class Record:
    """The bibliographic record: CSL-JSON fields, and the span that supports each inferred one."""

    csl: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    support: Mapping[str, Span] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def title(self) -> str | None:
        """The title, or None where the document gives none."""
        return self.csl.get("title")

    @property
    def type(self) -> str | None:
        """The CSL type (`report`, `interview`, …)."""
        return self.csl.get("type")

    @property
    def publisher(self) -> str | None:
        """Who published it."""
        return self.csl.get("publisher")

    @property
    def date(self) -> str | None:
        """Date of issue as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""
        return self.csl.get("issued")

    @property
    def authors(self) -> tuple[str, ...]:
        """Authors as they sign, given name first."""
        return tuple(person_name(a) for a in self.csl.get("author", ()))


def person_name(person: Mapping[str, str]) -> str:
    """A CSL name (`literal`, or `given` and `family`) as people write it."""
    return person.get("literal") or " ".join(
        part for part in (person.get("given"), person.get("family")) if part
    )


class BlockKind(StrEnum):
    """What a block of lines is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE = "table"
    CODE = "code"
    FOOTNOTE = "footnote"
    LABEL = "label"  # the name of who speaks next


@dataclass(frozen=True, slots=True)
class Block:
    """A run of lines that belong together; `level` and `number` are set for headings and footnotes.

    A paragraph that the end of a page cuts goes on in `rest`, behind what stands in between (footnotes,
    page numbers): it reads as one.
    """

    kind: BlockKind
    span: Span
    level: int = 0
    number: str | None = None
    rest: tuple[Span, ...] = ()

    @property
    def spans(self) -> tuple[Span, ...]:
        """All its parts, in reading order."""
        return (self.span, *self.rest)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and all that stands under it, subsections included; `id` is its place in reading order.

    `byline` is where its own authors are named; a subsection has those of its parent, and no by-line.
    """

    id: int
    parent: int | None
    level: int
    number: str | None
    title: str
    authors: tuple[str, ...]
    heading: Span
    span: Span
    byline: Span | None = None

    @property
    def label(self) -> str:
        """The title with its number, as a person refers to it."""
        return f"{self.number}. {self.title}" if self.number else self.title


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who wrote a part of a document; `name` is the spelling that stands most often."""

    name: str
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note: its definition, and the markers in the body that call it.

    `text` is how its words read, which stand at `body`: without the label that `span` begins with.
    `refers_to` is the index of the note that an `Ibid.` stands for.
    """

    number: str
    text: str
    span: Span
    body: Span
    markers: tuple[Span, ...]
    refers_to: int | None = None


class Role(StrEnum):
    """What a speaker does in an interview."""

    INTERVIEWER = "interviewer"
    INTERVIEWEE = "interviewee"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says until the next one speaks; `n` counts from 1.

    `label` is as printed, `speaker` the full name where the text gives one. The span is of what is said,
    without the label.
    """

    n: int
    speaker: str
    label: str
    role: Role | None
    label_span: Span
    span: Span
    paragraphs: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is known for sure; `label` is what is printed on it, where that is certain."""

    index: int
    label: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Structure:
    """What the detectors found; lists in reading order.

    `furniture` is text that is in no passage, the tables of `contents` (the first one's place) among it;
    `people` are the authors of sections.
    """

    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    furniture: tuple[Span, ...] = ()
    notes: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()
    pages: tuple[Page, ...] = ()
    contents: Span | None = None
    people: tuple[Person, ...] = ()

    @property
    def marks(self) -> tuple[Span, ...]:
        """The labels of notes and the markers that call them, in order: they are not read."""
        labels = (Span(note.span.start, note.body.start) for note in self.footnotes)
        markers = (marker for note in self.footnotes for marker in note.markers)
        return tuple(sorted(span for span in (*labels, *markers) if span))


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a source: its canonical text, its record and its structure.

    `version` is the sha256 of the file's bytes in hexadecimal.
    """

    source: str
    version: str
    media_type: str
    text: str
    record: Record
    structure: Structure

    @property
    def language(self) -> str:
        """The language as `en`, `az`; English where it is not known."""
        return str(self.record.csl.get("language") or "en").split("-")[0].lower()


@dataclass(frozen=True, slots=True)
class NoteReference:
    """A note that a passage calls, or defines: its number and what it says.

    `stands_for` is what the note says that an `Ibid.` refers to; `at` is the offset in the passage's text
    behind which the note is called, None where the passage defines it.
    """

    number: str
    text: str
    stands_for: str | None = None
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """From when till when something is said, in seconds."""

    start: float
    end: float

    @property
    def label(self) -> str:
        """As players show it: `12:04–12:31`, `1:02:03`."""
        return "–".join(dict.fromkeys((_clock(self.start), _clock(self.end))))


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@dataclass(frozen=True, slots=True)
class Locator:
    """How a person finds a passage in its document; what is not known is None or empty, never guessed.

    `pages` are the numbers printed on them, `page_indices` where they are in the file, from 0.
    `author_variants` are other spellings of the section's authors, as the document prints them, and
    `question` is what the speaker answers, in the asker's last words. `anchor` is the nearest name before
    it that links can lead to, and `times` when it is said; both are told with citations alone.
    """

    section: tuple[str, ...] = ()
    section_authors: tuple[str, ...] = ()
    author_variants: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    speaker: str | None = None
    turn: int | None = None
    question: str | None = None
    footnotes: tuple[NoteReference, ...] = ()
    page_indices: tuple[int, ...] = ()
    anchor: str | None = None
    times: Times | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """The retrieval unit: spans of the canonical text in reading order, and how they read.

    `runs` maps `text` back (see `corpus.fold.Reading`); `sentences` are ranges of `text` that may
    stand in an answer (headings do not); `header` is the provenance that is embedded and searched
    with the text but is not part of it. `note` is the number of the note that the passage defines, and
    `signs` the range of `text` that names the authors of its section (the heading too, where it is there).
    """

    id: str
    ordinal: int
    spans: tuple[Span, ...]
    text: str
    runs: tuple[tuple[int, int], ...]  # (offset in text, offset in canonical text)
    sentences: tuple[tuple[int, int], ...]
    header: str
    locator: Locator
    note: str | None = None
    signs: tuple[int, int] | None = None

    @property
    def defines(self) -> NoteReference | None:
        """The note that the passage defines."""
        return next((note for note in self.locator.footnotes if note.at is None), None)

    @property
    def embedded(self) -> str:
        """What the encoder reads: header, then text."""
        return f"{self.header}\n{self.text}" if self.header else self.text


def covered(spans: Sequence[Span], target: Span) -> int:
    """Code points of `target` that disjoint `spans` cover."""
    return sum(span.overlap(target) for span in spans)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that meet as one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            last = found.pop()
            span = Span(last.start, max(last.end, span.end))
        found.append(span)
    return found
