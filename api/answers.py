"""Answers of the last ten minutes: found again by their id, and by the key of whoever asks a second time."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field

from api.errors import ConflictError, OverloadedError
from api.stream import Event
from corpus.errors import PinciteError
from index.errors import NotFoundError

_log = logging.getLogger(__name__)
KEPT_S = 600
_MOST = 500  # answers that are kept: some 50 kB each
_MOST_AT_ONCE = 64  # each has a thread, which mostly waits for a language model


class Recording:
    """The events of one answer from the first on, for any number of readers while they come and after.

    Its methods are called on the event loop; `make` runs in a thread. When the last reader goes before
    the end, `stop` is set: nobody waits for the rest.
    """

    def __init__(self, id_: str, asked: str) -> None:
        """`asked` is what was asked for, to tell whether a second request asks the same."""
        self.id, self.asked = id_, asked
        self.stop = threading.Event()
        self.body: str | None = None  # the whole answer as JSON, when it is done
        self.failure: PinciteError | None = None
        self.ended = False
        self._events: list[Event] = []
        self._changed = asyncio.Event()
        self._readers = 0

    @contextmanager
    def reader(self) -> Iterator[AsyncIterator[Event]]:
        """All events, waiting for those to come; whoever is inside of this is waited for.

        That begins at once and not with the first event: an answer that was found for a second reader
        is not given up because the first one goes before the second has read anything.
        """
        self._readers += 1
        try:
            yield self._read()
        finally:
            self._readers -= 1
            if not self._readers and not self.ended:
                self.stop.set()

    async def _read(self) -> AsyncIterator[Event]:
        n = 0
        while True:
            changed = self._changed
            while n < len(self._events):
                yield self._events[n]
                n += 1
            if self.ended:
                return
            if changed is self._changed:
                await changed.wait()

    def add(self, event: Event) -> None:
        """One more event."""
        self._events.append(event)
        self._wake()

    def end(self, failure: PinciteError | None = None) -> None:
        """No more events will come."""
        self.ended, self.failure = True, failure
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


Make = Callable[[Recording], Generator[Event]]


@dataclass
class Answers:
    """What is kept; on the event loop of one application.

    `site` is the key of the site that an answer is for, empty for none: no site gets what is another's.
    """

    clock: Callable[[], float] = time.monotonic
    _by_id: OrderedDict[tuple[str, str], tuple[float, str]] = field(default_factory=OrderedDict)
    _by_key: OrderedDict[tuple[str, str], tuple[float, Recording]] = field(default_factory=OrderedDict)
    _running: int = 0

    def known(self, key: str | None, asked: str, site: str = "") -> Recording | None:
        """What was made for a key. Raises ConflictError where that was for another question."""
        self._forget()
        if key is None or (site, key) not in self._by_key:
            return None
        recording = self._by_key[site, key][1]
        if recording.asked != asked:
            raise ConflictError("this idempotency key was given with another question; take a new one")
        if recording.stop.is_set() or recording.failure:  # it was given up, or failed: not an answer
            return None
        return recording

    def start(
        self,
        key: str | None,
        recording: Recording,
        make: Make,
        done: Callable[[], None] | None = None,
        site: str = "",
    ) -> None:
        """Make an answer in a thread of its own; `done` is called at its end. Raises OverloadedError."""
        if self._running >= _MOST_AT_ONCE:
            raise OverloadedError(f"{self._running} answers are being written; try again in a moment")
        self._running += 1
        if key is not None:
            self._by_key[site, key] = self.clock(), recording
            self._by_key.move_to_end((site, key))

        def ended(failure: PinciteError | None) -> None:
            self._running -= 1
            if recording.body is not None:
                self.keep(recording.id, recording.body, site)
            recording.end(failure)
            if done:
                done()

        making = (recording, make, asyncio.get_running_loop(), ended)
        threading.Thread(target=self._make, args=making, daemon=True, name="answer").start()

    def keep(self, id_: str, body: str, site: str = "") -> None:
        """Keep a whole answer."""
        self._forget()
        self._by_id[site, id_] = self.clock(), body

    def find(self, id_: str, site: str = "") -> str:
        """A whole answer as JSON. Raises NotFoundError."""
        self._forget()
        if (site, id_) not in self._by_id:
            raise NotFoundError(f"no answer {id_[:80]} here; answers are kept for {KEPT_S // 60} minutes")
        return self._by_id[site, id_][1]

    def _make(
        self,
        recording: Recording,
        make: Make,
        loop: asyncio.AbstractEventLoop,
        ended: Callable[[PinciteError | None], None],
    ) -> None:
        failure: PinciteError | None = None
        try:
            with closing(make(recording)) as events:
                for event in events:
                    loop.call_soon_threadsafe(recording.add, event)
                    if recording.stop.is_set():
                        break
        except PinciteError as error:
            failure = error
        except Exception:
            if loop.is_closed():  # the server ends
                return
            _log.exception("answer %s failed", recording.id)
            failure = PinciteError("something went wrong here")
        finally:
            with suppress(RuntimeError):  # as above
                loop.call_soon_threadsafe(ended, failure)

    def _forget(self) -> None:
        oldest = self.clock() - KEPT_S
        for kept in (self._by_id, self._by_key):
            while kept and (len(kept) > _MOST or next(iter(kept.values()))[0] < oldest):
                kept.popitem(last=False)
