"""Memory that is free goes back to the system: the C library keeps it, in case it is wanted again."""

from __future__ import annotations

import ctypes
from contextlib import suppress


def give_back() -> None:
    """Give back whole pages that nothing is on; some milliseconds, and nothing where there is no glibc.

    Each thread that worked for an ingest, a new one of tantivy every time, has a heap of its own, which by
    itself shrinks at its end alone: what stays there holds all that was freed below it.
    """
    with suppress(OSError, AttributeError):  # of macOS and musl, which keep less
        ctypes.CDLL(None).malloc_trim(0)
