"""Why a passage stands where it does: what each signal gave, and which words met which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from index.records import FloatArray, IntArray
from rag.fuse import FusionConfig
from rag.records import RankedPassage, Ranking
from rag.retrieve import Tools
from rag.search import token_weights

_WORD = re.compile(r"\w+(?:[\u2019']\w+)*")
_MET = 0.5  # similarity from which on two words count as having met
_COUNTS = 0.35  # of the weight of the question's rarest word: what says less is not worth a line


@dataclass(frozen=True, slots=True)
class Part:
    """What a signal gave: its value, what that weighs, and the product of the two."""

    signal: str
    value: float
    weight: float | None  # None where the signal decides by itself, as a second model does
    gave: float | None


@dataclass(frozen=True, slots=True)
class Met:
    """A word of the question and what it met: `passage.text[start:end]`, or a word of the header.

    `exact` is that both are one search term; `similarity` is of their vectors in their places, None where no
    vectors of tokens are kept.
    """

    asked: str
    weight: float  # the word's share of the question
    word: str
    start: int | None  # None in the header
    end: int | None
    exact: bool
    similarity: float | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Of one passage; words of the question in their order."""

    passage_id: str
    parts: tuple[Part, ...]
    met: tuple[Met, ...]
    missed: tuple[str, ...]  # words of the question that count, and met nothing


def explain(ranking: Ranking, tools: Tools, config: FusionConfig | None = None) -> Mapping[str, Explanation]:
    """An explanation for each passage of a ranking, by its id. The question is encoded once more."""
    config = config or FusionConfig()
    words = _words(ranking, tools, config.weights.common)
    return MappingProxyType(
        {
            ranked.stored.passage.id: Explanation(
                ranked.stored.passage.id,
                tuple(_parts(ranked, config)),
                *_meetings(words, ranked, tools),
            )
            for ranked in ranking.passages
        }
    )


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the question that counts."""

    text: str
    weight: float
    terms: frozenset[str]
    tokens: FloatArray  # [t, token dimension] float32


def _words(ranking: Ranking, tools: Tools, common: float) -> list[_Word]:
    """The words of the question that say something, by their weight."""
    index, question = tools.snapshot, ranking.question.text
    asked = tools.encoder.embed_question(question)
    starts = np.asarray([match.start() for match in _WORD.finditer(question)], np.int64)
    weights = token_weights(question, starts, index, common)
    total = float(weights.sum()) or 1.0
    words = []
    for match, weight in zip(_WORD.finditer(question), weights.tolist(), strict=True):
        inside = (asked.starts >= match.start()) & (asked.starts < match.end())
        terms = frozenset(map(index.spelt, index.terms(match.group())))
        if terms and weight >= _COUNTS * float(weights.max()):
            words.append(_Word(match.group(), round(weight / total, 4), terms, asked.tokens[inside]))
    return words


def _parts(ranked: RankedPassage, config: FusionConfig) -> Iterator[Part]:
    for name, value in ranked.signals.items():
        weight = config.weights.of(name)
        yield Part(name, value, weight, None if weight is None else round(weight * value, 4))


def _meetings(
    words: Sequence[_Word], ranked: RankedPassage, tools: Tools
) -> tuple[tuple[Met, ...], tuple[str, ...]]:
    met = [found for word in words if (found := _meeting(word, ranked, tools))]
    reached = {found.asked for found in met}
    return tuple(met), tuple(word.text for word in words if word.text not in reached)


def _meeting(word: _Word, ranked: RankedPassage, tools: Tools) -> Met | None:
    """The word of a passage, or of its header, that one of the question met best."""
    index, passage = tools.snapshot, ranked.stored.passage
    there = [(match.start(), match.end()) for match in _WORD.finditer(passage.embedded)]
    same = [bool(word.terms & set(index.terms(passage.embedded[a:b]))) for a, b in there]
    close: list[float] | None = None
    if index.has_tokens and len(word.tokens):
        keys = np.asarray([ranked.stored.key], np.int64)
        matches = index.late_tokens(word.tokens, keys)
        close = _by_word(matches.similarities, matches.starts.astype(np.int64), there)
    rank = [(exact, close[i] if close else 0.0, -i) for i, exact in enumerate(same)]
    if not rank:
        return None
    exact, similarity, place = max(rank)
    if not exact and similarity < _MET:
        return None
    start, end = there[-place]
    front = len(passage.embedded) - len(passage.text)
    inside = start >= front
    return Met(
        asked=word.text,
        weight=word.weight,
        word=passage.embedded[start:end],
        start=start - front if inside else None,
        end=end - front if inside else None,
        exact=exact,
        similarity=round(similarity, 4) if close else None,
    )


def _by_word(similarities: FloatArray, starts: IntArray, there: Sequence[tuple[int, int]]) -> list[float]:
    """How close each word of a passage is: the mean over the tokens of the question's word of its closest."""
    found = []
    for start, end in there:
        own = similarities[(starts >= start) & (starts < end)]
        found.append(float(own.max(axis=0).mean()) if len(own) else 0.0)
    return found
