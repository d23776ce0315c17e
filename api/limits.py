"""Limits on asking: so many a minute from an address and with a key, so many a day, so many at once."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from api.errors import BudgetError, OverloadedError, RateLimitedError
from api.sites import Site

_MOST = 20_000  # buckets: some 200 bytes each
_READS = 10  # looking something up costs a tenth of asking
_FULL_S = 60  # until any bucket is full again
_DAY_S = 86_400
_NETWORK = 64  # bits of an IPv6 address that one subscriber has to himself, and may change at will


@dataclass
class Buckets:
    """Token buckets by name, each full at first and filled again in a minute, when it is no longer kept.

    At most `most` are kept: the one that was used longest ago goes first.
    """

    clock: Callable[[], float]
    most: int = _MOST
    _kept: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)  # tokens, when

    def wait_s(self, name: str, per_minute: int) -> float:
        """Seconds until there is a token; 0 where there is one."""
        return max(0.0, (1 - self._tokens(name, per_minute)) * 60 / per_minute)

    def take(self, name: str, per_minute: int) -> None:
        """Take a token."""
        self._kept[name] = self._tokens(name, per_minute) - 1, self.clock()
        self._kept.move_to_end(name)
        full = self.clock() - _FULL_S
        while len(self._kept) > self.most or next(iter(self._kept.values()))[1] < full:
            self._kept.popitem(last=False)

    def __len__(self) -> int:
        return len(self._kept)

    def _tokens(self, name: str, per_minute: int) -> float:
        tokens, since = self._kept.get(name, (float(per_minute), 0.0))
        return min(float(per_minute), tokens + max(0.0, self.clock() - since) * per_minute / 60)


class Limits:
    """What was asked lately, with which key and from where; in memory, for one process. Thread-safe."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, wall: Callable[[], float] = time.time
    ) -> None:
        """`wall` tells what day it is, as seconds since 1970."""
        self._wall = wall
        self._lock = threading.Lock()
        self._buckets = Buckets(clock)
        self._days: dict[str, tuple[int, int]] = {}  # by key: a day, and what was asked on it
        self._writing: dict[str, int] = {}  # by key: answers

    def ask(self, site: Site, address: str) -> None:
        """Count a question to a site. Raises RateLimitedError."""
        here = f"{site.key} {neighbourhood(address)}"
        self._take([(here, site.per_address), (site.key, site.per_minute)])

    def read(self, site: Site, address: str) -> None:
        """Count that something is looked up for a site. Raises RateLimitedError."""
        here = f"reads {site.key} {neighbourhood(address)}"
        self._take([(here, site.per_address * _READS), (f"reads {site.key}", site.per_minute * _READS)])

    def knock(self, address: str, per_minute: int) -> None:
        """Count a question without a site. Raises RateLimitedError."""
        self._take([(neighbourhood(address), per_minute)])

    def glance(self, address: str, per_minute: int) -> None:
        """Count a search beside a question without a site. Raises RateLimitedError."""
        self._take([(f"reads {neighbourhood(address)}", per_minute * _READS)])

    def spend(self, site: Site) -> Callable[[], None]:
        """Count an answer that is to be written; what is returned is called once it is.

        Raises BudgetError, OverloadedError.
        """
        now = self._wall()
        today = int(now // _DAY_S)
        with self._lock:
            day, spent = self._days.get(site.key, (today, 0))
            spent = spent if day == today else 0
            if spent >= site.per_day:
                raise BudgetError(
                    f"{site.per_day:,} questions were asked here today, which is all; ask again tomorrow",
                    math.ceil((today + 1) * _DAY_S - now),
                )
            writing = self._writing.get(site.key, 0)
            if writing >= site.at_once:
                raise OverloadedError(f"{writing} answers are being written; try again in a moment")
            self._days[site.key] = today, spent + 1
            self._writing[site.key] = writing + 1
        return lambda: self._written(site.key)

    def _written(self, key: str) -> None:
        with self._lock:
            self._writing[key] -= 1
            if not self._writing[key]:
                del self._writing[key]

    def _take(self, wanted: list[tuple[str, int]]) -> None:
        """A token of each bucket, or of none."""
        with self._lock:
            wait_s = max(self._buckets.wait_s(name, per_minute) for name, per_minute in wanted)
            if wait_s:
                seconds = math.ceil(wait_s)
                raise RateLimitedError(f"too much was asked in a minute; ask again in {seconds} s", seconds)
            for name, per_minute in wanted:
                self._buckets.take(name, per_minute)


def neighbourhood(address: str) -> str:
    """What counts as one address: of IPv6 a network, as whoever has one address has all of it."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), _NETWORK), strict=False))
