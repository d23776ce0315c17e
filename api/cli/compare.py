"""The verbs `eval compare` and `eval report`: results of several systems, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options

if TYPE_CHECKING:
    from eval.comparison import Comparison, Extreme
    from eval.results import Results

Files = Annotated[list[Path], typer.Argument(metavar="RESULTS...", help="Files of results (JSON).")]


def compare(
    files: Files,
    measures: Annotated[
        str | None, typer.Option(help="Of those that all have; between commas. The first picks questions.")
    ] = None,
    top: Annotated[int, typer.Option(min=0, max=100, help="Questions with the largest differences.")] = 5,
    as_json: options.AsJson = False,
) -> None:
    """Compare systems with the first one: how they differ, whether it is chance, and where most."""
    from api.cli import terminal
    from eval.comparison import compare as compared
    from eval.results import labelled

    if len(files) < 2:
        raise typer.BadParameter("expected two files of results or more", param_hint="RESULTS")
    wanted = [name.strip() for name in measures.split(",")] if measures else None
    found = compared(labelled(read(files)), wanted, top)
    if as_json:
        terminal.print_json([comparison.to_json() for comparison in found])
        return
    for comparison in found:
        _show(comparison)


def read(files: Sequence[Path]) -> list[tuple[str, Results]]:
    """Results with the names of their files."""
    from eval.results import read_results

    return [(str(path), read_results(path)) for path in files]


def _show(comparison: Comparison) -> None:
    from api.cli import terminal

    title = f"{comparison.system} against {comparison.baseline} on {comparison.dataset}"
    terminal.out.rule(f"[bold]{terminal.safe(title)}", align="left")
    columns = (
        "measure",
        comparison.baseline,
        comparison.system,
        "difference",
        "95 % interval",
        "p",
        "p (Holm)",
        "wins",
        "ties",
        "losses",
    )
    rows = [
        (
            d.measure,
            f"{d.baseline:.4f}",
            f"{d.system:.4f}",
            f"{d.difference:+.4f}{' *' if d.significant else '  '}",
            f"{d.low:+.4f} to {d.high:+.4f}",
            f"{d.p:.4f}",
            f"{d.adjusted:.4f}",
            str(d.wins),
            str(d.ties),
            str(d.losses),
        )
        for d in comparison.differences
    ]
    terminal.out.print(terminal.table(columns, rows, right=columns[1:]))
    terminal.out.print(
        f"[dim]{comparison.questions} questions; * p (Holm) under .05, paired randomisation; "
        "intervals by bootstrap[/dim]\n"
    )
    for extreme in comparison.extremes:
        _show_extreme(extreme, comparison)


def _show_extreme(extreme: Extreme, comparison: Comparison) -> None:
    from api.cli import terminal

    change = f"{extreme.measure} {extreme.baseline:.3f} → {extreme.system:.3f}"
    terminal.out.print(f"[bold]{terminal.safe(extreme.before.question)}[/bold] [dim]{change}[/dim]")
    shown = [("expected", extreme.before.expected[:1])]
    shown += [(comparison.baseline, extreme.before.found[:1]), (comparison.system, extreme.after.found[:1])]
    for label, places in shown:
        for place in places or (None,):
            text = " ".join(place.text.split())[:240] if place else "nothing"
            where = f"{place.document}: " if place else ""
            terminal.out.print(f"  [cyan]{terminal.safe(label)}[/cyan] {terminal.safe(where + text)}")
    terminal.out.print()


def report(
    files: Files,
    out: Annotated[Path, typer.Option(help="Where to; .html, .md or .json says in which form.")] = Path(
        "report.html"
    ),
    by: Annotated[
        str | None, typer.Option(metavar="MEASURE", help="What charts and failures go by; else the first.")
    ] = None,
    measures: Annotated[
        str | None, typer.Option(help="Only these, such as nDCG@10,span-R@5; between commas.")
    ] = None,
    mark: Annotated[
        str | None, typer.Option(help="In Markdown, write behind the mark of this name (`results: NAME`).")
    ] = None,
) -> None:
    """Write one file that shows results: tables, charts, comparisons and failures."""
    from api.cli import terminal
    from eval.report.write import write_report

    names = [name.strip() for name in (measures or "").split(",") if name.strip()]
    write_report(read(files), out, by, measures=names, mark=mark)
    terminal.out.print(terminal.safe(str(out)))
