"""Frozen values of the proof: what is known of a question, and what a system made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from corpus.records import Span
from rag.records import Turn


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of a document, which is called what its evaluation set or benchmark calls it."""

    document: str
    span: Span


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question and what is known of it; `alternatives` are spans that answer as well as the evidence.

    `history` is what was said before, and `standalone` how a person would ask without it; `answerable` is
    None where nobody knows.
    """

    id: str
    question: str
    kind: str
    answers: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    alternatives: tuple[Evidence, ...] = ()
    history: tuple[Turn, ...] = ()
    answerable: bool = True
    standalone: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a system found: where it stands and how it reads. Without spans, a whole document.

    `copies` are other places of its text that the system names with it and does not show by themselves.
    """

    document: str
    spans: tuple[Span, ...] = ()
    score: float = 0.0
    text: str = ""
    copies: tuple[Hit, ...] = ()

    @property
    def places(self) -> tuple[Hit, ...]:
        """Itself, then its copies: all that whoever sees it is told of."""
        return (self, *self.copies)

    def at(self, spans: Callable[[Hit], tuple[Span, ...]]) -> Hit:
        """The same at other spans, its copies too."""
        return replace(self, spans=spans(self), copies=tuple(copy.at(spans) for copy in self.copies))


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation of an answer; `exact` is whether its quote is, to the letter, what stands there."""

    document: str
    spans: tuple[Span, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class Given:
    """An answer, or an abstention (empty text); a claim is the positions of its citations, from 0."""

    text: str
    answered: bool
    confidence: float
    claims: tuple[tuple[int, ...], ...] = ()
    citations: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True)
class Response:
    """What a system made of a question: passages, best first, and an answer where it gives any."""

    hits: tuple[Hit, ...]
    given: Given | None = None
    timings_ms: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
