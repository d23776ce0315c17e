"""The verb that proves quotations: eval quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options

if TYPE_CHECKING:
    from eval.quote_run import QuoteEvaluation


def quotes(
    cases: Annotated[int, typer.Option(min=27, help="How many quotations to generate.")] = 2_400,
    seed: Annotated[int, typer.Option(help="Of the generator: equal seeds are equal cases.")] = 1,
    failures: Annotated[bool, typer.Option("--failures", help="Show what was not verified right.")] = False,
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Cut quotations from the indexed documents, damage them, verify them. No model is loaded.

    Exit status 1 when a change of meaning was passed as the same words, or an invention found.
    """
    from api.cli import terminal
    from eval.quotations import generate, who_said
    from eval.quote_run import evaluate_quotes
    from eval.sets import BUILT_IN, read_set

    service = options.service(data)
    snapshot = service.reader().snapshot()
    documents = [snapshot.read(document) for document in snapshot.quotes.documents]
    made = generate(documents, cases, seed)
    made += [case for name in BUILT_IN for case in who_said(read_set(name), documents)]
    with terminal.progress("verifying", len(made)) as advance:
        evaluation = evaluate_quotes(made, service.verify_quote, advance)
    if as_json:
        terminal.print_json(evaluation.to_json())
    else:
        _show(evaluation, failures=failures)
    if any(result.dangerous for result in evaluation.results):
        raise typer.Exit(1)


def _show(evaluation: QuoteEvaluation, *, failures: bool) -> None:
    from api.cli import terminal

    rows = [
        (
            kind,
            f"{row['n']:.0f}",
            "" if row["place"] is None else f"{row['place']:.3f}",
            f"{row['verdict']:.3f}",
            f"{row['dangerous']:.0f}",
            f"{row['p50_ms']:.1f}",
            f"{row['p50_cpu_ms']:.1f}",
        )
        for kind, row in evaluation.summary().items()
    ]
    columns = ("kind", "n", "place right", "verdict right", "dangerous", "p50 ms", "cpu")
    terminal.out.print(terminal.table(columns, rows, right=columns[1:]))
    terminal.out.print(f"[dim]95 of 100 take {evaluation.p95_ms():.1f} ms at most[/dim]")
    for result in evaluation.results if failures else ():
        if not result.right or result.place is False:
            where = "" if result.place is not False else ", at another place"
            terminal.out.print(
                f"[yellow]{terminal.safe(result.kind)}[/yellow]: {result.verdict.value}{where}: "
                f"{terminal.safe(result.text)}"
            )
