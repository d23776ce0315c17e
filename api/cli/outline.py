"""A document as an outline that a person likes to read: record, sections, turns, notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from api.cli import terminal
from corpus.records import person_name

if TYPE_CHECKING:
    from api.schemas.citations import SpanOut
    from api.schemas.documents import DocumentOut, FootnoteDetail, SectionOut, TurnOut
    from corpus.records import Document

_TURNS, _NOTES, _TWINS = 40, 12, 10  # shown unless all are asked for
_BEGINNING = 90  # characters of what is said
_PEOPLE = ("author", "editor", "interviewer", "interviewee", "translator")


def show(document: Document, shown: DocumentOut, *, everything: bool = False) -> None:
    """Print a document's outline; long lists in part, unless `everything` is wanted."""
    _record(document, shown)
    _twins(shown, len(shown.twins) if everything else _TWINS)
    _sections(shown)
    _turns(document, shown, len(shown.turns) if everything else _TURNS)
    _notes(shown, len(shown.footnotes) if everything else _NOTES)
    for doubt in shown.notes:
        terminal.out.print(f"[yellow]note[/yellow] {terminal.safe(doubt)}")


def _record(document: Document, shown: DocumentOut) -> None:
    csl = document.record.csl
    title = terminal.safe(document.record.title or shown.source)
    subtitle = f": {terminal.safe(str(csl['subtitle']))}" if csl.get("subtitle") else ""
    terminal.out.print(f"[bold]{title}[/bold]{subtitle}")
    house = ", ".join(str(csl[name]) for name in ("publisher", "publisher-place") if csl.get(name))
    facts = {
        **{_plural(role, people): _names(people) for role in _PEOPLE if (people := csl.get(role))},
        "type": csl.get("type"),
        "in": csl.get("container-title"),
        "publisher": house,
        "date": csl.get("issued"),
        "published at": csl.get("URL"),
        "source": shown.source,
        "id": shown.id,
        "version": shown.version,
        "size": " · ".join(_size(shown)),
    }
    for name, value in facts.items():
        if value:
            terminal.out.print(f"  [dim]{name:>12}[/dim]  {terminal.safe(str(value))}")


def _twins(shown: DocumentOut, most: int) -> None:
    for twin in shown.twins[:most]:
        terminal.out.print(f"  [dim]{'alike':>12}[/dim]  {terminal.safe(twin.detail)} [dim]{twin.id}[/dim]")
    if more := shown.twins[most:]:
        terminal.out.print(f"  {'':>12}  [dim]and {len(more)} more: --all shows them[/dim]")


def _plural(role: str, people: Sequence[object]) -> str:
    return role if len(people) == 1 else f"{role}s"


def _names(people: Sequence[Mapping[str, str]]) -> str:
    return ", ".join(map(person_name, people))


def _size(shown: DocumentOut) -> Iterator[str]:
    """How much there is of everything that there is."""
    yield f"{shown.characters:,} characters"
    yield _counted(shown.passages, "passage")
    if shown.sections:
        yield _counted(len(shown.sections), "section")
    if shown.turns:
        yield _counted(len(shown.turns), "turn")
    if shown.footnotes:
        yield _counted(len(shown.footnotes), "footnote")
    if shown.pages:
        yield _counted(len(shown.pages), "page")
    if shown.contents:
        yield "a table of contents"


def _counted(n: int, what: str) -> str:
    return f"{n:,} {what}" + ("" if n == 1 else "s")


def _sections(shown: DocumentOut) -> None:
    """Sections, nested, each with its authors (where they are not those of the section around it)."""
    if not shown.sections:
        return
    terminal.out.print("\n[bold]Sections[/bold]")
    columns = {
        "": [_title(section, shown.sections) for section in shown.sections],
        "by": [", ".join(_own_authors(section, shown.sections)) for section in shown.sections],
        "pages": [_pages(section, shown) for section in shown.sections],
        "turns": [_range([str(t.n) for t in shown.turns if _in(t, section)]) for section in shown.sections],
        "notes": [_range(_called(section, shown.footnotes)) for section in shown.sections],
        "characters": [f"{section.end - section.start:,}" for section in shown.sections],
    }
    kept = {name: cells for name, cells in columns.items() if any(cells)}
    table = terminal.table(tuple(kept), list(zip(*kept.values(), strict=True)), right=("characters",))
    for column in table.columns[1:]:
        column.style = "dim"
    terminal.out.print(table)


def _title(section: SectionOut, sections: Sequence[SectionOut]) -> str:
    depth = 1
    parent = section.parent
    while parent is not None:
        depth, parent = depth + 1, sections[parent].parent
    return "  " * depth + (f"{section.number}. " if section.number else "") + section.title


def _own_authors(section: SectionOut, sections: Sequence[SectionOut]) -> list[str]:
    above = sections[section.parent].authors if section.parent is not None else []
    return section.authors if section.authors != above else []


def _pages(section: SectionOut, shown: DocumentOut) -> str:
    touched = [page for page in shown.pages if page.start < section.end and section.start < page.end]
    return _range([page.label for page in touched if page.label])


def _called(section: SectionOut, notes: Sequence[FootnoteDetail]) -> list[str]:
    """The numbers of the notes that a section calls first."""
    return [str(note.number) for note in notes if note.markers and _in(note.markers[0], section)]


def _in(place: SpanOut | TurnOut, section: SectionOut) -> bool:
    return section.start <= place.start < section.end


def _range(labels: Sequence[str]) -> str:
    """`3`, or `3–9` from the first to the last; names one by one, where they are few."""
    ends = list(dict.fromkeys([*labels[:1], *labels[-1:]]))
    if len(labels) < 4 and not all(label.isdecimal() for label in ends):
        return ", ".join(labels)
    return "–".join(ends)


def _turns(document: Document, shown: DocumentOut, most: int) -> None:
    if not shown.turns:
        return
    spoken = Counter((turn.speaker, turn.role) for turn in shown.turns)
    terminal.out.print("\n[bold]Speakers[/bold]")
    for (speaker, role), turns in spoken.most_common():
        about = f"{_counted(turns, 'turn')}{f' · {role}' if role else ''}"
        terminal.out.print(f"  {terminal.safe(speaker)} [dim]{about}[/dim]")
    terminal.out.print("\n[bold]Turns[/bold]")
    width = max(len(turn.speaker) for turn in shown.turns)
    for turn in shown.turns[:most]:
        said = " ".join(document.text[turn.start : turn.end][: 2 * _BEGINNING].split())
        beginning = said if len(said) <= _BEGINNING else f"{said[:_BEGINNING].rsplit(' ', 1)[0]} …"
        speaker = terminal.safe(f"{turn.speaker:<{width}}")
        terminal.out.print(f"  {turn.n:>3}  {speaker}  [dim]{terminal.safe(beginning)}[/dim]")
    _more(len(shown.turns) - most)


def _notes(shown: DocumentOut, most: int) -> None:
    if not shown.footnotes:
        return
    terminal.out.print("\n[bold]Footnotes[/bold]")
    for note in shown.footnotes[:most]:
        times = len(note.markers)
        called = "" if times == 1 else f" [dim]called {f'{times} times' if times else 'nowhere'}[/dim]"
        label = str(note.number) if note.refers_to is None else f"{note.number} → {note.refers_to}"
        terminal.out.print(f"  {terminal.safe(f'{label:>3}  {note.text}')}{called}")
    _more(len(shown.footnotes) - most)


def _more(left: int) -> None:
    if left > 0:
        terminal.out.print(f"       [dim]and {left} more: --all shows them[/dim]")
