"""Paragraphs, rows and notes of a Rich Text file to a manuscript."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import partial

from corpus.docx.numbering import numeral
from corpus.flow import Flow
from corpus.manuscript import Manuscript
from corpus.records import BlockKind, Span
from corpus.rtf.content import Anchor, Block, Box, Break, Content, Note, Paragraph, Piece, Row, Words
from corpus.tables import Cell, write_table

_HEADING = re.compile(r"heading (\d)")
_CONTENTS = re.compile(r"(?:toc|table of figures|table of authorities|index) ?\d?|toc heading|contents \d")
_TITLE = 0  # the level of a document's title, above all headings
_LABEL = re.compile(r"\s*([\u2022\u00b7o*\u2013-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)])[ ]?\t")
_BULLET = "\u2022"
_LONGEST_LABEL = 40  # characters
_NEAR = 20  # twips, a 72nd of an inch: two columns do not end so near to each other
_LONGEST_REPEATED = 200  # characters of a cell that reaches over several rows


class Writer:
    """Writes what a file holds; `titled` is then where its title stands."""

    def __init__(self, content: Content) -> None:
        self.titled: Span | None = None
        self._content = content
        self._flow = Flow()
        self._numbers: dict[Note, str] = {}
        self._called = [0, 0]
        self._waiting: list[Note] = []  # notes that stand under the section that calls them
        self._shift = 0

    def write(self) -> Manuscript:
        """The manuscript: footnotes under their sections, endnotes at the end."""
        blocks = self._content.blocks
        paragraphs = (block for block in blocks if isinstance(block, Paragraph))
        self._shift = int(any(self._level(p) == _TITLE and _text(p.pieces).strip() for p in paragraphs))
        self._blocks(blocks)
        self._flow.close(BlockKind.PARAGRAPH)
        self._write_notes(is_end=False)
        self._write_notes(is_end=True)
        return self._flow.finish(doubts=tuple(self._content.doubts))

    def _blocks(self, blocks: Sequence[Block]) -> None:
        rows: list[Row] = []
        for block in blocks:
            if isinstance(block, Row):
                rows.append(block)
                continue
            self._table(rows)
            rows = []
            self._paragraph(block)
        self._table(rows)

    def _paragraph(self, paragraph: Paragraph) -> None:
        if _CONTENTS.fullmatch(self._style(paragraph)):
            return
        level = self._level(paragraph)
        if level is not None and _text(paragraph.pieces).strip():
            self._flow.close(BlockKind.PARAGRAPH)
            self._write_notes(is_end=False)
        label, pieces = _labelled(paragraph)
        self._pieces(pieces, self._flow)
        if level is not None:
            span = self._flow.close(BlockKind.HEADING, level + self._shift, label)
            if level == _TITLE and span and self.titled is None:
                self.titled = span
        else:
            self._flow.close(BlockKind.LIST_ITEM if label else BlockKind.PARAGRAPH, label=label)
        self._boxes(pieces)

    def _boxes(self, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            if isinstance(piece, Box):
                self._blocks(piece.blocks)

    def _style(self, paragraph: Paragraph) -> str:
        style = self._content.styles.get(paragraph.style)
        return style.name if style else ""

    def _level(self, paragraph: Paragraph) -> int | None:
        """The level of a heading, 0 for the document's title; None for what is no heading."""
        name = self._style(paragraph)
        if name == "title":
            return _TITLE
        if paragraph.outline is not None:
            return paragraph.outline + 1
        if found := _HEADING.fullmatch(name):
            return int(found[1]) or None
        style = self._content.styles.get(paragraph.style)
        return style.outline + 1 if style and style.outline is not None else None

    def _pieces(self, pieces: Iterable[Piece], flow: Flow) -> None:
        for piece in pieces:
            if isinstance(piece, Words):
                flow.text(piece.text)
            elif isinstance(piece, Break):
                flow.line()
            elif isinstance(piece, Anchor):
                flow.anchor(piece.name)
            elif isinstance(piece, Note):
                self._call(piece, flow)

    def _call(self, note: Note, flow: Flow) -> None:
        if note not in self._numbers:
            self._called[note.is_end] += not note.mark  # one with a mark of its own is not counted
            counted = numeral(self._called[note.is_end], self._content.alphabets[note.is_end])
            self._numbers[note] = note.mark or counted
            self._waiting.append(note)
        flow.call(note, self._numbers[note])

    def _write_notes(self, *, is_end: bool) -> None:
        """Write the notes of a kind that were called and not written yet."""
        due = [note for note in self._waiting if note.is_end is is_end]
        self._waiting = [note for note in self._waiting if note.is_end is not is_end]
        for note in due:
            for block in note.blocks:
                self._flow.line()
                for paragraph in _paragraphs(block):
                    self._pieces(paragraph.pieces, self._flow)
            number = self._numbers[note]
            if note.mark:
                self._flow.drop(partial(_before, note.mark))
            self._flow.note(note, number, f"{number} ")

    def _table(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        if all(len(row.cells) == 1 for row in rows):  # a frame around text
            for row in rows:
                self._blocks(row.cells[0])
            return
        self._flow.close(BlockKind.PARAGRAPH)
        edges = _edges(rows)
        cells: list[list[Cell]] = []
        for row in rows:
            cells.append(self._row(row, edges, cells[-1] if cells else []))
        heads = 0
        while heads < len(rows) and rows[heads].is_head:
            heads += 1
        write_table(self._flow, cells, heads)
        for row in rows:
            for cell in row.cells:
                for paragraph in cell:
                    self._boxes(paragraph.pieces)

    def _row(self, row: Row, edges: Sequence[int], above: Sequence[Cell]) -> list[Cell]:
        made: list[Cell] = []
        before = 0
        for n, content in enumerate(row.cells):
            place = row.places[n] if n < len(row.places) else None
            if place and place.joined and made:
                continue
            right = _reach(row, n)
            columns = max(1, sum(before < edge <= right for edge in edges)) if place else 1
            if place and place.below and (upper := _at(above, sum(cell.columns for cell in made))):
                made.append(upper if len(upper.text) <= _LONGEST_REPEATED else Cell("", lambda: None))
            else:
                made.append(self._cell(content, columns))
            before = right
        return made

    def _cell(self, content: Sequence[Paragraph], columns: int) -> Cell:
        scratch = Flow()
        self._write_cell(content, scratch)
        text = " ".join(scratch.waiting.split())
        return Cell(text, lambda: self._write_cell(content, self._flow), columns=columns)

    def _write_cell(self, content: Sequence[Paragraph], flow: Flow) -> None:
        for n, paragraph in enumerate(content):
            if n:
                flow.text(" ")
            label, pieces = _labelled(paragraph)
            flow.text(label if label.strip() != _BULLET else "")
            self._pieces(pieces, flow)


def _paragraphs(block: Block) -> Iterable[Paragraph]:
    return (block,) if isinstance(block, Paragraph) else (p for cell in block.cells for p in cell)


def _text(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, Words))


