"""Tables as text that reads: a row a line, each cell behind the head of its column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.flow import Flow
from corpus.records import BlockKind, Span

_LONGEST_HEAD = 80  # characters; longer ones are sentences, which nobody wants in every row
_LONGEST_HEADS = 400  # characters, of all columns together
_LONGEST_REPEATED = 200  # characters of a cell that reaches over several rows
MOST_CELLS = 200_000  # of one table, with those that reach over several counted often


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: how it reads, what writes it, and how far it reaches; `head` says that it names others."""

    text: str
    write: Callable[[], None]
    columns: int = 1
    rows: int = 1
    head: bool = False


def write_table(flow: Flow, rows: Sequence[Sequence[Cell]], heads: int = 0) -> Span | None:
    """Write a table whose first `heads` rows name the columns; None where there are no words in it."""
    grid = _grid(rows)
    names = _names(grid[:heads])
    body = grid[heads:] if any(any(cell and cell.text for cell in row) for row in grid[heads:]) else []
    if not body:
        names, body = [], grid
    for row in body:
        flow.line()
        _write_row(flow, row, names)
    return flow.close(BlockKind.TABLE)


def _write_row(flow: Flow, row: Sequence[Cell | None], names: Sequence[str]) -> None:
    written: Cell | None = None
    for column, cell in enumerate(row):
        if cell is None or not cell.text or cell is written:
            continue
        if written:
            flow.trim()
            flow.text("; " if names else " | ")
        name = names[column] if column < len(names) else ""
        if name and name != cell.text:
            flow.text(f"{name}: ")
        cell.write()
        written = cell


def _names(heads: Sequence[Sequence[Cell | None]]) -> list[str]:
    """What each column is called, the rows of heads one after another."""
    width = max(map(len, heads), default=0)
    names = []
    for column in range(width):
        cells = [row[column] for row in heads if column < len(row)]
        parts = dict.fromkeys(cell.text.rstrip(":") for cell in cells if cell and cell.text)
        names.append(", ".join(parts))
    if any(len(name) > _LONGEST_HEAD for name in names) or sum(map(len, names)) > _LONGEST_HEADS:
        return []
    return names if any(names) else []


def _grid(rows: Sequence[Sequence[Cell]]) -> list[list[Cell | None]]:
    """Cells by row and column; one that reaches over several stands in each."""
    grid: list[list[Cell | None]] = []
    above: dict[int, tuple[Cell, int]] = {}  # column: a cell that reaches down, and how many rows yet
    room = MOST_CELLS
    for row in rows:
        line: list[Cell | None] = []
        if room <= 0:
            above.clear()
        waiting = list(reversed(row))
        reach = max(above, default=-1)
        while waiting or len(line) <= reach:
            if len(line) in above:
                cell, left = above.pop(len(line))
                if left > 1:
                    above[len(line)] = (cell, left - 1)
                room -= 1
                line.append(cell if len(cell.text) <= _LONGEST_REPEATED else None)
            elif waiting:
                cell = waiting.pop()
                width = max(1, min(cell.columns, room))
                if cell.rows > 1:
                    above.update(dict.fromkeys(range(len(line), len(line) + width), (cell, cell.rows - 1)))
                line += [cell] * width
                room -= width
            else:
                line.append(None)
        grid.append(line)
    return grid
