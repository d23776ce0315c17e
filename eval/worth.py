"""What confidences are worth: their order, their calibration, and what is answered at a risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from eval.calibrate import Examples
from eval.calibration import area_under_roc, calibration_error, reliability
from rag.calibration import DoubleArray
from rag.features import BoolArray

Worth = dict[str, float | None]  # measures by name; None where there is nothing to compare
_RISKS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


def worth(one: Examples, confidences: DoubleArray, share: float, risk: float) -> Worth:
    """Measures of the confidences [questions] of a set.

    The calibration error is of the mix that was fitted: a `share` of the questions has no answer.
    """
    own = ~one.foreign
    bins = reliability(
        confidences[own].tolist(), one.supported[own].tolist(), counts=one.counts(share)[own].tolist()
    )
    answered = confidences >= 1 - risk
    return {
        "n": float(own.sum()),
        "AUROC": _area(confidences, one.answerable, one.near_miss),
        "AUROC supported": _area(confidences, one.supported, own & ~one.supported),
        "AUROC foreign": _area(confidences, one.answerable, one.foreign),
        "ECE": calibration_error(bins),
        "answered of answerable": _mean(answered[one.answerable]),
        "of unanswerable": _mean(answered[one.near_miss]),
        "of foreign": _mean(answered[one.foreign]),
    }


def _area(confidences: DoubleArray, above: BoolArray, below: BoolArray) -> float | None:
    return area_under_roc(confidences[above].tolist(), confidences[below].tolist())


@dataclass(frozen=True, slots=True)
class AtRisk:
    """What answering at a risk comes to, sets weighing the same, in the mix that was fitted."""

    risk: float
    answered: float  # share of the sets' own questions
    wrong: float  # share of the answered ones whose evidence was not found, or is not there
    rates: tuple[float, float, float]  # answered of answerable, of unanswerable, of foreign

    def to_json(self) -> dict[str, object]:
        """Plain values."""
        return asdict(self)


def at_risks(
    sets: Sequence[Examples],
    confidences: Sequence[DoubleArray],
    share: float,
    risks: Sequence[float] = _RISKS,
) -> list[AtRisk]:
    """The curve of risk and coverage, at some risks that one might set."""
    sure = np.concatenate(list(confidences))
    counts = np.concatenate([one.counts(share) / max(1, (~one.foreign).sum()) for one in sets])
    foreign = np.concatenate([one.foreign for one in sets])
    answerable = np.concatenate([one.answerable for one in sets])
    supported = np.concatenate([one.supported for one in sets])
    rows = []
    for risk in risks:
        answered = sure >= 1 - risk
        kept = float(counts[answered].sum())
        rates = (
            _share(answered, np.where(answerable, counts, 0.0)),
            _share(answered, np.where(~answerable, counts, 0.0)),
            _share(answered, foreign.astype(np.float64)),
        )
        wrong = float(counts[answered & ~supported].sum()) / kept if kept else 0.0
        rows.append(AtRisk(risk, kept / max(float(counts.sum()), 1e-9), wrong, rates))
    return rows


def _mean(answered: BoolArray) -> float | None:
    return float(answered.mean()) if len(answered) else None


def _share(answered: BoolArray, counts: DoubleArray) -> float:
    return float(counts[answered].sum() / counts.sum()) if counts.any() else 0.0
