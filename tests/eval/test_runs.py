from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.benchmark import Benchmark
from eval.errors import EvaluationError
from eval.records import Hit
from eval.runs import documents, read_run, strict, write_run


def test_a_document_stands_where_its_best_passage_does() -> None:
    hits = [Hit("a", (), 0.9), Hit("b", (), 0.8), Hit("a", (), 0.7), Hit("c", (), 0.6)]
    assert documents(hits) == [("a", 0.9), ("b", 0.8), ("c", 0.6)]
    assert documents(hits, depth=2) == [("a", 0.9), ("b", 0.8)]


def test_documents_of_the_same_text_follow_each_other() -> None:
    hits = [Hit("a", (), 0.9), Hit("b", (), 0.8)]
    assert documents(hits, {"a": ["a2", "a3"]}) == [("a", 0.9), ("a2", 0.9), ("a3", 0.9), ("b", 0.8)]


def test_documents_that_a_passage_names_follow_it_in_their_order_with_those_of_equal_text() -> None:
    copies = (Hit("c"), Hit("b"))
    hits = [Hit("a", (), 0.9, copies=copies), Hit("d", (), 0.8, copies=(Hit("e"),))]
    assert documents(hits, {"c": ["c2"]}) == [
        *(("a", 0.9), ("c", 0.9), ("c2", 0.9), ("b", 0.9)),
        *(("d", 0.8), ("e", 0.8)),
    ]


@given(st.lists(st.floats(-1e6, 1e6, width=32)))
@settings(deadline=None)
def test_scores_fall_strictly_in_single_precision_and_as_little_as_can_be(scores: list[float]) -> None:
    ranked = [(str(i), score) for i, score in enumerate(sorted(scores, reverse=True))]
    told = np.asarray([score for _, score in strict(ranked)], np.float32)
    assert (np.diff(told) < 0).all()
    if len(set(scores)) == len(scores):
        assert [score for _, score in strict(ranked)] == sorted(scores, reverse=True)


def test_a_run_survives_writing_and_reading_ties_and_all(tmp_path: Path, benchmark: Benchmark) -> None:
    run = {"q1": [("d3", 0.5), ("d1", 0.5), ("d2", 0.25)], "q2": [("d2", 1.0)]}
    path = tmp_path / "new" / "x.run"
    write_run(path, run, "x")
    assert path.read_text(encoding="utf-8").splitlines()[0] == "q1 Q0 d3 1 0.5 x"
    found = read_run(path, benchmark)
    assert {q: [d for d, _ in ranked] for q, ranked in found.items()} == {
        "q1": ["d3", "d1", "d2"],
        "q2": ["d2"],
    }
    assert found["q1"][1][1] == pytest.approx(0.5)


def test_equal_scores_of_others_stand_as_they_are_ranked(tmp_path: Path, benchmark: Benchmark) -> None:
    path = tmp_path / "x.run"
    path.write_text("q1 Q0 d1 3 1 x\nq1 Q0 d2 2 1 x\nq1\tQ0\td3\t1\t0.5\tx\n", encoding="utf-8")
    assert read_run(path, benchmark) == {"q1": [("d2", 1.0), ("d1", 1.0), ("d3", 0.5)]}


def test_every_line_that_does_not_fit_is_told(tmp_path: Path, benchmark: Benchmark) -> None:
    path = tmp_path / "x.run"
    lines = [
        "q7 Q0 d1 1 1 x",
        "q7 Q0 d2 2 1 x",
        "q1 Q0 d9 1 1 x",
        "q1 Q0 d1 one 1 x",
        "q1 Q0 d1 1 nan x",
        "q1 Q0 d2 1 1 x",
        "q1 Q0 d2 2 1 x",
        "q1 d2 2",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(EvaluationError) as caught:
        read_run(path, benchmark)
    assert str(caught.value) == (
        f"{path}: line 3: document d9 is not in tiny; line 4: rank 'one' or score '1' is not a number; "
        "line 5: the score is not a number; line 7: document d2 is ranked twice for question q1; "
        "line 8: 3 columns, expected 6; line 1: question q7 is not asked in tiny. Is it a run of tiny?"
    )


def test_an_empty_run_and_none_at_all_are_refused(tmp_path: Path, benchmark: Benchmark) -> None:
    (tmp_path / "x.run").write_text("\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="an empty run"):
        read_run(tmp_path / "x.run", benchmark)
    with pytest.raises(EvaluationError, match="there is no such file"):
        read_run(tmp_path / "y.run", benchmark)


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(EvaluationError, match="cannot be written"):
        write_run(tmp_path / "file" / "x.run", {}, "x")
