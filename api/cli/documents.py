"""Verbs over documents: add, sync, list, show, rm."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.schemas.documents import DocumentSummary
    from api.url_sources import Web
    from corpus.sources import FileSource, Selection, Source
    from index.plan import Outcome


def add(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            help="Files, folders, archives (zip, tar), https:// addresses; - is standard input.",
            show_default=False,
        ),
    ] = None,
    include: options.Include = None,
    exclude: options.Exclude = None,
    text_field: Annotated[
        str | None, typer.Option(help="Of JSONL and CSV: the field with the text of a document.")
    ] = None,
    id_field: Annotated[
        str | None, typer.Option(help="The field that names a row; its number, if not given.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="What to call standard input, with its suffix.")] = None,
    listed: Annotated[
        Path | None,
        typer.Option("--from", help="A file with a path or address a line; - is standard input."),
    ] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Fetch from addresses of this network, too.")
    ] = False,
    late: options.Late = None,
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Add documents; a changed file replaces its former version.

    Exit status 1 when a file was refused, 3 when a path does not exist; the others are added all the same.
    """
    from api.cli import terminal
    from api.urls import is_url
    from corpus.sources import Selection, exists, missing, walk
    from corpus.tabular import Columns

    if id_field and not text_field:
        raise typer.BadParameter("needs --text-field, too", param_hint="--id-field")
    columns = Columns(text_field, id_field) if text_field else None
    selection = Selection(tuple(include or ()), tuple(exclude or ()), columns)
    if str(listed) == "-" and "-" in (paths or ()):
        raise typer.BadParameter("standard input is one thing: the list, or a document", param_hint="--from")
    named = [*(paths or ()), *(_lines(listed) if listed else ())]
    if not named:
        raise typer.BadParameter("name files, folders or addresses, or a list of them with --from")
    urls = list(dict.fromkeys(path for path in named if is_url(path)))
    files = [Path(path) for path in named if path != "-" and not is_url(path)]
    lost = [path for path in files if not exists(path)]
    if len(lost) == len(named):
        raise missing(*lost)
    sources = list(walk(files, selection))
    if "-" in named:
        sources.append(_standard_input(name or "standard input"))
    service = options.service(data, late=late)
    with TemporaryDirectory(prefix="pincite-") as folder:
        if urls:
            sources += _fetched(service.web(private=allow_private), urls, Path(folder))
        with terminal.progress("adding", len(sources)) as advance, service.writer() as ingest:
            outcomes = ingest.add(sources, lambda _: advance(1))
    outcomes += [other for path in files if path.is_dir() for other in _others(path, selection)]
    _finish(outcomes, "add", as_json=as_json, lost=bool(lost))


def _others(folder: Path, selection: Selection) -> Iterator[Outcome]:
    """The files of a folder that nobody looked at, for whoever counts its files."""
    from corpus.sources import passed_over
    from index.plan import Change, Outcome

    for name in passed_over(folder, selection):
        why = "not looked for in folders; name a file to have it read, rows (.csv, .jsonl) with --text-field"
        yield Outcome(Change.PASSED_OVER, name, detail=why)


def _lines(file: Path) -> list[str]:
    """What a list names: a path or address a line, without empty ones and those that begin with `#`."""
    from corpus.decode import decode
    from corpus.sources import FileSource

    whole = _standard_input("the list") if str(file) == "-" else FileSource(file, str(file)).read()
    lines = (line.strip() for line in decode(whole.data, whole.name).text.splitlines())
    return [line for line in lines if line and line != "-" and not line.startswith("#")]


def _fetched(web: Web, urls: Sequence[str], folder: Path) -> list[FileSource]:
    from api.cli import terminal

    found = []
    with terminal.progress("fetching", len(urls)) as advance:
        for file in web.files(urls, folder):
            found.append(file)
            advance(1)
    return found


def _standard_input(name: str) -> Source:
    """What comes in at standard input, as far as it can be read."""
    from corpus.decode import MAX_BYTES
    from corpus.sources import Source

    return Source(name, sys.stdin.buffer.read(MAX_BYTES + 1))


def sync(
    folder: Annotated[Path, typer.Argument(help="A folder.", file_okay=False)],
    include: options.Include = None,
    exclude: options.Exclude = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; change nothing.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on: follow every change, until Ctrl-C.")] = False,
    poll: Annotated[
        bool, typer.Option("--poll", help="With --watch: look every second, as network drives need it.")
    ] = False,
    late: options.Late = None,
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Make the index hold what a folder holds: added, changed, renamed and deleted files."""
    from api.cli import terminal
    from corpus.sources import Selection

    selection = Selection(tuple(include or ()), tuple(exclude or ()))
    if watch and dry_run:
        raise typer.BadParameter("says what would change once; leave out --watch", param_hint="--dry-run")
    if poll and not watch:
        raise typer.BadParameter("goes with --watch", param_hint="--poll")
    if watch:
        from api.cli import watching

        service = options.service(data, late=late)
        watching.follow(service, folder, selection, poll=poll, as_json=as_json)
        return
    with terminal.progress("syncing") as advance, options.service(data, late=late).writer() as ingest:
        outcomes = ingest.sync(folder, dry_run=dry_run, seen=lambda _: advance(1), selection=selection)
    outcomes += _others(folder, selection)
    _finish(outcomes, "sync", as_json=as_json, dry_run=dry_run)


def _finish(
    outcomes: Sequence[Outcome], verb: str, *, as_json: bool, dry_run: bool = False, lost: bool = False
) -> None:
    from api.cli import outcomes as told
    from api.cli import terminal
    from index.plan import Change

    if as_json:
        terminal.print_json(told.plain(outcomes))
    else:
        told.show(outcomes, verb, dry_run=dry_run)
    if lost:
        raise typer.Exit(options.EXIT_DATA)
    if any(outcome.change is Change.REFUSED for outcome in outcomes):
        raise typer.Exit(1)


def list_(data: options.Data = None, as_json: options.AsJson = False) -> None:
    """List the documents."""
    from api import listing
    from api.cli import terminal

    rows = listing.summaries(options.service(data).reader().store)
    if as_json:
        terminal.print_json([row.model_dump() for row in rows])
        return
    alike = any(row.twins for row in rows)
    terminal.out.print(
        terminal.table(
            ("id", "source", "title", "date", "passages", *(["alike"] if alike else [])),
            [
                (r.id, r.source, r.title or "", r.date or "", str(r.passages), *([like] if alike else []))
                for r, like in zip(rows, map(_alike, rows), strict=True)
            ],
            right=("passages",),
        )
    )
    terminal.out.print(f"{len(rows)} documents, {sum(r.passages for r in rows):,} passages")


def _alike(row: DocumentSummary) -> str:
    """The nearest twin of a document, and how many others there are."""
    if not row.twins:
        return ""
    more = f" and {row.twin_count - 1:,} more" if row.twin_count > 1 else ""
    return row.twins[0].detail + more


def show(
    document: Annotated[str, typer.Argument(help="Id, its beginning, or name.")],
    everything: Annotated[bool, typer.Option("--all", help="Every turn and footnote of long lists.")] = False,
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Show a document: its record, sections, turns, footnotes, and what is not sure of it."""
    from api import listing
    from api.cli import outline, terminal

    store = options.service(data).reader().store
    stored = store.document(store.find_document(document))
    passages = store.count_passages(stored.id, stored.document.version)
    shown = listing.document(stored, passages, listing.alike(store, stored))
    if as_json:
        terminal.print_json(shown)
        return
    outline.show(stored.document, shown, everything=everything)


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
