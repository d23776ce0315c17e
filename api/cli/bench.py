"""The verb `bench`: systems side by side on retrieval benchmarks."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import gates, options

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from eval.bench import Task
    from eval.results import Results
    from eval.workbench import Workbench

CACHE = Path(".pincite/bench")


def bench(
    datasets: Annotated[list[str], typer.Argument(metavar="DATASET...", help="Folders, files or names.")],
    systems: Annotated[
        str, typer.Option(help="Of dense, lexical, hybrid, answer; between commas.")
    ] = "dense,lexical,hybrid",
    unit: Annotated[
        str, typer.Option(help="Index `passages` as always, or whole `documents` as BEIR and MTEB do.")
    ] = "passages",
    split: Annotated[str, typer.Option(help="Which judgements to use.")] = "test",
    measures: Annotated[
        str | None, typer.Option(help="Such as nDCG@10,AP; between commas (ir-measures).")
    ] = None,
    depth: Annotated[int, typer.Option(min=1, max=1000, help="Passages to ask each system for.")] = 300,
    documents: Annotated[
        Path | None, typer.Option(help="Where the documents of an evaluation set lie.")
    ] = None,
    queries: Annotated[
        str, typer.Option(help="File of a BEIR folder with the questions, in the form wanted.")
    ] = "queries.jsonl",
    history: Annotated[
        str | None, typer.Option(help="File of a BEIR folder with all that the user said, line by line.")
    ] = None,
    run: Annotated[Path | None, typer.Option(help="Score this TREC run of another system instead.")] = None,
    url: Annotated[str | None, typer.Option(help="Measure the service there (/v1/search) instead.")] = None,
    peers: Annotated[
        bool, typer.Option("--peers", help="Other systems too, in their defaults, with the same weights.")
    ] = False,
    each: Annotated[
        int, typer.Option(min=1, metavar="N", help="Ask only each Nth question, where systems are slow.")
    ] = 1,
    out: Annotated[
        Path | None, typer.Option(help="Folder for runs and results.", show_default=f"{CACHE}/results")
    ] = None,
    cache: Annotated[Path, typer.Option(help="Folder for indexes, which are kept.")] = CACHE,
    again: Annotated[
        bool, typer.Option("--again", help="Ask anew, also where data, configuration and code are the same.")
    ] = False,
    fail_under: gates.FailUnder = None,
    baseline: gates.Baseline = None,
    max_drop: gates.MaxDrop = 0.0,
    as_json: options.AsJson = False,
) -> None:
    """Measure systems on retrieval benchmarks; write runs, results and how they came about."""
    from api.cli import terminal
    from eval.beir import Asked
    from eval.bench import Task
    from eval.benchmark import sampled
    from eval.datasets import read_dataset
    from eval.errors import EvaluationError
    from eval.indexing import Unit
    from eval.retrieval import DEFAULT, parse

    if unit not in list(Unit):
        raise typer.BadParameter(f"expected {' or '.join(Unit)}, found {unit!r}", param_hint="--unit")
    names = [name.strip() for name in systems.split(",") if name.strip()]
    wanted = [name.strip() for name in measures.split(",")] if measures else list(DEFAULT)
    parse(wanted)
    weights = _weights() if peers else None
    gate = gates.read(fail_under, baseline, max_drop)
    results: list[Results] = []
    failed: list[str] = []  # peers that could not be measured; the others are
    for benchmark in [
        sampled(read_dataset(name, split, documents, Asked(queries, history)), each) for name in datasets
    ]:
        task = Task(benchmark, out or cache / "results", Unit(unit), measures=wanted)
        results += _ask(task, run, url, names, cache, depth, again)
        if weights:
            results += _peers(task, weights, cache, depth, failed)
    if as_json:
        terminal.print_json([found.to_json() for found in results])
    else:
        _show(results)
        where = f"runs and results: {out or cache / 'results'}"
        terminal.err.print(f"[dim]{terminal.safe(where)}[/dim]", soft_wrap=True)
    gate.check(results)
    if failed:
        raise EvaluationError("; ".join(dict.fromkeys(failed)))


def _ask(
    task: Task,
    run: Path | None,
    url: str | None,
    systems: Sequence[str],
    cache: Path,
    depth: int,
    again: bool,
) -> Iterator[Results]:
    if run:
        yield _score(task, run)
    elif url:
        yield _visit(task, url)
    else:
        yield from _measure(task, systems, cache, depth, again)


def _weights() -> Path:
    """The folder of the encoder's weights, which peers load too."""
    from eval.errors import EvaluationError
    from index.encoder import folder_of

    model = options.settings().embedder
    weights = folder_of(model)
    if weights is None:
        raise EvaluationError(f"--peers: {model} is an id of the hub; configure a folder with its weights")
    return weights


def _peers(task: Task, weights: Path, cache: Path, depth: int, failed: list[str]) -> Iterator[Results]:
    """Other systems, each in a process of its own; what went wrong is added to `failed`."""
    from api.cli import terminal
    from eval.errors import EvaluationError
    from eval.peers.run import NAMES, measure

    for name in NAMES:
        try:
            with terminal.progress(f"{task.benchmark.name}: {name}"):
                found = measure(name, task.benchmark, weights, task.out, depth, cache)
        except EvaluationError as error:
            failed.append(str(error))
        else:
            yield found


