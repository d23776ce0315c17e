"""A breaker: what failed several times in a row is left alone for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Breaker:
    """Opens after so many failures in a row; after a rest one trial goes through. Thread-safe."""

    def __init__(
        self, failures: int = 5, rest_s: float = 30, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._rest_s, self._clock = failures, rest_s, clock
        self._lock = threading.Lock()
        self._failures = 0
        self._opened = 0.0

    def admits(self) -> bool:
        """Whether one may try now."""
        with self._lock:
            if self._failures < self._most:
                return True
            if self._clock() - self._opened < self._rest_s:
                return False
            self._opened = self._clock()  # others wait for what comes of this trial
            return True

    def succeeded(self) -> None:
        """It works."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """It does not."""
        with self._lock:
            self._failures += 1
            if self._failures >= self._most:
                self._opened = self._clock()
