"""A benchmark in memory, whatever form it came in: documents, questions, and which answer which."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from corpus.media import PLAIN
from eval.lines import Faults
from eval.records import GoldQuestion
from rag.records import MAX_QUESTION

Qrels = Mapping[str, Mapping[str, int]]  # question id -> document id -> grade; relevant from 1 on


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of a benchmark; spans of evidence are offsets into its `text`."""

    id: str
    text: str
    title: str = ""
    media_type: str = PLAIN


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Documents, questions and judgements; every judged id exists and every span lies in its document.

    `corpus` is the name of the documents where several sets of questions are asked of them.
    """

    name: str
    entries: Mapping[str, Entry]
    questions: tuple[GoldQuestion, ...]
    qrels: Qrels
    corpus: str | None = None

    @property
    def checksum(self) -> str:
        """The sha256 of all that a result depends on, whatever files it came in."""
        digest = hashlib.sha256()
        for line in self._lines():
            digest.update(json.dumps(line, ensure_ascii=True, sort_keys=True).encode())
        return digest.hexdigest()

    def _lines(self) -> Iterator[object]:
        yield from ([e.id, e.title, e.text, e.media_type] for e in self.entries.values())
        for question in self.questions:
            spans = [[e.document, e.span.start, e.span.end] for e in question.evidence]
            others = [[e.document, e.span.start, e.span.end] for e in question.alternatives]
            said = [[turn.role, turn.content] for turn in question.history]
            yield [question.id, question.question, list(question.answers), spans, others, *said]
            yield dict(self.qrels.get(question.id, {}))


def sampled(benchmark: Benchmark, every: int) -> Benchmark:
    """Each so-manieth question, the first among them, over all documents; under a name that says so."""
    if every == 1:
        return benchmark
    kept = benchmark.questions[::every]
    qrels = {q.id: benchmark.qrels[q.id] for q in kept if q.id in benchmark.qrels}
    return replace(benchmark, name=f"{benchmark.name}-each-{every}", questions=kept, qrels=qrels)


def checked(benchmark: Benchmark, faults: Faults) -> Benchmark:
    """The benchmark, if nothing is wrong with it; EvaluationError with all faults."""
    asked = {question.id for question in benchmark.questions}
    if not benchmark.entries:
        faults.add("no documents")
    if not any(question.id in benchmark.qrels for question in benchmark.questions):
        faults.add("no questions with a judgement")
    for id_, judged in benchmark.qrels.items():
        if id_ not in asked:
            faults.add(f"judged question {id_} is not among the questions")
        for document in judged.keys() - benchmark.entries.keys():
            faults.add(f"question {id_}: judged document {document} is not among the documents")
    for question in benchmark.questions:
        if len(question.question) > MAX_QUESTION:
            length = f"{len(question.question):,} characters, at most {MAX_QUESTION:,} are read"
            faults.add(f"question {question.id} has {length}")
        _check_spans(question, benchmark.entries, faults)
    faults.refuse("Nothing was indexed or written; mend the files")
    return benchmark


def _check_spans(question: GoldQuestion, entries: Mapping[str, Entry], faults: Faults) -> None:
    for evidence in (*question.evidence, *question.alternatives):
        entry = entries.get(evidence.document)
        if entry is None:
            faults.add(f"question {question.id}: document {evidence.document} is not among the documents")
        elif evidence.span.end > len(entry.text):
            end = f"a span ends at {evidence.span.end}, its document {entry.id} at {len(entry.text)}"
            faults.add(f"question {question.id}: {end}")
