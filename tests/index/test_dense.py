from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.dense import DenseIndex
from index.errors import DamagedError, StorageError
from index.records import FloatArray, IntArray
from index.testing import exact_search


def units(seed: int, n: int, dimension: int = 16) -> FloatArray:
    vectors = np.random.default_rng(seed).standard_normal((n, dimension)).astype(np.float32)
    unit: FloatArray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def keys_of(seed: int, n: int) -> IntArray:
    """Ascending, with gaps, as the store gives them."""
    return np.cumsum(np.random.default_rng(seed).integers(1, 5, n)).astype(np.int64)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 80), st.integers(1, 90), st.booleans(), st.booleans())
def test_a_search_is_the_exact_search_by_value(
    seed: int, n: int, k: int, filtered: bool, with_twins: bool
) -> None:
    keys, vectors = keys_of(seed, n), units(seed, n)
    if with_twins:  # the same text in several documents
        vectors[n // 2 :] = vectors[: n - n // 2].copy()
    question = units(seed + 1, 1)[0]
    allowed = np.random.default_rng(seed).choice(keys, n // 2, replace=False) if filtered else None
    inside = np.isin(keys, allowed) if allowed is not None else np.ones(n, bool)
    hits = DenseIndex.build(keys, vectors).search(question, k, allowed)
    expected = exact_search(keys[inside], vectors[inside], question, k)
    np.testing.assert_allclose(hits.scores, expected.scores, atol=1e-6)
    if not with_twins:
        np.testing.assert_array_equal(hits.keys, expected.keys)
    exact = dict(zip(keys.tolist(), vectors @ question, strict=True))
    np.testing.assert_allclose([exact[key] for key in hits.keys.tolist()], hits.scores, atol=1e-6)
    assert hits.keys.tolist() == sorted(
        set(hits.keys.tolist()), key=lambda key: (-hits.scores[hits.keys == key][0], key)
    )


def test_one_byte_a_dimension_ranks_as_the_exact_search_where_scores_differ() -> None:
    keys, vectors, question = keys_of(3, 500), units(3, 500, 64), units(4, 1, 64)[0]
    index = DenseIndex.build(keys, vectors, flat_limit=499)
    hits = index.search(question, 100)
    expected = exact_search(keys, vectors, question, 100)
    np.testing.assert_allclose(hits.scores, expected.scores, atol=0.01)
    exact = dict(zip(keys.tolist(), vectors @ question, strict=True))
    order = [exact[key] for key in hits.keys.tolist()]
    assert all(before > after - 0.01 for before, after in pairwise(order))


def test_one_byte_a_dimension_takes_a_quarter_of_the_room(tmp_path: Path) -> None:
    keys, vectors = keys_of(5, 400), units(5, 400, 256)
    for name, limit in (("flat", 400), ("bytes", 399)):
        DenseIndex.build(keys, vectors, flat_limit=limit).save(tmp_path / name)
    assert (tmp_path / "bytes").stat().st_size < 0.3 * (tmp_path / "flat").stat().st_size


@pytest.mark.parametrize("flat_limit", [100, 0])
def test_scores_of_given_keys_are_those_of_the_search_in_the_order_asked(flat_limit: int) -> None:
    keys, question = keys_of(7, 50), units(8, 1)[0]
    index = DenseIndex.build(keys, units(7, 50), flat_limit=flat_limit)
    hits = index.search(question, 50)
    backwards = hits.keys[::-1]
    np.testing.assert_allclose(index.scores(question, backwards), hits.scores[::-1], atol=1e-6)
    assert index.scores(question, np.empty(0, np.int64)).shape == (0,)


def test_allowed_keys_that_are_not_in_the_index_are_no_hits() -> None:
    index = DenseIndex.build(np.asarray([1, 2, 3]), units(9, 3))
    hits = index.search(units(9, 1)[0], 10, np.asarray([2, 99, 100]))
    assert hits.keys.tolist() == [2]


@pytest.mark.parametrize("allowed", [None, np.empty(0, np.int64)])
def test_nothing_is_found_in_nothing(allowed: IntArray | None) -> None:
    empty = DenseIndex.build(np.empty(0, np.int64), np.empty((0, 16), np.float32))
    full = DenseIndex.build(np.asarray([1]), units(1, 1))
    assert len(empty.search(units(1, 1)[0], 5, allowed)) == 0
    assert len(full.search(units(1, 1)[0], 5, np.empty(0, np.int64))) == 0
    assert len(full.search(units(1, 1)[0], 0)) == 0


@pytest.mark.parametrize("flat_limit", [100, 0])
def test_an_index_survives_its_file(tmp_path: Path, flat_limit: int) -> None:
    keys, question = keys_of(11, 40), units(12, 1)[0]
    index = DenseIndex.build(keys, units(11, 40), flat_limit=flat_limit)
    index.save(tmp_path / "dense.faiss")
    opened = DenseIndex.open(tmp_path / "dense.faiss")
    assert (len(opened), opened.dimension) == (40, 16)
    before, after = index.search(question, 40), opened.search(question, 40)
    np.testing.assert_array_equal(before.keys, after.keys)
    np.testing.assert_array_equal(before.scores, after.scores)


def test_a_file_that_faiss_cannot_read_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "dense.faiss"
    path.write_bytes(b"no index at all")
    with pytest.raises(
        DamagedError, match=r"dense\.faiss: not a readable FAISS index; run `pincite rebuild`"
    ):
        DenseIndex.open(path)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written; check the disk"):
        DenseIndex.build(np.asarray([1]), units(1, 1)).save(tmp_path / "none" / "dense.faiss")
