"""Tests of chance: worked by hand, held against scipy, and against what must hold of any of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from eval.significance import bootstrap, holm, randomisation


def test_few_questions_are_tested_exactly() -> None:
    """Of eight ways to sign 1, 2 and 3, two reach a sum of 6: all plus and all minus."""
    assert randomisation(np.asarray([[1.0], [2.0], [3.0]])).tolist() == [2 / 8]


def test_no_difference_is_chance() -> None:
    assert randomisation(np.zeros((5, 2))).tolist() == [1, 1]
    assert randomisation(np.zeros((50, 1))).tolist() == [1]


def test_agrees_with_scipy_on_many_questions() -> None:
    random = np.random.default_rng(3)
    differences = random.normal(0.08, 0.5, (120, 1))
    expected = stats.permutation_test(
        (differences[:, 0],), np.mean, permutation_type="samples", n_resamples=20_000, rng=1
    ).pvalue
    assert randomisation(differences)[0] == pytest.approx(expected, abs=0.01)


def test_each_measure_is_tested_for_itself() -> None:
    random = np.random.default_rng(4)
    both = random.normal(0.1, 1, (60, 2))
    assert randomisation(both)[1] == randomisation(both[:, 1:])[0]


def test_the_same_seed_gives_the_same_and_p_is_never_nothing() -> None:
    large = np.ones((40, 1))
    assert randomisation(large, 1000).tolist() == [1 / 1001]
    noise = np.random.default_rng(5).normal(0, 1, (40, 1))
    assert randomisation(noise).tolist() == randomisation(noise).tolist()
    assert randomisation(noise, seed=1).tolist() != randomisation(noise, seed=2).tolist()


def test_an_interval_holds_the_mean_and_agrees_with_scipy() -> None:
    values = np.random.default_rng(6).normal(0.5, 0.3, (150, 1))
    [[low, high]] = bootstrap(values, resamples=4000)
    expected = stats.bootstrap(
        (values[:, 0],), np.mean, method="percentile", n_resamples=4000, rng=1
    ).confidence_interval
    assert low < values.mean() < high
    assert [low, high] == pytest.approx([expected.low, expected.high], abs=0.01)


def test_an_interval_of_equal_values_is_a_point_and_of_none_unknown() -> None:
    assert bootstrap(np.full((9, 2), 0.25)).tolist() == [[0.25, 0.25], [0.25, 0.25]]
    assert np.isnan(bootstrap(np.empty((0, 1)))).all()


@pytest.mark.parametrize(
    ("p", "adjusted"),
    [
        ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),  # 3 x .01, then 2 x .03, then .04 raised to it
        ([0.5, 0.9], [1, 1]),
        ([0.02], [0.02]),
        ([], []),
    ],
)
def test_holm_worked_by_hand(p: list[float], adjusted: list[float]) -> None:
    assert holm(p) == pytest.approx(adjusted)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
@settings(deadline=None)
def test_holm_keeps_the_order_and_never_lowers(p: list[float]) -> None:
    adjusted = holm(p)
    assert all(a >= b for a, b in zip(adjusted, p, strict=True))
    assert all(adjusted[i] <= adjusted[j] for i in range(len(p)) for j in range(len(p)) if p[i] <= p[j])
