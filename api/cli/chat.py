"""The verb `chat`: a conversation in the terminal, or from a pipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options
from api.cli.ask import read_filters

if TYPE_CHECKING:
    from api.service import Mode, Service
    from index.records import Filters
    from rag.records import Reply, Turn

_PROMPT = "› "
_COMMANDS = {
    "/sources": "what the last answer rests on, with the words around it",
    "/passages": "the passages that were found for it",
    "/new": "forget the conversation and begin anew",
    "/help": "this list",
    "/quit": "end (or Ctrl-D)",
}


def chat(
    top_k: options.TopK = 5,
    document: options.Document = None,
    author: options.Author = None,
    speaker: options.Speaker = None,
    section: options.Section = None,
    type_: Annotated[list[str] | None, typer.Option("--type", help="Only documents of this type.")] = None,
    date_from: options.From = None,
    date_to: options.To = None,
    answer: options.Answer = None,
    risk: options.Risk = None,
    data: options.Data = None,
    as_json: options.AsJson = False,
) -> None:
    """Talk with the documents: follow-up questions are understood, every answer is cited."""
    from api.cli import terminal
    from api.service import Mode

    service = options.service(data, risk=risk)
    filters = read_filters(
        service.reader().store, document, author, speaker, section, type_, date_from, date_to
    )
    talk = Conversation(service, filters, top_k, Mode(answer.value) if answer else None, as_json=as_json)
    if sys.stdin.isatty() and not as_json:
        count = len(service.reader().store.documents())
        terminal.out.print(f"[dim]{count} documents. Ask, or /help; Ctrl-D ends.[/dim]")
    try:
        for line in _lines(shown=not as_json):
            if not talk.hear(line.strip()):
                break
    except KeyboardInterrupt:
        terminal.out.print()


class Conversation:
    """What was said so far, and what is to be done with the next line."""

    def __init__(
        self, service: Service, filters: Filters, top_k: int, mode: Mode | None, *, as_json: bool = False
    ) -> None:
        self._service = service
        self._filters = filters
        self._top_k = top_k
        self._mode = mode
        self._as_json = as_json
        self._history: list[Turn] = []
        self._reply: Reply | None = None
        self._commands: dict[str, Callable[[], None]] = {
            "/sources": self._sources,
            "/passages": self._passages,
            "/new": self._forget,
            "/help": self._help,
        }

    def hear(self, line: str) -> bool:
        """Answer a question or obey a command; False when the conversation is over."""
        if line in ("/quit", "/exit"):
            return False
        if line.startswith("/"):
            self._commands.get(line.split()[0], self._help)()
        elif line:
            self._answer(line)
        return True

    def _answer(self, line: str) -> None:
        from api.cli import terminal
        from corpus.errors import PinciteError
        from rag.records import Question, Role, Turn

        try:
            question = Question(line, self._top_k, self._filters, tuple(self._history))
            self._reply = self._service.ask(question, self._mode)
        except PinciteError as error:  # of this question: the next one may do better
            terminal.err.print(f"[red]error[/red] {terminal.safe(str(error))}")
            return
        self._show(self._reply)
        said = self._reply.answer.text if self._reply.answer else ""
        self._history += [Turn(Role.USER, line), Turn(Role.ASSISTANT, said)]

    def _show(self, reply: Reply) -> None:
        from api import present
        from api.cli import terminal

        if self._as_json:
            body = present.query(reply, self._service.reader().store).model_dump(mode="json")
            terminal.print_line(json.dumps(body, ensure_ascii=False))
            return
        if reply.ranking.question.asked:
            terminal.out.print(f"[dim]asked as: {terminal.safe(reply.ranking.question.text)}[/dim]")
        terminal.show_verdict(reply)

    def _sources(self) -> None:
        from api.cli import terminal

        if self._reply and self._reply.answer:
            terminal.show_sources(self._reply.answer)
        else:
            terminal.out.print("[dim]no answer to show the sources of[/dim]")

    def _passages(self) -> None:
        from api.cli import terminal

        terminal.show_passages(self._reply.ranking.passages if self._reply else ())

    def _forget(self) -> None:
        from api.cli import terminal

        self._history, self._reply = [], None
        terminal.out.print("[dim]a new conversation[/dim]")

    def _help(self) -> None:
        from api.cli import terminal

        for command, what in _COMMANDS.items():
            terminal.out.print(f"  [bold]{command:<10}[/bold] [dim]{what}[/dim]")


def _lines(*, shown: bool) -> Iterator[str]:
    """What is typed, or comes from a pipe, which is shown then as if it had been typed."""
    if sys.stdin.isatty():
        import readline  # noqa: F401 - input() edits lines with it

        while True:
            try:
                yield input(_PROMPT)
            except EOFError:
                sys.stdout.write("\n")
                return
    for line in sys.stdin:
        if shown and line.strip():
            from api.cli import terminal

            terminal.out.print(f"[bold]{_PROMPT}{terminal.safe(line.strip())}[/bold]")
        yield line
