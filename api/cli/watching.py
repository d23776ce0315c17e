"""`pincite sync --watch`: a line for each change, until it is told to end."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event
from types import FrameType

from api.changes import changes
from api.cli import outcomes as told
from api.cli import terminal
from api.service import Service
from api.watch import Watch, Watched
from corpus.errors import PinciteError
from corpus.sources import Selection
from index.plan import Change, Outcome

_STYLES = {Change.REFUSED: "red", Change.REMOVED: "yellow", Change.ADDED: "green", Change.CHANGED: "green"}


def follow(service: Service, folder: Path, selection: Selection, *, poll: bool, as_json: bool) -> None:
    """Keep the index as a folder is, until the process is interrupted or told to end."""
    report = JsonLines() if as_json else Lines(folder)
    with told_to_end() as stop:
        watch = Watch(Watched(folder, selection), service.writer, report, stop)
        watch.follow(changes(folder, service.data, stop, poll=poll))


@contextmanager
def told_to_end() -> Iterator[Event]:
    """An event that is set by Ctrl-C and by SIGTERM, which end nothing themselves meanwhile."""
    stop = Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Lines:
    """Changes for people: when, what, which file."""

    def __init__(self, folder: Path, now: Callable[[], datetime] = datetime.now) -> None:
        self._folder = folder
        self._now = now

    def changed(self, outcome: Outcome) -> None:
        """A line for a file, and one for each note on how it was read."""
        plural = "" if outcome.passages == 1 else "s"
        passages = f" ({outcome.passages} passage{plural})" if outcome.passages else ""
        detail = (outcome.detail or "").removeprefix(f"{outcome.source}: ")
        self._line(
            outcome.change.value,
            outcome.source + passages + (f": {detail}" if detail else ""),
            _STYLES.get(outcome.change, "cyan"),
        )
        for note in outcome.notes:
            self._line("note", note, "yellow")

    def failed(self, error: PinciteError) -> None:
        """A line for what is in the way."""
        self._line("waiting", str(error), "red")

    def following(self, files: int) -> None:
        """A line that says that all is well."""
        self._line("watching", f"{self._folder} ({files} files); Ctrl-C ends it", "bold")

    def _line(self, word: str, text: str, style: str) -> None:
        when = self._now().strftime("%H:%M:%S")
        terminal.out.print(
            f"[dim]{when}[/dim] [{style}]{word:>9}[/{style}]  {terminal.safe(text)}", soft_wrap=True
        )


class JsonLines:
    """The same for programs: a line of JSON each, with the time."""

    def __init__(self, now: Callable[[], datetime] = datetime.now) -> None:
        self._now = now

    def changed(self, outcome: Outcome) -> None:
        """What `add --json` prints of an outcome."""
        self._line(told.plain([outcome])[0])

    def failed(self, error: PinciteError) -> None:
        """The error's code, and what it says."""
        self._line({"error": error.code, "detail": str(error)})

    def following(self, files: int) -> None:
        """How many files the index follows."""
        self._line({"watching": files})

    def _line(self, fields: dict[str, object]) -> None:
        when = self._now().astimezone().isoformat(timespec="milliseconds")
        terminal.print_line(json.dumps({"time": when, **fields}, ensure_ascii=False))
