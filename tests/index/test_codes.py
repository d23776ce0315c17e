from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.codes import LateMode, TokenCodec, TokenCodes
from index.records import Embedding, FloatArray
from index.testing import HashEncoder

KEEPING = [LateMode.SMALL, LateMode.DEFAULT, LateMode.FULL]


def units(count: int, dimension: int, seed: int = 0) -> FloatArray:
    vectors = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    unit: FloatArray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def kept(text: str, mode: LateMode) -> TokenCodes:
    embedding = HashEncoder().embed_question(text)
    return TokenCodes.of(text, embedding, TokenCodec(mode, 64))


# --- codecs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "dimension", "expected"),
    [
        (LateMode.DEFAULT, 384, 48),
        (LateMode.SMALL, 384, 48),
        (LateMode.FULL, 384, 192),
        (LateMode.DEFAULT, 3, 1),
        (LateMode.FULL, 3, 2),
    ],
)
def test_a_token_takes_as_many_bytes_as_its_mode_says(mode: LateMode, dimension: int, expected: int) -> None:
    codec = TokenCodec(mode, dimension)
    assert codec.bytes_per_token == expected
    assert codec.encode(units(5, dimension)).shape == (5, expected)


def test_one_bit_is_the_sign_of_a_component() -> None:
    codec = TokenCodec(LateMode.DEFAULT, 10)
    signs = np.asarray([1, -1, -1, 1, 1, 1, -1, 1, -1, 1], np.float32)
    codes = codec.encode((signs * np.linspace(0.1, 0.5, 10, dtype=np.float32))[None])
    assert codes.tolist() == [[0b10011101, 0b01000000]]
    np.testing.assert_allclose(codec.decode(codes), signs[None] * 1.2533 / np.sqrt(10), rtol=1e-6)


def test_four_bits_are_the_nearest_of_sixteen_levels() -> None:
    codec = TokenCodec(LateMode.FULL, 4)
    codes = codec.encode(np.asarray([[-9.0, -0.01, 0.01, 9.0]], np.float32))
    assert codes.tolist() == [[0x07, 0x8F]]
    np.testing.assert_allclose(codec.decode(codes), [[-1.3663, -0.0642, 0.0642, 1.3663]], rtol=1e-5)


@pytest.mark.parametrize(("mode", "close"), [(LateMode.DEFAULT, 0.78), (LateMode.FULL, 0.99)])
def test_what_is_decoded_points_where_the_vector_did(mode: LateMode, close: float) -> None:
    """The cosine with a random direction: sqrt(2 / pi) = .798 for signs, as theory has it."""
    codec, vectors = TokenCodec(mode, 384), units(200, 384)
    decoded = codec.decode(codec.encode(vectors))
    cosines = (decoded * vectors).sum(axis=1) / np.linalg.norm(decoded, axis=1)
    assert close < cosines.mean() < close + 0.03


@pytest.mark.parametrize("mode", KEEPING)
def test_inner_products_are_on_average_what_they_were(mode: LateMode) -> None:
    codec, vectors = TokenCodec(mode, 384), units(400, 384)
    own = (codec.decode(codec.encode(vectors)) * vectors).sum(axis=1)
    assert own.mean() == pytest.approx(1, abs=0.01)


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(KEEPING),
    st.integers(1, 40),
    st.sampled_from([0, 1, 7, 127, 128, 129, 300]),
    st.integers(1, 3),
    st.integers(0, 99),
)
def test_similarities_are_inner_products_with_what_is_decoded(
    mode: LateMode, dimension: int, tokens: int, asked: int, seed: int
) -> None:
    """Also over the end of a block of 128."""
    codec = TokenCodec(mode, dimension)
    codes, question = codec.encode(units(tokens, dimension, seed)), units(asked, dimension, seed + 100)
    found = codec.similarities(question, codes)
    assert found.shape == (tokens, asked)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, codec.decode(codes) @ question.T, atol=1e-6)


@pytest.mark.parametrize("mode", KEEPING)
def test_a_vector_has_the_same_code_whatever_stands_beside_it(mode: LateMode) -> None:
    codec, vectors = TokenCodec(mode, 48), units(30, 48)
    alone = np.concatenate([codec.encode(vectors[i : i + 1]) for i in range(30)])
    np.testing.assert_array_equal(codec.encode(vectors), alone)


def test_nothing_is_kept_where_it_is_off_or_the_encoder_has_no_token_vectors() -> None:
    modes = {(mode, d): TokenCodec(mode, d).keeps for mode in LateMode for d in (0, 8)}
    assert [key for key, keeps in modes.items() if keeps] == [(mode, 8) for mode in KEEPING]


@pytest.mark.parametrize("mode", LateMode)
def test_a_codec_survives_json(mode: LateMode) -> None:
    codec = TokenCodec(mode, 7)
    assert TokenCodec.from_json(codec.to_json()) == codec


def test_codecs_whose_rows_differ_have_different_names() -> None:
    names = {TokenCodec(mode, d).name for mode in LateMode for d in (8, 16)}
    assert len(names) == 8


# --- what is kept ----------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [LateMode.DEFAULT, LateMode.FULL])
def test_every_token_is_kept_with_its_place(mode: LateMode) -> None:
    assert kept("The gas, and the oil", mode).starts.tolist() == [0, 4, 9, 13, 17]


def test_small_keeps_one_vector_a_word_and_none_of_stop_words() -> None:
    small = kept("The gas, and the OIL of Şuşa", LateMode.SMALL)
    words = HashEncoder().embed_question("gas OIL Şuşa").tokens
    assert small.starts.tolist() == [4, 17, 24]
    np.testing.assert_array_equal(small.codes, TokenCodec(LateMode.SMALL, 64).encode(words))


def test_small_gives_the_pieces_of_a_word_their_mean_direction() -> None:
    """`gasoline` in three pieces, `the` and the full stop in one each."""
    tokens = units(5, 16)
    starts = np.asarray([0, 4, 7, 9, 12])
    embedding = Embedding(tokens[0], tokens, starts)
    small = TokenCodes.of("The gasoline.", embedding, TokenCodec(LateMode.SMALL, 16))
    assert small.starts.tolist() == [4]
    expected = TokenCodec(LateMode.SMALL, 16).encode(tokens[1:4].sum(axis=0, keepdims=True))
    np.testing.assert_array_equal(small.codes, expected)


@pytest.mark.parametrize("text", ["to be, or not to be", "…", ""])
def test_small_keeps_all_tokens_of_a_text_without_other_words(text: str) -> None:
    small, default = kept(text, LateMode.SMALL), kept(text, LateMode.DEFAULT)
    np.testing.assert_array_equal(small.codes, default.codes)
    np.testing.assert_array_equal(small.starts, default.starts)


@pytest.mark.parametrize("mode", KEEPING)
@pytest.mark.parametrize("text", ["", "gas and oil"])
def test_what_is_kept_survives_as_bytes(mode: LateMode, text: str) -> None:
    codes = kept(text, mode)
    read = TokenCodes.from_bytes(codes.codes.tobytes(), codes.starts.tobytes(), TokenCodec(mode, 64))
    np.testing.assert_array_equal(read.codes, codes.codes)
    np.testing.assert_array_equal(read.starts, codes.starts)


def test_a_token_far_behind_counts_as_at_the_last_place_that_fits() -> None:
    starts = kept("gas " + " " * 70_000 + "oil", LateMode.DEFAULT).starts
    assert starts.tolist() == [0, 65_535]
