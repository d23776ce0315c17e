"""Changes as this operating system tells them, and a whole program that follows them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from api.changes import changes
from index.reader import Reader

PROGRAM = """
import sys
from pathlib import Path
from api.cli.watching import follow
from api.service import Service
from api.settings import Settings
from corpus.sources import Selection
from index.testing import HashEncoder

docs, data, poll = sys.argv[1:]
with_hashes = Service(Settings(data=Path(data)), lambda _: HashEncoder())
follow(with_hashes, Path(docs), Selection(), poll=bool(poll), as_json=True)
with_hashes.close()
"""
SECONDS = 30  # each look takes at most one of them when nothing happens
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder with one document, and an index that is being written in it."""
    folder = tmp_path / "docs"
    (folder / "index").mkdir(parents=True)
    (folder / "quay.txt").write_text("The quay is 900 metres long.", "utf-8")
    return folder


@pytest.fixture
def told(docs: Path) -> Iterator[Iterator[bool]]:
    """The changes of that folder."""
    stop = Event()
    stream = changes(docs, docs / "index", stop)
    assert next(stream)  # what happened before it was watched
    yield stream
    stop.set()
    assert list(stream) == []


def seen(told: Iterator[bool]) -> bool:
    """Whether a change is told within some seconds."""
    return any(islice(told, SECONDS))


def test_a_second_without_a_change_is_told_as_none(told: Iterator[bool]) -> None:
    assert next(told) is False


@pytest.mark.parametrize("change", ["write", "create", "rename", "delete", "folder"])
def test_a_change_is_told(change: str, told: Iterator[bool], docs: Path) -> None:
    quay = docs / "quay.txt"
    acts: dict[str, Callable[[], object]] = {
        "write": lambda: quay.write_text("The quay is 950 metres long.", "utf-8"),
        "create": lambda: (docs / "tower.txt").write_text("The tower is red.", "utf-8"),
        "rename": lambda: quay.rename(docs / "dock.txt"),
        "delete": quay.unlink,
        "folder": (docs / "new").mkdir,
    }
    acts[change]()
    assert seen(told)


@pytest.mark.parametrize("name", [".hidden.txt", "index/pincite.db", ".git"])
def test_hidden_files_and_the_index_itself_tell_nothing(name: str, told: Iterator[bool], docs: Path) -> None:
    (docs / name).write_text("x", "utf-8")
    assert list(islice(told, 2)) == [False, False]


def test_a_folder_that_goes_and_comes_back_is_watched_again(told: Iterator[bool], docs: Path) -> None:
    docs.rename(docs.with_name("away"))
    assert seen(told)
    assert not next(told)
    docs.with_name("away").rename(docs)
    assert seen(told)
    (docs / "tower.txt").write_text("The tower is red.", "utf-8")
    assert seen(told)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start the program that follows a folder; what the test leaves running is ended."""
    running = []

    def begin(docs: Path, poll: str = "") -> subprocess.Popen[str]:
        command = [sys.executable, "-I", "-c", PROGRAM, str(docs), str(tmp_path / "data"), poll]
        running.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return running[-1]

    yield begin
    for process in running:
        process.kill()
        with process:
            pass


def line(process: subprocess.Popen[str]) -> dict[str, Any]:
    """What it tells next."""
    assert process.stdout
    told: dict[str, Any] = json.loads(process.stdout.readline())
    assert told.pop("time")
    return {name: value for name, value in told.items() if name in ("change", "source", "watching", "error")}


@pytest.mark.parametrize(("ending", "poll"), [(signal.SIGTERM, ""), (signal.SIGINT, "poll")])
def test_the_program_follows_a_folder_that_a_server_reads_and_ends_well(
    ending: signal.Signals, poll: str, docs: Path, start: Start, tmp_path: Path
) -> None:
    process = start(docs, poll)
    assert line(process) == {"change": "added", "source": "quay.txt"}
    assert line(process) == {"watching": 1}
    with closing(Reader(tmp_path / "data")) as reader:  # as a server holds one open
        first = reader.snapshot().number
        (docs / "tower.txt").write_text("The tower is red.", "utf-8")
        assert line(process) == {"change": "added", "source": "tower.txt"}
        assert reader.snapshot().number == first + 1
        (docs / "quay.txt").rename(docs / "dock.txt")
        assert line(process) == {"change": "renamed", "source": "dock.txt"}
        (docs / "tower.txt").unlink()
        assert line(process) == {"change": "removed", "source": "tower.txt"}
        assert [row.source for row in reader.store.documents()] == ["dock.txt"]
    process.send_signal(ending)
    out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, out, err) == (0, "", "")
