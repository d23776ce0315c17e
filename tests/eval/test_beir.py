from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.records import Span
from eval.beir import Asked, is_beir, read_beir
from eval.benchmark import Benchmark, Entry
from eval.errors import EvaluationError
from eval.records import Evidence
from rag.records import Role, Turn

Write = Callable[[Path, Iterable[object]], None]


def fault(folder: Path, split: str = "test") -> str:
    with pytest.raises(EvaluationError) as caught:
        read_beir(folder, split)
    return str(caught.value)


def test_reads_documents_judged_questions_and_what_answers_them(beir: Path, benchmark: Benchmark) -> None:
    assert read_beir(beir) == benchmark
    assert is_beir(beir)
    assert not is_beir(beir / "qrels")


def test_a_split_that_is_not_test_is_in_the_name(beir: Path) -> None:
    (beir / "qrels" / "dev.tsv").write_text("q1\td2\t1\n", encoding="utf-8")
    found = read_beir(beir, "dev")
    assert (found.name, dict(found.qrels)) == ("tiny-dev", {"q1": {"d2": 1}})


def test_a_split_that_is_not_there_is_told_those_that_are(beir: Path) -> None:
    assert fault(beir, "train").endswith("no qrels/train.tsv; splits there: test")


def test_answers_may_be_missing(beir: Path) -> None:
    (beir / "answers.jsonl").unlink()
    assert [(q.id, q.evidence, q.kind) for q in read_beir(beir).questions] == [("q1", (), ""), ("q2", (), "")]


def test_spans_beside_each_other_are_alternatives_but_evidence_is_all_to_be_found(
    beir: Path, write_rows: Write
) -> None:
    two = [[0, 3], [4, 8]]
    write_rows(
        beir / "answers.jsonl",
        [
            {"query_id": "q1", "doc_id": "d1", "spans": two},
            {
                "query_id": "q2",
                "evidence": [{"doc_id": "d2", "spans": two}, {"doc_id": "d3", "span": [0, 4]}],
            },
        ],
    )
    one, other = read_beir(beir).questions
    assert (one.evidence, one.alternatives) == (
        (Evidence("d1", Span(0, 3)),),
        (Evidence("d1", Span(4, 8)),),
    )
    assert [(e.document, e.span) for e in other.evidence] == [
        ("d2", Span(0, 3)),
        ("d2", Span(4, 8)),
        ("d3", Span(0, 4)),
    ]


def test_tells_all_faults_at_once(beir: Path, write_rows: Write) -> None:
    rows = [{"_id": "d1", "text": "x"}, {"_id": "d1", "text": "y"}, {"text": "z"}, {"_id": "d2", "text": "t"}]
    write_rows(beir / "corpus.jsonl", rows)
    write_rows(
        beir / "queries.jsonl", [{"_id": "q1", "text": "?"}, {"_id": "q1", "text": "?"}, {"_id": "q2"}]
    )
    judged = ["q1\td1\t1", "q1\td1\t0", "q1\td7\t1", "q8\td1\t1", "q1\td2\thigh", "q1 d1"]
    (beir / "qrels" / "test.tsv").write_text("\n".join(judged), encoding="utf-8")
    write_rows(beir / "answers.jsonl", [{"query_id": "q1", "doc_id": "d1", "spans": [[0, 9]]}])
    assert fault(beir) == (
        f"{beir}: corpus.jsonl line 2: document d1 stands twice; corpus.jsonl line 3: no _id or no text; "
        "queries.jsonl line 2: question q1 stands twice; queries.jsonl line 3: no _id or no text; "
        "qrels/test.tsv line 2: question q1, document d1 is judged twice, and differently; "
        "qrels/test.tsv line 5: grade 'high' is not a whole number; "
        "qrels/test.tsv line 6: 1 columns, expected 3; "
        "qrels/test.tsv: question q8 is not in queries.jsonl; "
        "question q1: judged document d7 is not among the documents; "
        "question q1: a span ends at 9, its document d1 at 1. Nothing was indexed or written; mend the files"
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"query_id": "q7", "doc_id": "d1", "spans": []}, "question or field 'q7' is missing"),
        ({"doc_id": "d1"}, "question or field 'query_id' is missing"),
        ({"query_id": "q1", "doc_id": "d1", "spans": [[5, 5]]}, "[5, 5) is not a span"),
        ({"query_id": "q1", "evidence": [{"span": [0, 5]}]}, "question or field 'doc_id' is missing"),
    ],
)
def test_says_what_is_wrong_with_an_answer(beir: Path, write_rows: Write, row: object, said: str) -> None:
    write_rows(beir / "answers.jsonl", [row])
    assert f"answers.jsonl line 1: {said}" in fault(beir)


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_an_empty_file_is_refused(beir: Path, name: str) -> None:
    (beir / name).write_text("", encoding="utf-8")
    assert "no documents" in fault(beir) or "no questions with a judgement" in fault(beir)


