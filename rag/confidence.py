"""How sure we are that the passages support an answer, and when to abstain."""

from __future__ import annotations

import math
from dataclasses import dataclass

from index.reader import Snapshot
from rag.asked import asked
from rag.lead import STRUCTURE
from rag.records import Ranking


@dataclass(frozen=True, slots=True)
class ConfidenceConfig:
    """A logistic model of two signals, fitted as `docs/retrieval.md` tells.

    It knows questions that are foreign to the collection (area under ROC .99 on sets it was not
    fitted on), and does not know near misses: right topic, but the fact is not there.
    """

    intercept: float = -4.18
    cosine: float = 7.35
    coverage: float = 2.87
    answer_from: float = 0.2  # below it the reply is an abstention
    passages: int = 3  # the best ones are looked at
    known: float = 0.95  # at least, where structure answers: a by-line, the note of a number
    unknown: float = 0.05  # at most, where no note has the number that was asked for


def confidence(ranking: Ranking, index: Snapshot, config: ConfidenceConfig | None = None) -> float:
    """Probability that the passages support an answer; 0 where nothing was found."""
    config = config or ConfidenceConfig()
    if not ranking.passages:
        return 0.0
    met = max(coverage(ranking, index, rank) for rank in range(min(config.passages, len(ranking.passages))))
    logit = config.intercept + config.cosine * ranking.cosine + config.coverage * met
    sure = 1 / (1 + math.exp(-logit))
    if STRUCTURE in ranking.passages[0].signals:
        return max(sure, config.known)
    return min(sure, config.unknown) if asked(ranking.question.text).notes else sure


def coverage(ranking: Ranking, index: Snapshot, position: int) -> float:
    """Share of the question's terms, weighted by rarity, that a passage and its header hold."""
    total = sum(ranking.terms.values())
    held = set(index.terms(ranking.passages[position].stored.passage.embedded))
    return sum(weight for term, weight in ranking.terms.items() if term in held) / total if total else 0.0
