"""A closer look at the best candidates, by whatever rescorer there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Protocol

import numpy as np

from index.records import FloatArray, StoredPassage
from rag.fuse import lowered
from rag.protocols import Rescorer
from rag.records import Question, RankedPassage


def rescored(
    question: Question, ranked: Sequence[RankedPassage], rescorer: Rescorer, most: int
) -> list[RankedPassage]:
    """The first `most` passages by the rescorer's scores, which are a signal too; then the others.

    What it finds equal stays as it was ranked, and no other passage comes before one it has looked at.
    """
    seen, others = ranked[:most], ranked[most:]
    if not seen:
        return []
    scores = rescorer.score(question, [passage.stored for passage in seen])
    below = lowered(np.asarray([passage.score for passage in others], np.float32), scores)
    order = np.argsort(-scores, kind="stable").tolist()
    return [
        *(_scored(seen[i], float(scores[i]), {rescorer.name: float(scores[i])}) for i in order),
        *(_scored(passage, float(score)) for passage, score in zip(others, below, strict=True)),
    ]


def _scored(passage: RankedPassage, score: float, signals: dict[str, float] | None = None) -> RankedPassage:
    own = {name: round(value, 4) for name, value in (signals or {}).items()}
    return replace(passage, score=round(score, 6), signals=MappingProxyType({**passage.signals, **own}))


class Pairs(Protocol):
    """A model that reads a question and a text together."""

    def scores(self, question: str, texts: Sequence[str]) -> FloatArray:
        """One score a text [n] float32, higher is better."""


class Reranker:
    """A rescorer that lets a model read each passage, with its header, beside the question."""

    name = "reranker"

    def __init__(self, model: Pairs) -> None:
        self._model = model

    def score(self, question: Question, passages: Sequence[StoredPassage]) -> FloatArray:
        """One score a passage [n] float32."""
        return self._model.scores(question.text, [stored.passage.embedded for stored in passages])
