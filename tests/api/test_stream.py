from __future__ import annotations

from collections.abc import Callable, Generator

import pytest

from api.stream import Event, steady
from index.errors import GoneError, NotFoundError

META, RETRIEVING, READING = (
    Event("meta", {"id": "ans_1"}),
    Event("status", {"stage": "retrieving"}),
    Event("status", {"stage": "reading", "passages": 2}),
)
SOURCE, DELTA, DONE = Event("source", {"n": 1}), Event("delta", {"seq": 1}), Event("done", {"seq": 2})
Told = tuple[Event | NotFoundError, ...]


def tell(*tries: Told) -> Callable[[], Generator[Event]]:
    """Tells each time what is given for it."""
    left = list(tries)

    def told() -> Generator[Event]:
        for event in left.pop(0):
            if isinstance(event, NotFoundError):
                raise event
            yield event

    return told


WHOLE = (META, RETRIEVING, READING, SOURCE, DELTA, DONE)


@pytest.mark.parametrize("until", [0, 1, 2, 3])
def test_a_document_that_is_removed_before_anything_is_said_is_not_noticed(until: int) -> None:
    cut: tuple[Event | NotFoundError, ...] = (*WHOLE[:until], GoneError("removed"))
    assert tuple(steady(tell(cut, WHOLE))) == WHOLE


@pytest.mark.parametrize("until", [4, 5])
def test_what_was_said_is_not_said_again(until: int) -> None:
    events = steady(tell((*WHOLE[:until], GoneError("removed")), WHOLE))
    assert tuple(next(events) for _ in range(until)) == WHOLE[:until]
    with pytest.raises(GoneError):
        next(events)


def test_twice_is_enough() -> None:
    events = steady(tell((META, NotFoundError("one")), (META, NotFoundError("two"))))
    assert next(events) == META
    with pytest.raises(NotFoundError, match="two"):
        next(events)
