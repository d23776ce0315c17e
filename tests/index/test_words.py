from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from index.words import Hasher, fold_word, spans_of_words


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in spans_of_words(text).tolist()]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The re-launched “go‑to” hub’s", ["The", "re", "launched", "go", "to", "hub", "s"]),
        ("policy12 in 1,000 cases²", ["policy", "12", "in", "1", "000", "cases"]),
        ("外交政策", ["外", "交", "政", "策"]),
        ("cafe\u0301s", ["cafe\u0301s"]),
        ("… — !", []),
        ("", []),
    ],
)
def test_words_are_runs_of_letters_or_digits(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Krnjević", "krnjevic"),
        ("Əliyev", "eliyev"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("٣", "٣"),
    ],
)
def test_case_and_accents_are_folded_away(word: str, folded: str) -> None:
    assert fold_word(word) == folded


def test_words_that_fold_alike_have_one_number_and_none_is_zero() -> None:
    numbers = Hasher()("Café CAFE\u0301 cafe tea")
    assert numbers.tolist()[:3] == [numbers[0]] * 3
    assert numbers[3] != numbers[0]
    assert (numbers != 0).all()


def test_there_are_as_many_numbers_as_places() -> None:
    text = "A 2nd note¹² (of 1990s’ fame), Dr. İnce’s"
    assert len(Hasher()(text)) == len(spans_of_words(text))
    assert Hasher()("").dtype == np.uint32


def test_the_words_of_a_long_text_are_numbered_without_a_list_of_them() -> None:
    text = "mill " * 100_000
    tracemalloc.start()
    try:
        numbers = Hasher()(text)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(numbers) == 100_000
    assert peak < 4 * numbers.nbytes
