from __future__ import annotations

import pytest

from api.breaker import Breaker


class Clock:
    """A clock that stands still."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.failed()


def test_it_opens_after_so_many_failures_in_a_row(clock: Clock) -> None:
    breaker = Breaker(3, 30, clock)
    fail(breaker, 2)
    assert breaker.admits()
    fail(breaker, 1)
    assert not breaker.admits()


def test_a_success_begins_the_count_anew(clock: Clock) -> None:
    breaker = Breaker(3, 30, clock)
    fail(breaker, 2)
    breaker.succeeded()
    fail(breaker, 2)
    assert breaker.admits()


def test_after_a_rest_one_trial_goes_through_and_others_wait_for_it(clock: Clock) -> None:
    breaker = Breaker(1, 30, clock)
    fail(breaker, 1)
    clock.now = 29.9
    assert not breaker.admits()
    clock.now = 30.0
    assert [breaker.admits(), breaker.admits()] == [True, False]


def test_a_trial_that_fails_is_a_rest_more(clock: Clock) -> None:
    breaker = Breaker(2, 30, clock)
    fail(breaker, 2)
    clock.now = 31.0
    assert breaker.admits()
    breaker.failed()
    clock.now = 60.0
    assert not breaker.admits()


def test_a_trial_that_succeeds_closes_it(clock: Clock) -> None:
    breaker = Breaker(1, 30, clock)
    fail(breaker, 1)
    clock.now = 31.0
    assert breaker.admits()
    breaker.succeeded()
    assert [breaker.admits(), breaker.admits()] == [True, True]
