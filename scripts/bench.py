"""Figures of this machine, side by side with the usual tutorial, as Markdown that can be pasted into docs.

    python scripts/bench.py [--only ingest,http,start,quality] [--rounds N] [--json FILE]

Everything is measured in processes of their own: documents and rankings by `trial.py`, the server by
`visit.py`, the command line as it is. Settings are the defaults, whatever the environment says. Nothing is
asserted: targets are printed beside the figures, met or not.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from index.hardware import describe

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "corpus" / "samples"
SHARED = ROOT.parent / "shared" / "corpus"
TRIAL, VISIT = (Path(__file__).with_name(name) for name in ("trial.py", "visit.py"))
PINCITE = Path(sys.executable).with_name("pincite")
PACKAGES = ("torch", "sentence-transformers", "faiss-cpu", "tantivy", "numpy", "fastapi", "uvicorn")
TUTORIAL = ("langchain-community", "langchain-huggingface", "langchain-text-splitters")
STARTS = 7
MEASURES = ("hit@1", "hit@5", "hit-RR@10", "recall@5", "recall@3000ch")

Result = tuple[str, object]  # Markdown, and what it was made of


@dataclass(frozen=True, slots=True)
class Target:
    """A figure to reach."""

    bound: float
    unit: str = ""
    at_least: bool = False

    def judge(self, value: float) -> str:
        """Say the target, and whether a value meets it."""
        met = value >= self.bound if self.at_least else value <= self.bound
        told = f"{'≥' if self.at_least else '≤'} {self.bound:g} {self.unit}".strip()
        return f"{told}: {'met' if met else '**not met**'}"


INGEST = Target(2.5, at_least=True)  # times the passages a second of the tutorial
P50, P99 = Target(15, "ms"), Target(50, "ms")
MEMORY, READY, START = Target(850, "MB"), Target(8, "s"), Target(0.3, "s")
QUALITY = {  # of Pincite, on the set `azerbaijan`
    "hit@1": Target(0.52, at_least=True),
    "hit@5": Target(0.70, at_least=True),
    "recall@3000ch": Target(0.60, at_least=True),
}


def corpora() -> dict[str, list[Path]]:
    """Say which documents are measured on, by the evaluation set that asks about them."""
    shared = sorted(SHARED.glob("*.txt"))
    return {"samples": [SAMPLES]} | ({"azerbaijan": shared} if shared else {})


def ingest(rounds: int) -> Result:
    """Time both systems from files to a saved index."""
    rows: list[Sequence[str]] = []
    data: dict[str, Any] = {}
    for name, paths in corpora().items():
        trials: dict[str, list[dict[str, Any]]] = {"pincite": [], "tutorial": []}
        for turn in range(rounds):
            for system in sorted(trials, reverse=bool(turn % 2)):
                say(f"ingest of {name}, round {turn + 1} of {rounds}: {system}")
                trials[system].append(trial(system, paths))
        data[name] = trials
        rows += [_ingest_row(name, runs) for runs in trials.values()]
        ratios = {unit: _ratios(trials, unit) for unit in ("passages", "characters")}
        judged = INGEST.judge(median(ratios["passages"]))
        rows.append((name, "ratio", "", "", "", *(spread(found, 2) for found in ratios.values()), judged))
    columns = (
        "documents",
        "system",
        "passages",
        "load, s",
        "ingest, s",
        "passages/s",
        "characters/s",
        "target",
    )
    notes = (
        f"Medians of {rounds} rounds in turns (lowest to highest); a ratio is of one round. The clock "
        "runs from reading the files to the saved index; imports and model come before it (“load”). The "
        "target is for passages; those of the systems differ in length, so look at characters too. Tutorial: "
        "LangChain, passages of 1,000 characters with 200 repeated, the same weights in float32, FAISS."
    )
    return f"{table(columns, rows)}\n\n{notes}", data


def _ratios(trials: Mapping[str, Sequence[Mapping[str, Any]]], unit: str) -> list[float]:
    ours, theirs = ([run[unit] / run["ingest_s"] for run in trials[name]] for name in ("pincite", "tutorial"))
    return [a / b for a, b in zip(ours, theirs, strict=True)]


def _ingest_row(name: str, runs: Sequence[Mapping[str, Any]]) -> Sequence[str]:
    first, seconds = runs[0], [run["ingest_s"] for run in runs]
    return (
        name,
        f"{first['system']}, {first['precision']}",
        f"{first['passages']:,}",
        f"{median(run['load_s'] for run in runs):.1f}",
        spread(seconds),
        spread([first["passages"] / s for s in seconds]),
        f"{median(first['characters'] / s for s in seconds):,.0f}",
        "",
    )


def answers(rounds: int) -> Result:
    """Time the start of a server, and its answers."""
    with tempfile.TemporaryDirectory() as work:
        say("indexing for the server")
        built = trial(
            "pincite", [path for paths in corpora().values() for path in paths], Path(work, "index")
        )
        say(f"starting the server {rounds} times, and asking it")
        visit = json.loads(
            run([sys.executable, str(VISIT), str(Path(work, "index")), "--starts", str(rounds)])
        )
    ready, wall_ms, memory = visit["ready_s"], visit["wall_ms"], visit["memory_mb"]
    cuts = quantiles(wall_ms, n=100, method="inclusive")
    rows = [
        ("start to ready", f"{spread(ready)} s", READY.judge(median(ready))),
        ("answer, p50", f"{cuts[49]:.1f} ms", P50.judge(cuts[49])),
        ("answer, p95", f"{cuts[94]:.1f} ms", ""),
        ("answer, p99", f"{cuts[98]:.1f} ms", P99.judge(cuts[98])),
        *((f"the server's own {name}, p50", f"{ms:.1f} ms", "") for name, ms in visit["stages_ms"].items()),
    ]
    if memory:
        rows.append(
            ("resident memory afterwards", f"{memory['VmRSS']:,.0f} MB", MEMORY.judge(memory["VmRSS"]))
        )
        rows.append(("resident memory at its highest", f"{memory['VmHWM']:,.0f} MB", ""))
    notes = (
        f"{built['passages']:,} passages of {built['characters']:,} characters; one client, one kept-alive "
        f"connection, {len(wall_ms)} answers to the questions of the set `samples`, after 20 to warm up."
    )
    return f"{table(('figure', 'value', 'target'), rows)}\n\n{notes}", {"index": built, **visit}


def start(_rounds: int) -> Result:
    """Time the command line as whole processes."""
    rows: list[Sequence[str]] = []
    data: dict[str, list[float]] = {}
    for verb in ("--help", "version"):
        say(f"pincite {verb}")
        times = data[f"pincite {verb}"] = []
        for _ in range(STARTS + 1):
            begun = time.perf_counter()
            run([str(PINCITE), verb])
            times.append(time.perf_counter() - begun)
        del times[0]  # it filled the caches
        rows.append((f"`pincite {verb}`", f"{spread(times, 2)} s", START.judge(median(times))))
    return table(("command", f"median of {STARTS}", "target"), rows), data


def quality(_rounds: int) -> Result:
    """Measure the rankings of both systems against known answers."""
    rows: list[Sequence[str]] = []
    data: dict[str, dict[str, dict[str, float]]] = {}
    for name, paths in corpora().items():
        found = data[name] = {}
        for system in ("pincite", "tutorial"):
            say(f"quality on {name}: {system}")
            found |= trial(system, paths, questions=name)["quality"]
        rows += [
            (name, f"{means['n']:.0f}", ranking, *(f"{means[measure]:.3f}" for measure in MEASURES))
            for ranking, means in found.items()
        ]
    if "azerbaijan" in data:
        ours = data["azerbaijan"]["Pincite"]
        judged = (QUALITY[name].judge(ours[name]) if name in QUALITY else "" for name in MEASURES)
        rows.append(("azerbaijan", "", "targets of Pincite", *judged))
    return table(("set", "n", "ranking", *MEASURES), rows), data


def trial(
    system: str, paths: Sequence[Path], into: Path | None = None, questions: str = ""
) -> dict[str, Any]:
    """Run one trial, into a folder that is thrown away unless `into` names one."""
    with tempfile.TemporaryDirectory() as work:
        folder = str(into or Path(work, "index"))
        asked = ["--set", questions] if questions else []
        told = run([sys.executable, str(TRIAL), system, "--into", folder, *asked, *map(str, paths)])
    found: dict[str, Any] = json.loads(told)
    return found


def run(command: Sequence[str]) -> str:
    """Run a program of ours for its output; when it fails, so do we, with its last words."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PINCITE_")}
    environment = kept | {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"bench: {shlex.join(command)} failed:\n{(done.stderr or done.stdout)[-2000:]}")
    return done.stdout


