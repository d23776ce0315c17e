"""Benchmarks of three documents, in the forms that there are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from corpus.records import Span
from eval.benchmark import Benchmark, Entry
from eval.records import Evidence, GoldQuestion

ENTRIES = {
    "d1": Entry("d1", "The quay of the harbour is nine metres long. It is red.", "The Quay"),
    "d2": Entry("d2", "The tower was built in 1905 by Ada Lind.", "The Tower"),
    "d3": Entry("d3", "Bees dance in the meadow behind the mill.", ""),
}


@pytest.fixture
def benchmark() -> Benchmark:
    """Two questions with spans of evidence, one that has no answer, and three documents."""
    return Benchmark(
        name="tiny",
        entries=ENTRIES,
        questions=(
            GoldQuestion(
                "q1", "How long is the quay?", "fact", ("nine metres",), (Evidence("d1", Span(27, 38)),)
            ),
            GoldQuestion(
                "q2", "Who built the tower?", "person", ("Ada Lind",), (Evidence("d2", Span(31, 39)),)
            ),
            GoldQuestion("q3", "Why do zebras xylophone?", "unanswerable", answerable=False),
        ),
        qrels={"q1": {"d1": 2, "d3": 0}, "q2": {"d2": 1}},
    )


def _write(path: Path, rows: Iterable[object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def beir(tmp_path: Path, benchmark: Benchmark) -> Path:
    """The same as a folder in BEIR's layout, with a question that nobody judged."""
    folder = tmp_path / "tiny"
    entries = benchmark.entries.values()
    _write(folder / "corpus.jsonl", ({"_id": e.id, "title": e.title, "text": e.text} for e in entries))
    asked = [{"_id": q.id, "text": q.question} for q in benchmark.questions]
    _write(folder / "queries.jsonl", [*asked, {"_id": "q9", "text": "Unjudged?"}])
    (folder / "qrels").mkdir()
    rows = ["query-id\tcorpus-id\tscore", "q1\td1\t2", "q1\td3\t0", "q2\td2\t1", ""]
    (folder / "qrels" / "test.tsv").write_text("\n".join(rows), encoding="utf-8")
    _write(
        folder / "answers.jsonl",
        [
            {
                "query_id": "q1",
                "kind": "fact",
                "answers": ["nine metres"],
                "doc_id": "d1",
                "spans": [[27, 38]],
            },
            {
                "query_id": "q2",
                "kind": "person",
                "answers": ["Ada Lind"],
                "evidence": [{"doc_id": "d2", "span": [31, 39]}],
            },
            {"query_id": "q3", "kind": "unanswerable", "answerable": False, "doc_id": "d1", "spans": []},
        ],
    )
    return folder


@pytest.fixture
def write_rows() -> Callable[[Path, Iterable[object]], None]:
    """Writes JSON lines."""
    return _write
