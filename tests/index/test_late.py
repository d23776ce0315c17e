from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import late
from index.codes import LateMode, TokenCodec, TokenCodes
from index.errors import DamagedError
from index.late import TokenIndex, cost
from index.records import Embedding, FloatArray, IntArray

CODEC = TokenCodec(LateMode.DEFAULT, 32)
KEYS = np.asarray([3, 4, 9, 20, 21], np.int64)
LENGTHS = (5, 1, 0, 40, 2)  # tokens


def units(count: int, seed: int) -> FloatArray:
    vectors = np.random.default_rng(seed).standard_normal((count, 32)).astype(np.float32)
    unit: FloatArray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def passages(lengths: tuple[int, ...]) -> list[TokenCodes]:
    return [
        TokenCodes.of("", Embedding(units(1, 0)[0], units(n, seed), np.arange(n) * 3), CODEC)
        for seed, n in enumerate(lengths)
    ]


def written(folder: Path, lengths: tuple[int, ...] = LENGTHS, keys: IntArray = KEYS) -> TokenIndex:
    TokenIndex.write(folder, keys, passages(lengths))
    return TokenIndex.open(folder, CODEC)


@pytest.fixture
def index(tmp_path: Path) -> TokenIndex:
    return written(tmp_path / "tokens")


def by_hand(question: FloatArray, kept: TokenCodes) -> list[float]:
    """For each token of the question the largest inner product; 0 for a passage without tokens."""
    products = question @ CODEC.decode(kept.codes).T
    return [max(row, default=0.0) for row in products.tolist()]


def test_scores_are_maxsim_over_the_number_of_question_tokens(index: TokenIndex) -> None:
    """Khattab and Zaharia (2020), by hand; a passage without tokens scores 0."""
    question = units(7, 99)
    expected = [np.mean(by_hand(question, kept)) for kept in passages(LENGTHS)]
    np.testing.assert_allclose(index.scores(question, KEYS), expected, atol=1e-6)
    assert expected[2] == 0


def test_question_tokens_count_by_their_lengths(index: TokenIndex) -> None:
    question, lengths = units(3, 99), np.asarray([2, 0, 0.5], np.float32)
    expected = [np.dot(by_hand(question, kept), lengths) / 3 for kept in passages(LENGTHS)]
    np.testing.assert_allclose(index.scores(question * lengths[:, None], KEYS), expected, atol=1e-6)


def test_scores_stand_in_the_order_of_the_keys_that_were_asked_for(index: TokenIndex) -> None:
    question, every = units(4, 99), np.asarray([21, 3, 20], np.int64)
    by_key = dict(zip(KEYS.tolist(), index.scores(question, KEYS).tolist(), strict=True))
    assert index.scores(question, every).tolist() == pytest.approx([by_key[key] for key in every.tolist()])


def test_a_question_without_tokens_finds_all_passages_equal(index: TokenIndex) -> None:
    assert index.scores(np.empty((0, 32), np.float32), KEYS).tolist() == [0.0] * 5
    assert index.match(np.empty((0, 32), np.float32), KEYS).maxima().shape == (5, 0)


def test_no_passages_have_no_scores(index: TokenIndex) -> None:
    found = index.scores(units(2, 1), np.empty(0, np.int64))
    assert found.shape == (0,)
    assert found.dtype == np.float32


def test_every_token_is_told_with_its_similarities_and_its_place(index: TokenIndex) -> None:
    question, keys = units(3, 99), np.asarray([4, 3], np.int64)
    found = index.match(question, keys)
    first, second = passages(LENGTHS)[1], passages(LENGTHS)[0]
    assert found.bounds.tolist() == [0, 1, 6]
    assert found.starts.tolist() == [0, 0, 3, 6, 9, 12]
    expected = CODEC.decode(np.concatenate([first.codes, second.codes])) @ question.T
    np.testing.assert_allclose(found.similarities, expected, atol=1e-6)
    np.testing.assert_allclose(
        found.maxima(), [by_hand(question, first), by_hand(question, second)], atol=1e-6
    )


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 9), max_size=12), st.integers(1, 20))
def test_scores_do_not_depend_on_how_much_is_scored_at_once(lengths: list[int], part: int) -> None:
    kept = passages(tuple(lengths))
    codes = np.concatenate([np.empty((0, CODEC.bytes_per_token), np.uint8), *(k.codes for k in kept)])
    starts = np.concatenate([np.empty(0, np.uint16), *(k.starts for k in kept)])
    keys, bounds = np.arange(len(lengths)), np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    index, question = TokenIndex(CODEC, keys, bounds, codes, starts), units(3, 99)
    expected = index.scores(question, keys)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(late, "_PART_TOKENS", part)
        np.testing.assert_allclose(index.scores(question, keys), expected, atol=1e-6)


def test_an_index_knows_how_much_it_holds(index: TokenIndex, tmp_path: Path) -> None:
    assert (len(index), index.tokens) == (5, 48)
    tokens, size = cost(tmp_path / "tokens")
    assert tokens == 48
    assert size == sum(path.stat().st_size for path in (tmp_path / "tokens").iterdir())
    assert 48 * (CODEC.bytes_per_token + 2) < size < 48 * (CODEC.bytes_per_token + 2) + 500
    assert cost(tmp_path / "nowhere") == (0, 0)


@pytest.mark.parametrize("lengths", [(), (0, 0)])
def test_an_index_may_be_empty(tmp_path: Path, lengths: tuple[int, ...]) -> None:
    index = written(tmp_path / "tokens", lengths, KEYS[: len(lengths)])
    assert index.scores(units(2, 1), KEYS[: len(lengths)]).tolist() == [0.0] * len(lengths)


def test_codes_are_mapped_not_read(index: TokenIndex) -> None:
    base = index._codes
    while isinstance(base.base, np.ndarray):
        base = base.base
    assert isinstance(base, np.memmap)
    assert not index._codes.flags.writeable


@pytest.mark.parametrize("name", ["codes.bin", "starts.bin", "keys.npy", "bounds.npy"])
def test_a_missing_or_short_file_is_told(index: TokenIndex, tmp_path: Path, name: str) -> None:
    path = tmp_path / "tokens" / name
    path.write_bytes(path.read_bytes()[:7])
    with pytest.raises(DamagedError, match="no readable token codes; run `pincite rebuild`"):
        TokenIndex.open(tmp_path / "tokens", CODEC)
    path.unlink()
    with pytest.raises(DamagedError):
        TokenIndex.open(tmp_path / "tokens", CODEC)
