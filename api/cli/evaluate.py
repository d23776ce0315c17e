"""Verbs that prove: eval run, and the demonstration."""

from __future__ import annotations

import sys
from dataclasses import replace
from enum import StrEnum
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import calibrate, compare, evaluate_claims, evaluate_quotes, fit, gates, options

if TYPE_CHECKING:
    from api.service import Mode, Service
    from eval.records import GoldQuestion
    from eval.results import Results

app = typer.Typer(
    help="Evaluate against questions with known answers.", no_args_is_help=True, rich_markup_mode=None
)

_SHOWN = (
    *("hit@1", "hit@5", "hit-RR@10", "recall@5", "recall@3000ch"),
    *("answer", "answer@400ch", "cite-P", "cite-touch", "quote-exact"),
)


class FollowUps(StrEnum):
    """How questions that lean on a conversation are asked."""

    HISTORY = "history"
    STANDALONE = "standalone"
    BARE = "bare"

    def of(self, question: GoldQuestion) -> GoldQuestion:
        """A question in this form."""
        if self is FollowUps.STANDALONE and question.standalone:
            return replace(question, question=question.standalone, history=())
        return replace(question, history=()) if self is FollowUps.BARE else question


DEMO_QUESTIONS = (
    "What did the Dostluk field use to be called?",
    "Who wrote the part on faction?",
    "Which source is cited for the speed of light of 1972?",
)


app.command()(compare.compare)
app.command()(compare.report)
app.command()(fit.fit)


@app.callback()
def _family() -> None:
    """Evaluate against questions with known answers."""


@app.command()
def run(
    set_: Annotated[str, typer.Argument(metavar="SET", help="samples, azerbaijan, or a file.")] = "samples",
    out: Annotated[
        Path | None, typer.Option(help="Write the results there, for `eval compare` and `eval report`.")
    ] = None,
    answer: options.Answer = options.How.EXTRACTIVE,
    follow_ups: Annotated[
        FollowUps, typer.Option(help="Ask them with their history, as they stand alone, or bare.")
    ] = FollowUps.HISTORY,
    fail_under: gates.FailUnder = None,
    baseline: gates.Baseline = None,
    max_drop: gates.MaxDrop = 0.0,
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Ask every question of a set and measure the replies, by kind of question."""
    from api.cli import terminal
    from api.service import Mode

    gate = gates.read(fail_under, baseline, max_drop)
    mode = Mode(answer.value) if answer else Mode.EXTRACTIVE
    service = options.service(data)
    service.check(mode)
    results = _evaluate(service, set_, mode, follow_ups)
    if out:
        results.save(out)
    if as_json:
        terminal.print_json(results.to_json())
    else:
        _show(results)
    gate.check([results])


app.command()(evaluate_quotes.quotes)
app.command()(evaluate_claims.claims)
app.command("calibrate")(calibrate.calibrate)


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
    from api.service import Mode
    from rag.records import Question

    for question in DEMO_QUESTIONS:
        terminal.out.rule(f"[bold]{terminal.safe(question)}", align="left")
        terminal.show_reply(service.ask(Question(question, top_k=3), Mode.EXTRACTIVE))
        terminal.out.print()
    terminal.out.rule("[bold]Questions with known answers", align="left")
    _show(_evaluate(service, "samples", Mode.EXTRACTIVE))
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


def _evaluate(service: Service, name: str, mode: Mode, follow_ups: FollowUps = FollowUps.HISTORY) -> Results:
    from api.cli import terminal
    from api.service import Mode
    from eval.records import Response
    from eval.run import describe, evaluate
    from eval.sets import check_fits, read_set
    from eval.systems import question_of, respond

    gold, store = read_set(name), service.reader().store
    check_fits(gold, {row.version: row.characters for row in store.documents()})
    names = {version: name for name, version in gold.documents.items()}

    def ask(question: GoldQuestion) -> Response:
        return respond(service.ask(question_of(follow_ups.of(question)), mode), store, names)

    system = "pincite" if mode is Mode.EXTRACTIVE else f"pincite with {service.model(mode)}"
    if follow_ups is not FollowUps.HISTORY:
        system += f", follow-ups {follow_ups}"
    described = describe(gold, system, store.encoder())
    with terminal.progress("evaluating", len(gold.questions)) as advance:
        return evaluate(gold, ask, lambda d: store.text(gold.documents[d]), described, lambda: advance(1))


def _show(results: Results) -> None:
    from api.cli import terminal

    columns = [name for name in _SHOWN if name in results.measures]
    rows = [
        (kind, f"{means['n']:.0f}", *(f"{means[name]:.2f}" if name in means else "" for name in columns))
        for kind, means in results.summary().items()
    ]
    terminal.out.print(terminal.table(("kind", "n", *columns), rows, right=("n", *columns)))
    if short := results.extraction():
        found, n = short["answer@400ch"], short["n"]
        of = f"of {n:.0f} questions that a name, a date or a number answers"
        terminal.out.print(f"[dim]answer in 400 characters: {found:.2f} {of}[/dim]")
    told = [f"{name} {value:.2f}" for name, value in results.abstention().items() if value is not None]
    terminal.out.print(f"[dim]abstention: {', '.join(told)}[/dim]")
