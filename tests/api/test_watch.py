"""A folder that is followed. The changes are the tests' own: nothing waits for an operating system."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from filelock import FileLock

from api.watch import Watch, Watched
from corpus.errors import PinciteError
from corpus.sources import Selection
from index.ingest import LOCK, Ingest
from index.plan import Outcome
from index.testing import HashEncoder

Step = Callable[[], object] | bool
LATER_NS = 10_000_000_000


@dataclass
class Told:
    """What was reported."""

    lines: list[str] = field(default_factory=list)

    def changed(self, outcome: Outcome) -> None:
        self.lines.append(f"{outcome.change.value} {outcome.source}")

    def failed(self, error: PinciteError) -> None:
        self.lines.append(f"failed {error}")

    def following(self, files: int) -> None:
        self.lines.append(f"following {files}")


class Listening(Ingest):
    """A writer that keeps which files each round has read."""

    read: list[list[str]]

    def sync(self, *args: Any, **options: Any) -> list[Outcome]:
        outcomes = super().sync(*args, **options)
        self.read.append([outcome.source for outcome in outcomes])
        return outcomes


@dataclass
class Folder:
    """A folder of documents with its index, and what a watch tells of it."""

    docs: Path
    data: Path
    told: Told = field(default_factory=Told)
    read: list[list[str]] = field(default_factory=list)
    stop: Event = field(default_factory=Event)
    later_ns: int = LATER_NS  # how much later than it is: files have settled
    device: int = 1

    def write(self, name: str, text: str) -> None:
        path = self.docs / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def writer(self) -> Ingest:
        made = Listening(self.data, HashEncoder, lock_timeout_s=0)
        made.read = self.read
        return made

    def follow(self, *steps: Step, selection: Selection | None = None) -> list[str]:
        """What is told while steps are done one after the other: each is a change, or False a second."""
        watched = Watched(
            self.docs,
            selection or Selection(),
            lambda: time.time_ns() + self.later_ns,
            lambda folder: self.device if folder.is_dir() else None,
        )
        Watch(watched, self.writer, self.told, self.stop).follow(_played(steps))
        return self.told.lines


def _played(steps: Iterable[Step]) -> Iterator[bool]:
    for step in (True, *steps):
        if isinstance(step, bool):
            yield step
        else:
            step()
            yield True


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder with one document."""
    made = Folder(tmp_path / "docs", tmp_path / "data")
    made.docs.mkdir()
    made.write("quay.txt", "The quay is 900 metres long.")
    return made


def names(folder: Folder) -> Sequence[str]:
    """The documents of the index."""
    from index.reader import Reader

    reader = Reader(folder.data)
    try:
        return [row.source for row in reader.store.documents()]
    finally:
        reader.close()


def test_what_is_there_is_added_at_first(folder: Folder) -> None:
    assert folder.follow() == ["added quay.txt", "following 1"]


def test_each_change_is_told_as_what_it_is(folder: Folder) -> None:
    assert folder.follow(
        lambda: folder.write("tower.txt", "The tower is red."),
        lambda: folder.write("tower.txt", "The tower is blue."),
        lambda: (folder.docs / "tower.txt").rename(folder.docs / "spire.txt"),
        lambda: (folder.docs / "spire.txt").unlink(),
        lambda: folder.write("deep/crane.txt", "The crane lifts 40 tonnes."),
    ) == [
        "added quay.txt",
        "following 1",
        "added tower.txt",
        "changed tower.txt",
        "renamed spire.txt",
        "removed spire.txt",
        "added deep/crane.txt",
    ]
    assert names(folder) == ["deep/crane.txt", "quay.txt"]


def test_nothing_is_locked_between_changes(folder: Folder) -> None:
    def lock() -> None:
        with FileLock(folder.data / LOCK, timeout=0):
            pass

    assert folder.follow(lock, False, lock) == ["added quay.txt", "following 1"]


def test_an_index_that_is_busy_is_told_once_and_tried_again(folder: Folder) -> None:
    folder.data.mkdir()
    lock = FileLock(folder.data / LOCK)
    lock.acquire()
    told = folder.follow(False, False, False, lock.release, False)
    assert [line.partition(":")[0] for line in told] == [
        f"failed {folder.data}",
        "added quay.txt",
        "following 1",
    ]


def test_what_fails_is_tried_again_ever_more_seldom(folder: Folder) -> None:
    tries: list[int] = []
    tick = [0]

    def writer() -> Ingest:
        tries.append(tick[0])
        raise PinciteError("full")

    def ticks() -> Iterator[bool]:
        yield True
        for tick[0] in range(1, 200):
            yield False

    watched = Watched(folder.docs, Selection())
    Watch(watched, writer, folder.told).follow(ticks())
    assert tries == [0, 1, 3, 7, 15, 31, 63, 127, 191]
    assert folder.told.lines == ["failed full"]


