from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.markers import Sentences, Written

TEXT = """<think>They ask for a year. [7] It is. Well.</think>The pact was signed in Morava in 1998 [1].
It governs water.[2][3] Dr. Smith said no. [4] See ![x](http://a.example/?q) and [here](http://b.example)【5】.

- A first item of a list [1, 2]
- A second item [1-3]
1. It is a third [9](http://c.example)
**Bold** text with `code`, <b>tags</b><img src=x onerror=y> and <!-- a comment -->. The end of it"""
WRITTEN = [
    Written("The pact was signed in Morava in 1998.", (1,)),
    Written("It governs water.", (2, 3)),
    Written("Dr. Smith said no.", (4,)),
    Written("See and here.", (5,)),
    Written("A first item of a list", (1, 2)),
    Written("A second item", (1, 2, 3)),
    Written("It is a third Bold text with code, tags and.", (9,)),
    Written("The end of it", ()),
]


def read(pieces: list[str]) -> list[Written]:
    cut = Sentences()
    return [written for piece in pieces for written in cut.feed(piece)] + list(cut.finish())


def test_text_is_cut_into_plain_sentences_with_their_numbers() -> None:
    assert read([TEXT]) == WRITTEN


@given(st.lists(st.integers(1, len(TEXT) - 1), max_size=40, unique=True))
def test_it_makes_no_difference_how_the_text_comes(cuts: list[int]) -> None:
    ends = [0, *sorted(cuts), len(TEXT)]
    assert read([TEXT[a:b] for a, b in pairwise(ends)]) == WRITTEN


def test_a_sentence_comes_as_soon_as_the_next_one_has_begun() -> None:
    cut = Sentences()
    assert list(cut.feed("It was signed in 1998 [1]. ")) == []
    assert list(cut.feed("[2] Then it was left by one of them")) == [
        Written("It was signed in 1998.", (1, 2))
    ]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("So it is [1].", (1,)),
        ("So it is. [1]", (1,)),
        ("So it is [2][1][2].", (2, 1)),
        ("So it is [1, 2; 3 and 4].", (1, 2, 3, 4)),
        ("So it is [2-4].", (2, 3, 4)),
        ("So it is [1-9999].", tuple(range(1, 22))),
        ("So it is [^3].", (3,)),
        ("So it is [passage 3].", (3,)),
        ("So it is【3†source】.", (3,)),
        ("[1] So it is.", (1,)),
        ("So it is [0].", (0,)),
        ("So it is [one].", ()),
        ("So it is (1).", ()),
    ],
)
def test_markers_are_read_in_all_their_forms(text: str, numbers: tuple[int, ...]) -> None:
    assert [written.numbers for written in read([text])] == [numbers]


def test_what_is_thought_and_never_ends_says_nothing() -> None:
    assert read(["<think>Let me see. ", "It was in 1998 [1]. ", "So I answer that."]) == []


def test_text_without_an_end_is_given_out_at_last() -> None:
    cut = Sentences()
    assert sum(len(written.text) for _ in range(9) for written in cut.feed("word " * 200)) > 7_000


@given(st.text(alphabet="ab .[]1!()<>\n*-", max_size=200))
def test_no_text_breaks_it_and_none_leaves_markup(text: str) -> None:
    for written in read(list(text)):
        assert "\n" not in written.text
        assert written.text == written.text.strip()


def test_a_thought_is_none_of_the_answer_however_long_it_is() -> None:
    cut = Sentences()
    pieces = ["<think>", *["I wonder whether it rains. "] * 900, "</thi", "nk>", "It does not rain [1]. "]
    read = [written for piece in pieces for written in cut.feed(piece)]
    assert [written.text for written in (*read, *cut.finish())] == ["It does not rain."]
