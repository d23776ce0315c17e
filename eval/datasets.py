"""Whatever a benchmark comes in, found out by what lies there."""

from __future__ import annotations

from pathlib import Path

from eval.beir import Asked, is_beir, read_beir
from eval.benchmark import Benchmark
from eval.collected import collect
from eval.errors import EvaluationError
from eval.irds import read_irds
from eval.ranges import is_ranges, read_ranges
from eval.sets import BUILT_IN, read_set
from eval.squad import read_squad
from eval.trec import is_trec, read_trec

_FORMS = (
    "a folder in BEIR's layout (corpus.jsonl, queries.jsonl, qrels/), in TREC's form (collection*, topics*, "
    "qrels*) or in that of the chunking evaluation (questions_df.csv, corpora/), SQuAD's JSON, or an "
    f"evaluation set ({', '.join(BUILT_IN)}, or a .jsonl)"
)


def read_dataset(
    name: str, split: str = "test", documents: Path | None = None, asked: Asked | None = None
) -> Benchmark:
    """A benchmark by its path or name.

    `documents` is where those of an evaluation set lie, `asked` which questions of a folder in BEIR's layout
    are asked. Raises EvaluationError with all faults, or with what would have been read.
    """
    path = Path(name)
    if name in BUILT_IN or (path.is_file() and path.suffix == ".jsonl"):
        return collect(read_set(name), documents)
    if path.is_file() and path.suffix == ".json":
        return read_squad(path)
    if path.is_dir():
        if is_beir(path):
            return read_beir(path, split, asked)
        if is_ranges(path):
            return read_ranges(path)
        if is_trec(path):
            return read_trec(path)
    if not path.exists():
        return read_irds(name)
    raise EvaluationError(f"{name}: no benchmark that can be read; expected {_FORMS}")
