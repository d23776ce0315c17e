from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from corpus.records import Span
from eval.collected import collect
from eval.errors import EvaluationError
from eval.records import Evidence, GoldQuestion
from eval.sets import EvaluationSet, read_set

_TEXT = "# Quay\r\n\r\nIt is red.\r\n"
_QUESTIONS = (
    GoldQuestion("q1", "Which colour?", "fact", ("red",), (Evidence("quay.md", Span(10, 20)),)),
    GoldQuestion("q2", "Why?", "unanswerable", answerable=False),
)


def _set(**documents: str) -> EvaluationSet:
    return EvaluationSet("mine", {f"{name}.md": version for name, version in documents.items()}, _QUESTIONS)


def test_documents_of_the_right_checksum_make_a_set_a_benchmark(tmp_path: Path) -> None:
    (tmp_path / "quay.md").write_bytes(_TEXT.encode())
    found = collect(_set(quay=sha256(_TEXT.encode()).hexdigest()), tmp_path)
    assert (found.entries["quay.md"].text, found.entries["quay.md"].media_type) == (_TEXT, "text/markdown")
    assert (found.questions, found.qrels) == (_QUESTIONS, {"q1": {"quay.md": 1}})


def test_every_document_that_is_missing_or_other_is_told(tmp_path: Path) -> None:
    (tmp_path / "quay.md").write_bytes(_TEXT.encode())
    with pytest.raises(EvaluationError) as caught:
        collect(_set(quay="a" * 64, pier="b" * 64), tmp_path)
    found = sha256(_TEXT.encode()).hexdigest()[:12]
    assert str(caught.value) == (
        f"mine: {tmp_path}/quay.md: sha256 {found}…, the set is of aaaaaaaaaaaa…; "
        f"{tmp_path}/pier.md: cannot be read: No such file or directory. "
        "Use exactly the documents that the set was made over"
    )


def test_the_samples_need_no_folder_and_others_say_so() -> None:
    gold = read_set("samples")
    assert list(collect(gold, None).entries) == list(gold.documents)
    with pytest.raises(EvaluationError, match="say where they are with --documents FOLDER"):
        collect(_set(quay="a" * 64), None)
