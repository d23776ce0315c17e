from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import rag.fuse
from index.records import FloatArray, Hits
from rag.fuse import FusionConfig, Weights, candidates, fitted, lowered, min_max, spread

_scores = arrays(np.float32, st.integers(0, 30), elements=st.floats(-100, 100, width=32))


def _floats(*values: float) -> FloatArray:
    return np.asarray(values, np.float32)


def _hits(**scores: float) -> Hits:
    """`k7=2.5` is key 7 with score 2.5."""
    keys = [int(name[1:]) for name in scores]
    return Hits(np.asarray(keys, np.int64), _floats(*scores.values()))


def test_candidates_are_the_union_of_all_searches_ascending() -> None:
    assert candidates(_hits(k9=3, k2=1), _hits(k5=8, k9=7)).tolist() == [2, 5, 9]


def test_candidates_of_searches_that_found_nothing_are_none() -> None:
    assert candidates(_hits(), _hits()).tolist() == []


def test_spread_puts_scores_at_their_keys_and_0_where_nothing_was_found() -> None:
    laid_out = spread(_hits(k9=3, k2=1), np.asarray([2, 5, 9], np.int64))
    assert laid_out.tolist() == [1, 0, 3]
    assert laid_out.dtype == np.float32


def test_min_max_moves_the_lowest_to_0_and_the_highest_to_1() -> None:
    assert min_max(_floats(2, 4, 3, 2.5)).tolist() == [0, 1, 0.5, 0.25]
    assert min_max(_floats(-0.5, 0.5, 0)).tolist() == [0, 1, 0.5]


def test_min_max_of_equal_scores_is_0_because_they_tell_nothing() -> None:
    assert min_max(_floats(7, 7, 7)).tolist() == [0, 0, 0]
    assert min_max(_floats(7)).tolist() == [0]
    assert min_max(_floats()).tolist() == []


def test_min_max_does_not_make_a_scale_of_rounding() -> None:
    assert min_max(_floats(0.4048155, 0.40481552, 0.4048155)).tolist() == [0, 0, 0]


def test_the_total_is_the_weighted_sum_of_the_signals_that_there_are() -> None:
    weights = Weights(dense=2, lexical=0.5, late=1, common=9)
    signals = {"dense": _floats(0.1, 0.2), "lexical": _floats(0.4, 0), "late": _floats(0.3, 0.5)}
    assert weights.total(signals).round(4).tolist() == _floats(0.7, 0.9).round(4).tolist()
    del signals["late"]
    assert weights.total(signals).round(4).tolist() == _floats(0.4, 0.4).round(4).tolist()


def test_the_weights_that_ship_are_read_from_the_file_that_was_fitted() -> None:
    written = json.loads(Path(rag.fuse.__file__).with_name("ranking.json").read_text(encoding="utf-8"))
    assert written["version"] == 1
    assert fitted() == Weights(**written["weights"])
    assert FusionConfig().weights == fitted()


def test_lowered_scores_keep_their_distances_below_the_least_of_others() -> None:
    assert lowered(_floats(0.5, 0.25), _floats(0.75, 0.25)).tolist() == [0.25, 0.0]


def test_scores_that_are_low_enough_or_alone_stay() -> None:
    assert lowered(_floats(-1, -2), _floats(0.75, 0)).tolist() == [-1, -2]
    assert lowered(_floats(3), _floats()).tolist() == [3]
    assert lowered(_floats(), _floats(3)).tolist() == []


@given(_scores)
def test_min_max_stays_between_0_and_1_and_keeps_the_order(scores: FloatArray) -> None:
    scaled = min_max(scores)
    assert ((scaled >= 0) & (scaled <= 1)).all()
    assert (np.diff(scaled[np.argsort(scores)]) >= 0).all()


@given(_scores, _scores)
def test_nothing_lowered_is_above_what_it_follows(scores: FloatArray, above: FloatArray) -> None:
    moved = lowered(scores, above)
    assert moved.max(initial=-np.inf) <= above.min(initial=np.inf) + 1e-4
    assert np.diff(moved) == pytest.approx(np.diff(scores), abs=1e-3)
