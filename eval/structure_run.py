"""A structure evaluation run: the documents of a gold file found, loaded, split, scored and timed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import process_time
from typing import Any

from corpus.load import load
from corpus.passages import split
from corpus.sources import FileSource, Source
from corpus.units import TokenCounter
from eval.errors import EvaluationError
from eval.structure import Score, Tally, score, to_json, total
from eval.structure_gold import Gold, read_gold

_WORD = re.compile(r"\w+|[^\w\s]")
_ROUNDS = 3  # of which the fastest counts: other work on the machine only ever slows down


@dataclass(frozen=True, slots=True)
class Speed:
    """Million bytes of text a second of one core."""

    load: float
    load_and_split: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """The scores of documents by name, and how fast they were read."""

    scores: Mapping[str, Score]
    speed: Speed

    @property
    def tallies(self) -> dict[str, Tally]:
        """Over all documents."""
        return total(self.scores.values())

    def to_json(self) -> dict[str, Any]:
        """Everything as plain values."""
        return {
            "total": to_json(self.tallies),
            "documents": {
                name: {"measures": to_json(made.tallies), "faults": made.faults}
                for name, made in self.scores.items()
            },
            "megabytes_per_s": {"load": self.speed.load, "load_and_split": self.speed.load_and_split},
        }


def count_words(texts: Sequence[str]) -> list[int]:
    """Words and signs: a token counter that needs no model."""
    return [len(_WORD.findall(text)) for text in texts]


def run(
    path: Path,
    folder: Path | None = None,
    count: TokenCounter = count_words,
    clock: Callable[[], float] = process_time,
) -> Outcome:
    """Score the documents that the gold file at `path` describes; they lie in `folder`, else beside it.

    Raises EvaluationError (also for documents that are missing or differ) or CorpusError.
    """
    gold = read_gold(path)
    sources = _sources(gold, folder or path.parent)
    scores = {}
    for name, source in sources.items():
        document = load(source.data, source.name, source.metadata)
        gold[name].check(name, document.text)
        scores[name] = score(gold[name], document, split(document, count))
    return Outcome(scores, _speed(tuple(sources.values()), count, clock))


def _sources(gold: Mapping[str, Gold], folder: Path) -> dict[str, Source]:
    """The documents by their names, or by checksum where a file was renamed."""
    faults: list[str] = []
    found: dict[str, Source] = {}
    sums: dict[str, Path] = {}
    if any(known.version and not (folder / name).is_file() for name, known in gold.items()):
        files = (file for file in sorted(folder.iterdir()) if file.is_file()) if folder.is_dir() else ()
        sums = {sha256(file.read_bytes()).hexdigest(): file for file in files}
    for name, known in gold.items():
        file = folder / name
        if not file.is_file() and known.version in sums:
            file = sums[known.version]
        if not file.is_file():
            faults.append(f"{name} is not in {folder}")
            continue
        source = FileSource(file, name).read()
        version = sha256(source.data).hexdigest()
        if known.version and known.version != version:
            faults.append(f"{name} has the sha256 {version[:12]}…, expected {known.version[:12]}…")
        found[name] = source
    if faults:
        raise EvaluationError(f"{'; '.join(faults)}. Say with --documents where the files lie, unchanged")
    return found


def _speed(sources: Sequence[Source], count: TokenCounter, clock: Callable[[], float]) -> Speed:
    size = sum(len(source.data) for source in sources)
    loading, splitting = [], []
    for _ in range(_ROUNDS):
        start = clock()
        documents = [load(source.data, source.name, source.metadata) for source in sources]
        loaded = clock()
        for document in documents:
            split(document, count)
        loading.append(loaded - start)
        splitting.append(clock() - start)
    return Speed(*(size / 1e6 / max(min(taken), 1e-9) for taken in (loading, splitting)))
