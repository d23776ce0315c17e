from __future__ import annotations

import numpy as np
import pytest

from eval.calibrate import Examples
from eval.worth import at_risks, worth
from rag.features import FEATURES

# Two supported, one whose evidence was not found, one near miss, one foreign question.
_ONE = Examples(
    name="a",
    encoder="e",
    has_tokens=True,
    values=np.zeros((5, len(FEATURES))),
    answerable=np.asarray([True, True, True, False, False]),
    supported=np.asarray([True, True, False, False, False]),
    foreign=np.asarray([False, False, False, False, True]),
)
_SURE = np.asarray([0.9, 0.6, 0.4, 0.7, 0.1])


def test_measures_by_hand() -> None:
    assert worth(_ONE, _SURE, share=0.25, risk=0.5) == {
        "n": 4,
        "AUROC": pytest.approx(1 / 3),  # only .9 is above the near miss's .7
        "AUROC supported": pytest.approx(3 / 4),
        "AUROC foreign": 1,
        "ECE": pytest.approx((0.1 + 0.4 + 0.4 + 0.7) / 4),  # each question in a bin of its own
        "answered of answerable": pytest.approx(2 / 3),
        "of unanswerable": 1,
        "of foreign": 0,
    }


def test_rates_at_risks_by_hand() -> None:
    low, high = at_risks([_ONE], [_SURE], 0.25, risks=(0.2, 0.5))
    assert [*low.rates, low.risk, low.answered, low.wrong] == pytest.approx([1 / 3, 0, 0, 0.2, 0.25, 0])
    assert [*high.rates, high.risk, high.answered, high.wrong] == pytest.approx(
        [2 / 3, 1, 0, 0.5, 0.75, 1 / 3]
    )


def test_a_risk_that_answers_nothing_is_wrong_in_nothing() -> None:
    (none,) = at_risks([_ONE], [_SURE], 0.25, risks=(0.0,))
    assert (none.answered, none.wrong) == (0.0, 0.0)
