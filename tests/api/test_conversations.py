from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from api.conversations import KEPT_S, Conversations, said
from rag.records import Generation, Outcome, Role, Turn

NOBODY = ""


class Clock:
    """A clock that stands still."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock to set."""
    return Clock()


def turns(*said: str) -> tuple[Turn, ...]:
    """What was said, by turns."""
    roles = (Role.USER, Role.ASSISTANT) * len(said)
    return tuple(Turn(role, text) for role, text in zip(roles, said, strict=False))


def test_a_token_brings_back_what_was_said() -> None:
    conversations = Conversations()
    token, before = conversations.resume(None, "pk_1")
    conversations.remember(token, "When?", "In 1998.")
    assert before == ()
    assert conversations.resume(token, "pk_1") == (token, turns("When?", "In 1998."))


def test_tokens_are_unlike_and_hard_to_guess() -> None:
    conversations = Conversations()
    tokens = {conversations.resume(None, NOBODY)[0] for _ in range(100)}
    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {36}


@pytest.mark.parametrize("other", ["pk_2", NOBODY])
def test_a_token_opens_nothing_for_another_site(other: str) -> None:
    conversations = Conversations()
    token, _ = conversations.resume(None, "pk_1")
    conversations.remember(token, "When?", "In 1998.")
    fresh, before = conversations.resume(token, other)
    assert (fresh != token, before) == (True, ())


def test_a_token_that_is_not_known_begins_a_conversation() -> None:
    token, before = Conversations().resume("cnv_made_up", NOBODY)
    assert (token != "cnv_made_up", before) == (True, ())


def test_a_conversation_is_kept_for_two_hours_after_its_last_question(clock: Clock) -> None:
    conversations = Conversations(clock)
    token, _ = conversations.resume(None, NOBODY)
    clock.now += KEPT_S
    assert conversations.resume(token, NOBODY)[0] == token
    clock.now += KEPT_S + 1
    assert conversations.resume(token, NOBODY)[0] != token
    assert len(conversations) == 1


def test_the_latest_turns_are_kept_and_each_cut_to_its_length() -> None:
    conversations = Conversations()
    token, _ = conversations.resume(None, NOBODY)
    for n in range(5):
        conversations.remember(token, f"Question {n}", "x" * 10_000)
    _, kept = conversations.resume(token, NOBODY)
    assert [turn.content for turn in kept[::2]] == ["Question 2", "Question 3", "Question 4"]
    assert {len(turn.content) for turn in kept[1::2]} == {4_000}


def test_so_many_conversations_are_kept_and_the_oldest_goes() -> None:
    conversations = Conversations()
    tokens = [conversations.resume(None, NOBODY)[0] for _ in range(5_001)]
    assert len(conversations) == 5_000
    assert conversations.site(tokens[0]) is None
    assert conversations.site(tokens[1]) == NOBODY


def test_what_is_forgotten_while_an_answer_is_written_stays_forgotten() -> None:
    conversations = Conversations()
    token, _ = conversations.resume(None, NOBODY)
    conversations.forget(token)
    conversations.remember(token, "When?", "In 1998.")
    assert len(conversations) == 0


def reply(text: str | None, outcome: Outcome | None) -> Any:
    """As much of a reply as is looked at."""
    return SimpleNamespace(
        answer=SimpleNamespace(text=text) if text else None,
        generation=Generation("m", outcome) if outcome else None,
    )


@pytest.mark.parametrize(
    ("text", "outcome", "heard"),
    [
        ("In 1998.", None, "In 1998."),
        ("In 1998.", Outcome.ANSWERED, "In 1998."),
        ("In 1998.", Outcome.UNAVAILABLE, "In 1998."),
        ("In 1998.", Outcome.BROKEN_OFF, None),
        (None, Outcome.ABSTAINED, None),
        (None, None, None),
    ],
)
def test_only_a_whole_answer_is_leant_on(
    text: str | None, outcome: Outcome | None, heard: str | None
) -> None:
    assert said(reply(text, outcome)) == heard
