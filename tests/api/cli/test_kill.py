"""The whole program, with its real encoder, killed at random moments: nothing acknowledged is ever lost."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from index.doctor import examine
from index.reader import Reader
from index.records import Filters

KILLS = 20
SEED = 7
WORDS = ("canal", "quay", "harbour", "crane", "river", "pact", "council", "archive", "bridge", "tower")


def sentences(n: int, version: int) -> list[str]:
    """What document n says in one of its versions; every sentence is its own."""
    chance = random.Random(f"{n}/{version}")
    return [
        f"The {chance.choice(WORDS)} of place {n} met the {chance.choice(WORDS)} {version}.{line} in spring."
        for line in range(20)
    ]


def text_of(n: int, version: int) -> str:
    lines = sentences(n, version)
    return "\n\n".join(" ".join(lines[i : i + 5]) for i in range(0, len(lines), 5))


def name(n: int) -> str:
    return f"{n:02}.txt"


def start(folder: Path, data: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-I", "-m", "api", "add", str(folder), "--data", str(data)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=data.parent)


def ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether it ends within so many seconds."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def written(data: Path) -> tuple[object, ...]:
    """What changes when anything is staged or published."""
    with closing(sqlite3.connect(f"file:{data}/pincite.db?mode=ro", uri=True, timeout=30)) as store:
        row: tuple[object, ...] = store.execute(
            "SELECT (SELECT MAX(key) FROM revisions), (SELECT value FROM meta WHERE name = 'generation')"
        ).fetchone()
        return row


def published(data: Path) -> dict[str, tuple[str, str]]:
    """The documents that are searched: (version, all that their passages say) by source."""
    with closing(Reader(data)) as reader:
        rows = reader.store.documents()
        assert len(reader.snapshot()) == sum(row.passages for row in rows)
        said: dict[str, list[str]] = {}
        for stored in reader.store.passages(reader.store.keys(Filters()).tolist()).values():
            said.setdefault(stored.document_id, []).append(stored.passage.text)
        return {row.source: (row.version, " ".join(said[row.id])) for row in rows}


def whole(n: int, version: int, found: tuple[str, str]) -> bool:
    """Whether what is published is one version, and its passages say all that it says."""
    digest = sha256(text_of(n, version).encode()).hexdigest()
    return found[0] == digest and all(sentence in found[1] for sentence in sentences(n, version))


@pytest.mark.slow
def test_twenty_kills_lose_nothing_and_a_last_add_finishes_the_work(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    chance = random.Random(SEED)
    folder, data = tmp_path / "docs", tmp_path / "data"
    folder.mkdir()
    versions: dict[int, int] = {}  # of each document, as the folder holds it

    def write(n: int) -> None:
        versions[n] = versions.get(n, 0) + 1
        (folder / name(n)).write_text(text_of(n, versions[n]), encoding="utf-8")

    for n in range(20):
        write(n)
    began = time.monotonic()
    assert start(folder, data).wait() == 0
    full = time.monotonic() - began
    acknowledged = dict(versions)
    killed = 0
    while killed < KILLS:
        write(chance.randrange(len(versions)))
        write(len(versions))
        before = written(data)
        process = start(folder, data)
        if chance.random() < 0.5:
            ended(process, chance.uniform(0, full))
        else:  # while it stages and publishes
            while not ended(process, 0.01) and written(data) == before:
                pass
            ended(process, chance.uniform(0, 0.15))
        process.kill()
        if process.wait() == 0:
            acknowledged = dict(versions)
        else:
            killed += 1
        held = published(data)
        for n, version in acknowledged.items():
            candidates = range(version, versions[n] + 1)
            assert any(whole(n, v, held[name(n)]) for v in candidates), f"document {n} after kill {killed}"
    assert start(folder, data).wait() == 0
    held = published(data)
    assert held.keys() == {name(n) for n in versions}
    assert all(whole(n, version, held[name(n)]) for n, version in versions.items())
    assert examine(data)["index"] == "ok"
    assert caplog.messages == []  # no generation had to be repaired
    assert not list((data / "generations").glob("*.tmp"))
