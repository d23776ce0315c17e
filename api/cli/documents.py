"""Verbs over documents: add, sync, list, show, rm."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.schemas import DocumentOut, SectionOut, SpanOut
    from index.plan import Outcome


def add(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders with text and Markdown files.")],
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Add documents; a changed file replaces its former version. Exit status 1 when one was refused."""
    from api.cli import terminal
    from corpus.sources import walk

    sources = list(walk(paths))
    with terminal.progress("adding", len(sources)) as advance, options.service(data).writer() as ingest:
        outcomes = ingest.add(sources, lambda _: advance(1))
    _finish(outcomes, as_json=as_json)


def sync(
    folder: Annotated[Path, typer.Argument(help="A folder.", exists=True, file_okay=False)],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; change nothing.")
    ] = False,
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Make the index hold what a folder holds: added, changed, renamed and deleted files."""
    from api.cli import terminal

    with terminal.progress("syncing") as advance, options.service(data).writer() as ingest:
        outcomes = ingest.sync(folder, dry_run=dry_run, seen=lambda _: advance(1))
    _finish(outcomes, as_json=as_json, dry_run=dry_run)


def _finish(outcomes: Sequence[Outcome], *, as_json: bool, dry_run: bool = False) -> None:
    from api.cli import terminal
    from index.plan import Change

    if as_json:
        terminal.print_json(terminal.outcomes_json(outcomes))
    else:
        terminal.show_outcomes(outcomes, dry_run=dry_run)
    if any(outcome.change is Change.REFUSED for outcome in outcomes):
        raise typer.Exit(1)


def list_(data: options.Data = None, as_json: options.AsJson = False) -> None:
    """List the documents."""
    from api import present
    from api.cli import terminal

    rows = [present.summary(row) for row in options.service(data).reader().store.documents()]
    if as_json:
        terminal.print_json([row.model_dump() for row in rows])
        return
    terminal.out.print(
        terminal.table(
            ("id", "source", "title", "date", "passages"),
            [(r.id, r.source, r.title or "", r.date or "", str(r.passages)) for r in rows],
            right=("passages",),
        )
    )
    terminal.out.print(f"{len(rows)} documents, {sum(r.passages for r in rows):,} passages")


def show(
    document: Annotated[str, typer.Argument(help="Id, its beginning, or name.")],
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Show a document: its record, outline and notes."""
    from api import present
    from api.cli import terminal

    store = options.service(data).reader().store
    stored = store.document(store.find_document(document))
    shown = present.document(stored, store.count_passages(stored.id, stored.document.version))
    if as_json:
        terminal.print_json(shown)
        return
    record = stored.document.record
    terminal.out.print(f"[bold]{terminal.safe(record.title or shown.source)}[/bold]")
    facts = {
        "authors": ", ".join(record.authors),
        "type": record.type,
        "publisher": record.publisher,
        "date": record.date,
        "source": shown.source,
        "id": shown.id,
        "version": shown.version,
        "size": f"{shown.characters:,} characters, {shown.passages} passages, "
        f"{len(shown.footnotes)} footnotes",
        "pages": _pages(shown),
        "contents": _place(shown.contents) if shown.contents else None,
    }
    for name, value in facts.items():
        if value:
            terminal.out.print(f"  [dim]{name:>9}[/dim]  {terminal.safe(str(value))}")
    _show_outline(shown)
    _show_speakers(shown)
    _show_footnotes(shown)
    for doubt in shown.notes:
        terminal.out.print(f"[yellow]note[/yellow] {terminal.safe(doubt)}")


def _show_outline(shown: DocumentOut) -> None:
    from api.cli import terminal

    if shown.sections:
        terminal.out.print("\n[bold]Outline[/bold]")
    for section in shown.sections:
        number = f"{section.number}. " if section.number else ""
        indent = "  " * section.level
        about = " · ".join([*section.authors, _place(section)])
        terminal.out.print(
            f"{indent}{terminal.safe(number + section.title)} [dim]{terminal.safe(about)}[/dim]"
        )


def _show_speakers(shown: DocumentOut) -> None:
    from api.cli import terminal

    if shown.turns:
        terminal.out.print(f"\n[bold]Speakers[/bold] [dim]{len(shown.turns)} turns[/dim]")
    for (speaker, role), turns in Counter((turn.speaker, turn.role) for turn in shown.turns).most_common():
        terminal.out.print(f"  {turns:>3}  {terminal.safe(speaker)}[dim]{f' · {role}' if role else ''}[/dim]")


def _show_footnotes(shown: DocumentOut) -> None:
    from api.cli import terminal

    if shown.footnotes:
        terminal.out.print("\n[bold]Footnotes[/bold]")
    for note in shown.footnotes:
        called = ", ".join(str(marker.start) for marker in note.markers) or "nowhere"
        refers = "" if note.refers_to is None else f" → {note.refers_to}"
        terminal.out.print(
            f"  {terminal.safe(f'{note.number}{refers}  {note.text}')} [dim]called at {called}[/dim]"
        )


def _pages(shown: DocumentOut) -> str | None:
    """How many pages are known, and the labels of the first and last that have one."""
    labels = [page.label for page in shown.pages if page.label]
    printed = f", {labels[0]} to {labels[-1]}" if labels else ""
    return f"{len(shown.pages)}{printed}" if shown.pages else None


def _place(span: SpanOut | SectionOut) -> str:
    return f"{span.start}–{span.end}"


def rm(
    documents: Annotated[list[str], typer.Argument(help="Ids, their beginnings, or names.")],
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Remove documents; when this returns they are gone from every search."""
    from api.cli import terminal

    service = options.service(data)
    store = service.reader().store
    ids = [store.find_document(name) for name in documents]
    service.remove(ids)
    if as_json:
        terminal.print_json({"removed": ids})
    else:
        terminal.out.print(f"removed {len(ids)}: {', '.join(ids)}")
