"""A folder in the layout of BEIR: corpus.jsonl, queries.jsonl, qrels/SPLIT.tsv; and answers.jsonl.

The last one is ours and may be missing: what answers a question, to the character. Its rows hold `query_id`
and, as far as they are known, `answers` (texts), `answerable` (false: no document answers), and places as
`evidence` (a list of `doc_id` with `span` or `spans`, all to be found) or as `doc_id` and `spans` (each of
them answers).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus.records import Span
from eval.benchmark import Benchmark, Entry, checked
from eval.errors import EvaluationError
from eval.lines import Faults, columns, objects, read_text
from eval.records import Evidence, GoldQuestion
from rag.records import Role, Turn

CORPUS, QUERIES, QRELS, ANSWERS = "corpus.jsonl", "queries.jsonl", "qrels", "answers.jsonl"


def is_beir(folder: Path) -> bool:
    """Whether a folder has the layout."""
    return (folder / CORPUS).is_file() and (folder / QUERIES).is_file()


@dataclass(frozen=True, slots=True)
class Asked:
    """In which form questions are asked: files beside the documents, in the form of queries.jsonl.

    A text of `history` is all that the user said, line by line, the question itself last, as the
    benchmark of conversations MTRAG gives it (Katsis et al., 2025, arXiv:2501.03468).
    """

    queries: str = QUERIES
    history: str | None = None

    @property
    def label(self) -> str:
        """What tells results apart; empty for the usual form."""
        names = [name for name in (self.queries, self.history) if name and name != QUERIES]
        return "".join(f"-{Path(name).stem}" for name in names)


def read_beir(folder: Path, split: str = "test", asked_as: Asked | None = None) -> Benchmark:
    """The questions that a split judges, or that are known to have no answer, and all documents.

    Raises EvaluationError with all faults at once.
    """
    faults = Faults(str(folder))
    entries = _entries(folder, faults)
    form = asked_as or Asked()
    asked = _questions(folder, form.queries, faults)
    if form.history:
        asked = _with_history(folder, form.history, asked, faults)
    qrels = _qrels(folder, split, faults)
    known = _answers(folder, asked, faults)
    questions = (known.get(id_, question) for id_, question in asked.items())
    kept = tuple(q for q in questions if q.id in qrels or not q.answerable)
    name = folder.resolve().name if split == "test" else f"{folder.resolve().name}-{split}"
    unasked = {id_: judged for id_, judged in qrels.items() if id_ not in asked}
    for id_ in unasked:
        faults.add(f"qrels/{split}.tsv: question {id_} is not in {form.queries}")
    return checked(
        Benchmark(
            name=name + form.label,
            entries=entries,
            questions=kept,
            qrels={id_: judged for id_, judged in qrels.items() if id_ in asked},
            corpus=name if form.label else None,
        ),
        faults,
    )


def _entries(folder: Path, faults: Faults) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for number, row in objects(read_text(folder / CORPUS), f"{CORPUS} ", faults):
        id_, text = row.get("_id"), row.get("text")
        if not isinstance(id_, str) or not isinstance(text, str) or not id_.strip():
            faults.add(f"{CORPUS} line {number}: no _id or no text")
        elif id_ in entries:
            faults.add(f"{CORPUS} line {number}: document {id_} stands twice")
        else:
            entries[id_] = Entry(id_, text, str(row.get("title") or ""))
    return entries


def _questions(folder: Path, name: str, faults: Faults) -> dict[str, GoldQuestion]:
    asked: dict[str, GoldQuestion] = {}
    for number, row in objects(read_text(folder / name), f"{name} ", faults):
        id_, text = row.get("_id"), row.get("text")
        if not isinstance(id_, str) or not isinstance(text, str) or not text.strip():
            faults.add(f"{name} line {number}: no _id or no text")
        elif id_ in asked:
            faults.add(f"{name} line {number}: question {id_} stands twice")
        else:
            asked[id_] = GoldQuestion(id_, text, kind="")
    return asked


def _with_history(
    folder: Path, name: str, asked: Mapping[str, GoldQuestion], faults: Faults
) -> dict[str, GoldQuestion]:
    """Questions with what the user said before each."""
    known = dict(asked)
    for id_, everything in _questions(folder, name, faults).items():
        if id_ not in asked:
            continue
        said, question = everything.question.strip(), asked[id_].question.strip()
        if not said.endswith(question):
            faults.add(f"{name}: question {id_} does not end as it does among the questions asked")
        lines = said.removesuffix(question).splitlines()
        turns = tuple(Turn(Role.USER, line.strip()) for line in lines if line.strip())
        known[id_] = replace(asked[id_], history=turns)
    return known


def _qrels(folder: Path, split: str, faults: Faults) -> dict[str, dict[str, int]]:
    path = folder / QRELS / f"{split}.tsv"
    if not path.is_file():
        there = ", ".join(sorted(p.stem for p in (folder / QRELS).glob("*.tsv"))) or "none"
        raise EvaluationError(f"{folder}: no {QRELS}/{split}.tsv; splits there: {there}")
    return tab_qrels(read_text(path), f"{QRELS}/{split}.tsv ", faults)


def tab_qrels(text: str, where: str, faults: Faults) -> dict[str, dict[str, int]]:
    """Judgements as question, document, grade between tabs, under a line that names them."""
    qrels: dict[str, dict[str, int]] = {}
    for number, (id_, document, grade) in columns(text, where, [3], faults, "\t"):
        if number == 1 and grade.strip().lower() == "score":
            continue
        judge(qrels, id_, document, grade, f"{where}line {number}", faults)
    return qrels


def judge(
    qrels: dict[str, dict[str, int]], id_: str, document: str, grade: str, where: str, faults: Faults
) -> None:
    """Enter one judgement."""
    judged = qrels.setdefault(id_, {})
    try:
        value = int(grade)
    except ValueError:
        faults.add(f"{where}: grade {grade!r} is not a whole number")
        return
    if judged.setdefault(document, value) != value:
        faults.add(f"{where}: question {id_}, document {document} is judged twice, and differently")


def _answers(folder: Path, asked: Mapping[str, GoldQuestion], faults: Faults) -> dict[str, GoldQuestion]:
    """Questions with what answers.jsonl knows of them."""
    if not (folder / ANSWERS).is_file():
        return {}
    known: dict[str, GoldQuestion] = {}
    for number, row in objects(read_text(folder / ANSWERS), f"{ANSWERS} ", faults):
        try:
            question = asked[str(row["query_id"])]
            answerable = row.get("answerable", True) is not False
            spans = tuple(_spans(row)) if answerable else ()
            every, any_of = (spans, ()) if "evidence" in row else (spans[:1], spans[1:])
            known[question.id] = replace(
                question,
                kind=str(row.get("label") or row.get("kind") or "").lower().replace("_", " "),
                answers=tuple(dict.fromkeys(str(a) for a in row.get("answers", ()))) if answerable else (),
                evidence=every,
                alternatives=any_of,
                answerable=answerable,
            )
        except KeyError as error:
            faults.add(f"{ANSWERS} line {number}: question or field {error} is missing")
        except (TypeError, ValueError) as error:
            faults.add(f"{ANSWERS} line {number}: {error}")
    return known


def _spans(row: Mapping[str, Any]) -> Iterator[Evidence]:
    """The places of a row, in its order."""
    for place in row["evidence"] if "evidence" in row else [row] if row.get("spans") else []:
        for start, end in [place["span"]] if "span" in place else place["spans"]:
            if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end):
                raise ValueError(f"[{start}, {end}) is not a span")
            yield Evidence(str(place["doc_id"]), Span(start, end))