def test_the_checksum_is_of_everything_that_a_result_depends_on(benchmark: Benchmark) -> None:
    entries = dict(benchmark.entries)
    others = [
        replace(benchmark, qrels={"q1": {"d1": 1, "d3": 0}, "q2": {"d2": 1}}),
        replace(benchmark, questions=benchmark.questions[:2]),
        replace(benchmark, entries=entries | {"d1": Entry("d1", "Other.", "The Quay")}),
        replace(
            benchmark, questions=(replace(benchmark.questions[0], evidence=()), *benchmark.questions[1:])
        ),
    ]
    assert len({benchmark.checksum, *(other.checksum for other in others)}) == 5
    assert replace(benchmark, name="other").checksum == benchmark.checksum


def test_questions_may_be_asked_in_another_form_with_what_was_said_before(
    beir: Path, write_rows: Write
) -> None:
    write_rows(
        beir / "last.jsonl",
        [{"_id": "q1", "text": "And then?"}, {"_id": "q2", "text": "Why?"}, {"_id": "q3", "text": "How?"}],
    )
    write_rows(
        beir / "all.jsonl",
        [{"_id": "q1", "text": "Who came?\nWhen?\nAnd then?"}, {"_id": "q2", "text": "Why?"}],
    )
    found = read_beir(beir, asked_as=Asked("last.jsonl", "all.jsonl"))
    said = {question.id: (question.question, question.history) for question in found.questions}
    assert (found.name, found.corpus) == ("tiny-last-all", "tiny")
    assert said["q1"] == ("And then?", (Turn(Role.USER, "Who came?"), Turn(Role.USER, "When?")))
    assert said["q2"] == ("Why?", ())


def test_what_was_said_changes_the_checksum(beir: Path, write_rows: Write) -> None:
    write_rows(
        beir / "last.jsonl",
        [{"_id": "q1", "text": "And?"}, {"_id": "q2", "text": "Why?"}, {"_id": "q3", "text": "How?"}],
    )
    write_rows(beir / "all.jsonl", [{"_id": "q1", "text": "Who?\nAnd?"}, {"_id": "q2", "text": "Why?"}])
    bare, told = (read_beir(beir, asked_as=Asked("last.jsonl", history)) for history in (None, "all.jsonl"))
    assert bare.checksum != told.checksum


def test_a_history_that_ends_otherwise_than_the_question_is_refused(beir: Path, write_rows: Write) -> None:
    write_rows(beir / "all.jsonl", [{"_id": "q1", "text": "Something else"}])
    with pytest.raises(EvaluationError, match="question q1 does not end as it does"):
        read_beir(beir, asked_as=Asked(history="all.jsonl"))


def test_a_file_of_questions_that_is_not_there_is_told(beir: Path) -> None:
    with pytest.raises(EvaluationError, match=r"none\.jsonl"):
        read_beir(beir, asked_as=Asked("none.jsonl"))
