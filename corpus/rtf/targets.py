"""Where the words of a Rich Text file go while it is read, and what holds in a group of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from corpus.rtf.content import Block, Counted, Paragraph, Piece, Place, Row, Words

_MOST_PLACES = 500  # cells of a row
_LONGEST = 1_000  # characters of words that more are put to: longer ones would be copied again and again


class Plain:
    """Collects the words of a destination that is no part of the text."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def add(self, piece: Piece) -> None:
        if isinstance(piece, Words):
            self.parts.append(piece.text)

    @property
    def text(self) -> str:
        return "".join(self.parts).strip()


class Target:
    """Collects paragraphs and rows: of the text, of a note, of a text box."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.label = ""
        self._pieces: list[Piece] = []
        self._cell: list[Paragraph] = []
        self._cells: list[tuple[Paragraph, ...]] = []
        self.places: list[Place] = []
        self.place = Place(0)
        self.is_head = False

    def add(self, piece: Piece) -> None:
        last = self._pieces[-1] if self._pieces else None
        if isinstance(piece, Words) and isinstance(last, Words) and _joins(last, piece):
            self._pieces[-1] = Words(last.text + piece.text, last.raised)
        else:
            self._pieces.append(piece)

    def take_mark(self) -> str | None:
        """Take back what calls a note: its number as printed (empty), or raised signs; None for neither."""
        last = self._pieces[-1] if self._pieces else None
        if isinstance(last, Counted):
            self._pieces.pop()
            return ""
        if isinstance(last, Words) and last.raised and 0 < len(last.text.strip()) <= 5:
            self._pieces.pop()
            return last.text.strip()
        return None

    def end(self, state: State) -> None:
        """The paragraph ends."""
        pieces, self._pieces = tuple(self._pieces), []
        label, self.label = self.label, ""
        if not pieces:
            return
        made = Paragraph(pieces, state.style, state.outline, label, state.indent < 0)
        if state.in_table:
            self._cell.append(made)
        else:
            self.end_rows()
            self.blocks.append(made)

    def end_cell(self, state: State) -> None:
        self.end(replace(state, in_table=True))
        self._cells.append(tuple(self._cell))
        self._cell = []

    def end_row(self) -> None:
        if self._cells:
            self.blocks.append(Row(tuple(self._cells), tuple(self.places), self.is_head))
        self._cells = []

    def end_rows(self) -> None:
        """What was begun as a row and is none: its words stay."""
        for cell in (*self._cells, tuple(self._cell)):
            self.blocks += cell
        self._cells, self._cell = [], []

    def end_place(self, right: int) -> None:
        if len(self.places) < _MOST_PLACES:
            self.places.append(replace(self.place, right=right))
        self.place = Place(0)


@dataclass(slots=True)
class State:
    """What holds in a group; `sink` takes the words, None where they are passed over."""

    sink: Plain | Target | None
    dest: str = "body"
    font: int | None = None
    fallback: int = 1  # characters to pass over behind one that is written by its number
    hidden: bool = False
    deleted: bool = False
    raised: bool = False
    style: int = 0
    outline: int | None = None
    in_table: bool = False
    indent: int = 0
    boxes: int = 0  # text boxes in one another
    field: Plain | None = None
    close: Callable[[], None] | None = None  # when this group ends


@dataclass(slots=True)
class StyleNow:
    """A style that is being read."""

    words: Plain = field(default_factory=Plain)
    number: int = 0
    outline: int | None = None


def _joins(last: Words, piece: Words) -> bool:
    return last.raised == piece.raised and len(last.text) < _LONGEST
