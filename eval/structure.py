"""How much of a known structure is found: precision and recall, as readers and passages see it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from corpus.fold import Reading
from corpus.load import reading
from corpus.records import Document, Footnote, Passage, Section, Span, person_name
from corpus.structure.cuts import Cut
from eval.structure_gold import FIELDS, Gold, GoldBreak, GoldSection

_GAP = re.compile(r"\n\s*\n|\f")  # what parts paragraphs and pages
_PEOPLE = ("author", "editor", "interviewer", "interviewee")


@dataclass(frozen=True, slots=True)
class Tally:
    """What is known, what was found, what of it is right; `found` is None where only finding counts."""

    gold: int
    right: int
    found: int | None = None

    @property
    def precision(self) -> float | None:
        """The share of what was found that is right; 1 where nothing was found."""
        return None if self.found is None else self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of what is known that was found; 1 where nothing is."""
        return self.right / self.gold if self.gold else 1.0

    def __add__(self, other: Tally) -> Tally:
        found = None if self.found is None or other.found is None else self.found + other.found
        return Tally(self.gold + other.gold, self.right + other.right, found)


@dataclass(slots=True)
class Score:
    """The tallies of one document, and each single fault in words."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def compare(self, what: str, gold: Iterable[Hashable], found: Iterable[Hashable]) -> None:
        """Tally two sets of comparable values."""
        known, seen = set(gold), set(found)
        self.tallies[what] = Tally(len(known), len(known & seen), len(seen))
        self.faults += sorted(f"{what}: missed {value}" for value in known - seen)
        self.faults += sorted(f"{what}: wrong {value}" for value in seen - known)

    def require(self, what: str, held: Mapping[str, bool]) -> None:
        """Tally things that must hold, by their description."""
        self.tallies[what] = Tally(len(held), sum(held.values()))
        self.faults += [f"{what}: {told}" for told, right in held.items() if not right]


def total(scores: Iterable[Score]) -> dict[str, Tally]:
    """The tallies of several documents, added up."""
    added: dict[str, Tally] = {}
    for score in scores:
        for what, tally in score.tallies.items():
            added[what] = added[what] + tally if what in added else tally
    return added


def worst(tallies: Mapping[str, Tally]) -> float:
    """The lowest precision or recall."""
    shares = (share for tally in tallies.values() for share in (tally.precision, tally.recall))
    return min((share for share in shares if share is not None), default=1.0)


def to_json(tallies: Mapping[str, Tally]) -> dict[str, Any]:
    """Tallies with their shares, as plain values."""
    return {
        what: asdict(tally) | {"precision": tally.precision, "recall": tally.recall}
        for what, tally in tallies.items()
    }


def score(gold: Gold, document: Document, passages: Sequence[Passage]) -> Score:
    """Hold a document, and the passages it was split into, against what is known of it."""
    made = Score()
    if gold.sections is not None:
        _sections(made, gold.sections, document.structure.sections, document.text)
    if gold.turns is not None:
        made.compare(
            "turns",
            ((t.speaker, t.role, t.label, t.span, t.paragraphs) for t in gold.turns),
            (
                (t.speaker, t.role and str(t.role), t.label_span, t.span, t.paragraphs)
                for t in document.structure.turns
            ),
        )
    places = [_Place(passage) for passage in passages]
    if gold.notes is not None:
        _notes(made, gold, document.structure.footnotes, places)
    if gold.breaks is not None:
        _breaks(made, gold.breaks, document.text, places)
    _cover(made, gold, document, passages)
    if gold.record:
        _record(made, gold.record, document)
    return made


class _Place:
    """A passage with the way from the canonical text to its reading text."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.reading = Reading(passage.text, passage.runs)

    def holds(self, offset: int) -> bool:
        return any(span.start <= offset < span.end for span in self.passage.spans)

    def reads(self, offset: int) -> int | None:
        """Where the character at a canonical offset is read; None where it is not."""
        if not self.holds(offset):
            return None
        at = self.reading.position(offset)
        return at if at < len(self.reading.text) and self.reading.canonical(at) == offset else None


def _sections(made: Score, gold: Sequence[GoldSection], found: Sequence[Section], text: str) -> None:
    optional = {section.heading.start for section in gold if section.optional}
    known = [section for section in gold if not section.optional]
    seen = [section for section in found if section.heading.start not in optional]
    made.compare(
        "sections",
        ((_squeezed(s.title), s.heading, s.end, s.parent) for s in known),
        (
            (
                _squeezed(s.title),
                s.heading,
                len(text[: s.span.end].rstrip()),
                None if s.parent is None else found[s.parent].heading.start,
            )
            for s in seen
        ),
    )
    made.compare(
        "section authors",
        ((_squeezed(s.title), author) for s in known for author in s.authors),
        ((_squeezed(s.title), author) for s in seen for author in s.authors),
    )


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _notes(made: Score, gold: Gold, found: Sequence[Footnote], places: Sequence[_Place]) -> None:
    known = gold.notes or ()
    made.compare("footnotes", ((n.number, n.span) for n in known), ((n.number, n.span) for n in found))
    made.compare(
        "markers",
        ((n.number, mark) for n in known for mark in n.markers),
        ((n.number, mark) for n in found for mark in n.markers),
    )
    made.compare(
        "links",
        ((n.number, n.span.start, mark.start) for n in known for mark in n.markers),
        ((n.number, n.span.start, mark.start) for n in found for mark in n.markers),
    )
    made.compare(
        "Ibid.",
        ((n.number, n.span.start, n.refers_to) for n in known if n.refers_to is not None),
        ((n.number, n.span.start, found[n.refers_to].span.start) for n in found if n.refers_to is not None),
    )
    made.require(
        "links in passages",
        {
            f"note {n.number} is not named by the passage that calls it at {mark.start}": any(
                place.holds(mark.start - 1)
                and any(called.number == n.number for called in place.passage.locator.footnotes)
                for place in places
            )
            for n in known
            for mark in n.markers
        },
    )
    made.require(
        "definitions alone",
        {
            f"note {n.number} at {n.span.start} is no passage of its own": _alone(n.span, places)
            for n in known
        },
    )


