"""Asking a system every question of an evaluation set, over documents that somebody has indexed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from eval.cost import latency
from eval.judging import Texts, judge
from eval.manifest import manifest
from eval.records import GoldQuestion, Response
from eval.results import Results
from eval.sets import EvaluationSet
from index.codec import dumps
from index.records import EncoderIdentity

Ask = Callable[[GoldQuestion], Response]  # documents by the names that the set gives them


def evaluate(
    gold: EvaluationSet,
    ask: Ask,
    texts: Texts,
    described: Mapping[str, Any],
    progress: Callable[[], None] = lambda: None,
) -> Results:
    """Ask every question of a set; `texts` gives the canonical text of a document by its name."""
    results = []
    for question in gold.questions:
        results.append(judge(question, ask(question), texts))
        progress()
    cost = {"latency_ms": latency(result.timings_ms for result in results if result.timings_ms)}
    return Results(described, tuple(results), cost)


def describe(gold: EvaluationSet, system: str, encoder: EncoderIdentity | None) -> dict[str, Any]:
    """The manifest of an evaluation; its checksum is of documents and questions."""
    told = [dict(gold.documents), [[q.id, q.question, q.answers, _places(q)] for q in gold.questions]]
    checksum = hashlib.sha256(dumps(told).encode()).hexdigest()
    return manifest(gold.name, checksum, system, {}, encoder.to_json() if encoder else None)


def _places(question: GoldQuestion) -> list[tuple[str, int, int]]:
    return [(e.document, e.span.start, e.span.end) for e in (*question.evidence, *question.alternatives)]
