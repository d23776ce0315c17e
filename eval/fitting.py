"""Fitting the logistic models of confidence: drawn towards what is known, and the same every time."""

from __future__ import annotations

import numpy as np

from rag.calibration import DoubleArray, Logistic
from rag.features import BoolArray

RIDGE = 30.0  # questions of doubt in each weight: of 10 to 300 best, each collection in turn held out
_STEPS = 50
_NEAR = 1e-9
_LEAST_SCALE = 1e-3  # a feature that is the same everywhere tells nothing, and must not be divided by nothing


def fit(
    values: DoubleArray,
    right: BoolArray,
    counts: DoubleArray,
    known: Logistic | None = None,
    ridge: float = RIDGE,
) -> Logistic:
    """A logistic model of features [n, f] by Newton's method, questions [n] counting as often as `counts`.

    Weights are drawn towards 0, or towards those of a model that is `known`, whose scales are then kept: so
    few questions move it a little and many move it far. The intercept is free. Hastie, Tibshirani, Friedman
    (2009), The Elements of Statistical Learning, 4.4.1 and 4.4.4.
    """
    centre, scale = (known.centre, known.scale) if known else _scales(values, counts)
    standard = np.column_stack([np.ones(len(values)), np.nan_to_num((values - centre) / scale)])
    towards = np.concatenate([[0.0], known.weights if known else np.zeros(values.shape[1])])
    drawn = np.diag(np.concatenate([[_NEAR], np.full(values.shape[1], ridge)]))
    found = towards.copy()
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(standard @ found, -30, 30)))
        slope = standard.T @ (counts * (right - chance)) - drawn @ (found - towards)
        bend = (standard * (counts * chance * (1 - chance))[:, None]).T @ standard + drawn
        step = np.linalg.solve(bend, slope)
        found += step
        if np.abs(step).max() < _NEAR:
            break
    return Logistic(float(found[0]), centre, scale, found[1:])


def _scales(values: DoubleArray, counts: DoubleArray) -> tuple[DoubleArray, DoubleArray]:
    """Mean and standard deviation of each feature."""
    there = ~np.isnan(values) * counts[:, None]
    total = np.maximum(there.sum(axis=0), _NEAR)
    centre = (np.nan_to_num(values) * there).sum(axis=0) / total
    spread = np.sqrt((np.nan_to_num(values - centre) ** 2 * there).sum(axis=0) / total)
    return centre, np.maximum(spread, _LEAST_SCALE)