def _score(task: Task, path: Path) -> Results:
    """A run that another system made."""
    from eval.bench import score_run
    from eval.manifest import manifest
    from eval.runs import read_run

    run = read_run(path, task.benchmark)
    name = path.name.removesuffix(".run").removesuffix(".txt")
    made = manifest(task.benchmark.name, task.benchmark.checksum, name, {"run": str(path)}, None)
    results = score_run(task, made, run)
    results.save(task.path(name, "json"))
    return results


def _visit(task: Task, url: str) -> Results:
    """A service elsewhere, over whatever it has indexed."""
    from api.cli import terminal
    from api.remote import Remote
    from eval.bench import ask_all
    from eval.manifest import manifest

    system, benchmark = Remote(url, task.benchmark), task.benchmark
    made = manifest(benchmark.name, benchmark.checksum, system.name, {"url": url}, None)
    with terminal.progress(f"{benchmark.name}: {url}", len(benchmark.questions)) as step:
        results = ask_all(task, system, made, lambda: step(1), system.check)
    if system.strange:
        count = f"{len(system.strange)} documents there are not of {benchmark.name}"
        terminal.err.print(f"[yellow]note[/yellow] {terminal.safe(count)}; their passages were left out")
    return results


@contextmanager
def indexed(task: Task, cache: Path, depth: int = 300) -> Iterator[Workbench]:
    """The index of a benchmark, built in a folder of its own where it is not there."""
    from api.cli import terminal
    from eval.indexing import index_key
    from eval.workbench import opened
    from index.encoder import weights_of

    benchmark, model = task.benchmark, options.settings().embedder
    key = index_key(benchmark, task.unit, model, weights_of(model))
    folder = cache / (benchmark.corpus or benchmark.name) / f"{task.unit}-{key}"
    service = options.service(folder / "index")
    with (
        terminal.progress(f"{benchmark.name}: indexing", len(benchmark.entries)) as advance,
        opened(task, folder, service.encoder, depth=depth, seen=lambda: advance(1)) as bench,
    ):
        yield bench


def _measure(task: Task, systems: Sequence[str], cache: Path, depth: int, again: bool) -> Iterator[Results]:
    """The product's own systems, over an index that is built when it is not there."""
    from api.cli import terminal
    from eval.systems import check

    check(systems)
    benchmark = task.benchmark
    with indexed(task, cache, depth) as bench:
        for system in systems:
            if found := None if again else bench.kept(system):
                told = (
                    f"{benchmark.name}: {system} as measured {found.manifest['created']}; --again asks anew"
                )
                terminal.err.print(f"[dim]{terminal.safe(told)}[/dim]", soft_wrap=True)
                yield found
                continue
            with terminal.progress(f"{benchmark.name}: {system}", len(benchmark.questions)) as step:
                yield bench.run(system, lambda step=step: step(1))  # type: ignore[misc]


def _show(results: Sequence[Results]) -> None:
    """A table a dataset: measures by systems, each with its 95 % interval."""
    from api.cli import terminal

    for dataset in dict.fromkeys(r.dataset for r in results):
        of = [r for r in results if r.dataset == dataset]
        told = [(r.summary().get("all", {}), r.intervals()) for r in of]
        rows = [
            (name, *(_cell(name, means, ends) for means, ends in told))
            for name in dict.fromkeys(name for r in of for name in r.measures)
        ]
        counts = ", ".join(sorted({f"{len(r.scored)} questions" for r in of}))
        terminal.out.print(f"[bold]{terminal.safe(dataset)}[/bold] [dim]{counts}[/dim]")
        columns = ("measure", *(r.system for r in of))
        terminal.out.print(terminal.table(columns, rows, right=columns[1:]))
        for r in of:
            terminal.out.print(f"[dim]{terminal.safe(f'{r.system}: {cost_line(r.cost)}')}[/dim]")


def cost_line(cost: Mapping[str, Any]) -> str:
    """What a system's answers cost, in a line."""
    told = [
        f"{stage} p50 {ms['p50']:.1f}, p95 {ms['p95']:.1f}, p99 {ms['p99']:.1f} ms"
        for stage, ms in cost.get("latency_ms", {}).items()
    ]
    if "passages" in cost:
        size = (
            f" of {cost['bytes_a_passage']:,} bytes" if "bytes_a_passage" in cost else ""
        )  # peers have none
        told.append(f"{cost['passages']:,} passages{size}")
    if "passages_s" in cost:
        told.append(f"{cost['passages_s']:,.0f} passages/s when it was indexed")
    if cost.get("resident_mb"):
        told.append(f"{cost['resident_mb']:,.0f} MB resident")
    return "; ".join(told)


def _cell(name: str, means: Mapping[str, float], ends: Mapping[str, tuple[float, float]]) -> str:
    if name not in means:
        return ""
    low, high = ends[name]
    return f"{means[name]:.4f} ({low:.3f}–{high:.3f})"
