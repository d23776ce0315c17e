from __future__ import annotations

import numpy as np
import pytest

from index.sketch import Shares, Sketch, sequences
from index.words import WordArray


def words(seed: int, n: int) -> WordArray:
    return np.random.default_rng(seed).integers(1, 2**32, n, np.uint32)


def test_a_sequence_is_five_words_in_their_order() -> None:
    text = words(1, 9)
    assert len(sequences(text)) == 5
    assert sequences(text)[2] == sequences(text[2:7])[0]
    assert sequences(text[:5])[0] != sequences(text[:5][::-1])[0]


def test_a_text_of_fewer_words_is_one_sequence() -> None:
    assert len(sequences(words(1, 3))) == 1
    assert len(sequences(words(1, 0))) == 0


def test_of_a_short_text_every_sequence_is_kept() -> None:
    sketch = Sketch.of(words(1, 2_000))
    assert (sketch.level, len(sketch.hashes)) == (0, 1_996)


@pytest.mark.parametrize(("n", "at_most"), [(10_000, 2_200), (200_000, 13_000), (2_000_000, 66_500)])
def test_of_a_long_one_a_sample_is_kept(n: int, at_most: int) -> None:
    kept = len(Sketch.of(words(1, n)).hashes)
    assert at_most / 2.2 < kept < at_most


def test_shares_of_short_texts_are_exact() -> None:
    text = words(1, 1_004)
    shares, sample = Sketch.of(text).compare(Sketch.of(np.concatenate([text[:504], words(2, 300)])))
    assert (shares.inside, shares.holds, sample) == (0.5, 500 / 800, 800)


def test_a_chapter_is_found_in_its_book_whatever_their_sizes() -> None:
    book = words(1, 500_000)
    shares, sample = Sketch.of(book[40_000:45_000]).compare(Sketch.of(book))
    assert shares.inside == 1.0
    assert shares.holds == pytest.approx(0.01, abs=0.003)
    assert sample > 100


def test_shares_of_long_texts_are_near_the_truth() -> None:
    text = words(1, 100_000)
    edited = text.copy()
    edited[:30_000] = words(2, 30_000)
    shares, _ = Sketch.of(text).compare(Sketch.of(edited))
    assert shares.inside == pytest.approx(0.7, abs=0.02)
    assert shares.holds == pytest.approx(0.7, abs=0.02)


def test_the_digest_is_of_all_words_in_their_order() -> None:
    text = words(1, 50_000)
    other = text.copy()
    other[[7, 8]] = other[[8, 7]]
    assert Sketch.of(text).digest == Sketch.of(text.copy()).digest != Sketch.of(other).digest


@pytest.mark.parametrize("n", [1, 4, 40, 400, 4_000, 400_000])
def test_anchors_are_few_and_of_every_text(n: int) -> None:
    sketch = Sketch.of(words(1, n))
    assert set(sketch.anchors.tolist()) <= set(sketch.hashes.tolist())
    assert 1 <= len(sketch.anchors) <= max(64, n / 50)


def test_resemblance_is_of_what_either_has() -> None:
    half = Shares(0.5, 0.5)
    assert half.mean == 0.5
    assert half.resemblance == pytest.approx(1 / 3)
    assert (Shares(0.0, 0.0).mean, Shares(0.0, 0.0).resemblance) == (0.0, 0.0)
