from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.errors import EvaluationError
from eval.results import QuestionResult, Results, Verdict, read_results
from eval.testing import results_of

_VALUES = {"a": {"AP": 1.0, "EM": 0.0}, "b": {"AP": 0.5}, "c": {"AP": 0.0}, "d": {}}


def _said(confidence: float, *, right: bool, answered: bool = True) -> Verdict:
    return Verdict("…", answered, confidence, right)


def test_means_are_by_kind_then_over_all_of_those_that_have_the_measure() -> None:
    assert results_of("x", _VALUES).summary() == {
        "even": {"n": 2, "AP": 0.5, "EM": 0.0},
        "odd": {"n": 1, "AP": 0.5},
        "all": {"n": 3, "AP": 0.5, "EM": 0.0},
    }
    assert results_of("x", {"a": {}}).summary() == {}


def test_intervals_hold_the_means() -> None:
    ends = results_of("x", _VALUES).intervals()
    assert list(ends) == ["AP", "EM"]
    low, high = ends["AP"]
    assert 0 <= low < 0.5 < high <= 1
    assert ends["EM"] == (0, 0)


def test_abstention_is_over_all_questions_that_were_answered_or_not() -> None:
    """Of four pairs three are in order; one answerable question of two was answered, and no other."""
    verdicts = {
        "a": _said(0.9, right=True),
        "b": _said(0.4, right=False, answered=False),
        "d": _said(0.5, right=False, answered=False),
        "e": _said(0.1, right=False, answered=False),
    }
    values = {"a": {"AP": 1.0}, "b": {"AP": 0.0}, "d": {}, "e": {}}
    assert results_of("x", values, verdicts=verdicts).abstention() == {
        "AUROC": 0.75,
        "AURC": pytest.approx((0 + 1 / 2 + 2 / 3 + 3 / 4) / 4),
        "ECE": pytest.approx((0.1 + 0.4 + 0.5 + 0.1) / 4),
        "answered of answerable": 0.5,
        "answered of unanswerable": 0.0,
    }
    assert set(results_of("x", _VALUES).abstention().values()) == {None}


def test_a_file_of_results_survives_a_round_trip(tmp_path: Path) -> None:
    results = results_of("x", _VALUES, verdicts={"a": _said(0.9, right=True)})
    results.save(tmp_path / "x.json")
    found = read_results(tmp_path / "x.json")
    assert found.to_json() == results.to_json()
    assert found.questions == results.questions
    body = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))
    assert body["format"] == 1
    assert list(body) == [
        *("format", "manifest", "summary", "intervals", "extraction", "abstention", "cost", "questions")
    ]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "manifest": {}, "questions": [], "cost": {}}']
)
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"not a file of results .* `pincite bench` and"):
        read_results(tmp_path / "x.json")


def test_results_without_a_question_are_results() -> None:
    assert Results({"dataset": "x", "system": "y"}, ()).to_json()["summary"] == {}


def test_extraction_is_over_the_kinds_whose_answer_can_be_extracted() -> None:
    questions = tuple(
        QuestionResult(kind, kind, "?", {"answer": value})
        for kind, value in (("factoid", 1.0), ("who_said", 0.0), ("paraphrase", 0.0))
    )
    assert Results({}, questions).extraction() == {"n": 2, "answer": 0.5}
    assert Results({}, questions[2:]).extraction() == {}
