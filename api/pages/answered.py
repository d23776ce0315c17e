"""An answer as a page shows it: sentences with their numbers, sources, and why each passage was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from api import present
from api.pages.excerpt import Piece, excerpt
from api.schemas import CitationOut, ClaimOut, ExplainedPassageOut, MetOut, QueryOut
from api.service import Service
from index.errors import NotFoundError
from rag.explain import explain
from rag.records import Question

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
class Result:
    """All that a question got."""

    answer: QueryOut
    passages: tuple[Shown, ...]

    @property
    def confidence(self) -> str:
        """The confidence in a word."""
        return next(word for least, word in _CONFIDENT if self.answer.confidence >= least)


def answered(service: Service, question: Question) -> Result:
    """Ask, and explain the ranking; once more when a document was removed meanwhile.

    Raises what the service does: NotReadyError, NoIndexError.
    """
    try:
        return _answered(service, question)
    except NotFoundError:
        return _answered(service, question)


def _answered(service: Service, question: Question) -> Result:
    service.require_encoder()
    reply = service.ask(question)
    tools, store = service.tools()
    found = present.search(reply.ranking, store, explain(reply.ranking, tools))
    explained = [passage for passage in found.passages if isinstance(passage, ExplainedPassageOut)]
    return Result(present.query(reply, store), tuple(map(_shown, explained)))


def _shown(passage: ExplainedPassageOut) -> Shown:
    met = passage.explain.met
    places = [(m.start, m.end) for m in met if m.start is not None and m.end is not None]
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
    """How a person finds a place, part by part: section, speaker, page, date."""
    locator = citation.locator
    return [
        part
        for part in (
            " › ".join(locator.section),
            f"by {', '.join(locator.section_authors)}" if locator.section_authors else "",
            _speaker(locator.speaker, locator.turn),
            _pages(locator.pages, locator.page_indices),
            ", ".join(citation.document.authors),
            citation.document.date or "",
        )
        if part
    ]


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
