"""The form of Chroma's chunking evaluation: whole corpora, questions with ranges of characters."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

from corpus.media import media_type
from corpus.records import Span
from eval.benchmark import Benchmark, Entry, checked
from eval.errors import EvaluationError
from eval.lines import Faults, read_text
from eval.records import Evidence, GoldQuestion

QUESTIONS, CORPORA = "questions_df.csv", "corpora"
_COLUMNS = {"question", "references", "corpus_id"}


def is_ranges(folder: Path) -> bool:
    """Whether a folder has the form."""
    return (folder / QUESTIONS).is_file() and (folder / CORPORA).is_dir()


def read_ranges(folder: Path) -> Benchmark:
    """Corpora and questions, each of the kind of its corpus; EvaluationError with all faults at once."""
    faults = Faults(str(folder))
    entries = {
        path.stem: Entry(path.stem, read_text(path), media_type=media_type(path.name))
        for path in sorted((folder / CORPORA).iterdir())
        if path.is_file() and not path.name.startswith(".")
    }
    csv.field_size_limit(sys.maxsize)  # references are long
    rows = csv.DictReader(io.StringIO(read_text(folder / QUESTIONS), newline=""))
    if missing := _COLUMNS - set(rows.fieldnames or ()):
        raise EvaluationError(f"{folder / QUESTIONS}: no column {', '.join(sorted(missing))}")
    questions = []
    for number, row in enumerate(rows, 1):
        try:
            questions.append(_question(f"q{number}", row, entries))
        except (KeyError, TypeError, ValueError, AssertionError) as error:
            faults.add(f"{QUESTIONS} question {number}: {error}")
    qrels = {q.id: dict.fromkeys((e.document for e in q.evidence), 1) for q in questions}
    return checked(Benchmark(folder.resolve().name, entries, tuple(questions), qrels), faults)


def _question(id_: str, row: dict[str, Any], entries: dict[str, Entry]) -> GoldQuestion:
    name = row["corpus_id"]
    if name not in entries:
        raise ValueError(f"corpus {name!r} is not in {CORPORA}/")
    evidence = []
    for reference in json.loads(row["references"]):
        start, end = int(reference["start_index"]), int(reference["end_index"])
        if entries[name].text[start:end] != reference["content"]:
            raise ValueError(f"[{start}, {end}) of {name} does not read {reference['content'][:40]!r}")
        evidence.append(Evidence(name, Span(start, end)))
    if not evidence or not row["question"].strip():
        raise ValueError("no question or no reference")
    return GoldQuestion(id_, row["question"], kind=name, evidence=tuple(evidence))
