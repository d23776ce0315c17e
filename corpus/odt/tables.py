"""Tables of OpenDocument: their rows and cells, those that are written once and meant several times."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.odt.names import TABLE, TEXT, whole
from corpus.odt.styles import Styles
from corpus.tables import MOST_CELLS
from corpus.zipped import Element

_GROUPS = {TABLE + n for n in ("table-rows", "table-row-group", "table-header-rows")}
_CELL, _COVERED, _ROW = TABLE + "table-cell", TABLE + "covered-table-cell", TABLE + "table-row"
_MOST_REPEATED = 1_000  # times that a row with words in it is meant
_UNSEEN = frozenset({"collapse", "filter"})


def rows(table: Element) -> tuple[int, list[list[Element]]]:
    """How many rows name the columns, and the rows with the cells that are seen.

    Cells that others reach over are left out, those behind the last one with words, too.
    """
    found: list[list[Element]] = []
    heads, in_heads, room = 0, True, MOST_CELLS
    for row, is_head in _rows(table):
        cells = _trimmed([cell for cell in row if cell.tag == _CELL or cell.tag == _COVERED])
        line: list[Element] = []
        for cell in cells:
            times = max(1, whole(cell.get(TABLE + "number-columns-repeated"), 1))
            room -= times
            if cell.tag == _CELL and room > 0:
                line += [cell] * times
        if not line:
            continue
        again = max(1, whole(row.get(TABLE + "number-rows-repeated"), 1))
        again = max(1, min(again, _MOST_REPEATED, room // len(line) + 1)) if any(map(_says, line)) else 1
        room -= (again - 1) * len(line)
        found += [line] * again
        in_heads = in_heads and is_head
        heads += again * in_heads
    return heads, found


def is_head(row: list[Element], styles: Styles) -> bool:
    """Whether every cell of a row is written in the style of heads of tables."""
    paragraphs = [[*cell.iter(TEXT + "p", TEXT + "h")] for cell in row]
    return len(row) > 1 and all(
        own and all(styles.is_named(paragraph, "table heading") for paragraph in own) for own in paragraphs
    )


def _rows(holder: Element, *, heads: bool = False) -> Iterator[tuple[Element, bool]]:
    for element in holder:
        if element.get(TABLE + "visibility") in _UNSEEN:
            continue
        if element.tag == _ROW:
            yield element, heads
        elif element.tag in _GROUPS:
            yield from _rows(element, heads=heads or element.tag == TABLE + "table-header-rows")


def _trimmed(cells: list[Element]) -> list[Element]:
    """The cells without empty ones at the end that are repeated to the edge of a sheet."""
    while cells and cells[-1].get(TABLE + "number-columns-repeated") and not _says(cells[-1]):
        cells = cells[:-1]
    return cells


def _says(cell: Element) -> bool:
    return any(str(text).strip() for text in cell.itertext())
