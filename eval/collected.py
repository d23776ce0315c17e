"""An evaluation set with the documents it was made over, as a benchmark."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path

from corpus.media import media_type
from eval.benchmark import Benchmark, Entry, checked
from eval.errors import EvaluationError
from eval.lines import Faults
from eval.sets import EvaluationSet


def collect(gold: EvaluationSet, folder: Path | None) -> Benchmark:
    """A set with its documents from a folder; the sample documents ship.

    Raises EvaluationError with every document that is not there or has other content.
    """
    if gold.name == "samples":  # wherever those of other sets lie
        folder = Path(str(files("corpus").joinpath("samples")))
    if folder is None:
        raise EvaluationError(
            f"{gold.name}: knows its documents by checksum only; say where they are with --documents FOLDER"
        )
    faults = Faults(gold.name)
    entries: dict[str, Entry] = {}
    for name, version in gold.documents.items():
        try:
            data = (folder / name).read_bytes()
        except OSError as error:
            faults.add(f"{folder / name}: cannot be read: {error.strerror or error}")
            continue
        if (found := hashlib.sha256(data).hexdigest()) != version:
            faults.add(f"{folder / name}: sha256 {found[:12]}…, the set is of {version[:12]}…")
            continue
        try:
            entries[name] = Entry(name, data.decode("utf-8"), media_type=media_type(name))
        except UnicodeDecodeError:
            faults.add(f"{folder / name}: not UTF-8")
    faults.refuse("Use exactly the documents that the set was made over")
    qrels = {q.id: dict.fromkeys((e.document for e in q.evidence), 1) for q in gold.questions if q.evidence}
    return checked(Benchmark(gold.name, entries, gold.questions, qrels), faults)
