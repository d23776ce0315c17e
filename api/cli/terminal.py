"""What the terminal shows: tables, passages, progress; and nothing that a document could smuggle into it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pydantic import BaseModel
from rich.console import Console, JustifyMethod
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

if TYPE_CHECKING:
    from corpus.records import Locator
    from rag.records import Answer, Citation, Claim, RankedPassage, Reply

# Control characters move the cursor or worse; bidirectional ones make text read as it does not stand; halves
# of surrogate pairs (in names of files that are not UTF-8) cannot be printed.
_UNSAFE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_SHOWN = 360  # characters of a passage in a list
_OTHERS = 5  # documents that have its text, too

# In a pipe or a file lines are as long as they are, and tables as wide as they need.
_PIPED = None if sys.stdout.isatty() else 200
out = Console(highlight=False, emoji=False, width=_PIPED, soft_wrap=_PIPED is not None)
err = Console(stderr=True, highlight=False, emoji=False)


def clean(text: str) -> str:
    """A document's text on one line, fit for a terminal."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\n", " ").replace("\t", " "))


def safe(text: str) -> str:
    """A document's text on one line, fit for a terminal and for rich."""
    return escape(clean(text))


def print_json(value: object) -> None:
    """JSON on standard output, models included; what a terminal would obey is escaped."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    text = json.dumps(value, ensure_ascii=False, indent=2)
    sys.stdout.write(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")
    sys.stdout.flush()  # a pipe that nobody reads any more is noticed here, not when Python ends


def print_export(text: str) -> None:
    """References as another program reads them, line ends as they are; without what a terminal would obey."""
    lines = (_UNSAFE.sub("\N{REPLACEMENT CHARACTER}", line) for line in text.split("\r\n"))
    sys.stdout.write("\r\n".join(lines))
    sys.stdout.flush()


def print_snippet(text: str) -> None:
    """Lines to copy, not broken anywhere; without what a terminal would obey."""
    lines = (_UNSAFE.sub("\N{REPLACEMENT CHARACTER}", line) for line in text.split("\n"))
    sys.stdout.write("\n".join(lines))
    sys.stdout.flush()


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str] = ()) -> Table:
    """A plain table; the columns named in `right` are numbers. Cells are made safe."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        justify: JustifyMethod = "right" if column in right else "left"
        made.add_column(column, justify=justify, overflow="fold", no_wrap=column == "id")  # ids are copied
    for row in rows:
        made.add_row(*(safe(cell) for cell in row))
    return made


