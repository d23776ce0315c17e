"""A folder that is followed: whenever something in it changes, the index is made to hold what it holds.

Between changes nothing is locked, so that every other command can run; the encoder stays loaded.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Protocol, TypeAlias

from corpus.errors import CorpusError, PinciteError
from corpus.sources import FileSource, Selection, sidecars, walk_folder
from index.errors import StorageError
from index.ingest import Ingest
from index.plan import Change, Outcome

_LONGEST_PAUSE = 64  # seconds between tries that fail
_YOUNG_NS = 2_000_000_000  # a file that changed so lately may change once more without its time telling

Print: TypeAlias = tuple[
    tuple[int, ...] | None, ...
]  # of a file and its sidecars: when they changed, and how large


class Report(Protocol):
    """Tells somebody what happened."""

    def changed(self, outcome: Outcome) -> None:
        """What became of a file: searches see it now, or it was refused."""

    def failed(self, error: PinciteError) -> None:
        """What keeps the index from following the folder; it is tried again. Told once."""

    def following(self, files: int) -> None:
        """The index holds what the folder holds, in so many files: told at first, and after a failure."""


def device(folder: Path) -> int | None:
    """The file system that a folder is on; None where there is no folder."""
    try:
        return folder.stat().st_dev
    except OSError:
        return None


@dataclass(frozen=True, slots=True)
class Watched:
    """A folder, and which of its files are wanted."""

    folder: Path
    selection: Selection
    clock_ns: Callable[[], int] = time.time_ns
    device: Callable[[Path], int | None] = device


class Watch:
    """Keeps an index as a folder is."""

    def __init__(
        self, watched: Watched, writer: Callable[[], Ingest], report: Report, stop: Event | None = None
    ) -> None:
        """`writer` makes the writer of the index, which is held only while there is work.

        When `stop` is set, what was begun is ended, and nothing else is.
        """
        self._watched = watched
        self._writer = writer
        self._report = report
        self._stop = stop or Event()
        self._device = watched.device(watched.folder)
        self._read: dict[str, Print] = {}  # files by their location, as they were when they were read
        self._walked: dict[str, tuple[str, Print]] = {}  # the same with their names, of this round
        self._unused: dict[str, str | None] = {}  # what was told of files that no document is made of
        self._failure: str | None = ""  # what was told; None while all is well

    def follow(self, changes: Iterable[bool]) -> None:
        """Work off changes until they end: True is a change, False a second that has gone by without one.

        What fails is tried again with the next change, and after 1, 2, 4 … seconds.
        """
        due, pause, left = True, 1, 0
        for changed in changes:
            if self._stop.is_set():
                return
            due, left = due or changed, left - 1
            if not due or (left > 0 and not changed):
                continue
            due = not self._round()
            left = pause
            pause = min(2 * pause, _LONGEST_PAUSE) if due else 1

    def _round(self) -> bool:
        """Make the index hold what the folder holds; whether that was done."""
        self._walked = {}
        try:
            self._check_mounted()
            with self._writer() as ingest:
                outcomes = ingest.sync(
                    self._watched.folder, selection=self._watched.selection, settled=self._settled
                )
        except (PinciteError, OSError) as error:
            ours = error if isinstance(error, PinciteError) else StorageError(f"{error}; it is tried again")
            if str(ours) != self._failure:
                self._report.failed(ours)
            self._failure = str(ours)
            return False
        self._remember(outcomes)
        self._tell(outcomes)
        if self._failure is not None and not self._stop.is_set():
            self._failure = None
            self._report.following(len(self._walked))
        return True

    def _settled(self, file: FileSource) -> bool:
        """Whether a file is as it was when it was last read; of what is left when all should end, too."""
        if self._stop.is_set():
            return True
        found = print_of(file.path)
        self._walked[file.location] = file.name, found
        return self._read.get(file.location) == found

    def _remember(self, outcomes: Iterable[Outcome]) -> None:
        """Keep how files were, but of those that changed a moment ago: a second change may not show.

        Nor of those with the content of another: they are what is left of it when that one goes.
        """
        young = self._watched.clock_ns() - _YOUNG_NS
        twins = {outcome.source for outcome in outcomes if outcome.change is Change.DUPLICATE}
        self._read = {
            location: found
            for location, (name, found) in self._walked.items()
            if name not in twins and all(part is None or max(part[:2]) < young for part in found)
        }

    def _tell(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            former = self._unused.pop(outcome.source, None)
            if outcome.change in (Change.REFUSED, Change.DUPLICATE):
                self._unused[outcome.source] = outcome.detail
            if outcome.change is not Change.UNCHANGED and (former is None or former != outcome.detail):
                self._report.changed(outcome)

    def _check_mounted(self) -> None:
        """Raise CorpusError for a folder that is empty because what was mounted there is not any more."""
        folder = self._watched.folder
        found = self._watched.device(folder)
        if found in (None, self._device):
            return
        if not any(True for _ in walk_folder(folder, self._watched.selection)):
            raise CorpusError(
                f"{folder}: empty, and on another file system than before; taken for a drive that is not "
                "mounted, so its documents stay. Mount it again, or run `pincite sync` to remove them"
            )
        self._device = found


def print_of(path: Path) -> Print:
    """When a file and its sidecars changed, and how large they are; None of what is not there."""
    return tuple(_print(part) for part in (path, *sidecars(path)))


def _print(path: Path) -> tuple[int, ...] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - one call, for each file of the folder, each time
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino, found.st_mode
