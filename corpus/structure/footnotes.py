"""Markdown footnotes: `[^n]:` definitions linked with the `[^n]` markers that call them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from corpus.fold import Reading
from corpus.records import Block, BlockKind, Footnote, Span, Structure

_MARKER = re.compile(r"\[\^([^\]\s]{1,40})\]")


def footnotes(text: str, blocks: Sequence[Block], reading: Reading) -> tuple[Footnote, ...]:
    """Notes in the order of their definitions; where a number is defined twice the first one counts."""
    definitions: dict[str, Block] = {}
    for block in blocks:
        if block.kind is BlockKind.FOOTNOTE and block.number:
            definitions.setdefault(block.number, block)
    if not definitions:
        return ()
    markers: dict[str, list[Span]] = defaultdict(list)
    for number, span in _markers(text, blocks):
        markers[number].append(span)
    return tuple(
        Footnote(number, _text(block.span, reading), block.span, tuple(markers[number]))
        for number, block in definitions.items()
    )


def _markers(text: str, blocks: Sequence[Block]) -> Iterator[tuple[str, Span]]:
    """Markers with their number; not those that open a definition, nor what code only quotes."""
    for block in blocks:
        if block.kind is not BlockKind.CODE:
            found = _MARKER.finditer(text, block.span.start, block.span.end)
            for match in islice(found, block.kind is BlockKind.FOOTNOTE, None):
                yield match.group(1), Span(*match.span())


def _text(span: Span, reading: Reading) -> str:
    return reading.text[reading.position(span.start) : reading.position(span.end)].strip()


class Notes:
    """The footnotes of a document, found from the text that calls them and the blocks that define them."""

    def __init__(self, structure: Structure, reading: Reading) -> None:
        self.all = structure.footnotes
        self._reading = reading
        self._blocks = [block.span.start for block in structure.blocks]
        self._defined = {self._block_at(note.span.start): i for i, note in enumerate(self.all)}
        self._called = sorted(
            (self._anchor(marker), i) for i, note in enumerate(self.all) for marker in note.markers
        )

    def defined(self, block: int) -> int | None:
        """The index of the note that a block, given by its index, defines."""
        return self._defined.get(block)

    def called(self, start: int, end: int) -> set[int]:
        """Indices of the notes that the reading range `[start, end)` calls."""
        first, last = (bisect_left(self._called, (offset, -1)) for offset in (start, end))
        return {i for _, i in self._called[first:last]}

    def _block_at(self, offset: int) -> int:
        return bisect_right(self._blocks, offset) - 1

    def _anchor(self, marker: Span) -> int:
        """The reading offset of the character in front of a marker, or behind one that begins a block."""
        text = self._reading.text
        begin = self._reading.position(self._blocks[self._block_at(marker.start)])
        behind = self._reading.position(marker.start)
        before = behind - 1 if not text[behind - 1 : behind].isspace() else behind - 2
        return before if before >= begin else behind + text[behind : behind + 1].isspace()
