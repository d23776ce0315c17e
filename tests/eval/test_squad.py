from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.records import Span
from eval.benchmark import Entry
from eval.errors import EvaluationError
from eval.records import Evidence, GoldQuestion
from eval.squad import read_squad

_TEXT = "The tower was built in 1905 by Ada Lind."
_QAS: list[dict[str, Any]] = [
    {
        "id": "a",
        "question": " Who built it? ",
        "answers": [{"text": "Ada Lind", "answer_start": 31}, {"text": "Lind", "answer_start": 35}] * 2,
    },
    {"id": "b", "question": "Who burnt it?", "answers": [], "is_impossible": True},
]


def _write(path: Path, *qas: dict[str, Any], text: str = _TEXT) -> Path:
    data = [{"title": "Old_Tower", "paragraphs": [{"context": text, "qas": list(qas)}]}]
    path.write_text(json.dumps({"version": "2.0", "data": data}), encoding="utf-8")
    return path


def test_paragraphs_are_documents_and_other_annotators_answers_alternatives(tmp_path: Path) -> None:
    found = read_squad(_write(tmp_path / "dev.json", *_QAS))
    assert dict(found.entries) == {"Old_Tower#0": Entry("Old_Tower#0", _TEXT, "Old Tower")}
    assert found.questions == (
        GoldQuestion(
            "a",
            "Who built it?",
            "",
            ("Ada Lind", "Lind"),
            (Evidence("Old_Tower#0", Span(31, 39)),),
            (Evidence("Old_Tower#0", Span(35, 39)),),
        ),
        GoldQuestion("b", "Who burnt it?", "unanswerable", answerable=False),
    )
    assert (found.name, found.qrels) == ("dev", {"a": {"Old_Tower#0": 1}})


def test_tells_all_faults_at_once(tmp_path: Path) -> None:
    odd = {"id": "c", "question": "When?", "answers": [{"text": "1906", "answer_start": 23}]}
    path = _write(tmp_path / "dev.json", _QAS[0], _QAS[0], odd, {"id": "d"}, {"id": "e", "question": " "})
    with pytest.raises(EvaluationError) as caught:
        read_squad(path)
    for said in (
        "question a stands twice",
        "question c: '1906' does not stand at 23 of Old_Tower#0",
        "a question of Old_Tower#0: KeyError: 'question'",
        "question e is empty",
    ):
        assert said in str(caught.value)


@pytest.mark.parametrize("text", ["[]", "{", '{"data": [{"title": "x"}]}', '{"data": 5}'])
def test_other_json_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationError, match="not in the form of SQuAD"):
        read_squad(path)