def spread(values: Sequence[float], digits: int = 1) -> str:
    """Write the median, and the lowest and highest."""
    return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (columns, ["---"] * len(columns), *rows))


def say(what: str) -> None:
    """Tell on standard error what goes on: the whole takes minutes."""
    print(f"bench: {what} …", file=sys.stderr, flush=True)


def machine() -> dict[str, Any]:
    """Say what the figures were taken on, and how."""
    present = [name for name in TUTORIAL if importlib.util.find_spec(name.replace("-", "_"))]
    return {
        "processor": describe(),
        "cores": os.cpu_count(),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "versions": ", ".join(
            [
                f"python {platform.python_version()}",
                *(f"{name} {version(name)}" for name in ("pincite", *PACKAGES)),
            ]
            + [f"{name} {version(name)}" for name in present]
        ),
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "command": shlex.join(["python", "scripts/bench.py", *sys.argv[1:]]),
        "load before": f"{os.getloadavg()[0]:.1f}",
    }


SECTIONS: Mapping[str, tuple[str, Callable[[int], Result]]] = {
    "ingest": ("Ingest", ingest),
    "http": ("Answers over HTTP", answers),
    "start": ("Start of the command line", start),
    "quality": ("Quality of the rankings", quality),
}


def arguments() -> argparse.Namespace:
    """Read the command line; what does not fit is told, with what would."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--only", default=",".join(SECTIONS), metavar="NAMES", help=f"of {','.join(SECTIONS)}"
    )
    parser.add_argument(
        "--rounds", type=int, default=3, metavar="N", help="of ingest and server starts (default 3)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="save every single measurement there, too")
    given = parser.parse_args()
    given.only = [name.strip() for name in given.only.split(",")]
    if unknown := [name for name in given.only if name not in SECTIONS]:
        parser.error(f"--only: no section {', '.join(map(repr, unknown))}; there are {', '.join(SECTIONS)}")
    if given.rounds < 1:
        parser.error(f"--rounds {given.rounds}: must be 1 or more")
    if given.json and not given.json.parent.is_dir():
        parser.error(f"--json {given.json}: there is no folder {given.json.parent}")
    missing = [name for name in TUTORIAL if not importlib.util.find_spec(name.replace("-", "_"))]
    if missing and {"ingest", "quality"} & set(given.only):
        parser.exit(
            1, f"bench: the tutorial needs {', '.join(missing)}: make bench, or pip install -e '.[bench]'\n"
        )
    return given


def main() -> None:
    """Measure and print."""
    given = arguments()
    told = machine()
    results = {name: SECTIONS[name][1](given.rounds) for name in SECTIONS if name in given.only}
    told["load after"] = f"{os.getloadavg()[0]:.1f}"
    print(table(("", ""), [(name, str(value)) for name, value in told.items()]))
    if "azerbaijan" not in corpora():
        print(f"\nWithout the documents of {os.path.relpath(SHARED, ROOT)}, which are not here.")
    for name, (markdown, _) in results.items():
        print(f"\n### {SECTIONS[name][0]}\n\n{markdown}")
    if given.json:
        saved = {"machine": told} | {name: data for name, (_, data) in results.items()}
        given.json.write_text(json.dumps(saved, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
