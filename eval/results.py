"""Results: question by question first, then what they sum up to; in one JSON form for every verb."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import fmean
from types import MappingProxyType
from typing import Any

import numpy as np

from eval.answers import EXTRACTED
from eval.calibration import area_under_risk, area_under_roc, calibration_error, reliability, risk_coverage
from eval.errors import EvaluationError
from eval.lines import read_text
from eval.runs import write_whole
from eval.significance import bootstrap

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Quoted:
    """A place as people look at it: the text of a span and what stands around it."""

    document: str
    spans: tuple[tuple[int, int], ...]
    text: str
    before: str = ""
    after: str = ""
    relevant: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a system said: `supported` is whether its first passages do hold what answers."""

    answer: str
    answered: bool
    confidence: float
    supported: bool


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What a system made of one question; without values where nothing can be found."""

    id: str
    kind: str
    question: str
    values: Mapping[str, float]
    expected: tuple[Quoted, ...] = ()
    found: tuple[Quoted, ...] = ()
    verdict: Verdict | None = None
    timings_ms: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Results:
    """All results of one system on one set of questions, and how they came about."""

    manifest: Mapping[str, Any]
    questions: tuple[QuestionResult, ...]
    cost: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def dataset(self) -> str:
        """What was asked."""
        return str(self.manifest["dataset"])

    @property
    def system(self) -> str:
        """Who was asked."""
        return str(self.manifest["system"])

    @property
    def scored(self) -> list[QuestionResult]:
        """The questions that have values."""
        return [question for question in self.questions if question.values]

    @property
    def measures(self) -> list[str]:
        """All measures, in the order in which they first come."""
        return list(dict.fromkeys(name for question in self.scored for name in question.values))

    def summary(self) -> dict[str, dict[str, float]]:
        """Means by kind of question, in the order of their first question, then over all."""
        scored = self.scored
        kinds = dict.fromkeys(q.kind for q in scored if q.kind)
        table = {kind: _means(q for q in scored if q.kind == kind) for kind in kinds}
        return table | {"all": _means(scored)} if scored else {}

    def extraction(self) -> dict[str, float]:
        """Means over the kinds of question whose answer a sentence or a name can be; empty without any."""
        extracted = [question for question in self.scored if question.kind in EXTRACTED]
        return _means(extracted) if extracted else {}

    def intervals(self) -> dict[str, tuple[float, float]]:
        """The 95 % bootstrap interval of each mean over all questions that have the measure."""
        found: dict[str, tuple[float, float]] = {}
        groups: dict[tuple[str, ...], list[str]] = {}
        for name in self.measures:
            groups.setdefault(tuple(q.id for q in self.scored if name in q.values), []).append(name)
        by_id = {q.id: q.values for q in self.scored}
        for ids, names in groups.items():
            ends = bootstrap(np.asarray([[by_id[id_][name] for name in names] for id_ in ids]))
            found |= {name: (float(low), float(high)) for name, (low, high) in zip(names, ends, strict=True)}
        return {name: found[name] for name in self.measures}

    def abstention(self) -> dict[str, float | None]:
        """How far the confidence can be trusted; None where there is nothing to compare."""
        said = [(q.verdict, bool(q.values)) for q in self.questions if q.verdict]
        known = [verdict for verdict, answerable in said if answerable]
        foreign = [verdict for verdict, answerable in said if not answerable]
        curve = risk_coverage([v.confidence for v, _ in said], [v.supported for v, _ in said])
        bins = reliability([v.confidence for v, _ in said], [v.supported for v, _ in said])
        return {
            "AUROC": area_under_roc([v.confidence for v in known], [v.confidence for v in foreign]),
            "AURC": area_under_risk(curve),
            "ECE": calibration_error(bins),
            "answered of answerable": fmean(v.answered for v in known) if known else None,
            "answered of unanswerable": fmean(v.answered for v in foreign) if foreign else None,
        }

    def to_json(self) -> dict[str, Any]:
        """Plain values: how it came about, the sums, then every question."""
        return {
            "format": FORMAT,
            "manifest": dict(self.manifest),
            "summary": self.summary(),
            "intervals": {name: list(ends) for name, ends in self.intervals().items()},
            "extraction": self.extraction(),
            "abstention": self.abstention() if any(q.verdict for q in self.questions) else {},
            "cost": dict(self.cost),
            "questions": [question_to_json(question) for question in self.questions],
        }

    def save(self, path: Path) -> None:
        """Write a file of results, whole or not at all."""
        write_whole(path, json.dumps(self.to_json(), ensure_ascii=False, indent=1) + "\n")


def _means(results: Iterable[QuestionResult]) -> dict[str, float]:
    rows = [result.values for result in results]
    names = dict.fromkeys(name for row in rows for name in row)
    return {"n": len(rows)} | {name: fmean(row[name] for row in rows if name in row) for name in names}


def question_to_json(question: QuestionResult) -> dict[str, Any]:
    """Plain values; what is empty is left out."""
    told = {
        "id": question.id,
        "kind": question.kind,
        "question": question.question,
        "values": dict(question.values),
        "expected": [asdict(place) for place in question.expected],
        "found": [asdict(place) for place in question.found],
        "verdict": asdict(question.verdict) if question.verdict else None,
        "timings_ms": dict(question.timings_ms),
    }
    always = ("id", "kind", "question", "values")
    return {name: value for name, value in told.items() if value or name in always}


def question_from_json(row: Mapping[str, Any]) -> QuestionResult:
    """The inverse of `question_to_json`."""
    verdict = row.get("verdict")
    return QuestionResult(
        id=row["id"],
        kind=row["kind"],
        question=row["question"],
        values=MappingProxyType(row["values"]),
        expected=tuple(map(_quoted, row.get("expected", ()))),
        found=tuple(map(_quoted, row.get("found", ()))),
        verdict=Verdict(**verdict) if verdict else None,
        timings_ms=MappingProxyType(row.get("timings_ms", {})),
    )


def _quoted(row: Mapping[str, Any]) -> Quoted:
    return Quoted(**{**row, "spans": tuple((start, end) for start, end in row["spans"])})


def read_results(path: Path) -> Results:
    """A file that `save` wrote; EvaluationError when it is none."""
    try:
        body = json.loads(read_text(path))
        if body["format"] != FORMAT:
            raise ValueError(f"format {body['format']}, expected {FORMAT}")
        results = Results(body["manifest"], tuple(map(question_from_json, body["questions"])), body["cost"])
        _ = (results.dataset, results.system)
    except (json.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise EvaluationError(
            f"{path}: not a file of results ({type(error).__name__}: {error}); "
            "`pincite bench` and `pincite eval run --out` write them"
        ) from error
    return results


def labelled(named: Sequence[tuple[str, Results]]) -> dict[str, Results]:
    """Results by what tells them apart: the system, else what it indexed as well, else their given name."""
    found = [results for _, results in named]
    units = [f"{r.system} ({r.manifest.get('config', {}).get('unit', '?')})" for r in found]
    for labels in ([r.system for r in found], units, [name for name, _ in named]):
        if len(set(labels)) == len(found):
            return dict(zip(labels, found, strict=True))
    raise EvaluationError(f"the same results twice among {', '.join(name for name, _ in named)}")


def common(results: Sequence[Results]) -> list[str]:
    """The measures that all results have."""
    first, *others = results
    return [name for name in first.measures if all(name in other.measures for other in others)]
