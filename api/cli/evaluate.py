"""Verbs that prove: eval run, and the demonstration."""

from __future__ import annotations

import sys
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import evaluate_quotes, options

if TYPE_CHECKING:
    from api.service import Service
    from eval.run import Evaluation

app = typer.Typer(
    help="Evaluate against questions with known answers.", no_args_is_help=True, rich_markup_mode=None
)

DEMO_QUESTIONS = (
    "What did the Dostluk field use to be called?",
    "How many states belong to the Non-Aligned Movement?",
    "Who wrote the chapter on energy in the report?",
)


@app.callback()
def _family() -> None:
    """Evaluate against questions with known answers."""


@app.command()
def run(
    set_: Annotated[str, typer.Argument(metavar="SET", help="samples, azerbaijan, or a file.")] = "samples",
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Ask every question of a set and measure the replies, by kind of question."""
    from api.cli import terminal

    evaluation = _evaluate(options.service(data), set_)
    if as_json:
        terminal.print_json(evaluation.to_json())
    else:
        _show(evaluation)


app.command()(evaluate_quotes.quotes)


def demo(
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Only make sure that the samples are indexed.")
    ] = False,
    data: options.Data = None,
) -> None:
    """Index the sample documents, ask three questions, and evaluate."""
    from api.cli import terminal
    from corpus.sources import walk

    service = options.service(data)
    with as_file(files("corpus").joinpath("samples")) as folder, terminal.progress("indexing") as advance:
        service.add(walk([folder]), lambda _: advance(1))
    if quiet:
        return
    rows = service.reader().store.documents()
    terminal.out.print(
        f"{len(rows)} sample documents, {sum(row.passages for row in rows)} passages in {service.data}\n"
    )
    from rag.records import Question

    for question in DEMO_QUESTIONS:
        terminal.out.rule(f"[bold]{terminal.safe(question)}", align="left")
        terminal.show_reply(service.ask(Question(question, top_k=3)))
        terminal.out.print()
    terminal.out.rule("[bold]Questions with known answers", align="left")
    _show(_evaluate(service, "samples"))
    pincite, where = terminal.safe(sys.argv[0]), terminal.safe(f"--data {service.data}")
    steps = (
        (f'{pincite} ask "…" {where}', "ask something yourself"),
        (f"{pincite} serve {where}", "the same behind HTTP (or: make serve)"),
        (f"{pincite} add FOLDER", "your own documents, into .pincite/data"),
        ("docs/api.md", "embed it: answers for your own pages and programs"),
    )
    terminal.out.print("\n[bold]Go on[/bold]")
    for command, what in steps:
        terminal.out.print(f"  {command:<50}  [dim]{what}[/dim]")


def _evaluate(service: Service, name: str) -> Evaluation:
    from api.cli import terminal
    from eval.run import evaluate
    from eval.sets import check_fits, read_set
    from rag.records import Question

    gold = read_set(name)
    check_fits(gold, {row.version: row.characters for row in service.reader().store.documents()})
    with terminal.progress("evaluating", len(gold.questions)) as advance:
        return evaluate(gold, lambda text: service.ask(Question(text)), lambda _done, _all: advance(1))


def _show(evaluation: Evaluation) -> None:
    from api.cli import terminal
    from eval.run import MEASURES

    rows = [
        (kind, str(int(means["n"])), *(f"{means[name]:.2f}" for name in MEASURES))
        for kind, means in evaluation.summary().items()
    ]
    columns = ("kind", "n", *MEASURES)
    terminal.out.print(terminal.table(columns, rows, right=columns[1:]))
    told = [f"{name} {value:.2f}" for name, value in evaluation.abstention().items() if value is not None]
    terminal.out.print(f"[dim]abstention: {', '.join(told)}[/dim]")
