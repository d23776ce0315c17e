"""The body of a document: its pages in columns, the notes at their feet, and the blocks of the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from corpus.pdf.columns import edges, flows
from corpus.pdf.lines import Line, joined
from corpus.pdf.notes import Definition, linked, marks, parted
from corpus.pdf.paragraphs import Paragraph, goes_on, paragraphs, pitches

_Column = list[Line]


class Body(NamedTuple):
    """Blocks in reading order, and the notes of all pages."""

    blocks: list[Paragraph]
    notes: list[Definition]


def body(pages: Sequence[Sequence[Line]], furniture: Sequence[Sequence[Line]], size: float) -> Body:
    """The body of pages, given as pieces of lines, without furniture; `size` is that of most letters."""
    hints = sorted({round(edge) for page in pages for edge in edges(page)})
    columns = [
        [joined(flow) for flow in flows(_without(page, rows), hints)]
        for page, rows in zip(pages, furniture, strict=True)
    ]
    texts, notes = _parted(columns, size)
    pitch = pitches(column for page in texts for column in page)
    blocks = [block for i, page in enumerate(texts) for block in _blocks(i, page, pitch)]
    return Body(blocks, notes)


def _without(page: Sequence[Line], rows: Sequence[Line]) -> list[Line]:
    taken = {id(word) for row in rows for word in row.words}
    return [piece for piece in page if id(piece.words[0]) not in taken]


def _parted(
    columns: Sequence[Sequence[_Column]], size: float
) -> tuple[list[list[_Column]], list[Definition]]:
    """The columns of each page without the notes, and the notes; small print that no mark calls is text."""
    notes: list[Definition] = []
    texts: list[list[_Column]] = []
    for i, page in enumerate(columns):
        texts.append([])
        for column in page:
            part = parted(i, column, size)
            goes_on_here = part.lead and part.notes and notes and notes[-1].page == i - 1
            if goes_on_here:
                notes[-1].rest.append((i, part.lead))
            texts[-1].append(part.body if goes_on_here else [*part.body, *part.lead])
            notes += part.notes
    called = [mark for i, page in enumerate(texts) for column in page for mark in marks(i, column)]
    kept = linked(notes, called)
    kept_ids = {id(note) for note in kept}
    for note in notes:
        if id(note) not in kept_ids:
            for number, lines in note.places:
                texts[number].append(list(lines))
    return texts, kept


def _blocks(page: int, columns: Sequence[_Column], pitch: dict[float, float]) -> Iterator[Paragraph]:
    """The blocks of a page; one that the end of a column cuts is one."""
    last: Paragraph | None = None
    for column in columns:
        for block in paragraphs(page, column, pitch):
            if last and block.lines[0] is column[0] and goes_on(last, block):
                last.lines += block.lines
                continue
            if last:
                yield last
            last = block
    if last:
        yield last
