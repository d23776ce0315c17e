"""Evaluation sets: questions with known answers, pinned to spans of documents that are known by checksum.

One JSON object a line. The first line names the documents: `{"documents": {name: sha256, …}}`. The others
are questions: `id, question, kind, answers, evidence` (spans that must all be found: `doc, start, end`) and,
where it applies, `alt_evidence`, `history`, `standalone`. Unanswerable questions have no evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from corpus.records import Span
from eval.errors import EvaluationError
from eval.lines import Faults, objects, read_text
from eval.records import Evidence, GoldQuestion
from rag.records import Role, Turn

UNANSWERABLE = "unanswerable"
BUILT_IN = ("samples", "azerbaijan")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """Questions over documents, which are named with the sha256 of their bytes."""

    name: str
    documents: Mapping[str, str]
    questions: tuple[GoldQuestion, ...]


def read_set(name: str) -> EvaluationSet:
    """A built-in set by its name, or a file.

    Raises EvaluationError with all faults at once.
    """
    if name in BUILT_IN:
        return parse(name, files("eval").joinpath("sets", f"{name}.jsonl").read_text(encoding="utf-8"))
    path = Path(name)
    try:
        text = read_text(path)
    except EvaluationError as error:
        raise EvaluationError(
            f"{name}: not a built-in evaluation set ({', '.join(BUILT_IN)}) nor a readable file: {error}"
        ) from error
    return parse(path.stem, text)


def parse(name: str, text: str) -> EvaluationSet:
    """An evaluation set from its lines; EvaluationError with the fault of every faulty line."""
    faults = Faults(name)
    rows = list(objects(text, "", faults))
    documents = _documents(rows, faults)
    questions: dict[str, GoldQuestion] = {}
    for number, row in rows:
        try:
            question = _question(row, documents)
            if question.id in questions:
                raise ValueError(f"id {question.id} stands twice")
            questions[question.id] = question
        except (KeyError, TypeError, ValueError) as error:
            what = f"field {error} is missing" if isinstance(error, KeyError) else str(error)
            faults.add(f"line {number}: {what}")
    if not rows and not faults:
        faults.add("no questions")
    faults.refuse()
    return EvaluationSet(name, MappingProxyType(documents), tuple(questions.values()))


def _documents(rows: list[tuple[int, dict[str, Any]]], faults: Faults) -> dict[str, str]:
    """The documents that the first row names, which is taken from the rows."""
    documents = rows.pop(0)[1]["documents"] if rows and "documents" in rows[0][1] else None
    if not isinstance(documents, dict) or not documents:
        faults.add('the first line must be {"documents": {name: sha256, …}}')
        return {}
    for name, version in documents.items():
        if not _SHA256.fullmatch(str(version)):
            faults.add(f"document {name}: {version!r} is not a sha256 in lower-case hexadecimal")
    return documents


def _question(row: Mapping[str, Any], documents: Mapping[str, str]) -> GoldQuestion:
    evidence = tuple(_evidence(_list(row, "evidence"), documents))
    question = GoldQuestion(
        id=str(row["id"]),
        question=str(row["question"]),
        kind=str(row["kind"]),
        answers=tuple(str(answer) for answer in _list(row, "answers")),
        evidence=evidence,
        alternatives=tuple(_evidence(_list(row, "alt_evidence"), documents)),
        history=tuple(Turn(Role(turn["role"]), str(turn["content"])) for turn in _list(row, "history")),
        answerable=bool(evidence),
        standalone=row.get("standalone"),
    )
    if not question.question.strip():
        raise ValueError(f"question {question.id} is empty")
    if question.answerable == (question.kind == UNANSWERABLE):
        found = len(question.evidence)
        raise ValueError(f"question {question.id} of kind {question.kind} has {found} evidence spans")
    return question


def _list(row: Mapping[str, Any], name: str) -> list[Any]:
    value = row.get(name, [])
    if not isinstance(value, list):
        raise ValueError(f"{name} is not a list")
    return value


def _evidence(rows: Iterable[Mapping[str, Any]], documents: Mapping[str, str]) -> Iterable[Evidence]:
    for row in rows:
        start, end = row["start"], row["end"]
        if row["doc"] not in documents:
            raise ValueError(f"document {row['doc']} is not in the list of documents")
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end):
            raise ValueError(f"[{start}, {end}) is not a span")
        yield Evidence(row["doc"], Span(start, end))


def check_fits(gold: EvaluationSet, lengths: Mapping[str, int]) -> None:
    """Check that an index holds the documents of a set; `lengths` are code points by version sha256.

    Raises EvaluationError with every document that is missing and every span that lies outside.
    """
    faults = Faults(gold.name)
    missing = {name: version for name, version in gold.documents.items() if version not in lengths}
    for name, version in missing.items():
        faults.add(f"{name} (sha256 {version[:12]}…) is not in the index")
    for question in gold.questions:
        for evidence in (*question.evidence, *question.alternatives):
            length = lengths.get(gold.documents[evidence.document], evidence.span.end)
            if evidence.span.end > length:
                faults.add(
                    f"question {question.id}: a span ends at {evidence.span.end}, its document at {length}"
                )
    faults.refuse("Add exactly those files, unchanged, with: pincite add PATH" if missing else "Mend the set")
