"""Running an evaluation set: per-question results first, then what they sum up to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from eval.measures import area_under_roc, contains_answer, first_hit, hit, recall, reciprocal, within
from eval.sets import EvaluationSet, GoldQuestion
from index.records import StoredPassage
from rag.records import Reply, Status

MEASURES = ("hit@1", "hit@5", "RR@10", "recall@5", "recall@3000ch", "answer")

System = Callable[[str], Reply]  # a question's text to a reply with ten passages or more


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What a system made of one question; the measures are empty for an unanswerable one."""

    id: str
    kind: str
    question: str
    answered: bool
    confidence: float
    answer: str
    passages: tuple[str, ...]
    measures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All results of a set, and what they sum up to."""

    name: str
    results: tuple[QuestionResult, ...]

    def summary(self) -> dict[str, dict[str, float]]:
        """Means over answerable questions: by kind, in the order of their first question, then over all."""
        answerable = [result for result in self.results if result.measures]
        kinds = dict.fromkeys(result.kind for result in answerable)
        table = {kind: _means(r for r in answerable if r.kind == kind) for kind in kinds}
        return table | {"all": _means(answerable)} if answerable else {}

    def abstention(self) -> dict[str, float | None]:
        """How well confidence tells answerable from unanswerable, and the share of each that was answered."""
        with_answer = [r for r in self.results if r.measures]
        without = [r for r in self.results if not r.measures]
        return {
            "auroc": area_under_roc([r.confidence for r in with_answer], [r.confidence for r in without]),
            "answered of answerable": fmean(r.answered for r in with_answer) if with_answer else None,
            "answered of unanswerable": fmean(r.answered for r in without) if without else None,
        }

    def to_json(self) -> dict[str, Any]:
        """Results first, then summaries."""
        return {
            "set": self.name,
            "results": [asdict(result) for result in self.results],
            "summary": self.summary(),
            "abstention": self.abstention(),
        }


def _means(results: Iterable[QuestionResult]) -> dict[str, float]:
    rows = [result.measures for result in results]
    return {"n": len(rows)} | {name: fmean(row[name] for row in rows) for name in MEASURES}


def evaluate(
    gold: EvaluationSet, system: System, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> Evaluation:
    """Ask a system every question of a set."""
    results = []
    for done, question in enumerate(gold.questions, 1):
        results.append(judge(question, system(question.question)))
        progress(done, len(gold.questions))
    return Evaluation(gold.name, tuple(results))


def judge(question: GoldQuestion, reply: Reply) -> QuestionResult:
    """Hold one reply against what is known."""
    ranked = [passage.stored for passage in reply.ranking.passages]
    text = reply.answer.text if reply.answer else ""
    return QuestionResult(
        id=question.id,
        kind=question.kind,
        question=question.question,
        answered=reply.status is Status.ANSWERED,
        confidence=reply.confidence,
        answer=text,
        passages=tuple(stored.passage.id for stored in ranked[:10]),
        measures=_measure(question, ranked, text) if question.answerable else {},
    )


def _measure(question: GoldQuestion, ranked: Sequence[StoredPassage], answer: str) -> dict[str, float]:
    rank = first_hit(question, ranked)
    return {
        "hit@1": hit(rank, 1),
        "hit@5": hit(rank, 5),
        "RR@10": reciprocal(rank, 10),
        "recall@5": recall(question, ranked[:5]),
        "recall@3000ch": recall(question, within(ranked)),
        "answer": float(contains_answer(answer, question.answers)),
    }
