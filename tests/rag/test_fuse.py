from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from index.records import FloatArray, Hits
from rag.fuse import candidates, convex, min_max, spread

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


def test_convex_by_hand() -> None:
    """dense [.25 .75 .5] is [0 1 .5]; lexical [10 0 5] is [1 0 .5]; at .75 they make [.25 .75 .5]."""
    assert convex(_floats(0.25, 0.75, 0.5), _floats(10, 0, 5), 0.75).tolist() == [0.25, 0.75, 0.5]


def test_an_engine_whose_scores_are_all_equal_leaves_the_order_to_the_other() -> None:
    assert convex(_floats(0.3, 0.3, 0.3), _floats(4, 0, 2), 0.5).tolist() == [0.5, 0, 0.25]


def test_weights_of_1_and_0_leave_one_engine_alone() -> None:
    dense, lexical = _floats(0.25, 0.75, 0.5), _floats(10, 0, 5)
    assert convex(dense, lexical, 1.0).tolist() == [0, 1, 0.5]
    assert convex(dense, lexical, 0.0).tolist() == [1, 0, 0.5]


def test_a_candidate_of_one_engine_alone_competes_with_what_that_engine_gave() -> None:
    """Key 5 was found by words only, key 2 by meaning only, key 9 by both: both is best."""
    keys = np.asarray([2, 5, 9], np.int64)
    fused = convex(_floats(0.8, 0.4, 0.7), spread(_hits(k5=6, k9=3), keys), 0.5)
    assert fused.round(4).tolist() == [0.5, 0.5, 0.625]


@given(_scores)
def test_min_max_stays_between_0_and_1_and_keeps_the_order(scores: FloatArray) -> None:
    scaled = min_max(scores)
    assert ((scaled >= 0) & (scaled <= 1)).all()
    assert (np.diff(scaled[np.argsort(scores)]) >= 0).all()


@given(_scores, st.floats(0, 1))
def test_fused_scores_lie_between_0_and_1(scores: FloatArray, weight: float) -> None:
    fused = convex(scores, scores[::-1], weight)
    assert ((fused >= 0) & (fused <= 1 + 1e-6)).all()
