"""Running a peer in a process of its own, so that its memory and its imports are its own."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

from eval.bench import Task, ask_all
from eval.benchmark import Benchmark
from eval.cost import resident_mb
from eval.errors import EvaluationError
from eval.indexing import Unit
from eval.manifest import manifest
from eval.results import Results, read_results

# What each peer needs, first what it is called on import.
_NEEDS: Mapping[str, tuple[str, ...]] = {"langchain": ("langchain_community", "langchain_huggingface")}
NAMES = tuple(_NEEDS)
_INSTALL = "pip install 'pincite[bench]'"


def check() -> None:
    """Refuse while a peer is not installed: EvaluationError with the install line."""
    missing = [name for needs in _NEEDS.values() for name in needs if not importlib.util.find_spec(name)]
    if missing:
        raise EvaluationError(f"--peers: {', '.join(missing)} not installed; {_INSTALL}")


def measure(name: str, benchmark: Benchmark, weights: Path, out: Path, depth: int) -> Results:
    """Index a benchmark with a peer and ask it all questions, elsewhere; returns what it left."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        path = pool.submit(_measure, name, benchmark, weights, out, depth).result()
    return read_results(path)


def _measure(name: str, benchmark: Benchmark, weights: Path, out: Path, depth: int) -> Path:
    start = perf_counter()
    peer = _peers()[name](benchmark, weights, depth)
    seconds = perf_counter() - start
    cost = {
        "index_s": round(seconds, 2),
        "passages_s": round(peer.passages / seconds, 1),
        "passages": peer.passages,
    }
    # They are given title and text as one, so that places are shifted as those of whole documents are.
    task = Task(benchmark, out, Unit.DOCUMENTS, cost=lambda: cost | {"resident_mb": resident_mb()})
    config = {"unit": "its own passages", "passages asked for": depth}
    made = manifest(benchmark.name, benchmark.checksum, name, config, {"weights": weights.name})
    ask_all(task, peer, made, lambda: None)
    return task.path(name, "json")


def _peers() -> Mapping[str, Callable[[Benchmark, Path, int], Any]]:
    from eval.peers.langchain import LangChain

    return {"langchain": lambda b, weights, depth: LangChain(b.entries.values(), weights, depth)}
