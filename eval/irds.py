"""Benchmarks by their name in `ir_datasets`, which downloads them; an extra."""

from __future__ import annotations

from typing import Any

from eval.beir import judge
from eval.benchmark import Benchmark, Entry, checked
from eval.errors import EvaluationError
from eval.lines import Faults
from eval.records import GoldQuestion


def read_irds(id_: str) -> Benchmark:
    """A data set by its id, such as `beir/scifact/test`; EvaluationError when it cannot be had."""
    try:
        import ir_datasets
    except ImportError as error:
        raise EvaluationError(
            f"{id_}: no such file or folder; to read it by name from ir_datasets, install it: "
            "pip install 'pincite[datasets]'"
        ) from error
    try:
        found = ir_datasets.load(id_)
        documents, topics, judgements = found.docs_iter(), found.queries_iter(), found.qrels_iter()
        return _benchmark(id_, list(documents), list(topics), list(judgements))
    except KeyError as error:
        raise EvaluationError(
            f"{id_}: neither a file or folder here nor a name in ir_datasets; names: https://ir-datasets.com"
        ) from error
    except (OSError, RuntimeError, AttributeError) as error:
        raise EvaluationError(
            f"{id_}: ir_datasets cannot provide it ({type(error).__name__}: {error}); it needs a network the "
            "first time, and a set that has documents, queries and judgements"
        ) from error


def _benchmark(id_: str, documents: list[Any], topics: list[Any], judgements: list[Any]) -> Benchmark:
    faults = Faults(id_)
    entries = {
        doc.doc_id: Entry(doc.doc_id, getattr(doc, "text", None) or doc.default_text(), _title(doc))
        for doc in documents
    }
    qrels: dict[str, dict[str, int]] = {}
    for row in judgements:
        judge(qrels, row.query_id, row.doc_id, str(row.relevance), "qrels", faults)
    questions = tuple(
        GoldQuestion(t.query_id, t.default_text(), kind="") for t in topics if t.query_id in qrels
    )
    return checked(Benchmark(id_.replace("/", "-"), entries, questions, qrels), faults)


def _title(document: Any) -> str:
    return str(getattr(document, "title", None) or "")
