from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator
from contextlib import ExitStack

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


def test_a_second_reader_that_was_let_in_gets_the_end_though_the_first_goes_at_once() -> None:
    """The first one goes after the second was told that there is an answer, and before it read anything."""
    going = threading.Event()

    def waits(recording: Recording) -> Generator[Event]:
        yield Event("delta", {"n": 0})
        going.wait(5)
        yield from three(recording)

    async def run() -> list[int]:
        answers, recording = Answers(), Recording("ans_1", "q")
        answers.start("k", recording, waits)
        with ExitStack() as first, ExitStack() as second:
            events = first.enter_context(recording.reader())
            assert (await anext(events)).data == {"n": 0}
            known = answers.known("k", "q")
            assert known is recording
            others = second.enter_context(known.reader())
            first.close()
            going.set()
            return [event.data["n"] async for event in others]

    assert asyncio.run(run()) == [0, 0, 1, 2]


def test_whoever_goes_before_the_first_event_gives_the_answer_up() -> None:
    async def run() -> None:
        recording = Recording("ans_1", "q")
        with recording.reader():
            assert not recording.stop.is_set()
        assert recording.stop.is_set()

    asyncio.run(run())


def test_the_answers_and_keys_of_a_site_are_no_other_sites() -> None:
    async def run() -> None:
        answers, recording = Answers(), Recording("ans_1", "q")
        answers.start("k", recording, three, site="pk_1")
        await numbers(recording)
        assert answers.known("k", "q", "pk_1") is recording
        assert answers.known("k", "other", "pk_2") is answers.known("k", "other") is None
        assert answers.find("ans_1", "pk_1") == "{}"
        for site in ("pk_2", ""):
            with pytest.raises(NotFoundError):
                answers.find("ans_1", site)

    asyncio.run(run())


def test_the_end_of_an_answer_is_told_once_whatever_it_is() -> None:
    def fails(_recording: Recording) -> Generator[Event]:
        yield Event("delta", {"n": 0})
        raise NotFoundError("gone")

    async def run() -> int:
        answers, ended = Answers(), []
        for make in (three, fails):
            recording = Recording("ans_1", "q")
            answers.start(None, recording, make, lambda: ended.append(1))
            await numbers(recording)
        await asyncio.sleep(0)
        return len(ended)

    assert asyncio.run(run()) == 2


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
