from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from eval.fitting import fit
from rag.features import BoolArray

_RNG = np.random.default_rng(5)
_VALUES = _RNG.normal(size=(300, 3)) * [1.0, 5.0, 0.1] + [0.0, 2.0, -1.0]
_RIGHT: BoolArray = (_VALUES[:, 0] + 0.2 * _VALUES[:, 1] + _RNG.normal(size=300)) > 0
_ONCE = np.ones(300)


def test_it_finds_what_scikit_learn_finds() -> None:
    made = fit(_VALUES, _RIGHT, _ONCE, ridge=2.0)
    standard = (_VALUES - made.centre) / made.scale
    other = LogisticRegression(C=0.5, tol=1e-10, max_iter=1000).fit(standard, _RIGHT)
    assert made.weights == pytest.approx(other.coef_[0], abs=1e-4)
    assert made.intercept == pytest.approx(other.intercept_[0], abs=1e-4)


def test_a_question_that_counts_twice_is_a_question_asked_twice() -> None:
    twice = np.where(np.arange(300) < 100, 2.0, 1.0)
    repeated = np.concatenate([_VALUES, _VALUES[:100]])
    one, other = (
        fit(_VALUES, _RIGHT, twice),
        fit(repeated, np.concatenate([_RIGHT, _RIGHT[:100]]), np.ones(400)),
    )
    assert one.weights == pytest.approx(other.weights)
    assert one.intercept == pytest.approx(other.intercept)


def test_few_questions_move_what_is_known_a_little_and_many_far() -> None:
    known = fit(_VALUES, _RIGHT, _ONCE)
    turned: BoolArray = ~_RIGHT
    few, many = (fit(_VALUES[:n], turned[:n], np.ones(n), known) for n in (10, 300))
    assert (few.centre.tolist(), few.scale.tolist()) == (known.centre.tolist(), known.scale.tolist())
    assert known.weights[0] > few.weights[0] > 0 > many.weights[0]


def test_with_nothing_to_learn_from_the_known_stays() -> None:
    known = fit(_VALUES, _RIGHT, _ONCE)
    assert fit(_VALUES, _RIGHT, _ONCE * 1e-9, known).weights == pytest.approx(known.weights, abs=1e-6)


def test_what_is_not_there_tells_nothing() -> None:
    holes = _VALUES.copy()
    holes[::2, 2] = np.nan
    made = fit(holes, _RIGHT, _ONCE)
    assert made.centre[2] == pytest.approx(np.nanmean(holes[:, 2]))
    assert np.isfinite(made.weights).all()


@given(st.integers(0, 2**32 - 1), st.booleans())
@settings(max_examples=25, deadline=None)
def test_chances_follow_the_share_that_is_right(seed: int, constant: bool) -> None:
    """The intercept is free: the mean chance is the share of right ones, whatever the features."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(60, 4)) * (0 if constant else 1)
    right = rng.random(60) < 0.3
    right[:2] = [True, False]
    made = fit(values, right, np.ones(60))
    assert made.probability(values).mean() == pytest.approx(right.mean(), abs=1e-5)
