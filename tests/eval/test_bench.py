from __future__ import annotations

from pathlib import Path

import pytest

from corpus.records import Span
from eval.bench import Task, ask_all, score_run
from eval.benchmark import Benchmark
from eval.errors import EvaluationError
from eval.records import GoldQuestion, Hit, Response
from eval.testing import Scripted

_MANIFEST = {"dataset": "tiny", "checksum": "c", "system": "scripted"}
_RIGHT = {
    "q1": [Hit("d1", (Span(27, 38),), 0.9, "nine metres"), Hit("d3", (Span(0, 9),), 0.5, "Bees")],
    "q2": [Hit("d3", (Span(0, 9),), 0.9, "Bees"), Hit("d2", (Span(0, 40),), 0.8, "The tower")],
}


class _Killed(Scripted):
    """Dies at a question."""

    def ask(self, question: GoldQuestion) -> Response:
        if question.id == "q2":
            raise KeyboardInterrupt
        return super().ask(question)


def _files(task: Task) -> list[str]:
    return sorted(path.name for path in task.out.iterdir())


def test_values_of_documents_come_before_those_of_passages(benchmark: Benchmark, tmp_path: Path) -> None:
    told: list[None] = []
    results = ask_all(Task(benchmark, tmp_path), Scripted(_RIGHT), _MANIFEST, lambda: told.append(None))
    one, other = results.questions
    assert next(iter(one.values)) == "nDCG@10"
    assert (one.values["P@1"], one.values["hit@1"], one.values["span-P@5"]) == (1, 1, 11 / 20)
    assert (other.values["RR@10"], other.values["hit-RR@10"], other.values["Judged@10"]) == (0.5, 0.5, 0.5)
    assert [place.relevant for place in other.found] == [False, True]
    assert len(told) == 2


def test_leaves_a_run_and_results_and_nothing_half_done(benchmark: Benchmark, tmp_path: Path) -> None:
    task = Task(benchmark, tmp_path)
    ask_all(task, Scripted(_RIGHT), _MANIFEST, lambda: None)
    assert _files(task) == ["tiny.passages.scripted.json", "tiny.passages.scripted.run"]
    assert task.path("scripted", "run").read_text(encoding="utf-8").splitlines()[:2] == [
        "q1 Q0 d1 1 0.899999976 pincite-scripted",
        "q1 Q0 d3 2 0.5 pincite-scripted",
    ]


def test_an_interrupted_run_goes_on_where_it_stopped(benchmark: Benchmark, tmp_path: Path) -> None:
    task = Task(benchmark, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        ask_all(task, _Killed(_RIGHT), _MANIFEST, lambda: None)
    assert _files(task) == ["tiny.passages.scripted.partial"]
    with task.path("scripted", "partial").open("a", encoding="utf-8") as file:
        file.write('{"result": {"id": "q2", "ki')  # torn
    system = Scripted(_RIGHT)
    results = ask_all(task, system, _MANIFEST, lambda: None)
    assert system.asked == ["q2"]
    whole = ask_all(Task(benchmark, tmp_path / "whole"), Scripted(_RIGHT), _MANIFEST, lambda: None)
    assert results.to_json() == whole.to_json()
    assert _files(task) == ["tiny.passages.scripted.json", "tiny.passages.scripted.run", "whole"]


def test_a_run_that_is_refused_leaves_nothing(benchmark: Benchmark, tmp_path: Path) -> None:
    def refuse() -> None:
        raise EvaluationError("no")

    with pytest.raises(EvaluationError, match="no"):
        ask_all(Task(benchmark, tmp_path), Scripted(_RIGHT), _MANIFEST, lambda: None, refuse)
    assert list(tmp_path.iterdir()) == []


def test_what_another_configuration_left_is_not_taken_over(benchmark: Benchmark, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        ask_all(Task(benchmark, tmp_path), _Killed(_RIGHT), _MANIFEST, lambda: None)
    system = Scripted(_RIGHT)
    ask_all(Task(benchmark, tmp_path), system, _MANIFEST | {"checksum": "d"}, lambda: None)
    assert system.asked == ["q1", "q2"]


def test_only_a_system_that_answers_is_asked_what_has_no_answer(benchmark: Benchmark, tmp_path: Path) -> None:
    plain, answering = Scripted(_RIGHT), Scripted(_RIGHT, {})
    for i, system in enumerate((plain, answering)):
        ask_all(Task(benchmark, tmp_path / str(i)), system, _MANIFEST, lambda: None)
    assert (plain.asked, answering.asked) == (["q1", "q2"], ["q1", "q2", "q3"])


def test_encoding_that_was_remembered_takes_the_time_that_it_took(
    benchmark: Benchmark, tmp_path: Path
) -> None:
    task = Task(benchmark, tmp_path, encode_ms=lambda _: 10.0)
    results = ask_all(task, Scripted(_RIGHT), _MANIFEST, lambda: None)
    assert results.questions[0].timings_ms == {"encode": 10.0, "search": 2.0, "total": 12.0}


def test_a_run_of_others_is_scored_by_its_documents(benchmark: Benchmark, tmp_path: Path) -> None:
    results = score_run(Task(benchmark, tmp_path), _MANIFEST, {"q1": [("d3", 2.0), ("d1", 1.0)]})
    one, other = results.questions
    assert (one.values["RR@10"], other.values["RR@10"]) == (0.5, 0)
    assert not any(name.startswith(("hit", "span")) for name in one.values)
    assert one.expected[0].text == "nine metres"
    assert [place.document for place in one.found] == ["d3", "d1"]
