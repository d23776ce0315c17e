"""An answer as a page shows it: sentences with their numbers, sources, and why each passage was found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from api import present
from api.pages.excerpt import Piece, excerpt
from api.schemas.answers import ClaimOut, QueryOut
from api.schemas.citations import CitationOut
from api.schemas.searches import ExplainedPassageOut, MetOut
from api.service import Mode, Service
from corpus.records import Span
from index.errors import NotFoundError
from index.records import StoredPassage
from index.store import Store
from rag.explain import explain
from rag.records import Question, Reply

_WORD = re.compile(r"\w+(?:[\u2019']\w+)*")
_SIGNALS = {
    "dense": "meaning",
    "lexical": "words",
    "late": "word by word",
    "structure": "structure of the document",
    "reranker": "second reading",
}
_CONFIDENT = ((0.9, "high"), (0.7, "fair"), (0.0, "low"))


@dataclass(frozen=True, slots=True)
class Signal:
    """What a signal said of a passage, in words and from 0 to 1; `weight` is None where it decides alone."""

    name: str
    value: float
    weight: float | None

    @property
    def width(self) -> float:
        """Of a bar of 100."""
        return round(100 * max(0.0, min(1.0, self.value)), 1)


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage of the ranking, as much of it as is shown, and its reasons."""

    passage: ExplainedPassageOut
    pieces: tuple[Piece, ...]
    cut: bool
    signals: tuple[Signal, ...]

    @property
    def met(self) -> list[tuple[MetOut, str]]:
        """The words of the question that met something, each with how."""
        return [(met, _how(met)) for met in self.passage.explain.met]


@dataclass(frozen=True, slots=True)
class Said:
    """A part of a quotation; `markup` reads as nothing: emphasis, addresses of links."""

    text: str
    markup: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A citation, and each of its quotations in pieces."""

    citation: CitationOut
    quote: tuple[tuple[Said, ...], ...]


@dataclass(frozen=True, slots=True)
class Result:
    """All that a question got."""

    answer: QueryOut
    sources: tuple[Source, ...] = ()
    passages: tuple[Shown, ...] = ()

    @property
    def confidence(self) -> str:
        """The confidence in a word."""
        return next(word for least, word in _CONFIDENT if self.answer.confidence >= least)

    @property
    def numbers(self) -> dict[str, int]:
        """The numbers of the sources by the passages that they are taken from."""
        return {source.citation.passage_id: source.citation.n or 0 for source in reversed(self.sources)}


def answered(
    service: Service, question: Question, heard: Callable[[Reply], None] | None = None, *, wanted: bool = True
) -> Result:
    """Ask, and explain the ranking; once more when a document was removed meanwhile.

    `heard` is told the reply. Where no answer is `wanted`, the ranking alone. Raises what the service does.
    """
    try:
        reply, result = _answered(service, question, wanted)
    except NotFoundError:
        reply, result = _answered(service, question, wanted)
    if heard:
        heard(reply)
    return result


def _answered(service: Service, question: Question, wanted: bool) -> tuple[Reply, Result]:
    reply = service.ask(question, None if wanted else Mode.NONE)
    tools, store = service.tools()
    found = present.search(reply.ranking, store, explain(reply.ranking, tools))
    explained = [passage for passage in found.passages if isinstance(passage, ExplainedPassageOut)]
    answer = present.query(reply, store)
    return reply, Result(answer, sources(answer, store), tuple(map(_shown, explained)))


def sources(answer: QueryOut, store: Store) -> tuple[Source, ...]:
    """What an answer cites. Raises NotFoundError, GoneError for what was removed meanwhile."""
    return tuple(Source(citation, _quoted(citation, store)) for citation in answer.citations)


def _quoted(citation: CitationOut, store: Store) -> tuple[tuple[Said, ...], ...]:
    """The quotations, with what the passages around them leave out when they are read told apart."""
    quoted = []
    for span, text in zip(citation.spans, citation.quote, strict=True):
        version = citation.document.version.removeprefix("sha256:")
        kept = [
            run
            for passage in store.passages_at(version, Span(span.start, span.end))
            for run in _kept(passage)
        ]
        cuts = sorted({span.start, span.end, *(e for run in kept for e in run if span.start < e < span.end)})
        parts = [
            (text[a - span.start : b - span.start], any(x <= a and b <= y for x, y in kept))
            for a, b in pairwise(cuts)
        ]
        quoted.append(tuple(Said(part, not read and bool(part.strip())) for part, read in parts))
    return tuple(quoted)


def _kept(stored: StoredPassage) -> list[tuple[int, int]]:
    """The parts of the canonical text that a passage's reading text consists of."""
    runs, length = stored.passage.runs, len(stored.passage.text)
    ends = [start for start, _ in runs[1:]] + [length]
    return [(at, at + end - start) for (start, at), end in zip(runs, ends, strict=True)]


