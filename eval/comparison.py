"""Systems on the same questions, compared in pairs: how large a difference is, and whether it is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from eval.errors import EvaluationError
from eval.lines import Faults
from eval.results import QuestionResult, Results, common
from eval.significance import SEED, bootstrap, holm, randomisation

ALPHA = 0.05
_TIE = 1e-9


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure of a system against the baseline's; wins are questions on which the system is better."""

    measure: str
    baseline: float
    system: float
    low: float  # 95 % bootstrap interval of the difference
    high: float
    p: float
    adjusted: float  # p over all systems compared (Holm)
    wins: int
    ties: int
    losses: int

    @property
    def difference(self) -> float:
        """How much better the system is."""
        return self.system - self.baseline

    @property
    def significant(self) -> bool:
        """Whether chance would seldom do that."""
        return self.adjusted < ALPHA


@dataclass(frozen=True, slots=True)
class Extreme:
    """A question on which two systems differ much."""

    measure: str
    baseline: float
    system: float
    before: QuestionResult  # the baseline's
    after: QuestionResult


@dataclass(frozen=True, slots=True)
class Comparison:
    """A system against a baseline, over the questions that both have."""

    dataset: str
    baseline: str
    system: str
    questions: int
    differences: tuple[Difference, ...]
    extremes: tuple[Extreme, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        told = {
            "dataset": self.dataset,
            "baseline": self.baseline,
            "system": self.system,
            "questions": self.questions,
        }
        rows = [
            {**asdict(d), "difference": d.difference, "significant": d.significant} for d in self.differences
        ]
        return told | {"seed": SEED, "differences": rows, "extremes": [_plain(e) for e in self.extremes]}


def _plain(extreme: Extreme) -> dict[str, Any]:
    before, after = extreme.before, extreme.after
    return {
        "id": before.id,
        "question": before.question,
        "measure": extreme.measure,
        "baseline": extreme.baseline,
        "system": extreme.system,
        "expected": [asdict(place) for place in before.expected],
        "baseline_found": [asdict(place) for place in before.found[:1]],
        "system_found": [asdict(place) for place in after.found[:1]],
    }


def compare(
    results: Mapping[str, Results],
    measures: Sequence[str] | None = None,
    extremes: int = 5,
    first: str | None = None,
) -> list[Comparison]:
    """Every system, by its label, against the first.

    The largest differences are those of the measure `first`, else of the first one. Raises
    EvaluationError when results are not of the same questions over the same documents, or lack a measure.
    """
    (standard, baseline), *others = results.items()
    _check(standard, baseline, dict(others))
    names = list(measures or common(list(results.values())))
    if missing := [name for name in names if name not in common(list(results.values()))]:
        there = ", ".join(common(list(results.values())))
        raise EvaluationError(f"no measure {', '.join(missing)} in all results; all have {there}")
    tested = {label: _test(baseline, other, names) for label, other in others}
    return [
        Comparison(
            dataset=baseline.dataset,
            baseline=standard,
            system=label,
            questions=len(baseline.scored),
            differences=tuple(
                _difference(name, *tested[label][i], [rows[i][2] for rows in tested.values()], place)
                for i, name in enumerate(names)
            ),
            extremes=_extremes(baseline, other, first if first and first in names else names[0], extremes),
        )
        for place, (label, other) in enumerate(others)
    ]


def _check(first: str, baseline: Results, others: Mapping[str, Results]) -> None:
    faults = Faults("cannot be compared")
    ids = {question.id for question in baseline.scored}
    if not ids:
        faults.add(f"{first} has no question with a value")
    for label, other in others.items():
        if other.manifest.get("checksum") != baseline.manifest.get("checksum"):
            faults.add(f"{first} is of {_named(baseline)}, {label} of {_named(other)}")
        elif odd := ids ^ {question.id for question in other.scored}:
            some = ", ".join(sorted(odd)[:5])
            faults.add(f"{len(odd)} questions are in one of {first} and {label} alone: {some}")
    faults.refuse("Measure both on the same files")


def _named(results: Results) -> str:
    return f"{results.dataset} (checksum {str(results.manifest.get('checksum'))[:12]}…)"


_Tested = tuple[np.ndarray, np.ndarray, float, np.ndarray]  # values of both [n], p, interval [2]


def _test(baseline: Results, other: Results, names: Sequence[str]) -> list[_Tested]:
    """Each measure over the questions that have it; those that the same questions have, together."""
    before = {q.id: q.values for q in baseline.scored}
    after = {q.id: q.values for q in other.scored}
    tested: dict[str, _Tested] = {}
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        groups.setdefault(tuple(i for i in before if name in before[i] and name in after[i]), []).append(name)
    for ids, group in groups.items():
        old, new = (np.asarray([[values[i][n] for n in group] for i in ids]) for values in (before, after))
        p, ends = randomisation(new - old), bootstrap(new - old)
        tested |= {n: (old[:, i], new[:, i], float(p[i]), ends[i]) for i, n in enumerate(group)}
    return [tested[name] for name in names]


def _difference(
    name: str,
    old: np.ndarray,
    new: np.ndarray,
    p: float,
    ends: np.ndarray,
    all_p: Sequence[float],
    place: int,
) -> Difference:
    change = new - old
    return Difference(
        measure=name,
        baseline=float(old.mean()),
        system=float(new.mean()),
        low=float(ends[0]),
        high=float(ends[1]),
        p=p,
        adjusted=holm(all_p)[place],
        wins=int((change > _TIE).sum()),
        ties=int((np.abs(change) <= _TIE).sum()),
        losses=int((change < -_TIE).sum()),
    )


def _extremes(baseline: Results, other: Results, name: str, count: int) -> tuple[Extreme, ...]:
    """The questions that differ most in a measure, those without a difference left out."""
    after = {q.id: q for q in other.scored}
    found = [
        Extreme(name, q.values[name], after[q.id].values[name], q, after[q.id])
        for q in baseline.scored
        if name in q.values and name in after[q.id].values
    ]
    found.sort(key=lambda e: (-abs(e.system - e.baseline), e.before.id))
    return tuple(e for e in found[:count] if abs(e.system - e.baseline) > _TIE)
