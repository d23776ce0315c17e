from __future__ import annotations

import tracemalloc
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.cuts import cuts


def letters(texts: Sequence[str]) -> list[int]:
    """Tokens of a model to which each letter is one, and a mark none."""
    return [sum(map(str.isalnum, text)) for text in texts]


def test_a_text_is_cut_behind_its_strongest_mark() -> None:
    assert list(cuts("one two, three; four, five six", letters, 12)) == ["one two, three; ", "four, five six"]


def test_a_part_that_is_too_long_is_cut_behind_weaker_ones() -> None:
    assert list(cuts("a; one two, three four", letters, 8)) == ["a; ", "one two, ", "three ", "four"]


def test_a_word_that_is_too_long_is_cut_between_characters() -> None:
    assert list(cuts("ab" * 6, letters, 5)) == ["ababa", "babab", "ab"]


def test_a_character_of_many_tokens_stays_whole() -> None:
    assert list(cuts("xyz", lambda texts: [9 * len(text) for text in texts], 5)) == ["x", "y", "z"]


def test_a_text_of_nothing_has_no_pieces() -> None:
    assert list(cuts("", letters, 5)) == []


def test_different_words_are_counted_together_and_once() -> None:
    asked: list[list[str]] = []

    def count(texts: Sequence[str]) -> list[int]:
        asked.append(list(texts))
        return letters(texts)

    assert len(list(cuts("mill river " * 1_000, count, 90))) == 100
    assert asked == [["mill ", "river "]]


def test_a_long_text_is_cut_without_a_list_of_its_words() -> None:
    text = "mill " * 200_000
    tracemalloc.start()
    try:
        pieces = list(cuts(text, letters, 400))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(pieces) == 2_000
    assert peak < 3 * len(text)


@given(st.text(alphabet="ab,; …", max_size=80), st.integers(1, 12))
def test_texts_are_cut_as_langchain_cuts_them(text: str, most: int) -> None:
    splitters = pytest.importorskip("langchain_text_splitters", reason="needs the extra `bench`")
    reference = splitters.RecursiveCharacterTextSplitter(
        separators=["; ", ", ", " ", ""],
        keep_separator="end",
        chunk_size=most,
        chunk_overlap=0,
        length_function=lambda piece: max(letters([piece])[0], min(1, len(piece))),
        strip_whitespace=False,
    )
    assert list(cuts(text, letters, most)) == reference.split_text(text)
