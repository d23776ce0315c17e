from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from corpus.load import load
from corpus.records import Span
from eval.errors import EvaluationError
from eval.records import Evidence, GoldQuestion
from eval.sets import BUILT_IN, check_fits, parse, read_set
from rag.records import Role, Turn

_SHARED = Path(__file__).parents[2].parent / "shared"
_A, _B = "a" * 64, "b" * 64
_DOCUMENTS = {"documents": {"a.md": _A, "b.md": _B}}
_QUESTION = {
    "id": "q1",
    "question": "How deep is the harbour?",
    "kind": "factoid",
    "answers": ["9 metres", "nine"],
    "evidence": [{"doc": "a.md", "start": 10, "end": 20}],
    "alt_evidence": [{"doc": "b.md", "start": 0, "end": 5}],
}
_SAMPLE_KINDS = {
    "factoid",
    "who_said",
    "section_author",
    "paraphrase",
    "page_break",
    "footnote",
    "multi_evidence",
    "name_variant",
    "unanswerable",
    "keyword",
    "follow_up",
}


def _lines(*rows: object) -> str:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


def _fault(*rows: object, text: str | None = None) -> str:
    with pytest.raises(EvaluationError) as caught:
        parse("mine", _lines(*rows) if text is None else text)
    return str(caught.value)


def _without(name: str) -> dict[str, Any]:
    return {key: value for key, value in _QUESTION.items() if key != name}


