"""Evaluation sets: questions with known answers, pinned to spans of documents that are known by checksum.

One JSON object a line. The first line names the documents: `{"documents": {name: sha256, …}}`. The others
are questions: `id, question, kind, answers, evidence` (spans that must all be found: `doc, start, end`) and,
where it applies, `alt_evidence`, `history`, `standalone`. Unanswerable questions have no evidence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from corpus.records import Span
from eval.errors import EvaluationError

UNANSWERABLE = "unanswerable"
BUILT_IN = ("samples", "azerbaijan")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MOST_FAULTS = 20  # shown; the rest is counted


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of a version (sha256) of a document."""

    version: str
    span: Span


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question and what is known of it; `alternatives` are spans that answer as well as the evidence."""

    id: str
    question: str
    kind: str
    answers: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    alternatives: tuple[Evidence, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the documents answer it."""
        return bool(self.evidence)


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
        return parse(path.stem, path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(
            f"{name}: not a built-in evaluation set ({', '.join(BUILT_IN)}) nor a readable file: {error}"
        ) from error


def parse(name: str, text: str) -> EvaluationSet:
    """An evaluation set from its lines; EvaluationError with the fault of every faulty line."""
    faults: list[str] = []
    rows = list(_rows(text, faults))
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
            faults.append(f"line {number}: {what}")
    if not rows and not faults:
        faults.append("no questions")
    if faults:
        raise EvaluationError(f"{name}: {_listed(faults)}")
    return EvaluationSet(name, MappingProxyType(documents), tuple(questions.values()))


def _rows(text: str, faults: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file with the numbers of their lines."""
    for number, line in enumerate(text.split("\n"), 1):  # not splitlines: JSON may hold U+2028 as it is
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise TypeError(f"but a {type(row).__name__}")
            yield number, row
        except (json.JSONDecodeError, TypeError) as error:
            faults.append(f"line {number}: not a JSON object ({error})")


def _documents(rows: list[tuple[int, dict[str, Any]]], faults: list[str]) -> dict[str, str]:
    """The documents that the first row names, which is taken from the rows."""
    documents = rows.pop(0)[1]["documents"] if rows and "documents" in rows[0][1] else None
    if not isinstance(documents, dict) or not documents:
        faults.append('the first line must be {"documents": {name: sha256, …}}')
        return {}
    faults += [
        f"document {name}: {version!r} is not a sha256 in lower-case hexadecimal"
        for name, version in documents.items()
        if not _SHA256.fullmatch(str(version))
    ]
    return documents


def _listed(faults: list[str]) -> str:
    more = f"; and {len(faults) - _MOST_FAULTS} more" if len(faults) > _MOST_FAULTS else ""
    return "; ".join(faults[:_MOST_FAULTS]) + more


def _question(row: Mapping[str, Any], documents: Mapping[str, str]) -> GoldQuestion:
    question = GoldQuestion(
        id=str(row["id"]),
        question=str(row["question"]),
        kind=str(row["kind"]),
        answers=tuple(str(answer) for answer in _list(row, "answers")),
        evidence=tuple(_evidence(_list(row, "evidence"), documents)),
        alternatives=tuple(_evidence(_list(row, "alt_evidence"), documents)),
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
        yield Evidence(documents[row["doc"]], Span(start, end))


def check_fits(gold: EvaluationSet, lengths: Mapping[str, int]) -> None:
    """Check that an index holds the documents of a set; `lengths` are code points by version sha256.

    Raises EvaluationError with every document that is missing and every span that lies outside.
    """
    missing = [
        f"{name} (sha256 {version[:12]}…) is not in the index"
        for name, version in gold.documents.items()
        if version not in lengths
    ]
    outside = [
        f"question {question.id}: a span ends at {evidence.span.end}, "
        f"its document at {lengths[evidence.version]}"
        for question in gold.questions
        for evidence in (*question.evidence, *question.alternatives)
        if evidence.span.end > lengths.get(evidence.version, evidence.span.end)
    ]
    if missing or outside:
        todo = "Add exactly those files, unchanged, with: pincite add PATH" if missing else "Mend the set"
        raise EvaluationError(f"{gold.name}: {_listed(missing + outside)}. {todo}")
