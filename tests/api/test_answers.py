from __future__ import annotations

import asyncio
from collections.abc import Generator

import pytest

from api.answers import KEPT_S, Answers, Recording
from api.errors import ConflictError, OverloadedError
from api.stream import Event
from index.errors import NotFoundError


class Clock:
    """A clock that stands still."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def three(recording: Recording) -> Generator[Event]:
    for n in range(3):
        yield Event("delta", {"n": n})
    recording.body = "{}"


async def numbers(recording: Recording) -> list[int]:
    with recording.reader() as events:
        return [event.data["n"] async for event in events]


def test_every_reader_gets_every_event_while_they_come_and_after() -> None:
    async def run() -> list[list[int]]:
        answers, recording = Answers(), Recording("ans_1", "q")
        answers.start(None, recording, three)
        together = await asyncio.gather(numbers(recording), numbers(recording))
        return [*together, await numbers(recording)]

    assert asyncio.run(run()) == [[0, 1, 2]] * 3


def test_an_answer_is_kept_for_ten_minutes() -> None:
    clock = Clock()
    answers = Answers(clock)
    answers.keep("ans_1", "{}")
    clock.now = KEPT_S
    assert answers.find("ans_1") == "{}"
    clock.now = KEPT_S + 1
    with pytest.raises(NotFoundError, match="no answer ans_1 here"):
        answers.find("ans_1")


def test_the_oldest_of_too_many_answers_goes() -> None:
    answers = Answers()
    for n in range(600):
        answers.keep(f"ans_{n}", str(n))
    assert answers.find("ans_599") == "599"
    with pytest.raises(NotFoundError):
        answers.find("ans_0")


def test_a_key_stands_for_its_answer_for_ten_minutes() -> None:
    async def run() -> None:
        clock = Clock()
        answers, recording = Answers(clock), Recording("ans_1", "q")
        answers.start("k", recording, three)
        await numbers(recording)
        assert answers.known("k", "q") is recording
        with pytest.raises(ConflictError):
            answers.known("k", "other")
        assert answers.known(None, "q") is answers.known("l", "q") is None
        clock.now = KEPT_S + 1
        assert answers.known("k", "other") is None

    asyncio.run(run())


def test_an_answer_that_failed_is_none() -> None:
    def fails(_recording: Recording) -> Generator[Event]:
        yield Event("delta", {"n": 0})
        raise NotFoundError("gone")

    async def run() -> None:
        answers, recording = Answers(), Recording("ans_1", "q")
        answers.start("k", recording, fails)
        assert await numbers(recording) == [0]
        assert isinstance(recording.failure, NotFoundError)
        assert answers.known("k", "q") is None

    asyncio.run(run())


def test_so_many_are_written_at_once_and_no_more() -> None:
    async def run() -> None:
        answers, recordings = Answers(), [Recording(f"ans_{n}", "q") for n in range(65)]

        def waits(recording: Recording) -> Generator[Event]:
            recording.stop.wait(5)
            yield Event("delta", {"n": 0})

        for recording in recordings[:64]:
            answers.start(None, recording, waits)
        with pytest.raises(OverloadedError):
            answers.start(None, recordings[64], waits)
        for recording in recordings:
            recording.stop.set()
        await asyncio.gather(*(numbers(recording) for recording in recordings[:64]))
        answers.start(None, recordings[64], three)

    asyncio.run(run())
