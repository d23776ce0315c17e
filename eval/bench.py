"""Asking a system every question of a benchmark: resumable, then a run file and a file of results."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from corpus.records import Span
from eval import retrieval
from eval.benchmark import Benchmark
from eval.cost import latency
from eval.errors import EvaluationError
from eval.indexing import Unit, shift
from eval.judging import expected, judge
from eval.manifest import fingerprint
from eval.records import Hit, Response
from eval.results import QuestionResult, Results, question_from_json, question_to_json
from eval.runs import Run, documents, write_run
from eval.systems import System

Advance = Callable[[], None]
RUN_DEPTH = 1_000  # documents of a run, as usual


@dataclass(frozen=True, slots=True)
class Task:
    """A benchmark as one system is to be asked it, and where the files go."""

    benchmark: Benchmark
    out: Path
    unit: Unit = Unit.PASSAGES
    alike: Mapping[str, Sequence[str]] = field(default_factory=lambda: MappingProxyType({}))
    passages: Callable[[str], Sequence[Hit]] | None = None  # all of a document, as they were indexed
    cost: Callable[[], Mapping[str, Any]] = dict
    encode_ms: Callable[[str], float | None] = lambda _: None  # of a question whose vector was remembered
    measures: Sequence[str] = retrieval.DEFAULT

    def path(self, system: str, suffix: str) -> Path:
        """Where a system's run or results lie."""
        return self.out / f"{self.benchmark.name}.{self.unit}.{system}.{suffix}"


def ask_all(
    task: Task,
    system: System,
    manifest: Mapping[str, Any],
    advance: Advance,
    check: Callable[[], None] = lambda: None,
) -> Results:
    """Ask a system all questions, or the rest of them if it was interrupted, and write both files.

    `check` may refuse, when all were asked, before anything is written.
    """
    rows: dict[str, tuple[QuestionResult, list[tuple[str, float]]]] = {}
    with _Journal(task.path(system.name, "partial"), fingerprint(manifest)) as journal:
        rows |= journal.read()
        for question in task.benchmark.questions:
            if not question.answerable and not system.answers:
                continue
            if question.id not in rows:
                response = _timed(_moved(system.ask(question), task), task.encode_ms(question.question))
                judged = task.benchmark.qrels.get(question.id, {})
                relevant = [document for document, grade in judged.items() if grade > 0]
                result = judge(question, response, _texts(task.benchmark), relevant, _passages(task))
                rows[question.id] = result, documents(response.hits, task.alike, RUN_DEPTH)
                journal.write(*rows[question.id])
            advance()
        check()
        asked = [rows[q.id] for q in task.benchmark.questions if q.id in rows]
        run = {result.id: ranked for result, ranked in asked}
        write_run(task.path(system.name, "run"), run, f"pincite-{system.name}")
        results = scored(task, manifest, [result for result, _ in asked], run)
        results.save(task.path(system.name, "json"))
        journal.done = True
    return results


def score_run(task: Task, manifest: Mapping[str, Any], run: Run) -> Results:
    """Score a run that any system made; of passages it knows nothing."""
    texts = _texts(task.benchmark)
    judged = []
    for question in task.benchmark.questions:
        if not question.answerable:
            continue
        grades = task.benchmark.qrels.get(question.id, {})
        relevant = [document for document, grade in grades.items() if grade > 0]
        hits = tuple(
            Hit(document, (), score, texts(document)) for document, score in run.get(question.id, ())
        )
        bare = replace(question, evidence=(), alternatives=())
        result = judge(bare, Response(hits), texts, relevant)
        judged.append(replace(result, expected=expected(question, texts, relevant)))
    return scored(task, manifest, judged, run)


