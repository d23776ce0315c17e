"""Options that make a verb fail when figures are too low, for continuous integration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from eval.gates import Floor
    from eval.results import Results

FailUnder = Annotated[
    list[str] | None,
    typer.Option(metavar="MEASURE=VALUE", help="Exit with 1 when the mean is lower (nDCG@10=.70; repeat)."),
]
Baseline = Annotated[
    Path | None, typer.Option(help="Results of before; exit with 1 when a measure fell significantly.")
]
MaxDrop = Annotated[
    float, typer.Option(min=0.0, max=1.0, help="How far a measure may fall below the baseline's.")
]


@dataclass(frozen=True, slots=True)
class Gate:
    """What was asked for, read before anything is measured."""

    floors: Sequence[Floor]
    baseline: Results | None
    max_drop: float

    def check(self, results: Sequence[Results]) -> None:
        """Tell every figure that is too low; then exit with 1."""
        from api.cli import terminal
        from eval.gates import dropped, under

        found = [fault for r in results for fault in under(r, self.floors)]
        if self.baseline:
            found += [fault for r in results for fault in dropped(r, self.baseline, self.max_drop)]
        for fault in found:
            terminal.err.print(f"[red]too low[/red] {terminal.safe(fault)}", soft_wrap=True)
        if found:
            raise typer.Exit(1)


def read(fail_under: Sequence[str] | None, baseline: Path | None, max_drop: float) -> Gate:
    """The gate that options ask for."""
    from eval.gates import parse_floor
    from eval.results import read_results

    floors = [parse_floor(text) for text in fail_under or ()]
    return Gate(floors, read_results(baseline) if baseline else None, max_drop)
