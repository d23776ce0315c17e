"""Signals of several engines, added; each on a scale of its own that knows nothing of other passages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import numpy as np

from index.records import FloatArray, Hits, IntArray

DENSE, LEXICAL, LATE = "dense", "lexical", "late"
FITTED = "ranking.json"  # beside this file: what `pincite eval fit` found
_NOISE = 1e-6  # equal vectors may get cosines that differ in the last bit: it must not become a whole scale


@dataclass(frozen=True, slots=True)
class Weights:
    """What decides the order, fitted over several collections; `common` is what a word counts at least.

    A token of the question counts as much as its word is rare, and `common` more.
    """

    dense: float
    lexical: float
    late: float
    common: float

    def total(self, signals: Mapping[str, FloatArray]) -> FloatArray:
        """The weighted sum [n] float32 of the signals that there are."""
        parts = [np.float32(self.of(name) or 0.0) * signal for name, signal in signals.items()]
        total: FloatArray = np.sum(parts, axis=0)
        return total

    def of(self, signal: str) -> float | None:
        """What a signal weighs; None for one that is not added."""
        return {DENSE: self.dense, LEXICAL: self.lexical, LATE: self.late}.get(signal)


@cache
def fitted() -> Weights:
    """The weights that ship."""
    read = json.loads(files("rag").joinpath(FITTED).read_text(encoding="utf-8"))
    return Weights(**read["weights"])


@dataclass(frozen=True, slots=True)
class FusionConfig:
    """How many candidates each engine gives, what each signal weighs, and how many a second model sees."""

    depth: int = 70  # 50 to 100 rank alike on seven collections, and cost what they are many
    weights: Weights = field(default_factory=fitted)
    rescored: int = 50  # a cross-encoder takes some milliseconds for each


def candidates(*hits: Hits) -> IntArray:
    """The union of the keys of several searches, ascending."""
    return np.unique(np.concatenate([found.keys for found in hits]))


def spread(found: Hits, keys: IntArray) -> FloatArray:
    """The scores of `found` laid out over ascending `keys` that include its own; what was not found gets 0.

    For BM25 that is exact: a passage without any term of the question scores 0.
    """
    scores = np.zeros(len(keys), np.float32)
    scores[np.searchsorted(keys, found.keys)] = found.scores
    return scores


def min_max(scores: FloatArray) -> FloatArray:
    """Scores moved to [0, 1]; all 0 where they are all equal, but for rounding."""
    low, high = scores.min(initial=np.inf), scores.max(initial=-np.inf)
    if not high > low + _NOISE:
        return np.zeros_like(scores)
    scaled: FloatArray = (scores - low) / (high - low)
    return scaled


def lowered(scores: FloatArray, above: FloatArray) -> FloatArray:
    """Scores moved down, if they must be, so that none is above the least of others."""
    excess = scores.max(initial=-np.inf) - above.min(initial=np.inf)
    moved: FloatArray = scores - np.float32(max(0.0, excess)) if np.isfinite(excess) else scores
    return moved
