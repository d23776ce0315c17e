"""SQuAD's JSON: paragraphs as documents, questions with spans of answers, or known to have none."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from corpus.records import Span
from eval.benchmark import Benchmark, Entry, checked
from eval.errors import EvaluationError
from eval.lines import Faults, read_text
from eval.records import Evidence, GoldQuestion


def read_squad(path: Path) -> Benchmark:
    """All paragraphs and questions of a file; EvaluationError with all faults at once.

    The first annotator's span is the evidence, those of others are alternatives.
    """
    faults = Faults(str(path))
    try:
        articles = json.loads(read_text(path))["data"]
        paragraphs = [
            (str(a.get("title") or n), i, p)
            for n, a in enumerate(articles)
            for i, p in enumerate(a["paragraphs"])
        ]
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise EvaluationError(
            f'{path}: not in the form of SQuAD, {{"data": [{{"paragraphs": […]}}]}} '
            f"({type(error).__name__}: {error})"
        ) from error
    entries: dict[str, Entry] = {}
    questions: dict[str, GoldQuestion] = {}
    for title, number, paragraph in paragraphs:
        try:
            entry = Entry(
                f"{title}#{number}".replace(" ", "_"), paragraph["context"], title.replace("_", " ")
            )
            rows: Sequence[Mapping[str, Any]] = paragraph["qas"]
        except (KeyError, TypeError) as error:
            faults.add(f"{title}, paragraph {number}: {error} is missing")
            continue
        if entries.setdefault(entry.id, entry) is not entry:
            faults.add(f"document {entry.id} stands twice")
        for row in rows:
            _ask(row, entry, questions, faults)
    qrels = {q.id: {q.evidence[0].document: 1} for q in questions.values() if q.evidence}
    return checked(Benchmark(path.stem, entries, tuple(questions.values()), qrels), faults)


def _ask(row: Mapping[str, Any], entry: Entry, questions: dict[str, GoldQuestion], faults: Faults) -> None:
    try:
        id_, asked, answers = str(row["id"]), str(row["question"]).strip(), row.get("answers") or ()
        spans = [Span(a["answer_start"], a["answer_start"] + len(a["text"])) for a in answers if a["text"]]
        texts = [a["text"] for a in answers if a["text"]]
    except (KeyError, TypeError, AssertionError) as error:
        faults.add(f"a question of {entry.id}: {type(error).__name__}: {error}")
        return
    for span, text in zip(spans, texts, strict=True):
        if entry.text[span.start : span.end] != text:
            faults.add(f"question {id_}: {text[:40]!r} does not stand at {span.start} of {entry.id}")
    if id_ in questions:
        faults.add(f"question {id_} stands twice")
    if not asked:
        faults.add(f"question {id_} is empty")
    evidence = tuple(Evidence(entry.id, span) for span in dict.fromkeys(spans))
    questions[id_] = GoldQuestion(
        id=id_,
        question=asked,
        kind="" if evidence else "unanswerable",
        answers=tuple(dict.fromkeys(texts)),
        evidence=evidence[:1],
        alternatives=evidence[1:],
        answerable=bool(evidence) and not row.get("is_impossible"),
    )
