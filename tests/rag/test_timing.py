from __future__ import annotations

import pytest

from rag.timing import Stopwatch


def test_each_stage_and_the_total_are_told_in_the_order_they_ended() -> None:
    watch = Stopwatch()
    with watch.stage("search"), watch.stage("encode"):
        pass
    assert list(watch.read()) == ["encode", "search", "total"]


def test_a_stage_that_is_entered_twice_adds_up() -> None:
    watch = Stopwatch()
    with watch.stage("search"):
        sum(range(100_000))
    once = watch.read()["search"]
    with watch.stage("search"):
        sum(range(100_000))
    assert watch.read()["search"] > once > 0


def test_a_stage_that_fails_is_timed_and_its_error_passes() -> None:
    watch = Stopwatch()
    with pytest.raises(KeyError), watch.stage("search"):
        raise KeyError
    assert set(watch.read()) == {"search", "total"}


def test_the_total_is_at_least_its_stages() -> None:
    watch = Stopwatch()
    for name in ("encode", "search"):
        with watch.stage(name):
            sum(range(100_000))
    times = watch.read()
    assert times["total"] >= times["encode"] + times["search"] - 0.002  # each is rounded to a thousandth
