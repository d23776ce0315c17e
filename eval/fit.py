"""Weights of the ranking, fitted over several collections: a grid of rules on each, compared across."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from corpus.records import Span
from eval import retrieval
from eval.errors import EvaluationError
from eval.indexing import shift
from eval.judging import passage_values
from eval.records import GoldQuestion, Hit
from eval.runs import documents, write_whole
from eval.systems import hit_of
from eval.workbench import Workbench
from rag.collapse import collapse
from rag.fuse import DEPTH, Weights
from rag.records import Question, RankedPassage
from rag.search import Candidates, fuse, gather, seek

VERSION = 1  # of the file
_SHOWN = 20  # passages that the measures look at
_MANY = 150  # documents
# Late interaction counts 1. The others lie around what the ablations of docs/ranking.md found.
GRID = tuple(
    Weights(dense, lexical, 1.0, common)
    for common, dense, lexical in product((0.5, 1.0, 2.0), (0.0, 0.2, 0.4), (0.0, 0.15, 0.3))
)
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Worth:
    """What each rule of a grid is worth on one collection [rules], by a measure."""

    name: str
    measure: str
    questions: int
    values: Values


@dataclass(frozen=True, slots=True)
class Fold:
    """A collection, and the rule that all the others choose for it."""

    worth: Worth
    chosen: Weights
    value: float  # of that rule
    shipped: float  # of the rule that all choose together
    best: float  # of the best rule for this collection alone, known only with hindsight


@dataclass(frozen=True, slots=True)
class Fit:
    """The rule with the best mean over all collections, and how well such a choice carries over."""

    weights: Weights
    folds: tuple[Fold, ...]

    @property
    def carried(self) -> float:
        """The mean over the collections, each with the rule that the others chose."""
        return float(np.mean([fold.value for fold in self.folds]))


def worth(
    bench: Workbench, grid: Sequence[Weights] = GRID, advance: Callable[[], None] = lambda: None
) -> Worth:
    """Rank the questions of a benchmark by every rule, by the code that ranks everybody's.

    Of few documents which one it is says little: where spans of evidence are known, the measure is then the
    mean of hit@1, hit@5 and recall@3000ch, else nDCG@10.
    """
    benchmark = bench.task.benchmark
    spans = len(benchmark.entries) < _MANY and any(q.evidence for q in benchmark.questions)
    asked = [
        q for q in benchmark.questions if q.answerable and (q.evidence if spans else q.id in benchmark.qrels)
    ]
    if not asked:
        raise EvaluationError(f"{benchmark.name}: no question has a judgement")
    shown: list[dict[str, tuple[Hit, ...]]] = [{} for _ in grid]
    for question in asked:
        for rule, hits in zip(shown, _rankings(bench, question, grid), strict=True):
            rule[question.id] = hits
        advance()
    if spans:
        values = [float(np.mean([_by_spans(q, rule[q.id]) for q in asked])) for rule in shown]
    else:
        values = [_by_documents(bench, rule) for rule in shown]
    measure = "hits and recall" if spans else "nDCG@10"
    return Worth(benchmark.name, measure, len(asked), np.asarray(values, np.float64))


def fit(collections: Sequence[Worth], grid: Sequence[Weights] = GRID) -> Fit:
    """The best rule by the mean over collections, which count equally; EvaluationError for a single one."""
    if len(collections) < 2:
        raise EvaluationError(
            f"weights fitted on {len(collections)} collection would fit that one alone; name two or more"
        )
    table = np.stack([one.values for one in collections])
    best = int(np.argmax(table.mean(axis=0)))
    folds = []
    for i, one in enumerate(collections):
        chosen = int(np.argmax(np.delete(table, i, axis=0).mean(axis=0)))
        row = table[i]
        folds.append(Fold(one, grid[chosen], float(row[chosen]), float(row[best]), float(row.max())))
    return Fit(grid[best], tuple(folds))


def save(found: Fit, path: Path, command: str) -> None:
    """Write the file of weights, with what they were fitted on and by. Raises EvaluationError."""
    fields: Mapping[str, object] = {
        "version": VERSION,
        "weights": asdict(found.weights),
        "collections": {fold.worth.name: fold.worth.questions for fold in found.folds},
        "command": command,
    }
    write_whole(path, json.dumps(fields, indent=2) + "\n")


def _rankings(bench: Workbench, question: GoldQuestion, grid: Sequence[Weights]) -> Iterator[tuple[Hit, ...]]:
    """The first passages of a question by each rule; the signals are taken once for each `common`."""
    index, asked = bench.tools.snapshot, Question(question.question)
    embedding = bench.tools.encoder.embed_question(asked.text)
    taken: dict[float, Candidates] = {}
    read: dict[int, RankedPassage] = {}
    for rule in grid:
        if rule.common not in taken:
            taken[rule.common] = gather(seek(asked, embedding, index, rule.common), index, DEPTH)
        found = fuse(taken[rule.common], rule)
        keys = found.keys[: 2 * _SHOWN].tolist()
        if missing := [key for key in keys if key not in read]:
            stored = index.passages(missing)
            read |= {k: RankedPassage(0, 0.0, MappingProxyType({}), s) for k, s in stored.items()}
        kept = collapse([read[key] for key in keys if key in read], _SHOWN)
        placed = (replace(ranked, score=-float(i)) for i, ranked in enumerate(kept))
        yield tuple(hit_of(ranked).at(lambda place: _spans(place, bench)) for ranked in placed)


def _spans(place: Hit, bench: Workbench) -> tuple[Span, ...]:
    """Spans as the benchmark counts them, whose texts lack the title."""
    by = shift(bench.task.benchmark.entries[place.document], bench.task.unit)
    return tuple(Span(max(0, s.start - by), max(0, s.end - by)) for s in place.spans) if by else place.spans


def _by_spans(question: GoldQuestion, hits: Sequence[Hit]) -> float:
    values = passage_values(question, hits)
    return float(np.mean([values["hit@1"], values["hit@5"], values["recall@3000ch"]]))


def _by_documents(bench: Workbench, rule: Mapping[str, Sequence[Hit]]) -> float:
    qrels = {id_: bench.task.benchmark.qrels[id_] for id_ in rule}
    run = {id_: documents(hits, bench.task.alike) for id_, hits in rule.items()}
    return retrieval.means(retrieval.score(qrels, run, ["nDCG@10"])).get("nDCG@10", 0.0)