def _alone(definition: Span, places: Sequence[_Place]) -> bool:
    """Whether passages hold a definition, and these hold nothing else."""
    touching = [p.passage for p in places if any(s.overlap(definition) for s in p.passage.spans)]
    return bool(touching) and all(
        definition.start <= span.start and span.end <= definition.end for p in touching for span in p.spans
    )


def _breaks(made: Score, gold: Sequence[GoldBreak], text: str, places: Sequence[_Place]) -> None:
    for cuts, what in ((Cut.WORD, "words mended"), (Cut.SENTENCE, "sentences mended")):
        made.require(
            what,
            {
                f"the {cuts} cut at {b.span.start}": any(_mended(b, text, place) for place in places)
                for b in gold
                if b.cuts is cuts
            },
        )
    joins = {join for place in places for join in _joins(text, place)}
    real = [b for b in gold if b.cuts is not Cut.NONE]
    wrong = [j for j in joins if not any(j.start <= b.span.end and b.span.start <= j.end for b in real)]
    right = len(joins) - len(wrong)
    made.tallies["joins"] = Tally(right, right, len(joins))
    made.faults += [f"joins: wrong over [{join.start}, {join.end})" for join in sorted(wrong)]


def _mended(found: GoldBreak, text: str, place: _Place) -> bool:
    """Whether a passage reads both sides in one sentence, and as one word where a word was cut."""
    left, right = found.span.start - 1, found.span.end
    while left and not text[left].isalpha():  # notes, marks, the hyphen
        left -= 1
    while right + 1 < len(text) and not text[right].isalnum():
        right += 1
    before, after = place.reads(left), place.reads(right)
    if before is None or after is None:
        return False
    if found.cuts is Cut.WORD:
        word = re.compile(re.escape(found.joined or ""))
        return any(m.start() <= before and after < m.end() for m in word.finditer(place.passage.text))
    return any(start <= before < after < end for start, end in place.passage.sentences)


def _joins(text: str, place: _Place) -> Iterator[Span]:
    """The gaps between paragraphs that lie within a sentence of a passage."""
    runs = place.passage.runs
    starts = [r for r, _ in runs]
    for start, end in place.passage.sentences:
        last = None  # the canonical end of what was read last
        for i in range(bisect_right(starts, start) - 1, len(runs)):
            r, c = runs[i]
            until = min(end, starts[i + 1] if i + 1 < len(runs) else len(place.passage.text))
            words = place.passage.text[max(r, start) : until]
            if until <= start or not words.strip():
                if r >= end:
                    break
                continue
            first = c + max(r, start) - r + len(words) - len(words.lstrip())
            if last is not None and _GAP.search(text, last, first):
                yield Span(last, first)
            last = c + max(r, start) - r + len(words.rstrip())


def _cover(made: Score, gold: Gold, document: Document, passages: Sequence[Passage]) -> None:
    """What belongs in no passage, and that all the rest is in one."""
    text = document.text
    covered = bytearray(len(text))
    for passage in passages:
        for span in passage.spans:
            covered[span.start : span.end] = b"\x01" * len(span)
    made.require(
        "set apart",
        {f"[{s.start}, {s.end}) is in a passage": not any(covered[s.start : s.end]) for s in gold.apart},
    )
    body = bytearray(len(text))
    for start, end in _read(document):
        body[start:end] = b"\x01" * (end - start)
    marks = [mark for note in gold.notes or () for mark in note.markers]
    for span in [*gold.apart, *marks]:
        body[span.start : span.end] = bytes(len(span))
    offsets = [i for i, is_body in enumerate(body) if is_body and not text[i].isspace()]
    lost = [i for i in offsets if not covered[i]]
    made.tallies["body characters"] = Tally(len(offsets), len(offsets) - len(lost))
    if lost:
        made.faults.append(f"body characters: {len(lost)} lost, the first at {lost[0]}")


def _read(document: Document) -> Iterator[tuple[int, int]]:
    """Canonical ranges of what is read, and of what the document was taken to set apart."""
    whole = reading(document)
    ends = [*(r for r, _ in whole.runs[1:]), len(whole.text)]
    yield from ((c, c + end - r) for (r, c), end in zip(whole.runs, ends, strict=True))
    yield from ((span.start, span.end) for span in document.structure.furniture)


def _record(made: Score, gold: Mapping[str, Any], document: Document) -> None:
    csl = document.record.csl
    found = {name: _field(name, csl.get(name)) for name in FIELDS if name in gold}
    made.compare(
        "record",
        ((name, value) for name, value in gold.items() if value is not None),
        ((name, value) for name, value in found.items() if value is not None),
    )


def _field(name: str, value: Any) -> Any:
    return (tuple(map(person_name, value)) or None) if name in _PEOPLE and value else value
