"""A benchmark with its index open: built where it is not there yet, kept for the next time."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.bench import Advance, Task, ask_all
from eval.cost import folder_bytes, resident_mb
from eval.errors import EvaluationError
from eval.indexing import Counting, Indexed, Unit, config_of, index
from eval.manifest import fingerprint, manifest
from eval.questions import QuestionVectors
from eval.records import Hit
from eval.results import Results, read_results
from eval.runs import write_whole
from eval.systems import DEPTH, hit, make
from index.protocols import Encoder
from index.reader import Reader
from rag.retrieve import Tools

_MOST = 0.95  # of the passages; some texts are equal
_INDEX, _BUILT, _QUESTIONS = "index", "built.json", "questions.npz"


@dataclass(frozen=True, slots=True)
class Workbench:
    """An open index of a benchmark, and what is asked of it."""

    task: Task
    tools: Tools
    reader: Reader
    questions: QuestionVectors
    facts: dict[str, Any]  # of the index: what the manifest says of it
    depth: int = DEPTH

    def kept(self, system: str) -> Results | None:
        """Results that lie there already, of this benchmark, configuration, index and code."""
        results, run = (self.task.path(system, suffix) for suffix in ("json", "run"))
        if not (results.exists() and run.exists()):
            return None
        try:
            found = read_results(results)
        except EvaluationError:
            return None  # damaged, or of another form: asked anew
        same = fingerprint(found.manifest) == fingerprint(self.manifest(system))
        return found if same and {str(m) for m in self.task.measures} <= set(found.measures) else None

    def run(self, system: str, advance: Advance = lambda: None) -> Results:
        """Ask one system all questions; what an interrupted run left is taken over."""
        made = make(system, self.tools, self.reader.store, self.depth)
        try:
            return ask_all(self.task, made, self.manifest(system), advance)
        finally:
            self.questions.save()

    def manifest(self, system: str) -> dict[str, Any]:
        """How the results of a system come about."""
        config = {"passages asked for": self.depth, **self.facts}
        benchmark, encoder = self.task.benchmark, self.tools.snapshot.encoder
        return manifest(benchmark.name, benchmark.checksum, system, config, encoder.to_json())


@contextmanager
def opened(
    task: Task,
    folder: Path,
    load: Callable[[], Encoder],
    *,
    depth: int = DEPTH,
    seen: Advance = lambda: None,
) -> Iterator[Workbench]:
    """Index a benchmark into a folder of its own, as far as that is not done, and open it."""
    place, unit = folder / _INDEX, task.unit
    indexed = index(task.benchmark, unit, load, place, seen)
    built = _built(folder / _BUILT, indexed)
    reader = Reader(place)
    try:
        snapshot = reader.snapshot()
        questions = QuestionVectors(snapshot.encoder, lambda: Counting(load(), unit), folder / _QUESTIONS)
        passages = _Passages(reader)
        ready = Task(
            benchmark=task.benchmark,
            out=task.out,
            unit=unit,
            alike=indexed.alike,
            passages=passages.of,
            measures=task.measures,
            encode_ms=questions.milliseconds,
            cost=lambda: {**built, **_size(place, len(snapshot)), "resident_mb": resident_mb()},
        )
        yield Workbench(ready, Tools(snapshot, questions), reader, questions, _facts(unit, indexed), depth)
    finally:
        reader.close()


def _facts(unit: Unit, indexed: Indexed) -> dict[str, Any]:
    return {
        "unit": unit.value,
        "passages": asdict(config_of(unit)),
        "documents refused": len(indexed.refused),
        "documents alike": sum(map(len, indexed.alike.values())),
    }


def _built(path: Path, indexed: Indexed) -> dict[str, Any]:
    """What building took, over all the runs that it took; a speed only where all was encoded."""
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError):
        told = {"index_s": 0.0, "indexed": 0, "encoded": 0}
    if indexed.passages:
        told["index_s"] = round(told["index_s"] + indexed.seconds, 2)
        told["indexed"] += indexed.passages
        told["encoded"] += indexed.encoded
        told["load"] = round(os.getloadavg()[0], 1)
        write_whole(path, json.dumps(told))
    whole = told["index_s"] and told["encoded"] > _MOST * told["indexed"]
    return told | ({"passages_s": round(told["indexed"] / told["index_s"], 1)} if whole else {})


def _size(place: Path, passages: int) -> dict[str, Any]:
    size = folder_bytes(place)
    return {"passages": passages, "bytes": size, "bytes_a_passage": round(size / max(1, passages))}


class _Passages:
    """All passages by document, read once, when first asked for."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._by_document: dict[str, list[Hit]] | None = None

    def of(self, document: str) -> Sequence[Hit]:
        """The passages of a document, in the index's own offsets."""
        if self._by_document is None:
            self._by_document = {}
            store = self._reader.store
            for stored in store.passages(store.next_keys().tolist()).values():
                found = hit(stored, stored.document_id, 0.0)
                self._by_document.setdefault(stored.document_id, []).append(found)
        return self._by_document.get(document, ())
