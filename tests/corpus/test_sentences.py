from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.sentences import sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The U.S. Congress met in the U.S. capital.",
        "Dr. Ali, Mr. X and Gen. Y. met at 5 p.m. on Jan. 5, 1992.",
        "See vol. 12, p. 385.",
        "See Vol. XII, Art. 5, para. 3, nos. 4 and 5, chap. 6, pp. 7–8; ibid. p. 9.",
        "J. Smith and A. B. Jones wrote it, e.g. here, i.e. there, etc. and so on.",
        "It grew by 3.5 percent to 9.1 billion.",
        "He asked: “Why?”",
    ],
)
def test_abbreviations_and_figures_do_not_cut(sentence: str) -> None:
    assert cut(f"{sentence} Then he left.") == [sentence, "Then he left."]


def test_ends_of_sentences_do() -> None:
    assert cut("One is. Is two? Three! “Four.” It said yes. I left.") == [
        "One is.",
        "Is two?",
        "Three!",
        "“Four.”",
        "It said yes.",
        "I left.",
    ]


@pytest.mark.parametrize("language", ["en", "az", "zz", "", "no language at all"])
def test_a_language_that_nobody_knows_is_cut_all_the_same(language: str) -> None:
    assert sentences("One is. Two is.", language) == [(0, 7), (8, 15)]


def test_white_space_holds_no_sentence() -> None:
    assert sentences("") == sentences(" \n ") == []


def test_a_long_paragraph_is_cut_as_a_short_one() -> None:
    part = "The council met at p. 3 of vol. 4 in the U.S. capital. It voted 3.5 times. "
    expected = [
        (start + i * len(part), end + i * len(part)) for i in range(300) for start, end in sentences(part)
    ]
    assert sentences(part * 300) == expected


def test_what_is_no_prose_is_cut_somewhere_but_whole() -> None:
    text = "word " * 20_000
    found = sentences(text)
    assert len(found) > 1
    assert [text[start:end] for start, end in found] == [" ".join(text[s:e].split()) for s, e in found]
    assert "".join(cut(text)).replace(" ", "") == "word" * 20_000


@settings(deadline=None, max_examples=200)
@given(data=st.data(), times=st.integers(1, 200))
def test_sentences_are_in_order_trimmed_and_lose_nothing(
    soup: st.SearchStrategy[str], data: st.DataObject, times: int
) -> None:
    text = data.draw(soup) * times
    at = 0
    for start, end in sentences(text):
        assert text[at:start].strip() == ""
        assert text[start:end] == text[start:end].strip() != ""
        at = end
    assert text[at:].strip() == ""
