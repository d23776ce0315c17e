"""How results came about: enough to make them again, and to know when they cannot be compared."""

from __future__ import annotations

import hashlib
import os
import platform
import shlex
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Any

from eval.significance import SEED
from index.codec import dumps
from index.hardware import describe

_PACKAGES = ("pincite", "torch", "sentence-transformers", "faiss-cpu", "tantivy", "numpy", "ir-measures")
_ROOMS = ("corpus", "index", "rag", "eval")
# What differs between two runs that should be equal: left out of the fingerprint.
_CIRCUMSTANCES = frozenset({"machine", "command", "created", "load"})


def manifest(
    dataset: str,
    checksum: str,
    system: str,
    config: Mapping[str, object],
    encoder: Mapping[str, object] | None,
) -> dict[str, Any]:
    """Dataset, configuration, encoder, versions, machine, seed and command."""
    return {
        "dataset": dataset,
        "checksum": checksum,
        "system": system,
        "config": dict(config),
        "encoder": dict(encoder) if encoder else None,
        "code": code(_ROOMS),
        "versions": versions(),
        "seed": SEED,
        "machine": {"processor": describe(), "cores": os.cpu_count(), "system": platform.platform()},
        "command": shlex.join(["pincite", *sys.argv[1:]]),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "load": round(os.getloadavg()[0], 1),
    }


def fingerprint(manifest: Mapping[str, Any]) -> str:
    """Equal for what must come out equal."""
    kept = {name: value for name, value in manifest.items() if name not in _CIRCUMSTANCES}
    return hashlib.sha256(dumps(kept).encode()).hexdigest()[:16]


def versions() -> dict[str, str]:
    """Versions of what has a say in the figures."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


@cache
def code(rooms: tuple[str, ...]) -> str:
    """A digest of the code of some packages: between two releases the version says nothing."""
    digest = hashlib.sha256()
    for room in rooms:
        root = Path(str(files(room)))
        for path in sorted(root.rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
