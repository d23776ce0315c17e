"""Runs in the form of TREC: `question Q0 document rank score tag`, one line a document."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from eval.benchmark import Benchmark
from eval.errors import EvaluationError
from eval.lines import Faults, columns, read_text
from eval.records import Hit

Ranked = Sequence[tuple[str, float]]  # documents with their scores, best first
Run = Mapping[str, Ranked]  # question -> its ranking


def documents(
    hits: Iterable[Hit], alike: Mapping[str, Sequence[str]] | None = None, depth: int = 1000
) -> list[tuple[str, float]]:
    """The documents of passages, each at the rank and score of its best one, at most `depth`.

    Documents of the same text, which are indexed once, follow each other; so do those that a passage names
    for having its text, in the order in which it names them.
    """
    best: dict[str, float] = {}
    for hit in hits:
        for place in hit.places:
            for document in (place.document, *(alike or {}).get(place.document, ())):
                best.setdefault(document, hit.score)
    return list(best.items())[:depth]


def strict(ranked: Ranked) -> list[tuple[str, float]]:
    """Scores that fall from rank to rank by what single precision can tell apart.

    trec_eval reads scores in single precision, ignores ranks, and orders equal scores by document.
    """
    told: list[tuple[str, float]] = []
    bound = np.float32(np.inf)
    for document, score in ranked:
        bound = np.minimum(np.float32(score), np.nextafter(bound, np.float32(-np.inf)))
        told.append((document, float(bound)))
    return told


def write_run(path: Path, run: Run, tag: str) -> None:
    """Write a run, whole or not at all; equal runs are equal bytes."""
    lines = (
        f"{question} Q0 {document} {rank} {score:.9g} {tag}\n"
        for question, ranked in run.items()
        for rank, (document, score) in enumerate(strict(ranked), 1)
    )
    write_whole(path, "".join(lines))


def write_whole(path: Path, text: str) -> None:
    """Write a file beside its place, then put it there. Raises EvaluationError."""
    work = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        work.write_text(text, encoding="utf-8")
        work.replace(path)
    except OSError as error:
        with suppress(OSError):
            work.unlink()
        raise EvaluationError(f"{path}: cannot be written: {error.strerror or error}") from error


def read_run(path: Path, benchmark: Benchmark) -> dict[str, list[tuple[str, float]]]:
    """A run that any system made: highest score first, equal scores as they are ranked in the file.

    Raises EvaluationError with every line that does not fit the benchmark.
    """
    faults = Faults(str(path))
    asked = {question.id for question in benchmark.questions}
    rows: dict[str, dict[str, tuple[float, int]]] = {}
    unknown: dict[str, int] = {}
    for number, (question, _, document, rank, score, _) in columns(read_text(path), "", [6], faults):
        where = f"line {number}"
        try:
            place = (-float(score), int(rank))
        except ValueError:
            faults.add(f"{where}: rank {rank!r} or score {score!r} is not a number")
            continue
        if question not in asked:
            unknown.setdefault(question, number)
        elif document not in benchmark.entries:
            faults.add(f"{where}: document {document} is not in {benchmark.name}")
        elif np.isnan(place[0]):
            faults.add(f"{where}: the score is not a number")
        elif rows.setdefault(question, {}).setdefault(document, place) is not place:
            faults.add(f"{where}: document {document} is ranked twice for question {question}")
    for question, number in unknown.items():
        faults.add(f"line {number}: question {question} is not asked in {benchmark.name}")
    if not rows and not faults:
        faults.add("an empty run")
    faults.refuse(f"Is it a run of {benchmark.name}?")
    return {
        question: [
            (document, -place[0]) for document, place in sorted(found.items(), key=lambda item: item[1])
        ]
        for question, found in rows.items()
    }
