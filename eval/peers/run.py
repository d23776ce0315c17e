"""Measuring a peer: documents and questions go to its process as JSON lines, what it found comes back."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from corpus.records import Span
from eval.bench import Task, ask_all
from eval.benchmark import Benchmark
from eval.errors import EvaluationError
from eval.indexing import Unit, whole_text
from eval.manifest import manifest
from eval.peers.environment import environment, last_line
from eval.records import GoldQuestion, Hit, Response
from eval.results import Results

NAMES = ("langchain", "llamaindex", "txtai", "haystack")
FOLDER = Path(__file__).parent
_QUIET = {"HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False", "TOKENIZERS_PARALLELISM": "false"}


def measure(
    name: str,
    benchmark: Benchmark,
    weights: Path,
    out: Path,
    depth: int,
    cache: Path,
    *,
    folder: Path = FOLDER,
    python: Callable[[Path, Path], Path] = environment,
) -> Results:
    """Index a benchmark with a peer, ask it all questions, and judge what it found.

    `folder` holds NAME.py and NAME.txt, `python` makes an environment of the latter in the cache. Raises
    EvaluationError where the peer cannot be installed or fails.
    """
    requirements = folder / f"{name}.txt"
    interpreter = python(requirements, cache)
    with TemporaryDirectory() as place:
        shared = Path(place)
        texts = {id_: whole_text(entry) for id_, entry in benchmark.entries.items()}
        _write(shared / "documents.jsonl", ({"id": i, "text": t} for i, t in texts.items() if t.strip()))
        asked = [q for q in benchmark.questions if q.answerable]
        _write(shared / "questions.jsonl", ({"id": q.id, "question": q.question} for q in asked))
        _run(name, interpreter, folder / f"{name}.py", weights, depth, shared)
        cost = json.loads((shared / "cost.json").read_text(encoding="utf-8"))
        peer = _Asked(name, texts, (shared / "found.jsonl").read_bytes().splitlines())
    # They are given title and text as one, so that places are shifted as those of whole documents are.
    task = Task(benchmark, out, Unit.DOCUMENTS, cost=lambda: cost)
    needs = requirements.read_text(encoding="utf-8").split()
    config = {"unit": "its own passages", "passages asked for": depth, "requirements": needs}
    made = manifest(benchmark.name, benchmark.checksum, name, config, {"weights": weights.name})
    return ask_all(task, peer, made, lambda: None)


def _run(name: str, python: Path, script: Path, weights: Path, depth: int, place: Path) -> None:
    command = [str(part) for part in (python, "-P", FOLDER / "host.py", script, weights, depth, place)]
    variables = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | _QUIET
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise EvaluationError(f"peer {name}: failed: {last_line(done.stderr)}")


def _write(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


class _Asked:
    """A peer that has been asked everything already."""

    answers = False

    def __init__(self, name: str, texts: Mapping[str, str], lines: Iterable[bytes]) -> None:
        self.name = name
        self._texts = texts
        self._found: dict[str, Any] = {row["id"]: row for row in map(json.loads, lines)}

    def ask(self, question: GoldQuestion) -> Response:
        """What it found."""
        row = self._found[question.id]
        hits = tuple(self._hit(*hit) for hit in row["hits"])
        return Response(hits, None, MappingProxyType({"total": row["ms"]}))

    def _hit(self, document: str, start: int | None, end: int | None, score: float) -> Hit:
        if start is None or end is None:  # its splitter could not tell
            return Hit(document, (), score)
        return Hit(document, (Span(start, end),), score, self._texts[document][start:end])
