"""What a loader makes of a file that is no text: a canonical text, and what the file itself says of it.

A loader tells what it knows for sure (blocks, furniture, pages, footnotes). What it does not know is left to
the detectors that read plain text (`corpus.structure.assemble`).
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from corpus.boxes import Boxes, Line
from corpus.records import Block, BlockKind, Page, Record, Span

PAGE = "\f"  # stands between two pages of a canonical text
_GAP = "\n\n"  # between two blocks


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: its definition with the label, its words without, and the markers that call it.

    `rest` is where it goes on, on the next page for instance.
    """

    number: str
    span: Span
    body: Span
    markers: tuple[Span, ...] = ()
    rest: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A canonical text with its blocks, in the order of the text and disjoint; footnotes are blocks, too.

    Its characters are what people read: no marks of any markup. `furniture` is in no block. `doubts` are
    what the reader should be told. Where a loader tells no headings or footnotes, they are looked for.
    `anchors` are the places that links into the file may name, with their offsets, in order.
    """

    text: str
    blocks: tuple[Block, ...]
    furniture: tuple[Span, ...] = ()
    notes: tuple[Note, ...] = ()
    pages: tuple[Page, ...] = ()
    record: Record = field(default_factory=Record)
    boxes: Boxes = field(default_factory=Boxes)
    doubts: tuple[str, ...] = ()
    anchors: tuple[tuple[int, str], ...] = ()

    def anchor(self, offset: int) -> str | None:
        """The nearest place at or before an offset that a link can name."""
        at = bisect_right(self.anchors, offset, key=itemgetter(0))
        return self.anchors[at - 1][1] if at else None

    def dump(self) -> bytes:
        """All of it as JSON: how it leaves the process that read the file, and how it is stored."""
        return json.dumps(_plain(self), ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def parse(cls, data: bytes) -> Manuscript:
        """The inverse of `dump`. Raises ValueError, KeyError or TypeError for what is no manuscript."""
        return _made(json.loads(data))


class Scribe:
    """Writes a canonical text block by block and keeps where everything stands."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._blocks: list[Block] = []
        self._furniture: list[Span] = []
        self._pages: list[tuple[str | None, int]] = []
        self._length = 0
        self._fresh = True  # nothing stands on this page yet

    def page(self, label: str | None = None) -> None:
        """A page begins; `label` is what is printed on it, where that is certain."""
        if self._pages:
            self._append(PAGE)
        self._pages.append((label, self._length))
        self._fresh = True

    def block(self, kind: BlockKind, text: str, level: int = 0, number: str | None = None) -> Span:
        """A block, its lines parted by line feeds; `level` counts from 1 and is a heading's.

        The text is not empty and has no white space around it. Returns where it stands.
        """
        span = self._write(text)
        self._blocks.append(Block(kind, span, level, number))
        return span

    def furniture(self, text: str) -> Span:
        """Text that is in no passage, such as a running head or a page number."""
        span = self._write(text)
        self._furniture.append(span)
        return span

    def finish(self) -> Manuscript:
        """The manuscript as far as it was written: without notes, record and boxes."""
        ends = [start - len(PAGE) for _, start in self._pages[1:]] + [self._length] * bool(self._pages)
        return Manuscript(
            text="".join(self._parts),
            blocks=tuple(self._blocks),
            furniture=tuple(self._furniture),
            pages=tuple(
                Page(i, label, start, end)
                for i, ((label, start), end) in enumerate(zip(self._pages, ends, strict=True))
            ),
        )

    def _write(self, text: str) -> Span:
        assert text, "a block without text"
        assert text == text.strip(), repr(text[:80])
        assert PAGE not in text, repr(text[:80])
        if not self._fresh:
            self._append(_GAP)
        self._fresh = False
        start = self._length
        self._append(text)
        return Span(start, self._length)

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def _plain(manuscript: Manuscript) -> dict[str, Any]:
    record = manuscript.record
    return {
        "text": manuscript.text,
        "blocks": [[b.kind, b.level, b.number, _pairs(b.spans)] for b in manuscript.blocks],
        "furniture": _pairs(manuscript.furniture),
        "notes": [
            [n.number, _pairs([n.span, n.body]), _pairs(n.markers), _pairs(n.rest)] for n in manuscript.notes
        ],
        "pages": [[p.index, p.label, p.start, p.end] for p in manuscript.pages],
        "record": [dict(record.csl), {name: [s.start, s.end] for name, s in record.support.items()}],
        "lines": [[b.page, b.top, b.bottom, b.start, _packed(b)] for b in manuscript.boxes.lines],
        "sizes": manuscript.boxes.sizes,
        "doubts": manuscript.doubts,
        "anchors": manuscript.anchors,
    }


def _made(fields: Mapping[str, Any]) -> Manuscript:
    csl, support = fields["record"]
    return Manuscript(
        text=fields["text"],
        blocks=tuple(_block(*block) for block in fields["blocks"]),
        furniture=_spans(fields["furniture"]),
        notes=tuple(_note(*note) for note in fields["notes"]),
        pages=tuple(Page(*page) for page in fields["pages"]),
        record=Record(
            MappingProxyType(csl), MappingProxyType({name: Span(*pair) for name, pair in support.items()})
        ),
        boxes=Boxes(
            tuple(_line(*line) for line in fields["lines"]),
            tuple((width, height) for width, height in fields["sizes"]),
        ),
        doubts=tuple(fields["doubts"]),
        anchors=tuple((int(at), str(name)) for at, name in fields.get("anchors", ())),  # older ones have none
    )


def _pairs(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def _spans(pairs: Iterable[Sequence[int]]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in pairs)


def _block(kind: str, level: int, number: str | None, pairs: Iterable[Sequence[int]]) -> Block:
    span, *rest = _spans(pairs)
    return replace(Block(BlockKind(kind), span, level, number), rest=tuple(rest))


def _note(number: str, own: Iterable[Sequence[int]], markers: Any, rest: Any) -> Note:
    span, body = _spans(own)
    return Note(number, span, body, _spans(markers), _spans(rest))


def _packed(line: Line) -> list[int]:
    """Four numbers a word, as they differ from the word before: mostly small ones, which compress well.

    The characters between the two and its own, the room between and its width in tenths of a point.
    """
    packed: list[int] = []
    at, across = line.start, 0
    for start, end, left, right in line.words:
        first, behind = round(10 * left), round(10 * right)
        packed += (start - at, end - start, first - across, behind - first)
        at, across = end, behind
    return packed


def _line(page: int, top: float, bottom: float, start: int, packed: Sequence[int]) -> Line:
    words: list[tuple[int, int, float, float]] = []
    at, across = start, 0
    numbers = iter(packed)
    for skipped, length, room, wide in zip(numbers, numbers, numbers, numbers, strict=True):
        begins, left = at + skipped, across + room
        at, across = begins + length, left + wide
        words.append((begins, at, left / 10, across / 10))
    return Line(page, top, bottom, tuple(words))
