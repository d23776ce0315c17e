from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.conversation import leans, resolved, standalone
from rag.errors import GeneratorError
from rag.records import Question, Role, Turn


def _talk(*said: str) -> tuple[Turn, ...]:
    """Messages by turns, the user's first."""
    return tuple(Turn(Role.ASSISTANT if i % 2 else Role.USER, text) for i, text in enumerate(said))


_KARIMOV = _talk("Who runs Shusha?", "Aydin Karimov was named there in 2021.")
_CORRIDOR = _talk("What would the corridor bring Turkey?", "A direct way to Azerbaijan.")


@pytest.mark.parametrize(
    ("history", "question", "alone"),
    [
        (_KARIMOV, "Where did he study?", "Where did Aydin Karimov study?"),
        (_KARIMOV, "And what was his first post?", "What was Aydin Karimov’s first post?"),
        (_CORRIDOR, "And for Russia?", "What would the corridor bring Russia?"),
        (
            _talk("What does Ada Sund say about small powers?", "Little."),
            "And about Baku?",
            "What does Ada Sund say about Baku?",
        ),
        (_CORRIDOR, "And Russia?", "What would the corridor bring Russia?"),
        (_CORRIDOR, "What about Armenia?", "What would the corridor bring Armenia?"),
        (_talk("How many ships sank in 1990?", "32."), "And in 1991?", "How many ships sank in 1991?"),
        (_talk("When did Baku leave the pact?", "In 1999."), "Why?", "Why did Baku leave the pact?"),
        (_talk("Who left the pact?", "Baku."), "Why?", "Who left the pact, and why?"),
        (
            _talk("What did Baku and Ashgabat sign?", "A pact on the Dostluk field."),
            "Since when had they argued about it?",
            "Since when had they argued about it (Baku and Ashgabat, Dostluk field)?",
        ),
        (
            _talk("Who chairs the Sea League?", "Baku does."),
            "How long does the league last?",
            "How long does the league last (Sea League, Baku, chairs)?",
        ),
        (
            (
                *_talk("Who chairs the Sea League?", "Baku does."),
                *_talk("Was it prolonged?", "Yes, by a year."),
            ),
            "And who takes it over?",
            "Who takes it over (Sea League, Baku, prolonged, chairs)?",
        ),
        (
            (*_CORRIDOR, *_talk("What about Armenia?", "It would end its isolation.")),
            "And for Russia?",
            "What would the corridor bring Russia?",
        ),
    ],
)
def test_a_leaning_question_takes_over_what_it_leaves_out(
    history: tuple[Turn, ...], question: str, alone: str
) -> None:
    made = standalone(Question(question, history=history))
    assert (made.text, made.asked) == (alone, question)


@pytest.mark.parametrize(
    "question",
    [
        "When did Ada Sund take her post?",
        "Which ships wait in the harbour of Baku?",
        "Is there a harbour in Poti?",
        "What does a lighthouse need so that it can be seen from afar?",
        "How many ships were lost in 1990?",
        "🚢",
        "Limanın dərinliyi nə qədərdir?",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str) -> None:
    asked = Question(question, history=_KARIMOV)
    assert standalone(asked) == asked


def test_without_a_history_nothing_is_changed() -> None:
    assert standalone(Question("And he?")) == Question("And he?")
    empty = Question("And he?", history=_talk("", " "))
    assert standalone(empty) == empty


def test_a_title_or_a_body_is_no_person() -> None:
    history = _talk("Who wrote on energy?", "“VI. Energy Resources” is by Shahmar Hajiyev of the Sea Centre.")
    assert (
        standalone(Question("Where did he study?", history=history)).text
        == "Where did Shahmar Hajiyev study?"
    )


def test_where_nobody_was_named_the_topic_is_carried_over() -> None:
    history = _talk("What do editors want from Hajiyev?", "They asked about Turkey.")
    made = standalone(Question("How did he get round that?", history=history)).text
    assert made == "How did he get round that (Hajiyev, Turkey, asked, editors)?"


class _Rewriter:
    """Says one thing, or fails."""

    def __init__(self, text: str | None) -> None:
        self._text = text
        self.asked: list[tuple[str, int]] = []

    def rewrite(self, question: str, history: Sequence[Turn]) -> str:
        self.asked.append((question, len(history)))
        if self._text is None:
            raise GeneratorError("it stalls")
        return self._text


def test_a_generator_rewrites_where_there_is_one() -> None:
    rewriter = _Rewriter("Where did Mr Karimov study?")
    made = standalone(Question("Where did he study?", history=_KARIMOV), rewriter)
    assert (made.text, made.asked) == ("Where did Mr Karimov study?", "Where did he study?")
    assert rewriter.asked == [("Where did he study?", 2)]


@pytest.mark.parametrize("text", [None, " "])
def test_the_rules_stand_in_for_a_generator_that_fails(text: str | None) -> None:
    made = standalone(Question("Where did he study?", history=_KARIMOV), _Rewriter(text))
    assert made.text == "Where did Aydin Karimov study?"


def test_a_generator_is_not_asked_about_what_stands_alone() -> None:
    rewriter = _Rewriter("something else")
    asked = Question("Which ships wait in the harbour of Baku?", history=_KARIMOV)
    assert (standalone(asked, rewriter), rewriter.asked) == (asked, [])


def test_a_question_that_would_become_too_long_is_left_as_it_is() -> None:
    asked = Question("Why was it dug?", history=_KARIMOV)
    assert standalone(asked, _Rewriter("x" * 2_001)) == asked


def test_what_stands_alone_already_is_not_resolved_twice() -> None:
    once = standalone(Question("Where did he study?", history=_KARIMOV))
    assert standalone(once) == once


@given(
    question=st.text(min_size=1, max_size=80).filter(str.strip),
    said=st.lists(st.text(max_size=80), max_size=5),
)
@settings(deadline=None, max_examples=150)
def test_whatever_is_said_a_question_comes_out(question: str, said: list[str]) -> None:
    made = standalone(Question(question, history=_talk(*said)))
    assert made.text.strip()
    assert made.asked in (None, question)


@pytest.mark.parametrize("question", ["And then ?", "Then ?", "So then ?!"])
def test_a_question_of_leading_words_alone_takes_over_the_topic(question: str) -> None:
    made = standalone(Question(question, history=_CORRIDOR))
    assert "Turkey" in made.text
    assert made.asked == question


def test_leaning_and_resolving_agree_with_each_other() -> None:
    assert leans("And for Russia?", _CORRIDOR)
    assert not leans(resolved("And for Russia?", _CORRIDOR), ())
