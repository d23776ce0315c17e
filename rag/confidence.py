"""How sure we are that the passages support an answer, and when to abstain."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rag.records import Ranking


@dataclass(frozen=True, slots=True)
class ConfidenceConfig:
    """A logistic model of two signals; fitted on the evaluation sets that ship, see docs/retrieval.md."""

    intercept: float = -2.5
    cosine: float = 4.0
    coverage: float = 3.0
    answer_from: float = 0.2  # below it the reply is an abstention


def confidence(ranking: Ranking, coverage: float, config: ConfidenceConfig | None = None) -> float:
    """Probability that the passages support an answer; 0 where nothing was found.

    `coverage` is the rarity-weighted share of the question's terms in the best sentence.
    """
    config = config or ConfidenceConfig()
    if not ranking.passages:
        return 0.0
    logit = config.intercept + config.cosine * ranking.cosine + config.coverage * coverage
    return 1 / (1 + math.exp(-logit))