def _raw(name: str) -> list[dict[str, Any]]:
    text = files("eval").joinpath("sets", f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


def _spans(row: dict[str, Any]) -> list[tuple[str, int, int]]:
    return [(e["doc"], e["start"], e["end"]) for e in (*row["evidence"], *row.get("alt_evidence", ()))]


class TestParse:
    def test_reads_documents_and_questions(self) -> None:
        gold = parse("mine", _lines(_DOCUMENTS, _QUESTION))
        assert (gold.name, dict(gold.documents)) == ("mine", _DOCUMENTS["documents"])
        assert gold.questions == (
            GoldQuestion(
                id="q1",
                question="How deep is the harbour?",
                kind="factoid",
                answers=("9 metres", "nine"),
                evidence=(Evidence("a.md", Span(10, 20)),),
                alternatives=(Evidence("b.md", Span(0, 5)),),
            ),
        )

    def test_keeps_what_was_said_before_a_question(self) -> None:
        said = [{"role": "user", "content": "Where?"}, {"role": "assistant", "content": "In Baku."}]
        gold = parse("mine", _lines(_DOCUMENTS, _QUESTION | {"history": said}))
        assert gold.questions[0].history == (Turn(Role.USER, "Where?"), Turn(Role.ASSISTANT, "In Baku."))

    def test_a_question_without_evidence_is_unanswerable(self) -> None:
        nobody_knows = {"id": "q2", "question": "Why?", "kind": "unanswerable"}
        known, unknown = parse("mine", _lines(_DOCUMENTS, _QUESTION, nobody_knows)).questions
        assert (known.answerable, unknown.answerable) == (True, False)

    def test_blank_lines_and_carriage_returns_are_passed_over(self) -> None:
        text = _lines(_DOCUMENTS, _QUESTION).replace("\n", "\r\n\r\n") + "\r\n"
        assert len(parse("mine", text).questions) == 1

    def test_a_line_separator_inside_a_text_does_not_end_the_line(self) -> None:
        gold = parse("mine", _lines(_DOCUMENTS, _QUESTION | {"question": "Why\u2028not\u0085now?"}))
        assert gold.questions[0].question == "Why\u2028not\u0085now?"

    def test_tells_all_faults_at_once(self) -> None:
        text = _lines(_DOCUMENTS, _without("kind"), _QUESTION | {"id": "q2", "question": " "}, [1])
        assert _fault(text=text + "\nnot json\n") == (
            "mine: line 4: not a JSON object (but a list); "
            "line 5: not a JSON object (Expecting value: line 1 column 1 (char 0)); "
            "line 2: field 'kind' is missing; line 3: question q2 is empty"
        )

    def test_counts_the_faults_beyond_the_first_twenty(self) -> None:
        said = _fault(_DOCUMENTS, *({"id": f"q{n}"} for n in range(25)))
        assert said.count("field 'question' is missing") == 20
        assert said.endswith("; and 5 more")

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (
                {"evidence": [{"doc": "c.md", "start": 0, "end": 5}]},
                "document c.md is not in the list of documents",
            ),
            ({"evidence": [{"doc": "a.md", "start": 5, "end": 5}]}, "[5, 5) is not a span"),
            ({"evidence": [{"doc": "a.md", "start": -1, "end": 5}]}, "[-1, 5) is not a span"),
            ({"evidence": [{"doc": "a.md", "start": 0, "end": 5.0}]}, "[0, 5.0) is not a span"),
            ({"evidence": [{"doc": "a.md", "start": 0}]}, "field 'end' is missing"),
            (
                {"alt_evidence": [{"doc": "c.md", "start": 0, "end": 5}]},
                "document c.md is not in the list of documents",
            ),
            ({"evidence": []}, "question q1 of kind factoid has 0 evidence spans"),
            ({"kind": "unanswerable"}, "question q1 of kind unanswerable has 1 evidence spans"),
            ({"answers": "1999"}, "answers is not a list"),
            ({"history": [{"role": "oracle", "content": "So."}]}, "'oracle' is not a valid Role"),
            ({"evidence": {"doc": "a.md"}}, "evidence is not a list"),
        ],
    )
    def test_says_what_is_wrong_with_a_question(self, change: dict[str, Any], said: str) -> None:
        assert _fault(_DOCUMENTS, _QUESTION | change) == f"mine: line 2: {said}"

    @pytest.mark.parametrize("name", ["id", "question", "kind"])
    def test_says_which_field_is_missing(self, name: str) -> None:
        assert _fault(_DOCUMENTS, _without(name)) == f"mine: line 2: field '{name}' is missing"

    def test_refuses_an_id_that_stands_twice(self) -> None:
        assert _fault(_DOCUMENTS, _QUESTION, _QUESTION) == "mine: line 3: id q1 stands twice"

    @pytest.mark.parametrize("first", [{"documents": {}}, {"documents": ["a.md"]}, {"docs": {}}])
    def test_the_first_line_must_name_the_documents(self, first: dict[str, Any]) -> None:
        assert 'mine: the first line must be {"documents": {name: sha256, …}}' in _fault(first)

    @pytest.mark.parametrize("version", ["", "abc", "A" * 64, 5, None])
    def test_documents_are_known_by_their_sha256(self, version: object) -> None:
        said = _fault({"documents": {"a.md": version, "b.md": _B}}, _QUESTION)
        assert said == f"mine: document a.md: {version!r} is not a sha256 in lower-case hexadecimal"

    def test_refuses_a_set_without_questions(self) -> None:
        assert _fault(_DOCUMENTS) == "mine: no questions"

    def test_refuses_nothing_at_all(self) -> None:
        assert _fault(text="") == 'mine: the first line must be {"documents": {name: sha256, …}}'


class TestReadSet:
    def test_a_file_is_called_by_its_stem(self, tmp_path: Path) -> None:
        path = tmp_path / "own.jsonl"
        path.write_text(_lines(_DOCUMENTS, _QUESTION), encoding="utf-8")
        assert read_set(str(path)) == parse("own", _lines(_DOCUMENTS, _QUESTION))

    def test_a_byte_order_mark_is_no_fault(self, tmp_path: Path) -> None:
        path = tmp_path / "own.jsonl"
        path.write_text(_lines(_DOCUMENTS, _QUESTION), encoding="utf-8-sig")
        assert len(read_set(str(path)).questions) == 1

    def test_an_unknown_name_is_told_the_names_there_are(self) -> None:
        with pytest.raises(
            EvaluationError, match=r"nowhere: not a built-in evaluation set \(samples, azerbaijan\) nor"
        ):
            read_set("nowhere")

    def test_a_folder_and_a_file_that_is_not_utf_8_are_not_sets(self, tmp_path: Path) -> None:
        (tmp_path / "latin.jsonl").write_bytes(b'{"documents": {"caf\xe9.md": ""}}')
        for name in (tmp_path, tmp_path / "latin.jsonl"):
            with pytest.raises(EvaluationError, match="nor a readable file"):
                read_set(str(name))


