from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest


class Done(Protocol):
    status: int
    out: str
    err: str


Pincite = Callable[..., Done]
Talk = Callable[..., Done]


@pytest.fixture
def talk(pincite: Pincite, docs: Path, monkeypatch: pytest.MonkeyPatch) -> Talk:
    """A conversation from a pipe: its lines, then options."""
    assert pincite("add", docs).status == 0

    def run(lines: list[str], *options: str) -> Done:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        return pincite("chat", *options)

    return run


def test_each_question_is_answered_with_its_citations(talk: Talk) -> None:
    done = talk(["When was the tower built?", "", "How long is the quay?"])
    assert (done.status, done.err) == (0, "")
    assert done.out.index("› When was the tower built?") < done.out.index("The tower was built in 1905. [1]")
    assert done.out.index("› How long is the quay?") < done.out.index("The quay is 900 metres long. [1]")
    assert "asked as" not in done.out


def test_a_follow_up_is_shown_as_it_was_asked(talk: Talk) -> None:
    done = talk(["When was the tower of Morava built?", "And what about Belmark?"])
    assert "asked as: When was the tower of Belmark built?" in done.out


def test_a_new_conversation_knows_nothing_of_the_old_one(talk: Talk) -> None:
    done = talk(["When was the tower of Morava built?", "/new", "And what about Belmark?"])
    assert "a new conversation" in done.out
    assert "asked as" not in done.out


def test_sources_are_shown_with_the_words_around_them(talk: Talk) -> None:
    done = talk(["/sources", "When was the tower built?", "/sources", "/passages"])
    assert "no answer to show the sources of" in done.out
    assert "The tower was built in 1905.[^1] It is red." in done.out
    assert done.out.count("tower.md · ") >= 1


def test_quit_ends_it_and_what_comes_behind_is_not_asked(talk: Talk) -> None:
    done = talk(["/quit", "When was the tower built?"])
    assert (done.status, "1905" in done.out) == (0, False)


@pytest.mark.parametrize("line", ["/help", "/nonsense", "/"])
def test_an_unknown_command_is_told_those_there_are(line: str, talk: Talk) -> None:
    assert all(name in talk([line]).out for name in ("/sources", "/passages", "/new", "/help", "/quit"))


def test_a_question_that_cannot_be_asked_is_told_and_the_talk_goes_on(talk: Talk) -> None:
    done = talk(["x" * 2_001, "How long is the quay?"])
    assert done.status == 0
    assert "the question has 2,001 characters" in done.err
    assert "The quay is 900 metres long. [1]" in done.out


def test_as_json_it_is_a_reply_a_line(talk: Talk) -> None:
    done = talk(["How long is the quay?", "⚓"], "--json")
    first, second = map(json.loads, done.out.splitlines())
    assert first["answer"]["text"] == "The quay is 900 metres long."
    assert (second["question"], second["standalone_question"]) == ("⚓", "⚓")


def test_without_an_index_it_says_what_to_do(pincite: Pincite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Anything?\n"))
    done = pincite("chat")
    assert done.status == 3
    assert "add documents first" in done.err


def test_an_interrupt_ends_it_cleanly(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("api.service.Service.ask", interrupted)
    assert talk(["How long is the quay?"]).status == 0
