"""SIGKILL at any moment of an ingest: what was acknowledged stays, and nothing is ever half there."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.invariants import verify
from index.reader import Reader
from index.records import Filters

if TYPE_CHECKING:
    from tests.index.conftest import Desk

DOCUMENTS = 60
KILLS = 20
NEVER = 600
SEED = 20


class Nursery:
    """The process that forks writers (see `nursery.py`)."""

    def __init__(self) -> None:
        script = Path(__file__).with_name("nursery.py")
        self._process = subprocess.Popen(
            [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def live(self, verb: str, data: Path, docs: Path, number: float) -> tuple[list[str], int]:
        """One life: what the writer said, and its exit status."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{verb} {data} {docs} {number}\n")
        self._process.stdin.flush()
        said: list[str] = []
        for line in self._process.stdout:
            if line.startswith("dead "):
                return said, int(line.removeprefix("dead "))
            said.append(line.strip())
        raise AssertionError("the nursery died")

    def close(self) -> None:
        self._process.communicate()
        assert self._process.returncode == 0


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


def text(desk: Desk, n: int, version: int) -> str:
    """Half of it changes with each version."""
    stays, changes = desk.prose(n, 8), desk.prose(1000 * version + n, 8)
    return f"{stays}\nThis is version {version} of document {n}.\n\n{changes}"


def write_all(desk: Desk, version: int) -> None:
    for n in range(DOCUMENTS):
        desk.write(f"{n:02}.txt", text(desk, n, version))


def versions(desk: Desk, reader: Reader) -> dict[str, int]:
    """The version of each document that can be found; every one of them whole, in every engine."""
    index, store = reader.snapshot(), reader.store
    keys = store.keys(Filters())
    every = index.lexical(["place", "zebra"], 10_000).keys
    dense = index.dense(desk.encoder.encode_question("place"), 10_000).keys
    assert sorted(every) == sorted(dense) == keys.tolist()
    stored = index.passages(keys.tolist())
    vectors = np.stack([desk.encoder.encode_question(stored[key].passage.embedded) for key in stored])
    own = [index.cosine(vector, np.asarray([key]))[0] for key, vector in zip(stored, vectors, strict=True)]
    np.testing.assert_allclose(own, 1, atol=1e-5)
    found: dict[str, int] = {}
    for row in store.documents():
        document = store.document(row.id).document
        verify(document, [s.passage for s in stored.values() if s.document_id == row.id])
        assert row.source not in found, "two copies"
        found[row.source] = _version(desk, row.source, document.text)
    return found


def _version(desk: Desk, source: str, found: str) -> int:
    if source == "passing.txt":
        return 0
    version = int(found.split("This is version ")[1].split()[0])
    assert found == text(desk, int(source.removesuffix(".txt")), version)
    return version


def test_killed_at_random_moments_nothing_acknowledged_is_lost_and_the_work_is_finished(
    desk: Desk, nursery: Nursery
) -> None:
    chance = random.Random(SEED)
    write_all(desk, 0)
    start = perf_counter()
    nursery.live("add", desk.data, desk.docs, NEVER)
    whole_s = perf_counter() - start
    standing = desk.reader()
    known = versions(desk, standing)
    assert known == {f"{n:02}.txt": 0 for n in range(DOCUMENTS)}
    moments = [(i + chance.random()) / KILLS for i in range(KILLS)]  # of a whole life
    chance.shuffle(moments)
    killed = with_wal = version = 0
    while killed < KILLS:
        version += 1
        assert version < 3 * KILLS, f"only {killed} were still at work, seed {SEED}"
        write_all(desk, version)
        start = perf_counter()
        said, status = nursery.live("add", desk.data, desk.docs, whole_s * moments[killed])
        if status == -signal.SIGKILL:
            killed += 1
        else:  # the machine is less busy than it was
            assert status == 0
            whole_s = perf_counter() - start
        with_wal += (desk.data / "pincite.db-wal").exists()
        acknowledged = {name for line in said if line.startswith("added") for name in line.split()[1:]}
        fresh = Reader(desk.data)
        for reader in (standing, fresh):
            now = versions(desk, reader)
            assert reader.store.rows("PRAGMA integrity_check") == [("ok",)]
            assert reader.store.rows("PRAGMA foreign_key_check") == []
            assert {name: now[name] for name in acknowledged} == dict.fromkeys(acknowledged, version)
            assert all(known[name] <= now[name] <= version for name in known if name != "passing.txt")
            assert "passing.txt" not in now or "removed passing.txt" not in said
        fresh.close()
        known = {name: number for name, number in now.items() if name != "passing.txt"}
        assert len(known) == DOCUMENTS
    assert with_wal > 0
    standing.close()
    assert nursery.live("add", desk.data, desk.docs, NEVER)[1] == 0
    last = desk.reader()
    assert versions(desk, last) == dict.fromkeys(known, version)
    numbers = [path.name for path in (desk.data / "generations").iterdir()]
    assert numbers == [f"{last.snapshot().number:06d}"]


@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.slow)])
def test_killed_at_any_step_a_sync_has_happened_or_has_not(desk: Desk, nursery: Nursery, every: int) -> None:
    """Steps are statements of SQL and touches of files; a second sync then does what is left."""
    desk.write("changed.txt", "Old words.")
    desk.write("removed.txt", "Removed words.")
    desk.sync()
    before = desk.texts()
    desk.open_readers.close()
    desk.data.rename(desk.folder / "start")
    desk.write("changed.txt", "New words.")
    desk.write("added.txt", "Added words.")
    (desk.docs / "removed.txt").unlink()
    after = {"changed.txt": "New words.", "added.txt": "Added words."}
    told: list[bool] = []
    for step in range(1, 1000, every):
        shutil.copytree(desk.folder / "start", desk.data)
        _, status = nursery.live("sync", desk.data, desk.docs, step)
        found = desk.texts()
        assert found in (before, after), step
        told.append(found == after)
        desk.open_readers.close()
        desk.sync()
        assert desk.texts() == after, step
        assert len(list((desk.data / "generations").iterdir())) == 1, step
        desk.open_readers.close()
        shutil.rmtree(desk.data)
        if status == 0:
            break
    assert told == sorted(told)  # there is one moment of change
    assert 60 < step < 200
