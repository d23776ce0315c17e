"""Verbs that ask: search, ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options

if TYPE_CHECKING:
    from api.service import Service
    from index.records import Filters
    from index.store import Store
    from rag.records import Reply

QuestionText = Annotated[str, typer.Argument(metavar="QUESTION", help="In natural language, or keywords.")]


def search(
    question: QuestionText,
    top_k: options.TopK = 5,
    document: options.Document = None,
    author: options.Author = None,
    speaker: options.Speaker = None,
    section: options.Section = None,
    type_: Annotated[list[str] | None, typer.Option("--type", help="Only documents of this type.")] = None,
    date_from: options.From = None,
    date_to: options.To = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Tell what each signal gave, and which words met which.")
    ] = False,
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Rank passages for a question."""
    from api import present
    from api.cli import explained, terminal
    from rag.records import Question

    service = options.service(data)
    store = service.reader().store
    filters = read_filters(store, document, author, speaker, section, type_, date_from, date_to)
    if explain:
        ranking, why, store = service.explain(Question(question, top_k, filters))
    else:
        (ranking, store), why = service.search(Question(question, top_k, filters)), None
    if as_json:
        terminal.print_json(present.search(ranking, store, why))
    elif why is not None:
        explained.show(ranking.passages, why)
    else:
        terminal.show_passages(ranking.passages)


def ask(
    question: QuestionText,
    top_k: options.TopK = 5,
    document: options.Document = None,
    author: options.Author = None,
    speaker: options.Speaker = None,
    section: options.Section = None,
    type_: Annotated[list[str] | None, typer.Option("--type", help="Only documents of this type.")] = None,
    date_from: options.From = None,
    date_to: options.To = None,
    answer: options.Answer = None,
    bibliography: options.Bibliography = None,
    risk: options.Risk = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit status 1 when there is no answer.")] = False,
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Answer a question with citations, or say that the documents do not."""
    from api import present
    from api.cli import terminal
    from api.service import Mode
    from rag.records import Question, Status

    service = options.service(data, risk=risk)
    store = service.reader().store
    filters = read_filters(store, document, author, speaker, section, type_, date_from, date_to)
    reply = service.ask(Question(question, top_k, filters), Mode(answer.value) if answer else None)
    references = _references(service, reply, bibliography)
    if as_json:
        body = present.query(reply, store).model_dump(mode="json")
        terminal.print_json(body if references is None else {**body, "bibliography": references})
    else:
        terminal.show_reply(reply)
        if references:
            terminal.out.print("\n[bold]References[/bold]")
            terminal.print_export(references)
    if strict and reply.status is Status.UNSUPPORTED:
        raise typer.Exit(1)


def _references(service: Service, reply: Reply, form: options.Form | None) -> str | None:
    """The references of an answer in a form; empty for an abstention, None where none are asked for."""
    from api import links
    from api.lookup import citation_reference
    from rag.export import Format, export

    if form is None or not reply.answer:
        return None if form is None else ""
    store, base = service.reader().store, links.public(service.settings)
    references = [citation_reference(store, cited, base) for cited in reply.answer.citations]
    return export(references, Format(form.value))


def read_filters(
    store: Store,
    document: list[str] | None,
    author: list[str] | None,
    speaker: list[str] | None,
    section: list[str] | None,
    type_: list[str] | None,
    date_from: str | None,
    date_to: str | None,
) -> Filters:
    """The filters of a call; NotFoundError for a document that is not here."""
    from index.records import Filters

    return Filters(
        document_id=tuple(store.find_document(name) for name in document or ()),
        author=tuple(author or ()),
        speaker=tuple(speaker or ()),
        section=tuple(section or ()),
        type=tuple(type_ or ()),
        date_from=date_from,
        date_to=date_to,
    )
