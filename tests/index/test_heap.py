from __future__ import annotations

import platform
from pathlib import Path

import pytest

from corpus.sources import Source
from index.heap import give_back
from index.ingest import Ingest
from index.reader import Reader
from index.testing import HashEncoder

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries keep less")
MB = 1024 * 1024


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / MB


def test_what_is_free_among_what_stays_is_given_back() -> None:
    blocks = [b"x" * 100_000 for _ in range(600)]
    kept = blocks[::100] + blocks[-1:]
    del blocks
    before = resident_mb()
    give_back()
    assert before - resident_mb() > 40, len(kept)


@pytest.mark.slow
def test_a_service_does_not_grow_by_one_document_after_another(tmp_path: Path) -> None:
    encoder = HashEncoder()

    def add(n: int) -> None:
        with Ingest(tmp_path, lambda: encoder) as ingest:
            ingest.add([Source(f"{n}.txt", f"The pact of town number {n} governs water.".encode())])

    add(0)
    reader = Reader(tmp_path)
    before = resident_mb()
    for n in range(1, 21):
        add(n)
        reader.snapshot()
    assert len(reader.snapshot()) == 21
    assert resident_mb() - before < 40
    reader.close()
