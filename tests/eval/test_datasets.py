from __future__ import annotations

import sys
from pathlib import Path

import pytest

from eval.benchmark import Benchmark
from eval.datasets import read_dataset
from eval.errors import EvaluationError


def test_a_folder_is_known_by_what_lies_in_it(beir: Path, benchmark: Benchmark, tmp_path: Path) -> None:
    trec, ranges = tmp_path / "trec", tmp_path / "ranges"
    trec.mkdir()
    (trec / "docs.tsv").write_text("d\tA quay.\n", encoding="utf-8")
    (trec / "queries.tsv").write_text("q\tWhat?\n", encoding="utf-8")
    (trec / "qrels").write_text("q 0 d 1\n", encoding="utf-8")
    (ranges / "corpora").mkdir(parents=True)
    (ranges / "corpora" / "quay.md").write_text("A quay.", encoding="utf-8")
    row = '"What?","[{""content"": ""quay"", ""start_index"": 2, ""end_index"": 6}]",quay\n'
    (ranges / "questions_df.csv").write_text("question,references,corpus_id\n" + row, encoding="utf-8")
    assert read_dataset(str(beir)) == benchmark
    assert (read_dataset(str(trec)).name, list(read_dataset(str(ranges)).entries)) == ("trec", ["quay"])


def test_a_file_is_known_by_its_ending(tmp_path: Path) -> None:
    squad = tmp_path / "dev.json"
    qa = '{"id": "1", "question": "What?", "answers": [{"text": "quay", "answer_start": 2}]}'
    squad.write_text(
        f'{{"data": [{{"title": "t", "paragraphs": [{{"context": "A quay.", "qas": [{qa}]}}]}}]}}',
        encoding="utf-8",
    )
    assert read_dataset(str(squad)).name == "dev"
    assert read_dataset("samples").name == "samples"


def test_what_is_no_benchmark_is_told_what_would_be_one(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="no benchmark that can be read; expected a folder in BEIR's"):
        read_dataset(str(tmp_path))


def test_what_is_not_there_is_asked_of_ir_datasets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ir_datasets", None)
    with pytest.raises(EvaluationError, match="nowhere: no such file or folder; to read it by name"):
        read_dataset("nowhere")