def _labelled(paragraph: Paragraph) -> tuple[str, tuple[Piece, ...]]:
    """The number or bullet before a paragraph, as it is printed, and the rest of it."""
    if paragraph.label:
        label = " ".join(paragraph.label.split())[:_LONGEST_LABEL]
        return f"{label if any(map(str.isalnum, label)) and label != 'o' else _BULLET} ", paragraph.pieces
    first = paragraph.pieces[0] if paragraph.pieces else None
    if paragraph.hanging and isinstance(first, Words) and (found := _LABEL.match(first.text)):
        rest = Words(first.text[found.end() :], first.raised)
        label = found[1] if any(map(str.isalnum, found[1])) and found[1] != "o" else _BULLET
        return f"{label} ", (rest, *paragraph.pieces[1:])
    return "", paragraph.pieces


def _before(mark: str, words: str) -> int:
    """How many characters of a note are the mark that calls it, printed once more."""
    bare = words.lstrip()
    return len(words) - len(bare.removeprefix(mark).lstrip()) if bare.startswith(mark) else 0


def _edges(rows: Sequence[Row]) -> list[int]:
    """Where the columns of a table end."""
    edges: list[int] = []
    for right in sorted({place.right for row in rows for place in row.places}):
        if not edges or right - edges[-1] > _NEAR:
            edges.append(right)
    return edges[:500]


def _reach(row: Row, n: int) -> int:
    """Where a cell ends, with those that are joined to it."""
    right = row.places[n].right if n < len(row.places) else 0
    for place in row.places[n + 1 :]:
        if not place.joined:
            break
        right = place.right
    return right


def _at(row: Sequence[Cell], column: int) -> Cell | None:
    for cell in row:
        if column < cell.columns:
            return cell
        column -= cell.columns
    return None