class TestCheckFits:
    _gold = parse("mine", _lines(_DOCUMENTS, _QUESTION))

    def test_an_index_with_the_documents_fits(self) -> None:
        check_fits(self._gold, {_A: 20, _B: 5, "c" * 64: 1})

    def test_tells_every_document_that_is_missing_and_what_to_do(self) -> None:
        with pytest.raises(EvaluationError) as caught:
            check_fits(self._gold, {"c" * 64: 100})
        assert str(caught.value) == (
            "mine: a.md (sha256 aaaaaaaaaaaa…) is not in the index; "
            "b.md (sha256 bbbbbbbbbbbb…) is not in the index. "
            "Add exactly those files, unchanged, with: pincite add PATH"
        )

    def test_tells_every_span_that_lies_outside_of_its_document(self) -> None:
        with pytest.raises(EvaluationError) as caught:
            check_fits(self._gold, {_A: 19, _B: 4})
        assert str(caught.value) == (
            "mine: question q1: a span ends at 20, its document at 19; "
            "question q1: a span ends at 5, its document at 4. Mend the set"
        )


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_sets_load(name: str) -> None:
    gold = read_set(name)
    assert gold.name == name
    assert len(gold.questions) == len(_raw(name)) - 1


class TestSamples:
    def test_documents_are_the_sample_documents_as_they_ship(self) -> None:
        gold = read_set("samples")
        folder = files("corpus").joinpath("samples")
        shipped = {f.name for f in folder.iterdir() if f.name.endswith((".md", ".txt"))}
        assert set(gold.documents) == shipped
        loaded = {name: load(folder.joinpath(name).read_bytes(), name) for name in shipped}
        assert {name: document.version for name, document in loaded.items()} == dict(gold.documents)
        check_fits(gold, {document.version: len(document.text) for document in loaded.values()})

    def test_every_quote_is_the_text_at_its_span(self) -> None:
        head, *rows = _raw("samples")
        folder = files("corpus").joinpath("samples")
        texts = {name: load(folder.joinpath(name).read_bytes(), name).text for name in head["documents"]}
        for row in rows:
            for span in (*row["evidence"], *row.get("alt_evidence", ())):
                assert texts[span["doc"]][span["start"] : span["end"]] == span["quote"], row["id"]

    def test_there_are_enough_questions_of_every_kind(self) -> None:
        kinds = Counter(question.kind for question in read_set("samples").questions)
        assert set(kinds) == _SAMPLE_KINDS
        assert kinds.total() >= 140
        assert kinds["unanswerable"] >= 20

    def test_every_answerable_question_has_an_answer(self) -> None:
        assert all(question.answers for question in read_set("samples").questions if question.answerable)


class TestAzerbaijan:
    def test_it_has_the_150_questions_without_the_texts_they_rest_on(self) -> None:
        rows = _raw("azerbaijan")[1:]
        assert len(rows) == 150
        assert {
            key for row in rows for e in (*row["evidence"], *row.get("alt_evidence", ())) for key in e
        } == {
            "doc",
            "start",
            "end",
        }

    def test_it_has_the_kinds_of_the_samples(self) -> None:
        assert {question.kind for question in read_set("azerbaijan").questions} == _SAMPLE_KINDS

    @pytest.mark.skipif(
        not _SHARED.exists(), reason="needs ../shared/evaluation, which is not part of the repository"
    )
    def test_its_spans_and_answers_are_those_of_the_original(self) -> None:
        text = (_SHARED / "evaluation" / "questions.jsonl").read_text(encoding="utf-8")
        original = [json.loads(line) for line in text.split("\n") if line]
        mine = _raw("azerbaijan")[1:]
        for field in ("id", "question", "kind", "answers"):
            assert [row[field] for row in mine] == [row[field] for row in original]
        assert [_spans(row) for row in mine] == [_spans(row) for row in original]
