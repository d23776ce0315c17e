"""The verb that proves the gate of a language model: eval claims."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from api.cli import options


def claims(
    cases: Annotated[int, typer.Option(min=1, help="How many sentences to draw.")] = 150,
    seed: Annotated[int, typer.Option(help="Of the draw: equal seeds are equal sentences.")] = 1,
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Change sentences of the indexed documents, and see which a language model could say."""
    from api.cli import terminal
    from eval.claims import measure

    service = options.service(data)
    tools, store = service.tools()
    passages = list(store.passages(store.next_keys().tolist()).values())
    with terminal.progress("holding", min(cases, len(passages))) as advance:
        rows = measure(passages, tools, cases, seed, lambda: advance(1))
    if as_json:
        terminal.print_json([asdict(row) for row in rows])
        return
    cells = [
        (
            row.name,
            "yes" if row.said else "no",
            str(row.n),
            f"{row.passed / row.n:.3f}",
            f"{row.p50_ms:.1f}",
        )
        for row in rows
    ]
    columns = ("sentences with", "still said", "n", "pass", "p50 ms")
    terminal.out.print(terminal.table(columns, cells, right=columns[2:]))
