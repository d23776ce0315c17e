"""An environment for each peer, made on first use: its packages need not agree with ours.

What is installed here is seen from there, behind the peer's own, so that torch is not fetched again.
"""

from __future__ import annotations

import hashlib
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from filelock import FileLock

from eval.errors import EvaluationError

Run = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]
_KEPT = ("torch", "sentence-transformers", "transformers")  # as they are here: the same arithmetic for all


def environment(requirements: Path, cache: Path, run: Run | None = None) -> Path:
    """The interpreter of a peer's environment; EvaluationError, with the command, if it cannot be made."""
    run = run or _run
    name = requirements.stem
    shared = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    constraints = "".join(f"{package}=={at}\n" for package in _KEPT if (at := _version(package)))
    made_of = [requirements.read_text(encoding="utf-8"), constraints, sys.version, *shared]
    digest = hashlib.sha256("\n".join(made_of).encode()).hexdigest()[:12]
    folder = cache.resolve() / "peers" / f"{name}-{digest}"
    python, ready = folder / "bin" / "python", folder / "ready"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if ready.exists():
            return python
        _check(run([sys.executable, "-m", "venv", str(folder)]), name)
        for packages in (folder / "lib").glob("python*/site-packages"):
            (packages / "shared.pth").write_text("\n".join(shared), encoding="utf-8")
        held = folder / "constraints.txt"
        held.write_text(constraints, encoding="utf-8")
        pip = [str(python), "-m", "pip", "install", "--quiet", "--retries", "2"]
        _check(run([*pip, "--constraint", str(held), "--requirement", str(requirements)]), name)
        ready.touch()
    return python


def _check(done: subprocess.CompletedProcess[str], name: str) -> None:
    if done.returncode:
        again = f"It needs a network once; to try by hand: {shlex.join(done.args)}"
        raise EvaluationError(f"peer {name}: not installed ({last_line(done.stderr)}). {again}")


def last_line(told: str) -> str:
    """The line of an error that says most: the last that pip marks as one, else the last."""
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    marked = [line for line in lines if line.startswith("ERROR:")]
    return (marked or lines or ["no message"])[-1].removeprefix("ERROR: ")[:300]


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - of ours


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
