"""Floors for continuous integration: figures that must be reached, and drops that must not happen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from eval.comparison import ALPHA, compare
from eval.errors import EvaluationError
from eval.results import Results
from eval.significance import holm

_FLOOR = re.compile(r"(?P<measure>\S+?)\s*=\s*(?P<value>[-+]?[0-9]*\.?[0-9]+)")
_NO_QUALITY = ("Judged",)  # measures of the judgements, not of a system


@dataclass(frozen=True, slots=True)
class Floor:
    """The least that the mean of a measure may be."""

    measure: str
    value: float


def parse_floor(text: str) -> Floor:
    """A floor as `nDCG@10=.70`; EvaluationError when it is none."""
    found = _FLOOR.fullmatch(text.strip())
    if not found:
        raise EvaluationError(f"{text!r}: expected MEASURE=VALUE, such as nDCG@10=.70")
    return Floor(found["measure"], float(found["value"]))


def under(results: Results, floors: Sequence[Floor]) -> list[str]:
    """What is under its floor; EvaluationError when a measure was not taken."""
    means = results.summary().get("all", {})
    if missing := [floor.measure for floor in floors if floor.measure not in means]:
        there = ", ".join(results.measures) or "none"
        raise EvaluationError(f"{results.system}: no measure {', '.join(missing)}; taken were {there}")
    return [
        f"{results.dataset}, {results.system}: {floor.measure} is {means[floor.measure]:.4f}, "
        f"under the floor of {floor.value:g}"
        for floor in floors
        if means[floor.measure] < floor.value
    ]


def dropped(results: Results, baseline: Results, most: float) -> list[str]:
    """Measures whose mean fell by more than `most` below the baseline's, and not by chance.

    p is Holm's over the measures: with twenty of them one would fall by chance.
    """
    [found] = compare({"baseline": baseline, results.system: results}, extremes=0)
    differences = [d for d in found.differences if not d.measure.startswith(_NO_QUALITY)]
    adjusted = holm([d.p for d in differences])
    return [
        f"{results.dataset}, {results.system}: {d.measure} fell from {d.baseline:.4f} to {d.system:.4f} "
        f"(95 % interval of the difference {d.low:+.4f} to {d.high:+.4f}, p {p:.4f})"
        for d, p in zip(differences, adjusted, strict=True)
        if -d.difference > most and p < ALPHA
    ]
