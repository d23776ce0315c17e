"""Milliseconds by stage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Stopwatch:
    """Times named stages; a stage that is entered twice adds up."""

    def __init__(self) -> None:
        self._start = perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what is done inside."""
        start = perf_counter()
        try:
            yield
        finally:
            self._stages[name] = self._stages.get(name, 0.0) + (perf_counter() - start) * 1e3

    def read(self) -> dict[str, float]:
        """Milliseconds of each stage so far, and in all."""
        total = (perf_counter() - self._start) * 1e3
        return {name: round(ms, 3) for name, ms in {**self._stages, "total": total}.items()}
