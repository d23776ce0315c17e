from __future__ import annotations

import pytest

from corpus.load import load, reading
from corpus.questions import asked

ANSWERS = ("The council shut it in May.", "Nobody was told.", "It will open again in June, they say.")


def questions(*asks: str) -> list[str | None]:
    """What each of three answers is taken to answer."""
    text = "".join(
        f"Q: {asks[n % len(asks)]}\n\nA: {answer} {answer}\n\n" for n, answer in enumerate(ANSWERS)
    )
    document = load(text.encode(), "talk.txt")
    found = asked(document, reading(document))
    return [found.get(i) for i in range(len(document.structure.turns))]


def test_an_answer_answers_what_was_asked_before_and_a_question_nothing() -> None:
    asks = [f"Why was harbour number {n} shut?" for n in range(3)]
    assert questions(*asks) == [found for ask in asks for found in (None, ask)]


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("The harbour is old. Why was it shut so early this year?", "Why was it shut so early this year?"),
        ("The harbour was shut. Why?", "The harbour was shut. Why?"),
        ("Was it shut in May by the council? And why?", "Was it shut in May by the council? And why?"),
        ("Why was it shut so early this year? You may speak.", "Why was it shut so early this year?"),
    ],
)
def test_a_question_is_its_last_words_with_what_they_need(said: str, question: str) -> None:
    assert questions(said)[1] == question


def test_a_very_long_question_is_told_by_its_end() -> None:
    said = "Is it that the harbour" + " is shut and then open again" * 20 + " when it rains?"
    question = questions(said)[1]
    assert question
    assert question.startswith("… ")
    assert question.endswith("open again when it rains?")
    assert len(question) < 250


def test_who_only_states_asks_nothing() -> None:
    assert (
        questions("You said that it was shut?", "Tell us more of the harbour.", "It is shut again?")[3]
        is None
    )
