"""The verb that gives references: cite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options

if TYPE_CHECKING:
    from api.lookup import Found
    from index.store import Store


def cite(
    ids: Annotated[
        list[str], typer.Argument(metavar="ID...", help="Citations, passages, documents (ids or names).")
    ],
    form: Annotated[
        options.Form, typer.Option("--format", "-f", help="How to refer to them.")
    ] = options.Form.CHICAGO,
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Refer to citations, passages or documents, in a style or for another program."""
    from api import links, present
    from api.cli import terminal
    from rag.export import Format, export

    service = options.service(data)
    base = links.public(service.settings)
    found = [_find(service.reader().store, id_, base) for id_ in ids]
    if as_json or form is options.Form.JSON:
        details = [present.found(one) for one in found]
        terminal.print_json(details[0] if len(details) == 1 else [one.model_dump() for one in details])
        return
    terminal.print_export(export([one.reference for one in found], Format(form.value)))
    for one in found:
        _tell_replaced(one)


def _find(store: Store, name: str, base: str) -> Found:
    from api.lookup import look_up

    known = name.startswith(("cit_", "psg_"))
    return look_up(store, name if known else store.find_document(name), base)


def _tell_replaced(found: Found) -> None:
    """Say on standard error when what is cited was replaced, and where it stands now."""
    from api.cli import terminal
    from rag.anchor import Anchored
    from rag.permalink import Resolved

    if not isinstance(found.subject, Resolved) or not (current := found.subject.current):
        return
    cited, now = found.subject.citation, current.citation
    _tell(f"[yellow]note[/yellow] {cited.id} is of a version that was replaced since")
    if now is None:
        _tell("     in the current one it is lost: nothing there is like it")
        return
    how = (
        "word for word" if current.anchor.anchored is Anchored.EXACT else f"alike {current.anchor.score:.2f}"
    )
    _tell(f"     in the current one: {now.id} ({how}): {terminal.safe(' … '.join(now.quote))}")


def _tell(line: str) -> None:
    from api.cli import terminal

    terminal.err.print(line, soft_wrap=True)
