"""The verb that measures how much of a known structure is found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options

if TYPE_CHECKING:
    from eval.structure_run import Outcome

_SHOWN = 20  # faults


def structure(
    gold: Annotated[
        Path,
        typer.Argument(metavar="METADATA.json", help="What stands where, by document (docs/structure.md)."),
    ],
    documents: Annotated[
        Path | None,
        typer.Option(help="The folder with the documents.", show_default="beside METADATA.json"),
    ] = None,
    fail_under: Annotated[
        float | None, typer.Option(min=0, max=1, help="Exit status 1 when a precision or recall is lower.")
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Measure what is found of the structure of documents: sections, turns, notes, page breaks, record."""
    from api.cli import terminal
    from eval.structure import worst
    from eval.structure_run import run

    outcome = run(gold, documents)
    if as_json:
        terminal.print_json(outcome.to_json())
    else:
        _show(outcome)
    if fail_under is not None and worst(outcome.tallies) < fail_under:
        raise typer.Exit(1)


def _show(outcome: Outcome) -> None:
    from api.cli import terminal

    def share(value: float | None) -> str:
        return "" if value is None else f"{value:.3f}"

    columns = ("", "known", "found", "right", "precision", "recall")
    rows = [
        (
            what,
            f"{tally.gold:,}",
            "" if tally.found is None else f"{tally.found:,}",
            f"{tally.right:,}",
            share(tally.precision),
            share(tally.recall),
        )
        for what, tally in outcome.tallies.items()
    ]
    terminal.out.print(terminal.table(columns, rows, right=columns[1:]))
    speed = outcome.speed
    terminal.out.print(
        f"[dim]{len(outcome.scores)} documents; {speed.load:.1f} MB of text a second loaded, "
        f"{speed.load_and_split:.1f} loaded and split[/dim]"
    )
    faults = [f"{name}: {fault}" for name, made in outcome.scores.items() for fault in made.faults]
    for fault in faults[:_SHOWN]:
        terminal.out.print(f"[yellow]fault[/yellow] {terminal.safe(fault)}")
    if len(faults) > _SHOWN:
        terminal.out.print(f"[dim]and {len(faults) - _SHOWN} more; --json has them all[/dim]")
