"""Footnotes: definitions wherever they stand, the markers that call them, and what `Ibid.` points to.

A line is a note only where labels and markers prove each other (`corpus.structure.note_links`):
page feet in the middle of a sentence, ends of sections and ends of documents are found the same way.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from corpus import records
from corpus.blocks import Line
from corpus.fold import Reading
from corpus.manuscript import Note
from corpus.records import Block, BlockKind, Span, Structure
from corpus.structure.note_labels import Label, labels
from corpus.structure.note_links import Link, links
from corpus.structure.note_symbols import symbol_notes
from corpus.structure.titles import plain

_MARKER = re.compile(r"\[\^([^\]\s]{1,40})\]")
_LABEL = re.compile(r"[ ]{0,3}\[\^[^\]\s]{1,40}\]:[ \t]*")
_IBID = re.compile(r"[\s*_(\"“]*(?:<i>)?(?:see )?(?:ibid(?:em)?|id|ebd|ebenda)\b[.,;:*_\s)<]", re.IGNORECASE)
_OPENING = 20  # characters of a note in which an `Ibid.` stands
_LONGEST_GAP = 4000  # characters of one note's further paragraphs
_MOST_PARAGRAPHS = 6


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note as it stands: `span` is its definition with the label, `text` without; `markers` call it.

    `refers_to` is the index of the note that an `Ibid.` stands for: the one before it; `rest` is where a
    note goes on, on the next page.
    """

    number: str
    span: Span
    text: Span
    markers: tuple[Span, ...]
    refers_to: int | None = None
    rest: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Notes in the order of their definitions, and what was left alone and why."""

    footnotes: tuple[Footnote, ...] = ()
    notes: tuple[str, ...] = ()


def detect(text: str, lines: Sequence[Line]) -> Found:
    """Numbered and starred notes; Markdown's `[^n]` are found by `footnotes`."""
    found, units = labels(lines)
    numbered = links(text, found, units)
    ends = _ends(text, numbered, units)
    placed = [
        Footnote(
            str(link.label.number),
            Span(link.label.start, end),
            Span(link.label.text, end),
            tuple(marker.span for marker in link.markers),
        )
        for link, end in zip(numbered, ends, strict=True)
    ]
    taken = [note.span for note in placed]
    for symbol, label, body, markers in symbol_notes(text, lines, taken):
        placed.append(Footnote(symbol, Span(label.start, body.end), body, markers))
    placed = [note for note in placed if _says_something(text, note)]
    placed.sort(key=lambda note: note.span.start)
    return Found(_resolved(text, placed), _doubts(numbered, found))


def told(text: str, notes: Sequence[Note]) -> Found:
    """The notes that a loader tells, with what an `Ibid.` of theirs stands for."""
    placed = [Footnote(n.number, n.span, n.body, tuple(n.markers), rest=tuple(n.rest)) for n in notes]
    placed.sort(key=lambda note: note.span)
    uncalled = [note.number for note in placed if not note.markers]
    doubts = (f"notes without a marker in the body: {', '.join(uncalled[:20])}",) if uncalled else ()
    return Found(_resolved(text, placed), doubts)


def _says_something(text: str, note: Footnote) -> bool:
    """Whether a word is left of a note without its markup."""
    return any(map(str.isalnum, plain(text[note.text.start : note.text.end])))


def source(footnotes: Sequence[Footnote] | Sequence[records.Footnote], index: int) -> int:
    """The note that a chain of `Ibid.` leads to; the note itself where it is none."""
    while (before := footnotes[index].refers_to) is not None:
        index = before
    return index


def _resolved(text: str, placed: Sequence[Footnote]) -> tuple[Footnote, ...]:
    result: list[Footnote] = []
    for i, note in enumerate(placed):
        opening = text[note.text.start : min(note.text.end, note.text.start + _OPENING)] + " "
        # The first note of a new count has none before it: what precedes belongs to another page or chapter.
        before = i - 1 if i and _follows(placed[i - 1], note) and _IBID.match(opening) else None
        result.append(replace(note, refers_to=before))
    return tuple(result)


def _follows(before: Footnote, note: Footnote) -> bool:
    return not note.number.isdecimal() or note.number != "1" or not before.number.isdecimal()


def _ends(text: str, numbered: Sequence[Link], units: Sequence[tuple[int, int]]) -> list[int]:
    """Where definitions end: with their paragraph, or before the next where only their own text can be."""
    calls = sorted(m.span.start for link in numbered for m in link.markers)
    starts = {start: i for i, (start, _) in enumerate(units)}
    ends: list[int] = []
    for i, link in enumerate(numbered):
        following = numbered[i + 1] if i + 1 < len(numbered) else None
        last = link.label.unit
        if following and _goes_on(link.label, following, calls):
            last = following.label.unit - 1
        else:
            last = _indented(text, last, units, starts)
        ends.append(link.label.end if last == link.label.unit else _trimmed(text, units[last]))
    return ends


