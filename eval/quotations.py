"""Quotations with known sources, cut from the indexed documents themselves and damaged in known ways.

One collection and one seed are always the same cases. The generator reads the documents, not the quote
index: it knows nothing of how quotations are found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from corpus.records import BlockKind, Span
from eval import damage
from eval.errors import EvaluationError
from eval.sets import EvaluationSet
from index.readings import ReadDocument
from rag.claims import Claim
from rag.records import Verdict

CASES = 2_400
SHORTEST, LONGEST = 40, 600  # characters
_WORD = re.compile(r"[^\W_](?:\S*[^\W_])?")  # a quotation does not begin or end within one
_TRIES = 400  # for one case: not every place offers what is to be damaged

_SAME = frozenset({Verdict.EXACT, Verdict.NORMALIZED})
_FOLDED = frozenset({Verdict.NORMALIZED})
_NEARLY = frozenset({Verdict.FUZZY})
_ELSEWHERE = frozenset({Verdict.MISATTRIBUTED})
_NOWHERE = frozenset({Verdict.NOT_FOUND})

# What is done to the words, and the verdicts that are right then.
DAMAGES: Mapping[str, tuple[damage.Damage, frozenset[Verdict]]] = {
    "typography": (damage.typography, _FOLDED),
    "hyphens": (damage.hyphens, _SAME),
    "other lines": (damage.rewrapped, _SAME),
    "markup": (damage.markup, _FOLDED),
    "note marks": (damage.note_marks, _FOLDED),
    "case at the start": (damage.start_case, _FOLDED),
    "end punctuation": (damage.end_mark, _SAME),
    "quotation marks": (damage.quotation_marks, _SAME),
    "ellipsis": (damage.ellipsis, _FOLDED),
    "insertion": (damage.insertion, _FOLDED),
    "bad recognition": (damage.ocr, _NEARLY),
    "typing errors": (damage.typing, _NEARLY),
    "dropped words": (damage.dropped, _NEARLY),
    "swapped words": (damage.swapped, _NEARLY),
    "changed number": (damage.number, _NEARLY),
    "changed date": (damage.date, _NEARLY),
    "changed negation": (damage.negation, _NEARLY),
    "changed name": (damage.name, _NEARLY),
}
DANGEROUS = frozenset({"changed number", "changed date", "changed negation", "changed name"})
INVENTED = frozenset({"invented", "spliced"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quotation was cut from."""

    version: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A quotation, what is claimed of it, and what is known: where it stands, which verdicts are right."""

    kind: str
    text: str
    verdicts: frozenset[Verdict]
    places: tuple[Place, ...] = ()  # any of them; none for what stands nowhere
    claim: Claim = field(default_factory=Claim)


def generate(documents: Sequence[ReadDocument], count: int = CASES, seed: int = 1) -> list[Case]:
    """So many cases, all kinds in turn; a kind for which the documents offer nothing is left out.

    Raises EvaluationError where they offer nothing at all.
    """
    workshop = _Workshop(documents, Random(seed))  # noqa: S311  # a generator of cases, not of secrets
    makers: dict[str, Callable[[], Case | None]] = {
        "verbatim": workshop.verbatim,
        "as it reads": workshop.as_read,
        "page break": workshop.over_a_page,
        "notes inside": workshop.notes_inside,
        **{kind: workshop.damaged(kind) for kind in DAMAGES},
        "right claim": workshop.right_claim,
        "wrong speaker": workshop.wrong_speaker,
        "wrong document": workshop.wrong_document,
        "invented": workshop.invented,
        "spliced": workshop.spliced,
    }
    cases: list[Case] = []
    while makers and len(cases) < count:
        for kind in list(makers):
            made = next(filter(None, (makers[kind]() for _ in range(_TRIES))), None)
            if made is None:
                del makers[kind]
            else:
                cases.append(made)
    if not cases:
        raise EvaluationError("the documents hold no paragraph that is long enough to quote; add others")
    return cases[:count]


def who_said(gold: EvaluationSet, documents: Sequence[ReadDocument]) -> list[Case]:
    """The quotations of people that an evaluation set asks for, each by who said it and by another.

    None where one of the set's documents is not there.
    """
    texts = {read.stored.document.version: read.stored.document.text for read in documents}
    if not set(gold.documents.values()) <= texts.keys():
        return []
    asked = [question for question in gold.questions if question.kind == "who_said"]
    cases: list[Case] = []
    for question, other in zip(asked, [*asked[1:], *asked[:1]], strict=True):
        wrong = next((answer for answer in other.answers if answer not in question.answers), "Somebody Else")
        for evidence in question.evidence:
            span = evidence.span
            version = gold.documents[evidence.document]
            text = texts[version][span.start : span.end]
            places = (Place(version, (span,)),)
            right = Claim(speaker=question.answers[0])
            cases.append(Case("who said it", text, _SAME, places, right))
            cases.append(Case("who did not", text, _ELSEWHERE, places, Claim(speaker=wrong)))
    return cases


class _Workshop:
    """Cuts quotations from documents."""

    def __init__(self, documents: Sequence[ReadDocument], random: Random) -> None:
        self._random = random
        self._documents = list(documents)
        self._squeezed = [_squeeze(read.reading.text) for read in documents]
        self._blocks = [
            (read, block.spans)
            for read in documents
            for block in read.stored.document.structure.blocks
            if block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
        ]
        self._ranges = [
            (read, start, end)
            for read, spans in self._blocks
            for start, end in [(read.reading.position(spans[0].start), read.reading.end(spans[-1].end))]
            if end - start >= 2 * SHORTEST
        ]
        self._parted = [
            (
                read,
                read.reading.end(spans[0].end),
                read.reading.position(spans[0].start),
                read.reading.end(spans[-1].end),
            )
            for read, spans in self._blocks
            if len(spans) > 1
        ]

    def _cut(self, read: ReadDocument, start: int, end: int) -> tuple[int, int]:
        """A range of whole words in a stretch of the reading text."""
        words = [match.span() for match in _WORD.finditer(read.reading.text, start, end)]
        length = self._random.randint(SHORTEST + 5, LONGEST)
        i = self._random.randrange(max(1, len(words) - 8))
        behind = (stop for _, stop in words[i:] if stop - words[i][0] >= length)
        return words[i][0], next(behind, words[-1][1])

    def _piece(self) -> tuple[ReadDocument, int, int] | None:
        if not self._ranges:
            return None
        read, start, end = self._random.choice(self._ranges)
        low, high = self._cut(read, start, end)
        return (read, low, high) if high - low >= SHORTEST else None

    def _places(self, text: str, read: ReadDocument, low: int, high: int) -> tuple[Place, ...]:
        """Where it was cut from, and wherever else the same words stand."""
        places = [_place(read, low, high)]
        wanted = _squeeze(text)
        for other, squeezed in zip(self._documents, self._squeezed, strict=True):
            if squeezed.count(wanted) > (other is read):
                places += _found(other, text)
        return tuple(dict.fromkeys(places))

    def verbatim(self) -> Case | None:
        """The characters of the file."""
        piece = self._piece()
        if not piece or len(spans := piece[0].spans(*piece[1:])) != 1:
            return None
        read, low, high = piece
        text = read.stored.document.text[spans[0].start : spans[0].end]
        return Case(
            "verbatim", text, frozenset({Verdict.EXACT}), self._places(read.reading.text[low:high], *piece)
        )

    def as_read(self) -> Case | None:
        """Without line ends, markup and the marks of notes."""
        return self._plain("as it reads", self._piece())

    def over_a_page(self) -> Case | None:
        """A paragraph that the end of a page cuts, quoted as if it did not."""
        if not self._parted:
            return None
        read, cut, start, end = self._random.choice(self._parted)
        return self._plain("page break", (read, *self._across(read, cut, start, end)))

    def notes_inside(self) -> Case | None:
        """The same as it stands in the file, with whatever stands between its parts."""
        if not self._parted:
            return None
        read, cut, start, end = self._random.choice(self._parted)
        low, high = self._across(read, cut, start, end)
        spans = read.spans(low, high)
        text = read.stored.document.text[spans[0].start : spans[-1].end]
        if high - low < SHORTEST or len(spans) < 2 or len(text) > 3 * (high - low):
            return None
        place = Place(read.stored.document.version, (Span(spans[0].start, spans[-1].end),))
        return Case("notes inside", text, _SAME, (place,))

    def _across(self, read: ReadDocument, cut: int, start: int, end: int) -> tuple[int, int]:
        reach = self._random.randint(60, 300)
        words = list(_WORD.finditer(read.reading.text, max(start, cut - reach), min(end, cut + reach)))
        return words[0 if words[0].start() == start else 1].start(), words[-2].end()

    def _plain(self, kind: str, piece: tuple[ReadDocument, int, int] | None) -> Case | None:
        if not piece or piece[2] - piece[1] < SHORTEST:
            return None
        read, low, high = piece
        text = read.reading.text[low:high]
        return Case(kind, text, _SAME, self._places(text, *piece))

    def damaged(self, kind: str) -> Callable[[], Case | None]:
        """A maker of quotations damaged in one way."""
        spoil, verdicts = DAMAGES[kind]

        def make() -> Case | None:
            piece = self._piece()
            if not piece:
                return None
            read, low, high = piece
            text = read.reading.text[low:high]
            spoilt = spoil(self._random, text)
            if spoilt is None or spoilt == text or self._stands(spoilt):
                return None
            if kind == "ellipsis":
                return Case(kind, spoilt, verdicts, (_around_omission(read, low, text, spoilt),))
            return Case(kind, spoilt, verdicts, self._places(text, *piece))

        return make

    def _stands(self, text: str) -> bool:
        """Whether a damaged text happens to stand somewhere too."""
        return any(_squeeze(text) in squeezed for squeezed in self._squeezed)

    def right_claim(self) -> Case | None:
        """A quotation with its speaker and a part of its document's title."""
        case, read, speaker = self._spoken()
        if case is None or read is None:
            return None
        title = read.stored.document.record.title or read.stored.document.source
        claim = Claim(document=" ".join(title.split()[:4]), speaker=speaker.split()[-1] if speaker else None)
        return Case("right claim", case.text, _SAME, case.places, claim)

    def wrong_speaker(self) -> Case | None:
        """The words of one speaker given to another."""
        case, read, speaker = self._spoken()
        if case is None or read is None or not speaker or len(case.places) > 1:
            return None
        others = sorted({turn.speaker for turn in read.stored.document.structure.turns} - {speaker})
        other = self._random.choice([*others, "Somebody Else", "M. Brightwater"])
        return Case("wrong speaker", case.text, _ELSEWHERE, case.places, Claim(speaker=other))

    def _spoken(self) -> tuple[Case | None, ReadDocument | None, str]:
        """A quotation from inside of one turn, where the document has turns, with its speaker."""
        piece = self._piece()
        case = self._plain("", piece)
        if not piece or not case:
            return None, None, ""
        read = piece[0]
        spans = read.spans(*piece[1:])
        whole = Span(spans[0].start, spans[-1].end)
        turns = read.stored.document.structure.turns
        said = [turn.speaker for turn in turns if turn.span.overlap(whole) == len(whole)]
        if (turns and not said) or any(mark in case.text for mark in '“”"'):
            return None, None, ""
        return case, read, said[0] if said else ""

    def wrong_document(self) -> Case | None:
        """A quotation said to come from another document."""
        case = self._plain("", self._piece())
        if not case or len({place.version for place in case.places}) > 1:
            return None
        others = [r for r in self._documents if r.stored.document.version != case.places[0].version]
        titles = {r.stored.document.record.title for r in self._documents}
        if not others or len(titles) < 2:
            return None
        claim = Claim(document=self._random.choice(others).stored.document.source)
        return Case("wrong document", case.text, _ELSEWHERE, case.places, claim)

    def invented(self) -> Case | None:
        """A sentence nobody wrote, of the documents' own words: runs of two to four from here and there."""
        if not self._ranges:
            return None
        parts: list[str] = []
        for _ in range(self._random.randint(4, 12)):
            read, start, end = self._random.choice(self._ranges)
            words = read.reading.text[start:end].split()
            i = self._random.randrange(max(1, len(words) - 4))
            parts += words[i : i + self._random.randint(2, 4)]
        text = " ".join(parts)
        return None if self._stands(text) else Case("invented", text, _NOWHERE)

    def spliced(self) -> Case | None:
        """Two true halves that do not belong together."""
        first, second = self._piece(), self._piece()
        if not first or not second or first[0] is second[0]:
            return None
        size = min(first[2] - first[1], second[2] - second[1], 150)
        a = first[0].reading.text[first[1] : first[1] + size].rsplit(" ", 1)[0]
        b = second[0].reading.text[second[1] : second[1] + size].rsplit(" ", 1)[0]
        return Case("spliced", f"{a} {b}", _NOWHERE)


def _squeeze(text: str) -> str:
    return text.replace(" ", "").replace("\n", "")  # of blanks that do not break a document reads none


def _place(read: ReadDocument, low: int, high: int) -> Place:
    return Place(read.stored.document.version, read.spans(low, high))


def _around_omission(read: ReadDocument, low: int, text: str, spoilt: str) -> Place:
    """The words in front of an ellipsis, and those behind it."""
    same = next(i for i, (a, b) in enumerate(zip(text, spoilt, strict=False)) if a != b)
    first = text[:same].rfind(" ")
    last = next(n for n in range(1, len(text)) if text[-n] != spoilt[-n]) - 1
    last = len(text) - last + text[len(text) - last :].find(" ") + 1
    spans = (*read.spans(low, low + first), *read.spans(low + last, low + len(text)))
    return Place(read.stored.document.version, spans)


def _found(read: ReadDocument, text: str) -> Iterator[Place]:
    at = read.reading.text.find(text)
    while at >= 0:
        yield _place(read, at, at + len(text))
        at = read.reading.text.find(text, at + 1)
