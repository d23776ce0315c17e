"""The verb that checks drafts."""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options

if TYPE_CHECKING:
    from rag.drafts import Checked, CheckedQuote, CheckedSentence

_SHOWN = 100  # characters of a quotation or sentence in the table
_STYLES = {
    "right": "green",
    "wrong": "red",
    "too_short": "dim",
    "verbatim": "yellow",
    "contradicted": "red",
    "supported": "green",
    "partly": "yellow",
    "unsupported": "yellow",
}


def check(
    draft: Annotated[
        str, typer.Argument(metavar="DRAFT", help="A Markdown or text file; - is standard input.")
    ],
    html: Annotated[Path | None, typer.Option("--html", help="Write an annotated page to this file.")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit status 1 for a sentence without support, too.")
    ] = False,
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Check a draft: verify every quotation, find what backs every sentence. No model is loaded.

    Exit status 1 when a quotation is wrong, or a sentence contradicts what it is taken from.
    """
    from api.cli import terminal
    from rag.support import SupportStatus

    text = _read(draft)
    start = perf_counter()
    checked = options.service(data).check_draft(text, markdown=not draft.lower().endswith((".txt", ".text")))
    took_ms = (perf_counter() - start) * 1e3
    if html:
        from api.draft_page import page

        title = "standard input" if draft == "-" else Path(draft).name
        html.write_text(page(checked, title), encoding="utf-8")
    if as_json:
        from api import quotes

        terminal.print_json(quotes.draft(checked, took_ms))
    else:
        _show(checked, took_ms)
        if html:
            terminal.out.print(f"[dim]annotated: {terminal.safe(str(html))}[/dim]")
    bare = any(s.support.status is SupportStatus.UNSUPPORTED for s in checked.sentences)
    if checked.wrong or (strict and bare):
        raise typer.Exit(1)


def _read(draft: str) -> str:
    from corpus.decode import decode
    from corpus.errors import UnreadableError

    try:
        data = sys.stdin.buffer.read() if draft == "-" else Path(draft).read_bytes()
    except OSError as error:
        raise UnreadableError(f"{draft}: cannot be read: {error.strerror}; check the path") from error
    return decode(data, draft).text


def _show(checked: Checked, took_ms: float) -> None:
    from api import quotes
    from api.cli import terminal

    if checked.quotes:
        terminal.out.print("[bold]Quotations[/bold]")
    for quote in checked.quotes:
        _show_quote(checked, quote)
    if checked.sentences:
        terminal.out.print("\n[bold]Sentences[/bold]")
    for sentence in checked.sentences:
        _show_sentence(checked, sentence)
    terminal.out.print(f"\n{quotes.told(checked)} [dim]{took_ms:.0f} ms[/dim]")


def _line(checked: Checked, offset: int) -> int:
    return checked.text.count("\n", 0, offset) + 1


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _head(checked: Checked, start: int, status: str, verdict: str, text: str) -> str:
    from api.cli import terminal

    style = _STYLES[status]
    place = f"line {_line(checked, start)}"
    told = f"[{style}]{verdict.replace('_', ' '):<13}[/{style}]"
    return f"[dim]{place:>9}[/dim]  {told}  {terminal.safe(_short(text))}"


def _show_quote(checked: Checked, quote: CheckedQuote) -> None:
    from api.cli import terminal

    verdict = quote.verified.verdict.value if quote.verified else quote.status.value
    terminal.out.print(_head(checked, quote.start, quote.status.value, verdict, quote.text))
    if quote.status.value == "wrong":
        terminal.out.print(f"{'':>26}{terminal.safe(quote.why)}")
    if quote.verified and quote.verified.found:
        reference = terminal.reference(quote.verified.found.citation, verdict=False)
        terminal.out.print(f"{'':>26}[dim]in[/dim] {reference}")


def _show_sentence(checked: Checked, sentence: CheckedSentence) -> None:
    from api.cli import terminal

    support = sentence.support
    status = support.status.value
    terminal.out.print(_head(checked, sentence.start, status, status, sentence.text))
    if support.contradicts:
        changes = "; ".join(f"{c.kind.value}: {c.text!r} instead of {c.source!r}" for c in support.changes)
        terminal.out.print(f"{'':>26}{terminal.safe(changes)}")
    elif status == "partly":
        terminal.out.print(f"{'':>26}[dim]not there: {terminal.safe(', '.join(support.missing))}[/dim]")
    if support.citation:
        terminal.out.print(f"{'':>26}[dim]in[/dim] {terminal.reference(support.citation, verdict=False)}")
