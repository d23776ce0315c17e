"""The verb `eval calibrate`: fit how sure an answer is to questions with known answers, and without any."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options
from api.cli.bench import CACHE, indexed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.benchmark import Benchmark
    from eval.calibrate import Examples
    from eval.worth import AtRisk, Worth
    from rag.calibration import Calibration

_FOREIGN = 160  # questions of each foreign set that are asked


def calibrate(
    sets: Annotated[
        list[str], typer.Argument(metavar="SET...", help="With unanswerable questions; as for `bench`.")
    ],
    documents: Annotated[
        Path | None, typer.Option(help="Where the documents of an evaluation set lie.")
    ] = None,
    foreign: Annotated[
        list[str] | None,
        typer.Option(metavar="SET", help="Its questions are foreign to the others (repeat for several)."),
    ] = None,
    share: Annotated[
        float, typer.Option(min=0.01, max=0.99, help="How many of the questions have no answer, in use.")
    ] = 0.2,
    each: Annotated[int, typer.Option(min=1, metavar="N", help="Ask only each Nth question.")] = 1,
    risk: options.Risk = None,
    afresh: Annotated[
        bool, typer.Option("--afresh", help="Start from nothing, not from the calibration in use.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Write the calibration there; PINCITE_CALIBRATION uses it.")
    ] = None,
    cache: Annotated[Path, typer.Option(help="Folder for indexes, which are kept.")] = CACHE,
    as_json: options.AsJson = False,
) -> None:
    """Fit how sure answers are, and measure it on each set while fitted on the others."""
    from dataclasses import replace

    from api.cli import terminal
    from eval.benchmark import sampled
    from eval.calibrate import calibrate, check, held_out, highest_tier
    from eval.datasets import read_dataset
    from eval.worth import at_risks, worth

    known = None if afresh else _in_use()
    strangers = [read_dataset(name, documents=documents) for name in foreign or ()]
    benchmarks = [sampled(read_dataset(name, documents=documents), each) for name in sets]
    gathered = [_gather(benchmark, strangers, cache) for benchmark in benchmarks]
    check(gathered)
    made = calibrate(gathered, share, known)
    made = made if risk is None else replace(made, risk=risk)
    held = held_out(gathered, share, highest_tier(gathered), known)
    worths = {
        one.name: worth(one, confidences, share, made.risk)
        for one, confidences in zip(gathered, held, strict=True)
    }
    curve = at_risks(gathered, held, share)
    made = replace(made, fitted=_told(benchmarks, strangers, share, worths))
    if out:
        _write(made, out)
    if as_json:
        terminal.print_json({"calibration": made.to_json(), "curve": [row.to_json() for row in curve]})
    else:
        _show(worths, curve, made.risk)


def _in_use() -> Calibration:
    """The calibration that questions are answered with now."""
    from rag.calibration import read_calibration, shipped

    path = options.settings().calibration
    return read_calibration(path) if path else shipped()


def _gather(benchmark: Benchmark, strangers: Sequence[Benchmark], cache: Path) -> Examples:
    """Ask the index of a set its own questions, and some that are foreign to it."""
    from api.cli import terminal
    from eval.bench import Task
    from eval.calibrate import gather

    foreign = [
        question.question
        for other in strangers
        if other.name != benchmark.name
        for question in other.questions[:: max(1, len(other.questions) // _FOREIGN)][:_FOREIGN]
    ]
    with indexed(Task(benchmark, cache / "results"), cache) as bench:
        count = len(benchmark.questions) + len(foreign)
        with terminal.progress(f"{benchmark.name}: asking", count) as advance:
            try:
                return gather(benchmark, bench.tools, foreign, lambda: advance(1))
            finally:
                bench.questions.save()


def _told(
    benchmarks: Sequence[Benchmark], strangers: Sequence[Benchmark], share: float, worths: Mapping[str, Worth]
) -> dict[str, object]:
    """How a calibration came about, for who reads its file."""
    return {
        "sets": {one.name: one.checksum for one in benchmarks},
        "foreign": {one.name: one.checksum for one in strangers},
        "share without an answer": share,
        "held out": {
            name: {measure: value if value is None else round(value, 4) for measure, value in row.items()}
            for name, row in worths.items()
        },
    }


def _show(worths: Mapping[str, Worth], curve: Sequence[AtRisk], risk: float) -> None:
    from api.cli import terminal

    columns = list(next(iter(worths.values())))
    rows = [
        (name, *("" if row[c] is None else f"{row[c]:.0f}" if c == "n" else f"{row[c]:.3f}" for c in columns))
        for name, row in worths.items()
    ]
    terminal.out.print("[bold]held out[/bold] [dim]each set by a fit on the others[/dim]")
    terminal.out.print(terminal.table(("set", *columns), rows, right=columns))
    terminal.out.print(
        f"\n[bold]answered at a risk[/bold] [dim]all sets alike; {risk:g} is in the file[/dim]"
    )
    names = ("--risk", "answered", "of these unsupported", "of answerable", "of unanswerable", "of foreign")
    table = [
        (f"{at.risk:g}", *(f"{value:.3f}" for value in (at.answered, at.wrong, *at.rates))) for at in curve
    ]
    terminal.out.print(terminal.table(names, table, right=names))


def _write(made: Calibration, path: Path) -> None:
    import json

    from eval.runs import write_whole

    write_whole(path, json.dumps(made.to_json(), ensure_ascii=False, indent=1) + "\n")