def print_line(text: str) -> None:
    """JSON on a line of its own; what a terminal would obey is escaped."""
    sys.stdout.write(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")
    sys.stdout.flush()


def show_reply(reply: Reply) -> None:
    """An answer with its citations, or the abstention, then the passages."""
    show_verdict(reply)
    out.print("[bold]Passages[/bold]")
    show_passages(reply.ranking.passages)


def show_verdict(reply: Reply) -> None:
    """An answer with its citations, or the abstention."""
    from api.present import notices

    if reply.answer:
        show_answer(reply.answer)
        by = f" · {safe(reply.generation.model)}" if reply.generation else ""
        out.print(f"[dim]confidence {reply.confidence:.2f} · {reply.timings_ms['total']:.0f} ms{by}[/dim]\n")
    else:
        confidence = f"[dim](confidence {reply.confidence:.2f})[/dim]"
        out.print(f"[yellow]The documents do not support an answer[/yellow] {confidence}\n")
    for notice in notices(reply):
        if notice.code != "no_answer":
            out.print(f"[yellow]note[/yellow] {safe(notice.detail)}\n")


def show_answer(answer: Answer) -> None:
    """Sentences with their numbers, then what the numbers stand for."""
    sentences = []
    for claim in answer.claims:
        numbers = "".join(f"[{n}]" for n in claim.citations)
        sentences.append(f"{marked(claim)} [cyan]{escape(numbers)}[/cyan]")
    out.print(" ".join(sentences) + "\n")
    for n, citation in enumerate(answer.citations, 1):
        out.print(f"  [cyan]{escape(f'[{n}]')}[/cyan] {reference(citation)}")
        if asked := citation.stored.passage.locator.question:
            out.print(f"      [dim]asked: {safe(asked)}[/dim]")


def marked(claim: Claim) -> str:
    """A claim with what was asked for in bold."""
    told, at = "", 0
    for span in claim.highlights:
        start, end = span.start - claim.start, span.end - claim.start
        told += f"{safe(claim.text[at:start])}[bold]{safe(claim.text[start:end])}[/bold]"
        at = end
    return told + safe(claim.text[at:])


def show_sources(answer: Answer) -> None:
    """Each citation with the words that it cites, and some around them."""
    for n, citation in enumerate(answer.citations, 1):
        out.print(f"  [cyan]{escape(f'[{n}]')}[/cyan] {reference(citation)}")
        quote = " … ".join(citation.quote)
        around = f"[dim]…{safe(citation.prefix)}[/dim]{safe(quote)}[dim]{safe(citation.suffix)}…[/dim]"
        out.print(f"      {around}")


def reference(citation: Citation, *, verdict: bool = True) -> str:
    """Where a citation stands, for people: title, section, place in the file."""
    stored = citation.stored
    title = str(stored.record.get("title") or stored.source)
    locator = citation.locator
    section = [part for part in locator.section if part.casefold() != title.casefold()]
    where = " › ".join([title, *section, *([locator.speaker] if locator.speaker else [])])
    spans = ", ".join(f"{span.start}–{span.end}" for span in citation.spans)
    place = " ".join(part for part in (stored.source, page(locator), spans) if part)
    own = f", {citation.verification.verdict.value}" if verdict else ""
    return f"{safe(where)} [dim]({safe(place)}{own})[/dim]"


def page(locator: Locator) -> str:
    """The pages of a place, `p. 14,`: as printed, else where they are in the file; or its time; or `""`."""
    if locator.times:
        return f"{locator.times.label},"
    if locator.pages:
        return f"p. {'–'.join(dict.fromkeys((locator.pages[0], locator.pages[-1])))},"
    if locator.page_indices:
        ends = (locator.page_indices[0] + 1, locator.page_indices[-1] + 1)
        return f"page {'–'.join(map(str, dict.fromkeys(ends)))} of the file,"
    return ""


def show_passages(passages: Sequence[RankedPassage]) -> None:
    """Ranked passages: where they stand, what each signal gave, and how they begin."""
    for ranked in passages:
        stored = ranked.stored
        signals = " ".join(f"{name} {value:.2f}" for name, value in ranked.signals.items())
        header = stored.passage.header or stored.source
        where = f"{stored.source} {page(stored.passage.locator)}".rstrip(", ")
        place = f"[dim]{safe(where)} · {ranked.score:.3f} ({signals})[/dim]"
        out.print(f"[bold]{ranked.rank:>2}[/bold] {safe(header)} {place}")
        text = " ".join(stored.passage.text.split())
        if stored.passage.note:
            text = f"note {stored.passage.note}: {text}"
        out.print(f"   {safe(text[:_SHOWN])}{'…' if len(text) > _SHOWN else ''}")
        if others := dict.fromkeys(other.source for other in ranked.also_in):
            more = f" and {len(others) - _OTHERS} more" if len(others) > _OTHERS else ""
            out.print(f"   [dim]also in {safe(', '.join([*others][:_OTHERS]) + more)}[/dim]")
    if not passages:
        out.print("  none")


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A bar with items, rate and time left, on a terminal only; gives a function that advances it."""
    if not err.is_terminal:
        yield lambda _steps: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(what, total=total, rate="")

        def advance(steps: int = 1) -> None:
            shown = bar.tasks[0]  # its own speed adds up a thousand steps each time it is asked
            speed = (shown.completed + steps) / shown.elapsed if shown.elapsed else 0
            bar.update(task, advance=steps, rate=f"{speed:.1f}/s" if speed else "")

        yield advance
