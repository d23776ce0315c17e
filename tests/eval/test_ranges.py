from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from corpus.records import Span
from eval.errors import EvaluationError
from eval.ranges import is_ranges, read_ranges
from eval.records import Evidence, GoldQuestion

_TEXT = "First line.\r\nThe quay is red.\n"


def _folder(place: Path, *rows: tuple[str, list[tuple[str, int, int]], str]) -> Path:
    (place / "corpora").mkdir(parents=True)
    (place / "corpora" / "quays.md").write_bytes(_TEXT.encode())
    with (place / "questions_df.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["question", "references", "corpus_id"])
        for question, references, name in rows:
            told = [{"content": c, "start_index": s, "end_index": e} for c, s, e in references]
            writer.writerow([question, json.dumps(told), name])
    return place


def test_offsets_are_those_of_the_file_with_its_line_ends(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "chunking", ("Which, then?", [("The quay is red.", 13, 29)], "quays"))
    found = read_ranges(folder)
    assert is_ranges(folder)
    assert (found.entries["quays"].text, found.entries["quays"].media_type) == (_TEXT, "text/markdown")
    evidence = (Evidence("quays", Span(13, 29)),)
    assert found.questions == (GoldQuestion("q1", "Which, then?", "quays", evidence=evidence),)
    assert found.qrels == {"q1": {"quays": 1}}


def test_tells_all_faults_at_once(tmp_path: Path) -> None:
    folder = _folder(
        tmp_path / "c",
        ("Which?", [("The quay", 12, 20)], "quays"),
        ("Which?", [("The quay", 13, 21)], "piers"),
        ("Which?", [], "quays"),
    )
    with pytest.raises(EvaluationError) as caught:
        read_ranges(folder)
    assert str(caught.value).startswith(
        f"{folder}: questions_df.csv question 1: [12, 20) of quays does not read 'The quay'; "
        "questions_df.csv question 2: corpus 'piers' is not in corpora/; "
        "questions_df.csv question 3: no question or no reference"
    )


def test_a_table_without_the_columns_is_refused(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "c")
    (folder / "questions_df.csv").write_text("question,references\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="no column corpus_id"):
        read_ranges(folder)
