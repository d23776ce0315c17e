"""How long it takes to look quotations up in many passages: made-up ones, of 50,000 made-up words.

    python scripts/bench_quotes.py [--passages 100000] [--data FOLDER]

The words are as common as words are (Zipf). Every document is loaded, split, stored and published as any
other, but embedded without a model. The folder is kept, and used again by the next run.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median

import numpy as np

from corpus.sources import Source
from eval.quotations import DAMAGES, generate
from index.generation import folder
from index.ingest import Ingest
from index.reader import Reader
from index.testing import HashEncoder
from rag.quotation import Quotation
from rag.quotes import find

_WORDS = 50_000
_SENTENCES = 330  # of a document: about 100 passages
_KINDS = ("verbatim", "typography", "ellipsis", "bad recognition", "dropped words", "invented")


def main() -> None:
    """Build what is missing, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--data", type=Path, default=Path(".pincite/bench-quotes"))
    given = parser.parse_args()
    if not (given.data / "pincite.db").exists():
        build(given.data, given.passages)
    measure(given.data)


def build(data: Path, passages: int) -> None:
    """Make documents up until there are so many passages."""
    encoder = HashEncoder(dimension=16)
    start = time.perf_counter()
    with Ingest(data, lambda: encoder) as ingest:
        made, documents = 0, _documents()
        while made < passages:
            outcomes = list(ingest._stage_all([next(documents)], lambda _: None))
            made += sum(outcome.passages for outcome in outcomes)
        print(f"staged {made:,} passages in {time.perf_counter() - start:.0f} s", flush=True)
        start = time.perf_counter()
        ingest.publish()
        print(f"published in {time.perf_counter() - start:.1f} s", flush=True)


def _documents() -> Iterator[Source]:
    random = np.random.default_rng(1)
    letters = Random(1)
    words = [
        "".join(letters.choices("etaoinshrdlucmfwypvbgkq", k=letters.randint(2, 10))) for _ in range(_WORDS)
    ]
    weights = 1 / np.arange(1, _WORDS + 1)
    weights /= weights.sum()
    n = 0
    while True:
        sentences = []
        for size in random.integers(10, 30, _SENTENCES):
            said = " ".join(words[i] for i in random.choice(_WORDS, size, p=weights))
            sentences.append(f"{said.capitalize()}.")
        text = "\n\n".join(" ".join(sentences[i : i + 5]) for i in range(0, _SENTENCES, 5))
        n += 1
        yield Source(f"made-up-{n:05}.txt", f"Made-up document {n}\n\n{text}\n".encode())


def measure(data: Path) -> None:
    """Print sizes and times."""
    start = time.perf_counter()
    reader = Reader(data)
    print(f"opened, checksums included, in {time.perf_counter() - start:.2f} s")
    snapshot = reader.snapshot()
    size = sum(path.stat().st_size for path in (folder(data, snapshot.number) / "quotes").iterdir())
    print(
        f"{len(snapshot):,} passages, {len(snapshot.quotes):,} words in {len(snapshot.quotes.documents):,} "
        f"documents; quote index {size / 1e6:.0f} MB, {size / len(snapshot):.0f} bytes a passage"
    )
    chosen = Random(2).sample(snapshot.quotes.documents, min(60, len(snapshot.quotes.documents)))
    cases = generate([snapshot.read(document) for document in chosen], 40 * (len(DAMAGES) + 8), seed=2)
    texts = {kind: [case.text for case in cases if case.kind == kind] for kind in _KINDS}
    for warm in ("cold", "warm"):
        reader.close()
        reader = Reader(data)
        snapshot = reader.snapshot()
        for kind, quoted in texts.items():
            if not quoted:
                continue
            if warm == "warm":
                _times(quoted, reader)
            times = _times(quoted, reader)
            wall, cpu = [t for t, _ in times], [t for _, t in times]
            print(
                f"{warm}  {kind:16} n {len(times):3}  p50 {median(wall):6.1f} ms ({median(cpu):5.1f} ms of "
                f"the processor)  max {max(wall):6.1f} ms"
            )
    reader.close()


def _times(quoted: list[str], reader: Reader) -> list[tuple[float, float]]:
    """Milliseconds of each look-up: by the clock, and of the processor."""
    times = []
    for text in quoted:
        start, cpu = time.perf_counter(), time.process_time()
        find(Quotation.of(text), reader.snapshot(), reader.store)
        times.append(((time.perf_counter() - start) * 1e3, (time.process_time() - cpu) * 1e3))
    return times


if __name__ == "__main__":
    main()
