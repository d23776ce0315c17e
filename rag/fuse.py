"""Scores of different engines brought to one scale and added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.records import FloatArray, Hits, IntArray

_NOISE = 1e-6  # equal vectors may get cosines that differ in the last bit: it must not become a whole scale


@dataclass(frozen=True, slots=True)
class FusionConfig:
    """How many candidates each engine gives, and how much each weighs."""

    depth: int = 100
    weights: tuple[float, float, float] = (0.5, 0.25, 1.0)  # of dense, lexical, late: z-scores are added
    dense_weight: float = (
        0.5  # where no tokens are kept; best of .3 to .8 on two of three collections, see docs/retrieval.md
    )


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


def standardised(scores: FloatArray) -> FloatArray:
    """Scores with mean 0 and standard deviation 1; all 0 where they are all equal, but for rounding."""
    if not len(scores) or scores.std() <= _NOISE:
        return np.zeros_like(scores)
    z: FloatArray = (scores - scores.mean()) / scores.std()
    return z


def weighted(signals: Sequence[FloatArray], weights: Sequence[float]) -> FloatArray:
    """The weighted sum of standardised signals."""
    total: FloatArray = np.asarray(weights, np.float32) @ np.stack([standardised(part) for part in signals])
    return total


def convex(dense: FloatArray, lexical: FloatArray, dense_weight: float) -> FloatArray:
    """Convex combination of min-max scores: Bruch, Gai, Ingber (2023), doi:10.1145/3596512, eq. 2.

    It beat reciprocal rank fusion on every collection tried: scores carry what ranks throw away.
    """
    fused: FloatArray = dense_weight * min_max(dense) + (1 - dense_weight) * min_max(lexical)
    return fused
