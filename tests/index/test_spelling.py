from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.spelling import Spellings, skeleton

_TERMS = {"valmora": 9, "kirdzhan": 4, "qoshtepe": 3, "soltanbek": 2, "treati": 7, "boost": 5, "captur": 3}


def _spellings(terms: dict[str, int]) -> Spellings:
    def beginning(letter: str) -> Iterable[tuple[str, int]]:
        return [(term, count) for term, count in terms.items() if term.startswith(letter)]

    return Spellings(beginning)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("valmura", "valmora"),  # another vowel
        ("vallmora", "valmora"),  # a letter twice
        ("kirjan", "kirdzhan"),  # one letter for a sound of three
        ("goshtepe", "qoshtepe"),  # a neighbour of the first letter
        ("soltanbke", "soltanbek"),  # fingers swapped
        ("tretai", "treati"),
    ],
)
def test_another_spelling_of_a_known_term_is_found(written: str, known: str) -> None:
    assert _spellings(_TERMS).of(written) == known


@pytest.mark.parametrize("word", ["boast", "chapter", "train", "velum", "val", "12345", "", "ядро"])
def test_a_word_of_its_own_is_left_alone(word: str) -> None:
    assert _spellings(_TERMS).of(word) is None


def test_of_equally_like_spellings_the_more_frequent_one_is_taken() -> None:
    assert _spellings({"marinek": 2, "marinok": 8}).of("marinak") == "marinok"


def test_only_terms_of_the_first_letter_as_it_sounds_are_read() -> None:
    asked: list[str] = []

    def beginning(letter: str) -> list[tuple[str, int]]:
        asked.append(letter)
        return []

    found = Spellings(beginning)
    found.of("qoshtepe")
    found.of("goshtepe")
    assert sorted(asked) == ["g", "k", "q", "x"]


@settings(deadline=None)
@given(st.text("abcdeghkmnorstuvxyz", min_size=1, max_size=12))
def test_a_skeleton_is_shorter_and_blind_to_vowels_within(term: str) -> None:
    assert 1 <= len(skeleton(term)) <= len(term)
    assert skeleton(term + "aeiou") == skeleton(term)