def scored(task: Task, manifest: Mapping[str, Any], judged: Sequence[QuestionResult], run: Run) -> Results:
    """Results with the measures over ranked documents in front of those over passages."""
    values = retrieval.score(task.benchmark.qrels, run, task.measures)
    return Results(
        manifest=manifest,
        questions=tuple(
            replace(result, values=MappingProxyType({**values.get(result.id, {}), **result.values}))
            for result in judged
        ),
        cost={**task.cost(), "latency_ms": latency(r.timings_ms for r in judged if r.timings_ms)},
    )


def _texts(benchmark: Benchmark) -> Callable[[str], str]:
    return lambda document: benchmark.entries[document].text


def _moved(response: Response, task: Task) -> Response:
    """Spans of the text that was indexed as spans of the benchmark's own text, which lacks the title."""
    given = response.given
    return replace(
        response,
        hits=tuple(_placed(hit, task) for hit in response.hits),
        given=given
        and replace(
            given,
            citations=tuple(replace(c, spans=_spans(c.spans, c.document, task)) for c in given.citations),
        ),
    )


def _placed(hit: Hit, task: Task) -> Hit:
    """A passage in every document that it stands in, those of equal text too, which are indexed once."""
    moved = hit.at(lambda place: _spans(place.spans, place.document, task))
    same = (
        replace(place, document=other, copies=())
        for place in moved.places
        for other in task.alike.get(place.document, ())
    )
    return replace(moved, copies=(*moved.copies, *same))


def _passages(task: Task) -> Callable[[str], Sequence[Hit]] | None:
    """All passages of a document, moved likewise; of equal texts one is indexed."""
    of = task.passages
    if of is None:
        return None
    indexed = {other: name for name, others in task.alike.items() for other in others}

    def passages(name: str) -> list[Hit]:
        own = indexed.get(name, name)
        return [Hit(name, _spans(hit.spans, own, task), hit.score, hit.text) for hit in of(own)]

    return passages


def _spans(spans: Sequence[Span], document: str, task: Task) -> tuple[Span, ...]:
    by = shift(task.benchmark.entries[document], task.unit)
    return tuple(Span(max(0, s.start - by), max(0, s.end - by)) for s in spans) if by else tuple(spans)


def _timed(response: Response, encode_ms: float | None) -> Response:
    """With the time that encoding the question took when it was done, not looked up."""
    timings = response.timings_ms
    if encode_ms is None or "encode" not in timings:
        return response
    total = timings["total"] - timings["encode"] + encode_ms
    return replace(response, timings_ms={**timings, "encode": encode_ms, "total": round(total, 3)})


class _Journal:
    """What was asked so far, on disk; thrown away when all is done, or when it is of another run."""

    def __init__(self, path: Path, fingerprint: str) -> None:
        self._path, self._fingerprint = path, fingerprint
        self.done = False

    def __enter__(self) -> _Journal:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            lines = self._path.read_text(encoding="utf-8").splitlines() if self._path.exists() else []
            self._held = list(_whole(lines)) if lines[:1] == [self._fingerprint] else []
            self._file = self._path.open("w", encoding="utf-8", buffering=1)  # a line at a time
        except OSError as error:
            raise EvaluationError(f"{self._path}: cannot be written: {error.strerror or error}") from error
        self._file.write(self._fingerprint + "\n")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._file.close()
        if self.done or (kind and issubclass(kind, EvaluationError)):  # refused: nothing to go on with
            self._path.unlink()

    def read(self) -> dict[str, tuple[QuestionResult, list[tuple[str, float]]]]:
        """What another run of the same left."""
        rows = {}
        for row in self._held:
            result = question_from_json(row["result"])
            ranked = [(document, score) for document, score in row["run"]]
            rows[result.id] = result, ranked
            self.write(result, ranked)
        return rows

    def write(self, result: QuestionResult, ranked: Sequence[tuple[str, float]]) -> None:
        """Keep one question."""
        row = {"result": question_to_json(result), "run": ranked}
        self._file.write(json.dumps(row, ensure_ascii=True) + "\n")


def _whole(lines: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows of a journal; the last may be torn."""
    for line in lines[1:]:
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            return