def test_a_folder_that_vanishes_keeps_its_documents_and_is_followed_when_it_is_back(folder: Folder) -> None:
    away = folder.docs.with_name("away")

    def back() -> None:
        (away / "tower.txt").write_text("The tower is red.", "utf-8")
        away.rename(folder.docs)

    told = folder.follow(lambda: folder.docs.rename(away), False, False, back)
    assert told[2].startswith(f"failed {folder.docs}: no such file or folder")
    assert told[3:] == ["added tower.txt", "following 2"]
    assert names(folder) == ["quay.txt", "tower.txt"]


def test_a_drive_that_is_not_mounted_any_more_keeps_its_documents(folder: Folder) -> None:
    def unmount() -> None:
        folder.device = 2
        (folder.docs / "quay.txt").unlink()

    told = folder.follow(unmount, False, lambda: folder.write("quay.txt", "The quay is 900 metres long."))
    assert told[2].startswith(f"failed {folder.docs}: empty, and on another file system than before")
    assert told[3:] == ["following 1"]
    assert names(folder) == ["quay.txt"]


def test_a_file_half_written_is_refused_once_and_added_when_it_is_whole(folder: Folder) -> None:
    half = folder.docs / "half.txt"
    folder.later_ns = 0  # it changed a moment ago
    assert folder.follow(
        lambda: half.write_bytes(b"\0\0\0"), False, lambda: None, lambda: half.write_text("Whole.", "utf-8")
    )[2:] == ["refused half.txt", "added half.txt"]


def test_patterns_are_respected(folder: Folder) -> None:
    told = folder.follow(
        lambda: folder.write("drafts/a.txt", "A draft."),
        lambda: folder.write("b.md", "A page."),
        selection=Selection(("*.txt",), ("drafts/",)),
    )
    assert told == ["added quay.txt", "following 1"]


def test_files_that_did_not_change_are_not_read_again(folder: Folder) -> None:
    folder.follow(lambda: folder.write("tower.txt", "The tower is red."), lambda: None)
    assert folder.read == [["quay.txt"], ["tower.txt"], []]


def test_files_that_changed_a_moment_ago_are_read_again(folder: Folder) -> None:
    folder.later_ns = 0
    folder.follow(lambda: None)
    assert folder.read == [["quay.txt"], ["quay.txt"]]
    assert folder.told.lines == ["added quay.txt", "following 1"]


def test_a_file_with_the_size_and_the_time_of_its_former_version_is_read_all_the_same(folder: Folder) -> None:
    path = folder.docs / "quay.txt"
    before = path.stat()

    def swap() -> None:
        path.write_text("The quay is 950 metres long.", "utf-8")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert folder.follow(swap)[2:] == ["changed quay.txt"]


def test_a_sidecar_that_changes_changes_its_document(folder: Folder) -> None:
    assert folder.follow(lambda: folder.write("quay.meta.yaml", "title: The Quay"))[2:] == [
        "changed quay.txt"
    ]


def test_when_it_is_told_to_end_what_was_begun_is_published_and_nothing_else_is(folder: Folder) -> None:
    folder.write("tower.txt", "The tower is red.")

    class Stopping(HashEncoder):
        def count_tokens(self, texts: Sequence[str]) -> list[int]:
            folder.stop.set()  # while the first document is split
            return super().count_tokens(texts)

    watch = Watch(
        Watched(folder.docs, Selection()),
        lambda: Ingest(folder.data, Stopping),
        folder.told,
        folder.stop,
    )
    watch.follow(iter([True, True]))
    assert folder.told.lines == ["added quay.txt"]
    assert names(folder) == ["quay.txt"]


def test_a_copy_stays_when_the_file_that_it_is_a_copy_of_goes(folder: Folder) -> None:
    folder.write("tower.txt", "The tower is red.")
    folder.write("twin.txt", "The tower is red.")
    assert folder.follow(
        lambda: folder.write("crane.txt", "The crane lifts 40 tonnes."),
        lambda: (folder.docs / "tower.txt").unlink(),
    ) == [
        "duplicate twin.txt",
        "added quay.txt",
        "added tower.txt",
        "following 3",
        "added crane.txt",
        "renamed twin.txt",
    ]
    assert names(folder) == ["crane.txt", "quay.txt", "twin.txt"]


def test_a_copy_stays_when_the_file_that_it_is_a_copy_of_changes(folder: Folder) -> None:
    folder.write("tower.txt", "The tower is red.")
    folder.write("twin.txt", "The tower is red.")
    told = folder.follow(lambda: folder.write("tower.txt", "The tower is blue."))
    assert told[-2:] == ["changed tower.txt", "added twin.txt"]
    assert names(folder) == ["quay.txt", "tower.txt", "twin.txt"]
