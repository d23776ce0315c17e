"""Measures of ranked documents: worked by hand, and held against ir-measures on random runs."""

from __future__ import annotations

from math import log2
from time import perf_counter

import ir_measures
import numpy as np
import pytest

from eval.errors import EvaluationError
from eval.retrieval import DEFAULT, means, parse, score


def test_measures_worked_by_hand() -> None:
    """Relevant are a (grade 2), b and e; ranked are c, a, b: e is not found."""
    values = score({"q": {"a": 2, "b": 1, "e": 1, "c": 0}}, {"q": [("c", 3), ("a", 2), ("b", 1)]})
    gain, ideal = 2 / log2(3) + 1 / log2(4), 2 + 1 / log2(3) + 1 / log2(4)
    assert values["q"] == {
        "nDCG@10": pytest.approx(gain / ideal),
        "R@5": pytest.approx(2 / 3),
        "R@10": pytest.approx(2 / 3),
        "R@100": pytest.approx(2 / 3),
        "AP": pytest.approx((1 / 2 + 2 / 3) / 3),
        "RR@10": 0.5,
        "P@1": 0,
        "Success@5": 1,
        "Judged@10": 1,
    }


def test_a_question_that_a_run_leaves_out_gets_nothing() -> None:
    values = score(
        {"q1": {"a": 1}, "q2": {"a": 1}, "q3": {"a": 1}}, {"q1": [("a", 1)], "q2": []}, ["AP", "P@1"]
    )
    assert values == {"q1": {"AP": 1, "P@1": 1}, "q2": {"AP": 0, "P@1": 0}, "q3": {"AP": 0, "P@1": 0}}
    assert means(values) == {"AP": pytest.approx(1 / 3), "P@1": pytest.approx(1 / 3)}


def test_a_question_without_a_relevant_document_is_left_out() -> None:
    assert score({"q1": {"a": 1}, "q2": {"a": 0}}, {"q2": [("a", 1)]}, ["AP"]) == {"q1": {"AP": 0}}
    assert score({"q2": {"a": 0}}, {}) == {}


def test_the_order_of_the_run_holds_though_scores_are_equal() -> None:
    """trec_eval would put z in front of a."""
    assert score({"q": {"a": 1}}, {"q": [("a", 1), ("z", 1)]}, ["P@1"]) == {"q": {"P@1": 1}}


def test_agrees_with_ir_measures_on_random_runs() -> None:
    random = np.random.default_rng(7)
    qrels = {f"q{i}": {f"d{j}": int(j % 3) for j in random.integers(1, 60, 8)} for i in range(25)}
    run = {
        q: [(f"d{j}", float(60 - r)) for r, j in enumerate(random.permutation(60))] for q in list(qrels)[:20]
    }
    plain = {q: dict(ranked) for q, ranked in run.items()}
    judged = {q: grades for q, grades in qrels.items() if any(grades.values())}
    expected = ir_measures.calc_aggregate([ir_measures.parse_measure(n) for n in DEFAULT], judged, plain)
    assert means(score(qrels, run)) == pytest.approx({str(m): value for m, value in expected.items()})


def test_measures_that_there_are_not_are_all_named() -> None:
    with pytest.raises(EvaluationError, match=r"no measure 'nDCG@x', 'bogus', ''; expected such as nDCG@10"):
        parse(["nDCG@x", "AP", "bogus", ""])


def test_three_hundred_questions_of_a_thousand_documents_take_less_than_a_second() -> None:
    """Measured .3 s on a quiet core; the bound leaves room for busy machines."""
    qrels = {f"q{i}": {f"d{i + j}": 1 for j in range(3)} for i in range(300)}
    run = {f"q{i}": [(f"d{j}", float(1000 - j)) for j in range(1000)] for i in range(300)}
    start = perf_counter()
    score(qrels, run)
    assert perf_counter() - start < 5
