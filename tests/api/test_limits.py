from __future__ import annotations

import pytest

from api.errors import BudgetError, LimitError, OverloadedError, RateLimitedError
from api.limits import Buckets, Limits, neighbourhood
from api.sites import Site

DOCS = Site("pk_docs", "Docs", per_minute=6, per_address=3, per_day=5, at_once=2)
OTHER = Site("pk_other", "Other", per_minute=6, per_address=3, per_day=5, at_once=2)
MIDDAY = 20_000 * 86_400 + 43_200.0


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def asked(limits: Limits, address: str, times: int, site: Site = DOCS) -> int:
    """How many questions of so many are let in."""
    let_in = 0
    for _ in range(times):
        try:
            limits.ask(site, address)
        except RateLimitedError:
            continue
        let_in += 1
    return let_in


def test_so_much_is_asked_in_a_minute_from_an_address_and_with_a_key() -> None:
    limits = Limits(Clock())
    assert [asked(limits, f"192.0.2.{n}", 10) for n in range(4)] == [3, 3, 0, 0]


def test_keys_have_limits_of_their_own() -> None:
    limits = Limits(Clock())
    assert asked(limits, "192.0.2.1", 10) == asked(limits, "192.0.2.1", 10, OTHER) == 3


def test_whoever_was_refused_is_told_when_to_ask_again_and_may_then() -> None:
    clock = Clock()
    limits = Limits(clock)
    assert asked(limits, "192.0.2.1", 10) == 3
    with pytest.raises(RateLimitedError, match="ask again in 20 s") as refused:
        limits.ask(DOCS, "192.0.2.1")
    clock.now += refused.value.retry_after_s - 0.5
    assert asked(limits, "192.0.2.1", 1) == 0
    clock.now += 0.5
    assert asked(limits, "192.0.2.1", 10) == 1


def test_what_is_refused_takes_nothing_from_others() -> None:
    """An address that asks on and on does not use up the key for everybody."""
    limits = Limits(Clock())
    assert asked(limits, "192.0.2.1", 1_000) == 3
    assert asked(limits, "192.0.2.2", 1_000) == 3


def test_looking_up_is_counted_apart_and_costs_a_tenth() -> None:
    limits = Limits(Clock())
    asked(limits, "192.0.2.1", 10)
    for _ in range(30):
        limits.read(DOCS, "192.0.2.1")
    with pytest.raises(RateLimitedError):
        limits.read(DOCS, "192.0.2.1")


def test_an_address_without_a_site_has_the_limit_that_is_set() -> None:
    limits = Limits(Clock())
    limits.knock("192.0.2.1", 1)
    limits.knock("192.0.2.2", 1)
    with pytest.raises(RateLimitedError, match="ask again in 60 s"):
        limits.knock("192.0.2.1", 1)


def test_a_day_has_its_budget_and_the_next_day_another() -> None:
    wall = Clock(MIDDAY)
    limits = Limits(Clock(), wall)
    for _ in range(5):
        limits.spend(DOCS)()
    with pytest.raises(BudgetError, match="5 questions were asked here today") as refused:
        limits.spend(DOCS)
    assert refused.value.retry_after_s == 43_200
    limits.spend(OTHER)()
    wall.now += 43_199
    with pytest.raises(BudgetError):
        limits.spend(DOCS)
    wall.now += 1
    limits.spend(DOCS)()


def test_so_many_answers_are_written_at_once_and_no_more() -> None:
    limits = Limits(Clock(), Clock(MIDDAY))
    written = [limits.spend(DOCS), limits.spend(DOCS)]
    with pytest.raises(OverloadedError, match="2 answers are being written"):
        limits.spend(DOCS)
    limits.spend(OTHER)
    written[0]()
    limits.spend(DOCS)


def test_what_is_refused_is_not_paid_for() -> None:
    limits = Limits(Clock(), Clock(MIDDAY))
    written = [limits.spend(DOCS), limits.spend(DOCS)]
    for _ in range(10):
        with pytest.raises(OverloadedError):
            limits.spend(DOCS)
    for done in written:
        done()
    for _ in range(3):
        limits.spend(DOCS)()


def test_so_many_addresses_are_kept_and_none_for_longer_than_a_minute() -> None:
    clock = Clock()
    buckets = Buckets(clock, most=100)
    for n in range(1_000):
        buckets.take(str(n), 3)
    assert len(buckets) == 100
    clock.now += 60.1
    buckets.take("one more", 3)
    assert len(buckets) == 1


def test_addresses_without_number_do_not_escape_the_limit_of_the_key() -> None:
    limits = Limits(Clock())
    assert sum(asked(limits, f"2001:db8:{n:x}::1", 1) for n in range(30_000)) == 6


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("", ""),
        ("x" * 10_000, "x" * 64),
    ],
)
def test_one_subscriber_is_one_address(address: str, counted: str) -> None:
    assert neighbourhood(address) == counted


def test_every_limit_says_when_to_ask_again() -> None:
    assert LimitError("…").retry_after_s == 60
