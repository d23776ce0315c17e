from __future__ import annotations

import pytest

from rag.errors import QuoteError
from rag.quotation import MAX_CHARACTERS, Quotation


def parts(text: str) -> list[str]:
    quotation = Quotation.of(text)
    return [quotation.reading.text[part.start : part.end] for part in quotation.segments]


@pytest.mark.parametrize(
    "mark", ["…", " … ", "...", " ... ", " . . . ", "[…]", " [...] ", "[. . .]", "(…)", "(...)", "…."]
)
def test_an_ellipsis_of_any_kind_parts_a_quotation(mark: str) -> None:
    assert parts(f"The bridge was old{mark}and it fell down.") == ["The bridge was old", "and it fell down."]


def test_ellipses_at_the_ends_leave_nothing() -> None:
    assert parts("… the bridge was old and fell …") == ["the bridge was old and fell"]


def test_outer_quotation_marks_and_markup_are_peeled_off() -> None:
    assert parts("> “The *bridge* was\n> old,”") == ["The bridge was old,"]


def test_brackets_are_insertions_but_not_those_that_change_a_letter() -> None:
    quotation = Quotation.of("[T]he bridge [of Morava] was old [sic]")
    said = [(t.fold, quotation.is_inserted(t)) for t in quotation.segments[0].tokens if t.says]
    assert said == [
        ("The", False),
        ("bridge", False),
        ("of", True),
        ("Morava", True),
        ("was", False),
        ("old", False),
        ("sic", True),
    ]


def test_taken_literally_ellipses_and_brackets_are_words_of_the_source() -> None:
    literal = Quotation.of("the [old] bridge … fell down").taken_literally
    assert literal is not None
    assert (len(literal.segments), literal.inserted, literal.taken_literally) == (1, (), None)
    assert Quotation.of("the old bridge fell down").taken_literally is None


@pytest.mark.parametrize("text", ["", "  ", "“”", "a bridge", "*** --- …", "[inserted by somebody]"[:9]])
def test_too_little_to_mean_anything_is_said(text: str) -> None:
    with pytest.raises(QuoteError, match="fewer than 12 characters stand in too many places"):
        Quotation.of(text)


def test_too_much_is_said() -> None:
    with pytest.raises(QuoteError, match="20,001 characters, at most 20,000 are looked up"):
        Quotation.of("x" * (MAX_CHARACTERS + 1))


def test_twelve_characters_are_enough() -> None:
    assert parts("the old mill") == ["the old mill"]


def test_half_of_a_surrogate_pair_does_no_harm() -> None:
    assert parts("the old mill \ud800 stood here") == ["the old mill ? stood here"]
