"""Verbs over quotations: quote find, quote verify."""

from __future__ import annotations

import sys
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.compare import Edit
    from rag.quotes import Match
    from rag.verify import Verified

app = typer.Typer(
    help="Find where a text stands, and verify quotations. No model is loaded.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Text = Annotated[str, typer.Argument(metavar="TEXT", help="The quotation; - reads it from standard input.")]
_STYLES = {
    "exact": "green",
    "normalized": "green",
    "fuzzy": "yellow",
    "misattributed": "red",
    "not_found": "red",
}


@app.command()
def find(
    text: Text,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many places.")] = 10,
    document: options.Document = None,
    author: options.Author = None,
    speaker: options.Speaker = None,
    section: options.Section = None,
    type_: Annotated[list[str] | None, typer.Option("--type", help="Only documents of this type.")] = None,
    date_from: options.From = None,
    date_to: options.To = None,
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Find where a text stands, best first. Exit status 1 when it stands nowhere."""
    from api.cli import terminal
    from api.cli.ask import read_filters

    service = options.service(data)
    store = service.reader().store
    filters = read_filters(store, document, author, speaker, section, type_, date_from, date_to)
    start = perf_counter()
    found = service.find_quote(_text(text), filters)
    took_ms = (perf_counter() - start) * 1e3
    if as_json:
        from api import quotes

        terminal.print_json(quotes.found(found, limit, store, took_ms))
    else:
        for match in found.matches[:limit]:
            _show_match(match)
        documents, characters = store.extent()
        told = f"{len(found.matches)} places" if len(found.matches) != 1 else "1 place"
        searched = f"{documents} documents, {characters:,} characters, {took_ms:.0f} ms"
        terminal.out.print(f"[dim]{told if found.matches else 'It stands nowhere'} in {searched}[/dim]")
    if not found.matches:
        raise typer.Exit(1)


@app.command()
def verify(
    text: Text,
    document: Annotated[str | None, typer.Option(help="Where it is said to stand: title, file, id.")] = None,
    author: Annotated[str | None, typer.Option(help="Who is said to have written it.")] = None,
    speaker: Annotated[str | None, typer.Option(help="Who is said to have said it.")] = None,
    date: Annotated[str | None, typer.Option(help="When it is said to have appeared.")] = None,
    page: Annotated[str | None, typer.Option(help="The page it is said to stand on.")] = None,
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Verify a quotation. Exit status 1 unless it stands there, to the letter or but for typography."""
    from api.cli import terminal
    from rag.claims import Claim
    from rag.records import Verdict

    start = perf_counter()
    claim = Claim(document, author, speaker, date, page)
    verified = options.service(data).verify_quote(_text(text), claim)
    if as_json:
        from api import quotes

        terminal.print_json(quotes.verified(verified, (perf_counter() - start) * 1e3))
    else:
        _show_verified(verified)
    if verified.verdict not in (Verdict.EXACT, Verdict.NORMALIZED):
        raise typer.Exit(1)


def _text(given: str) -> str:
    return sys.stdin.read() if given == "-" else given


def _show_match(match: Match) -> None:
    from api.cli import terminal

    score = "" if match.score == 1 else f" {match.score:.2f}"
    folds = f" [dim]({terminal.safe(', '.join(match.folds))})[/dim]" if match.folds else ""
    style = _STYLES[match.verdict.value]
    reference = terminal.reference(match.citation, verdict=False)
    terminal.out.print(f"[{style}]{match.verdict.value}{score}[/{style}]{folds} {reference}")
    terminal.out.print(f"   {differences(match.diff) if match.diff else terminal.safe(_quoted(match))}")


def _quoted(match: Match) -> str:
    return " … ".join(" ".join(part.split()) for part in match.citation.quote)


def differences(diff: Sequence[Edit]) -> str:
    """What was written and what stands there, in one line: missing words struck out, others in braces."""
    from api.cli import terminal

    shown = []
    for edit in diff:
        if edit.op.value == "equal":
            shown.append(terminal.safe(edit.text))
            continue
        if edit.source:
            shown.append(f"[red]{terminal.safe('{-' + edit.source + '-}')}[/red]")
        if edit.text:
            shown.append(f"[green]{terminal.safe('{+' + edit.text + '+}')}[/green]")
    return " ".join(shown)


def _show_verified(verified: Verified) -> None:
    from api.cli import terminal

    style = _STYLES[verified.verdict.value]
    terminal.out.print(
        f"[bold {style}]{verified.verdict.value}[/bold {style}]  {terminal.safe(verified.why)}"
    )
    if verified.found:
        terminal.out.print(f"   {terminal.reference(verified.found.citation, verdict=False)}")
        shown = differences(verified.diff) if verified.diff else terminal.safe(_quoted(verified.found))
        terminal.out.print(f"   {shown}")
    marks = {True: "[green]agrees[/green]", False: "[red]differs[/red]", None: "[dim]not told[/dim]"}
    for name, held in verified.claimed.items():
        found = f" [dim]found: {terminal.safe(held.found)}[/dim]" if held.found else ""
        terminal.out.print(f"   {name:>8}  {marks[held.agrees]}  {terminal.safe(held.given)}{found}")
