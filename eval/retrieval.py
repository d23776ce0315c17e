"""Measures over ranked documents, in the field's own notation, by ir-measures over trec_eval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ir_measures
from ir_measures import Measure

from eval.benchmark import Qrels
from eval.errors import EvaluationError
from eval.runs import Run

DEFAULT = ("nDCG@10", "R@5", "R@10", "R@100", "AP", "RR@10", "P@1", "Success@5", "Judged@10")


def parse(names: Sequence[str]) -> list[Measure]:
    """Measures from their names; EvaluationError with every name that is none."""
    found, faults = [], []
    for name in names:
        try:
            measure = ir_measures.parse_measure(name)
            supported = any(
                p.supports(measure) for p in ir_measures.DefaultPipeline.providers if p.is_available()
            )
        except (NameError, ValueError, SyntaxError, TypeError, KeyError):
            supported = False
        if supported:
            found.append(measure)
        else:
            faults.append(name)
    if faults:
        raise EvaluationError(
            f"no measure {', '.join(map(repr, faults))}; expected such as {', '.join(DEFAULT)} (ir-measures)"
        )
    return found


def score(qrels: Qrels, run: Run, names: Sequence[str] = DEFAULT) -> dict[str, dict[str, float]]:
    """Every measure of every question that has a relevant document; one that the run leaves out gets 0.

    Gain is linear in the grade, relevant is a grade of 1 or more; the order is the run's own, ties or not.
    """
    measures = parse(names)
    judged = {id_: dict(grades) for id_, grades in qrels.items() if any(g > 0 for g in grades.values())}
    ranked = {
        id_: {document: float(-rank) for rank, (document, _) in enumerate(run[id_])}
        for id_ in judged
        if run.get(id_)
    }
    values: dict[str, dict[str, float]] = {id_: {} for id_ in judged}
    if not judged:
        return values
    for found in ir_measures.iter_calc(measures, judged, ranked):
        values[found.query_id][str(found.measure)] = float(found.value)
    order = [str(measure) for measure in measures]
    return {id_: {name: row.get(name, 0.0) for name in order} for id_, row in values.items()}


def means(values: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """The mean of each measure over the questions that have it."""
    rows: dict[str, list[float]] = {}
    for row in values.values():
        for name, value in row.items():
            rows.setdefault(name, []).append(value)
    return {name: sum(found) / len(found) for name, found in rows.items()}
