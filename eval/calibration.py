"""How far a confidence can be trusted: order, risk when answering only the surest, and calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BINS = 10  # of equal width, as Guo et al. (2017) have them


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of similar confidence: how sure the system was, and how often rightly."""

    count: float  # of questions, or what they count
    confidence: float
    accuracy: float


def area_under_roc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Probability that a positive scores above a negative, ties half (Mann-Whitney U); None without both."""
    if not len(positive) or not len(negative):
        return None
    above = np.sort(np.asarray(negative, np.float64))
    won = np.searchsorted(above, positive, "left")
    tied = np.searchsorted(above, positive, "right") - won
    return float((won.sum() + 0.5 * tied.sum()) / (len(positive) * len(negative)))


def risk_coverage(confidence: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float]]:
    """(coverage, risk) for each threshold, surest first: the share kept, and how much of that is wrong.

    El-Yaniv and Wiener (2010). Equal confidences cannot be told apart, so they are one point.
    """
    sure = np.asarray(confidence, np.float64)
    order = np.argsort(-sure, kind="stable")
    wrong = np.cumsum(~np.asarray(right, bool)[order])
    kept = np.arange(1, len(order) + 1)
    last = np.append(sure[order][1:] != sure[order][:-1], True) if len(order) else np.zeros(0, bool)
    return list(
        zip((kept[last] / max(1, len(order))).tolist(), (wrong[last] / kept[last]).tolist(), strict=True)
    )


def area_under_risk(curve: Sequence[tuple[float, float]]) -> float | None:
    """AURC: the mean risk over all coverages, each step at the risk of its end; 0 is best."""
    if not curve:
        return None
    before = [0.0, *(coverage for coverage, _ in curve[:-1])]
    return sum(risk * (coverage - start) for start, (coverage, risk) in zip(before, curve, strict=True))


def reliability(
    confidence: Sequence[float],
    right: Sequence[bool],
    bins: int = BINS,
    counts: Sequence[float] | None = None,
) -> list[Bin]:
    """Bins of equal width over [0, 1] that hold any question, lowest first; `counts` is what each counts."""
    sure, hits = np.asarray(confidence, np.float64), np.asarray(right, np.float64)
    weights = np.ones(len(sure)) if counts is None else np.asarray(counts, np.float64)
    places = np.minimum((sure * bins).astype(int), bins - 1)
    found = []
    for i in range(bins):
        inside = (places == i) & (weights > 0)
        if inside.any():
            share = weights[inside] / weights[inside].sum()
            found.append(
                Bin(float(weights[inside].sum()), float(share @ sure[inside]), float(share @ hits[inside]))
            )
    return found


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """ECE: the mean gap between confidence and accuracy, weighted by questions.

    Guo et al. (2017), https://proceedings.mlr.press/v70/guo17a.html, eq. 3.
    """
    count = sum(b.count for b in bins)
    return sum(b.count * abs(b.accuracy - b.confidence) for b in bins) / count if count else None
