"""Every measure against an example worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.calibration import (
    Bin,
    area_under_risk,
    area_under_roc,
    calibration_error,
    reliability,
    risk_coverage,
)


@pytest.mark.parametrize(
    ("positive", "negative", "area"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1),
        ([0.1, 0.2], [0.9, 0.8], 0),
        ([0.5], [0.5], 0.5),
        ([0.9, 0.5], [0.5, 0.1], 0.875),  # three pairs won, one tied
        ([0.3, 0.7, 0.7], [0.7, 0.5], 0.5),  # two pairs won, two tied, two lost
        ([], [0.5], None),
        ([0.5], [], None),
    ],
)
def test_area_under_roc_is_the_share_of_pairs_in_order_with_ties_half(
    positive: list[float], negative: list[float], area: float | None
) -> None:
    assert area_under_roc(positive, negative) == area


@given(st.lists(st.integers(0, 4), min_size=1), st.lists(st.integers(0, 4), min_size=1))
@settings(deadline=None)
def test_area_under_roc_agrees_with_counting_pairs(positive: list[int], negative: list[int]) -> None:
    won = sum((p > n) + 0.5 * (p == n) for p in positive for n in negative)
    assert area_under_roc(positive, negative) == pytest.approx(won / len(positive) / len(negative))


class TestRiskCoverage:
    def test_keeps_the_surest_first(self) -> None:
        """Right, wrong, right, wrong from the surest on."""
        curve = risk_coverage([0.2, 0.9, 0.7, 0.4], [False, True, False, True])
        assert curve == [(0.25, 0), (0.5, 0.5), (0.75, 1 / 3), (1, 0.5)]
        assert area_under_risk(curve) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)

    def test_equal_confidences_are_one_point(self) -> None:
        curve = risk_coverage([0.5, 0.5, 0.9, 0.5], [True, False, True, True])
        assert curve == [(0.25, 0), (1, 0.25)]
        assert area_under_risk(curve) == pytest.approx(0.75 * 0.25)

    def test_of_no_questions_is_none(self) -> None:
        assert (risk_coverage([], []), area_under_risk([])) == ([], None)

    def test_an_order_that_puts_the_right_ones_first_is_best(self) -> None:
        best = area_under_risk(risk_coverage([4, 3, 2, 1], [True, True, False, False]))
        worst = area_under_risk(risk_coverage([1, 2, 3, 4], [True, True, False, False]))
        expected = [(1 / 3 + 1 / 2) / 4, (1 + 1 + 2 / 3 + 1 / 2) / 4]
        assert [best, worst] == pytest.approx(expected)


class TestReliability:
    def test_bins_are_of_equal_width_and_the_empty_ones_left_out(self) -> None:
        bins = reliability([0.05, 0.05, 0.95, 1.0], [False, True, True, True])
        assert [(b.count, round(b.confidence, 6), b.accuracy) for b in bins] == [
            (2, 0.05, 0.5),
            (2, 0.975, 1.0),
        ]

    def test_the_error_is_the_mean_gap_weighted_by_questions(self) -> None:
        bins = [Bin(1, 0.1, 0.0), Bin(3, 0.7, 1.0)]
        assert calibration_error(bins) == pytest.approx((1 * 0.1 + 3 * 0.3) / 4)

    def test_a_confidence_that_means_what_it_says_has_none(self) -> None:
        assert calibration_error(reliability([0.5] * 4, [True, False, True, False])) == 0

    def test_without_questions_there_is_none(self) -> None:
        assert calibration_error(reliability([], [])) is None
