"""Whatever a benchmark comes in, found out by what lies there."""

from __future__ import annotations

from pathlib import Path

from eval.beir import is_beir, read_beir
from eval.benchmark import Benchmark
from eval.errors import EvaluationError

_FORMS = "a folder in BEIR's layout (corpus.jsonl, queries.jsonl, qrels/)"


def read_dataset(name: str, split: str = "test") -> Benchmark:
    """A benchmark by its path or name. Raises EvaluationError with all faults, or what would be read."""
    path = Path(name)
    if path.is_dir() and is_beir(path):
        return read_beir(path, split)
    raise EvaluationError(f"{name}: no benchmark that can be read; expected {_FORMS}")
