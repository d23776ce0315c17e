"""Runs one peer in its own environment, with nothing but the standard library and the peer.

    python -P host.py PEER.py WEIGHTS DEPTH FOLDER

FOLDER holds documents.jsonl ({"id", "text"}) and questions.jsonl ({"id", "question"}); found.jsonl
({"id", "hits": [[document, start, end, score], …], "ms"}, best first) and cost.json are written beside them.
"""

from __future__ import annotations

import importlib.util
import json
import re
import sys
import warnings
from pathlib import Path
from time import perf_counter
from typing import Any


def main(script: Path, weights: str, depth: int, folder: Path) -> None:
    """Index all documents, ask all questions."""
    documents = [(row["id"], row["text"]) for row in _read(folder / "documents.jsonl")]
    module = _load(script)
    start = perf_counter()
    peer = module.Peer(documents, weights, depth)
    seconds = perf_counter() - start
    with (folder / "found.jsonl").open("w", encoding="utf-8") as file:
        for row in _read(folder / "questions.jsonl"):
            start = perf_counter()
            hits = peer.ask(row["question"])
            ms = round(1000 * (perf_counter() - start), 3)
            file.write(json.dumps({"id": row["id"], "hits": hits, "ms": ms}) + "\n")
    cost = {
        "index_s": round(seconds, 2),
        "passages_s": round(peer.passages / seconds, 1),
        "passages": peer.passages,
        "resident_mb": _resident_mb(),
    }
    (folder / "cost.json").write_text(json.dumps(cost), encoding="utf-8")


def _load(script: Path) -> Any:
    """The peer's file under a name that hides no package of the peer's."""
    spec = importlib.util.spec_from_file_location("peer", script)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def _resident_mb() -> float | None:
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
    return round(int(found.group(1)) / 1000, 1) if found else None


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # peers deprecate by turns what their own guides show
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
