"""Tables of a page: those that hold data, as rows of cells; others only place things on a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from corpus.tables import Cell
from corpus.web.elements import HEADINGS, name, said, text_of
from corpus.web.parse import Element

_NO_CELL = frozenset({"ul", "ol", "table", "article", "section", "form", "blockquote"}) | set(HEADINGS)
_MOST_PARAGRAPHS = 3  # in a cell of data
_MOST_COLUMNS = 500


def is_data(table: Element) -> bool:
    """Whether a table holds data, and is no means to place text."""
    if "presentation" in said(table, "role") or "none" in said(table, "role"):
        return False
    if any(name(e) in ("th", "caption", "thead") for e in _own(table)):
        return True
    rows = [_cells(row) for row in _rows(table)]
    if len(rows) < 2 or sum(len(row) > 1 for row in rows) < len(rows) / 2:
        return False
    return not any(_places(cell) for row in rows for cell in row)


def cells(
    table: Element, write: Callable[[Element], None], passed: Callable[[Element], bool]
) -> tuple[list[list[Cell]], int]:
    """The rows of a table, and how many of them name the columns."""
    found: list[list[Cell]] = []
    heads, in_heads = 0, True
    for row in _rows(table):
        own = [cell for cell in _cells(row) if not passed(cell)]
        if not own:
            continue
        around = row.getparent()
        is_head = all(name(cell) == "th" for cell in own) or (around is not None and name(around) == "thead")
        in_heads = in_heads and is_head
        heads += in_heads
        found.append([_cell(cell, write) for cell in own])
    return found, heads


def _cell(cell: Element, write: Callable[[Element], None]) -> Cell:
    return Cell(
        text_of(cell),
        lambda: write(cell),
        columns=_number(said(cell, "colspan"), _MOST_COLUMNS),
        rows=_number(said(cell, "rowspan"), 65_534),
        head=name(cell) == "th",
    )


def _number(text: str, most: int) -> int:
    return max(1, min(int(text), most)) if text.isdecimal() and len(text) < 9 else 1


def _own(table: Element) -> Iterator[Element]:
    """What belongs to a table and not to one inside it."""
    for child in table.iterchildren("*"):
        if name(child) in ("thead", "tbody", "tfoot", "caption", "tr"):
            yield child
            if name(child) == "tr":
                yield from child.iterchildren("*")
            elif name(child) != "caption":
                for row in child.iterchildren("*"):
                    yield from row.iterchildren("*")


def _rows(table: Element) -> Iterator[Element]:
    for child in table.iterchildren("*"):
        if name(child) == "tr":
            yield child
        elif name(child) in ("thead", "tbody", "tfoot"):
            yield from (row for row in child.iterchildren("*") if name(row) == "tr")


def _cells(row: Element) -> list[Element]:
    return [cell for cell in row.iterchildren("*") if name(cell) in ("td", "th")]


def _places(cell: Element) -> bool:
    """Whether a cell holds more than a value."""
    inside = [name(element) for element in cell.iterdescendants("*")]
    return inside.count("p") > _MOST_PARAGRAPHS or any(tag in _NO_CELL for tag in inside)