def _shown(passage: ExplainedPassageOut) -> Shown:
    met = passage.explain.met
    places = [(m.start, m.end) for m in met if m.start is not None and m.end is not None]
    same = {word.casefold() for m in met if m.exact for word in (m.asked, m.word)}
    places += [m.span() for m in _WORD.finditer(passage.text) if m.group().casefold() in same]
    pieces, cut = excerpt(passage.text, places)
    parts = passage.explain.parts
    signals = tuple(Signal(_SIGNALS.get(p.signal, p.signal), p.value, p.weight) for p in parts)
    return Shown(passage, pieces, cut, signals)


def _how(met: MetOut) -> str:
    same = "the same word" if met.asked.casefold() == met.word.casefold() else "read as the same word"
    told = [same] if met.exact else ["near in meaning"]
    if met.similarity is not None:
        told.append(f"similarity {met.similarity:.2f}")
    if met.start is None:
        told.append("in the heading")
    return ", ".join(told)


def pieces(claim: ClaimOut) -> Iterator[tuple[str, bool]]:
    """A sentence in pieces: (text, whether it is what was asked for)."""
    spans = [(span.start - claim.start, span.end - claim.start) for span in claim.highlights]
    cuts = sorted(
        {0, len(claim.text), *(edge for span in spans for edge in span if 0 <= edge <= len(claim.text))}
    )
    for a, b in pairwise(cuts):
        yield claim.text[a:b], any(start <= a and b <= end for start, end in spans)


def where(citation: CitationOut) -> list[str]:
    """How a person finds a place, part by part: section, speaker, page, time, date."""
    locator, title = citation.locator, citation.document.title
    # A section that is called like its document tells nothing beside the title.
    section = locator.section[1:] if locator.section[:1] == [title] else locator.section
    return [
        part
        for part in (
            " › ".join(section),
            f"by {', '.join(locator.section_authors)}" if locator.section_authors else "",
            _speaker(locator.speaker, locator.turn),
            _pages(locator.pages, locator.page_indices),
            f"{_clock(locator.time.start)}–{_clock(locator.time.end)}" if locator.time else "",
            ", ".join(name for name in citation.document.authors if name not in locator.section_authors),
            citation.document.date or "",
        )
        if part
    ]


def _clock(seconds: float) -> str:
    """A time of a recording as its player shows it: `1:12`, `2:03:07`."""
    minutes, second = divmod(int(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute}:{second:02}"


def _speaker(name: str | None, turn: int | None) -> str:
    return f"{name}, turn {turn}" if name and turn is not None else name or ""


def _pages(labels: Sequence[str], indices: Sequence[int]) -> str:
    if labels:
        return f"p. {labels[0]}" if len(set(labels)) == 1 else f"pp. {labels[0]}–{labels[-1]}"
    numbers = [str(index + 1) for index in indices]
    if not numbers:
        return ""
    several = len(set(numbers)) > 1
    return f"pages {numbers[0]}–{numbers[-1]} of the file" if several else f"page {numbers[0]} of the file"
