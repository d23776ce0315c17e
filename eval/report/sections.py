"""What a report says, worked out before it is written in any form: one section a dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from eval.calibration import Bin, reliability, risk_coverage
from eval.comparison import Comparison, compare
from eval.errors import EvaluationError
from eval.results import QuestionResult, Results, labelled

_WORST = 40  # questions of a system in the list of failures


@dataclass(frozen=True, slots=True)
class Section:
    """Systems on one dataset, by label; the first is the baseline of the comparisons."""

    dataset: str
    results: Mapping[str, Results]
    comparisons: Sequence[Comparison]
    why_not: str  # why systems could not be compared
    by: str | None = None  # the measure that was asked for as the primary one

    @property
    def measures(self) -> list[str]:
        """All measures of any system."""
        return list(dict.fromkeys(name for r in self.results.values() for name in r.measures))

    @property
    def primary(self) -> str:
        """The measure that pictures and lists go by."""
        if self.by in self.measures:
            return str(self.by)
        return self.measures[0] if self.measures else ""

    def means(self) -> dict[str, dict[str, float]]:
        """Means over all questions, by system."""
        rows = {label: r.summary().get("all", {}) for label, r in self.results.items()}
        return {label: {n: v for n, v in row.items() if n != "n"} for label, row in rows.items()}

    def kinds(self) -> list[str]:
        """Kinds of question, where there is more than one."""
        found = dict.fromkeys(q.kind for r in self.results.values() for q in r.scored if q.kind)
        return list(found) if len(found) > 1 else []

    def by_kind(self) -> list[list[float | None]]:
        """The primary measure: a row a kind, a column a system."""
        table: list[list[float | None]] = []
        for kind in self.kinds():
            values = [
                [q.values[self.primary] for q in r.scored if q.kind == kind and self.primary in q.values]
                for r in self.results.values()
            ]
            table.append([fmean(found) if found else None for found in values])
        return table

    def by_measure(self) -> dict[str, list[list[float | None]]]:
        """Every measure of each system: a row a kind, a column a measure."""
        tables = {label: r.summary() for label, r in self.results.items()}
        return {
            label: [[table.get(kind, {}).get(name) for name in self.measures] for kind in self.kinds()]
            for label, table in tables.items()
        }

    def changes(self) -> dict[str, list[float]]:
        """Each system's differences to the first, question by question."""
        if self.why_not or len(self.results) < 2:
            return {}
        (_, baseline), *others = self.results.items()
        before = {q.id: q.values[self.primary] for q in baseline.scored if self.primary in q.values}
        return {
            label: [
                q.values[self.primary] - before[q.id]
                for q in other.scored
                if q.id in before and self.primary in q.values
            ]
            for label, other in others
        }

    def risks(self) -> dict[str, list[tuple[float, float]]]:
        """Risk by coverage of each system that says how sure it is."""
        return {label: risk_coverage(*_said(r)) for label, r in self._sure().items()}

    def bins(self) -> dict[str, list[Bin]]:
        """Confidence against what was right of each such system."""
        return {label: reliability(*_said(r)) for label, r in self._sure().items()}

    def _sure(self) -> dict[str, Results]:
        return {label: r for label, r in self.results.items() if any(q.verdict for q in r.questions)}

    def totals(self) -> dict[str, list[float]]:
        """Milliseconds of each question by system."""
        found = {
            label: [q.timings_ms["total"] for q in r.questions if "total" in q.timings_ms]
            for label, r in self.results.items()
        }
        return {label: ms for label, ms in found.items() if ms}

    def failures(self) -> dict[str, list[QuestionResult]]:
        """The questions on which each system does worst, worst first, none that it does well on."""
        return {label: _worst(r, self.primary) for label, r in self.results.items()}


def sections(named: Sequence[tuple[str, Results]], by: str | None = None) -> list[Section]:
    """Results, each with a name, by dataset; compared where they can be. Pictures go by one measure."""
    found = []
    for dataset in dict.fromkeys(r.dataset for _, r in named):
        of = labelled([(name, r) for name, r in named if r.dataset == dataset])
        why, comparisons = "", []
        try:
            comparisons = compare(of, first=by) if len(of) > 1 else []
        except EvaluationError as error:
            why = str(error)
        found.append(Section(dataset, of, comparisons, why, by))
    return found


def _said(results: Results) -> tuple[list[float], list[bool]]:
    said = [q.verdict for q in results.questions if q.verdict]
    return [v.confidence for v in said], [v.supported for v in said]


def _worst(results: Results, measure: str) -> list[QuestionResult]:
    poor = [q for q in results.scored if q.values.get(measure, 1.0) < 0.5]
    return sorted(poor, key=lambda q: q.values[measure])[:_WORST]
