"""Pictures of pages, drawn when they are first asked for and kept in memory for a while."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

_ROOM = 64 * 1024 * 1024  # bytes of pictures that are kept


class Pictures:
    """The last pictures that were drawn; safe for threads."""

    def __init__(self, room: int = _ROOM) -> None:
        self._room = room
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()

    def get(self, version: str, page: int, width: int, draw: Callable[[], bytes]) -> bytes:
        """The picture of a page, drawn if it is not here."""
        key = (version, page, width)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        drawn = draw()
        with self._lock:
            self._kept[key] = drawn
            while len(self._kept) > 1 and sum(map(len, self._kept.values())) > self._room:
                self._kept.popitem(last=False)
        return drawn
