from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from index.words import spans_of_words
from rag.align import place, settle


def at(quoted: str, text: str) -> str | None:
    """The words of a text that a quotation is aligned with."""
    numbers = {word: n for n, word in enumerate({*quoted.split(), *text.split()})}
    found = place([numbers[w] for w in quoted.split()], [numbers[w] for w in text.split()])
    return " ".join(text.split()[slice(*found)]) if found else None


def test_words_that_stand_there_are_found_where_they_stand() -> None:
    assert at("c d e", "a b c d e f g") == "c d e"


def test_words_that_differ_at_the_ends_count_too() -> None:
    assert at("X c d e Y", "a b c d e f g") == "b c d e f"


def test_a_word_that_is_missing_or_added_does_not_move_the_ends() -> None:
    assert at("b c e f", "a b c d e f g") == "b c d e f"
    assert at("b c X d e", "a b c d e f g") == "b c d e"


def test_a_common_word_far_away_does_not_stretch_the_place() -> None:
    assert at("the cat sat down", "the x x x x x x x x a cat sat down y") == "a cat sat down"


def test_a_long_gap_does_not_part_what_is_long_on_both_sides() -> None:
    left, right = [" ".join(f"{side}{n}" for n in range(10)) for side in "lr"]
    gap = " ".join(f"g{n}" for n in range(40))
    assert at(f"{left} {right}", f"a {left} {gap} {right} z") == f"{left} {gap} {right}"


def test_nothing_in_common_is_no_place() -> None:
    assert at("x y z", "a b c") is None


@settings(deadline=None, max_examples=80)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=30), st.data())
def test_a_stretch_of_a_text_is_found_there_or_where_it_stands_again(
    text: list[int], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = place(text[start:end], text)
    assert found
    assert 0 <= found[0] < found[1] <= len(text)


def test_ends_are_settled_where_the_letters_fit() -> None:
    text = "one two three four five six seven eight"
    words = spans_of_words(text)
    assert settle("thrce four fivc", words, text, 1, 6) == (2, 5)