def _goes_on(label: Label, following: Link, calls: Sequence[int]) -> bool:
    """Whether all up to the next label is this note's: the next was called before, nothing is in between."""
    after = following.label
    between = after.unit - label.unit - 1
    return (
        0 < between <= _MOST_PARAGRAPHS
        and after.number == label.number + 1
        and after.start - label.start <= _LONGEST_GAP
        and bool(following.markers)
        and following.markers[0].span.start < label.start
        and bisect_left(calls, label.start) == bisect_left(calls, after.start)
    )


def _indented(text: str, last: int, units: Sequence[tuple[int, int]], starts: dict[int, int]) -> int:
    """The last of the paragraphs that follow a note and are set in, as Markdown and typists do."""
    while last + 1 < len(units) and text.startswith(("    ", "\t"), units[last + 1][0]):
        last += 1
    return last


def _trimmed(text: str, unit: tuple[int, int]) -> int:
    start, end = unit
    return start + len(text[start:end].rstrip())


def _doubts(numbered: Sequence[Link], found: Sequence[Label]) -> tuple[str, ...]:
    doubts: list[str] = []
    uncalled = [str(link.label.number) for link in numbered if not link.markers]
    if uncalled:
        doubts.append(f"notes without a marker in the body: {', '.join(uncalled[:20])}")
    notes = {link.label.start for link in numbered}
    left = [label for label in found if label.look == 1.0 and label.start not in notes]
    if left:
        doubts.append(
            f"{len(left)} numbered lines look like notes, but no markers prove it: left in the text"
        )
    return tuple(doubts)


def footnotes(text: str, blocks: Sequence[Block], reading: Reading) -> tuple[records.Footnote, ...]:
    """Markdown notes in the order of their definitions; of two with one number the first counts."""
    definitions: dict[str, Block] = {}
    for block in blocks:
        if block.kind is BlockKind.FOOTNOTE and block.number:
            definitions.setdefault(block.number, block)
    if not definitions:
        return ()
    markers: dict[str, list[Span]] = defaultdict(list)
    for number, span in _markers(text, blocks):
        markers[number].append(span)
    made: list[records.Footnote] = []
    for number, block in definitions.items():
        body = _body(text, block.span)
        said = reading.of(body).strip()
        before = len(made) - 1 if made and _IBID.match(said[:_OPENING] + " ") else None
        made.append(records.Footnote(number, said, block.span, body, tuple(markers[number]), before))
    return tuple(made)


def _markers(text: str, blocks: Sequence[Block]) -> Iterator[tuple[str, Span]]:
    """Markers with their number; not those that open a definition, nor what code only quotes."""
    for block in blocks:
        if block.kind is not BlockKind.CODE:
            found = _MARKER.finditer(text, block.span.start, block.span.end)
            for match in islice(found, block.kind is BlockKind.FOOTNOTE, None):
                yield match.group(1), Span(*match.span())


def _body(text: str, span: Span) -> Span:
    """A Markdown note without its label."""
    label = _LABEL.match(text, span.start, span.end)
    return Span(label.end() if label else span.start, span.end)


class Notes:
    """The footnotes of a document, found from the text that calls them and the blocks that define them."""

    def __init__(self, structure: Structure, reading: Reading) -> None:
        self.all = structure.footnotes
        self._reading = reading
        self._parts = sorted((part.start, i) for i, b in enumerate(structure.blocks) for part in b.spans)
        self._defined = {self._block_at(note.span.start)[1]: i for i, note in enumerate(self.all)}
        self._called = sorted(
            (self._anchor(marker), i) for i, note in enumerate(self.all) for marker in note.markers
        )

    def defined(self, block: int) -> int | None:
        """The index of the note that a block, given by its index, defines."""
        return self._defined.get(block)

    def called(self, start: int, end: int) -> dict[int, int]:
        """Indices of the notes that the reading range `[start, end)` calls, and the offset behind which."""
        first, last = (bisect_left(self._called, (offset, -1)) for offset in (start, end))
        return {i: anchor + 1 for anchor, i in reversed(self._called[first:last])}

    def _block_at(self, offset: int) -> tuple[int, int]:
        """Where the part of a block begins that holds an offset, and the index of the block."""
        return self._parts[bisect_right(self._parts, (offset, len(self._parts))) - 1]

    def _anchor(self, marker: Span) -> int:
        """The reading offset of the character in front of a marker, or behind one that begins a block."""
        begin, _ = self._block_at(marker.start)
        before = self._reading.of(Span(min(begin, marker.start), marker.start))
        if not before.strip():
            return self._reading.position(marker.end)
        return self._reading.end(marker.start) - 1 - (len(before) - len(before.rstrip()))
