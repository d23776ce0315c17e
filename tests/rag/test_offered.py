from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.offered import best_offered, offered
from rag.wanted import Kind


def _offered(kind: Kind | None, text: str, question: str = "") -> list[str]:
    return [text[start:end] for start, end in offered(kind, text, question)]


def _best(kind: Kind, text: str, question: str) -> list[str]:
    return [text[start:end] for start, end in best_offered(kind, text, question)]


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        (Kind.DATE, "It rose on 4 May 1911, fell in 1920–1922 and rests.", ["4 May 1911", "1920–1922"]),
        (Kind.DATE, "It is of the late nineteenth century.", ["late nineteenth century"]),
        (Kind.DATE, "He may march on Monday.", ["Monday"]),
        (Kind.NUMBER, "On 10 November 1990, 32 ships and twenty-one boats sank.", ["32", "twenty-one"]),
        (Kind.NUMBER, "The feast had 2000 guests in 1990.", ["2000"]),
        (Kind.SHARE, "It sells 12.5 percent, or half of the fish.", ["12.5 percent", "half of"]),
        (Kind.MONEY, "It cost $3.9 billion, later 5 million manats.", ["$3.9 billion", "5 million manats"]),
        (Kind.MEASURE, "It is 1,768 kilometres long.", ["1,768 kilometres"]),
        (Kind.DURATION, "They spoke for four hours.", ["four hours"]),
        (Kind.PERSON, "In January Ada Sund met Dr. Bo de la Cruz.", ["Ada Sund", "Dr. Bo de la Cruz"]),
        (Kind.PERSON, "Hardly anybody came.", []),
        (Kind.PERSON, "Galileo was right.", ["Galileo"]),
        (Kind.PLACE, "The Republic of Azerbaijan has Baku.", ["Republic of Azerbaijan", "Baku"]),
        (Kind.NAME, "It was renamed “Dostluq” today.", ["“Dostluq”"]),
        (Kind.REASON, "He left because the sea was cold; nobody knew.", ["because the sea was cold"]),
        (None, "On 4 May 1911 Ada left.", []),
    ],
)
def test_things_of_a_kind_are_found_in_reading_order(kind: Kind | None, text: str, found: list[str]) -> None:
    assert _offered(kind, text) == found


def test_what_the_question_holds_is_not_offered() -> None:
    text = "Mr Hajiyev told Ada Sund of 2008."
    assert _offered(Kind.PERSON, text, "Who did Hikmat Hajiyev tell?") == ["Ada Sund"]
    assert _offered(Kind.DATE, text, "When in 2008 was it?") == []


def test_a_date_is_new_though_the_question_has_its_year() -> None:
    assert _offered(Kind.DATE, "It opened in May 2011.", "In which month of 2011 did it open?") == [
        "May 2011"
    ]


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("How many tanks were lost?", ["366"]),
        ("How many guns were lost?", ["125"]),
    ],
)
def test_what_stands_nearest_to_the_words_of_the_question_is_the_best(question: str, best: list[str]) -> None:
    assert (
        _best(Kind.NUMBER, "They lost 125 guns of bronze and of iron, and then 366 tanks.", question) == best
    )


def test_what_is_listed_together_is_given_together() -> None:
    text = "The Normans came from Denmark, Iceland and Norway long ago."
    assert _best(Kind.PLACE, text, "Where did the Normans come from?") == ["Denmark, Iceland and Norway"]


@given(text=st.text(max_size=200), question=st.text(max_size=60), kind=st.sampled_from(Kind))
@settings(deadline=None, max_examples=150)
def test_ranges_lie_in_the_text_in_order_and_hold_something(text: str, question: str, kind: Kind) -> None:
    found = offered(kind, text, question)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert found == sorted(found)
    best = best_offered(kind, text, question)
    assert len(best) == min(1, len(found))
