"""Sections and sentences to passages, each pinned to the spans of the canonical text that it reads.

A passage never crosses a section or a turn, ends between sentences, and is sized in the encoder's own word
pieces. Only a sentence that is longer than a passage is cut, by langchain-text-splitters with
offsets of our own (its `add_start_index` searches for the text again, and misses).
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from langchain_text_splitters import RecursiveCharacterTextSplitter

from corpus.fold import Reading, join
from corpus.load import reading as read
from corpus.places import Places
from corpus.records import (
    Block,
    BlockKind,
    Document,
    Footnote,
    Locator,
    Page,
    Passage,
    Section,
    Span,
    Turn,
)
from corpus.sentences import sentences
from corpus.structure.footnotes import Notes


class TokenCounter(Protocol):
    """Counts word pieces; the encoder's own, because that is what truncates."""

    def __call__(self, texts: Sequence[str]) -> Sequence[int]:
        """The number of tokens of each text, special ones not counted."""


@dataclass(frozen=True, slots=True)
class PassageConfig:
    """Sizes in tokens of the encoder. The defaults are the best of the sizes tried in `docs/retrieval.md`."""

    max_tokens: int = 160
    overlap_tokens: int = 40
    max_header_tokens: int = 40


_TITLES = (BlockKind.HEADING, BlockKind.LABEL)  # they go with what follows and are no sentences


@dataclass(frozen=True, slots=True)
class _Unit:
    """The smallest piece that is not cut: a sentence, a row, a heading. Offsets of the reading text."""

    start: int
    end: int
    block: int
    kind: BlockKind
    section: int  # index of the section, -1 in front of the first
    turn: int  # index of the turn, -1 outside of any
    tokens: int


def split(
    document: Document, count: TokenCounter, config: PassageConfig | None = None
) -> tuple[Passage, ...]:
    """The passages of a document in reading order, footnote definitions as passages of their own."""
    config = config or PassageConfig()
    whole = read(document)
    units = _units(document, whole, count, config)
    body = [unit for unit in units if unit.kind is not BlockKind.FOOTNOTE]
    groups = [*_pack(body, config), *_pack_notes(units, config)]
    groups.sort(key=lambda group: group[0].start)
    headers, notes = _Headers(document, count, config), Notes(document.structure, whole)
    places = Places(document, whole)
    return tuple(
        _passage(document, whole, group, ordinal, places, headers, notes)
        for ordinal, group in enumerate(groups)
    )


def _units(document: Document, whole: Reading, count: TokenCounter, config: PassageConfig) -> list[_Unit]:
    starts = [section.heading.start for section in document.structure.sections]
    ranges = [
        (start, end, i, block)
        for i, block in enumerate(document.structure.blocks)
        for start, end in _ranges(document, whole, block)
    ]
    tokens = count([whole.text[start:end] for start, end, _, _ in ranges])
    units: list[_Unit] = []
    for (start, end, i, block), size in zip(ranges, tokens, strict=True):
        section = bisect_right(starts, block.span.start) - 1
        turn = _turn(document.structure.turns, block)
        for s, e, t in _cut(whole.text, start, end, size, count, config.max_tokens):
            units.append(_Unit(s, e, i, block.kind, section, turn, t))
    return units


def _turn(turns: Sequence[Turn], block: Block) -> int:
    """The turn that a block is part of; a note is said by nobody."""
    i = bisect_right(turns, block.span.start, key=lambda turn: turn.label_span.start) - 1
    inside = i >= 0 and block.span.start < turns[i].span.end
    return i if inside and block.kind is not BlockKind.FOOTNOTE else -1


def _ranges(document: Document, whole: Reading, block: Block) -> Iterator[tuple[int, int]]:
    """Reading ranges of a block's sentences, rows or lines, without white space around them."""
    start, end = whole.position(block.span.start), whole.end(block.spans[-1].end)
    if block.kind in (BlockKind.TABLE, BlockKind.CODE):
        at = block.span.start
        for line in document.text[block.span.start : block.span.end].splitlines(keepends=True):
            yield from _trimmed(whole, whole.position(at), whole.end(at + len(line)))
            at += len(line)
    elif block.kind in _TITLES:
        yield from _trimmed(whole, start, end)
    else:
        language = str(document.record.csl.get("language") or "en").split("-")[0].lower()
        for s, e in sentences(whole.text[start:end], language):
            yield start + s, start + e


def _trimmed(whole: Reading, start: int, end: int) -> Iterator[tuple[int, int]]:
    text = whole.text[start:end]
    if text.strip():
        yield start + len(text) - len(text.lstrip()), start + len(text.rstrip())


def _cut(
    text: str, start: int, end: int, tokens: int, count: TokenCounter, limit: int
) -> Iterator[tuple[int, int, int]]:
    """A range as it is, or in pieces of at most `limit` tokens when it is longer: (start, end, tokens)."""
    if tokens <= limit:
        yield start, end, tokens
        return
    splitter = RecursiveCharacterTextSplitter(
        separators=["; ", ", ", " ", ""],
        keep_separator="end",
        chunk_size=limit,
        chunk_overlap=0,
        length_function=lambda piece: count([piece])[0],
        strip_whitespace=False,
    )
    pieces = splitter.split_text(text[start:end])
    assert "".join(pieces) == text[start:end], "the splitter changed the text"
    for piece, size in zip(pieces, count(pieces), strict=True):
        left = len(piece) - len(piece.lstrip())
        if piece.strip():
            yield start + left, start + len(piece.rstrip()), size
        start += len(piece)


def _pack(units: Sequence[_Unit], config: PassageConfig) -> Iterator[list[_Unit]]:
    """Units to groups: as many as fit, never over a section or turn; headings go with what follows."""
    group: list[_Unit] = []
    tokens = 0
    for unit in units:
        full = tokens + unit.tokens > config.max_tokens
        crosses = bool(group) and (unit.section, unit.turn) != (group[-1].section, group[-1].turn)
        only_heads = all(u.kind in _TITLES for u in group)
        if group and (full or (crosses and not only_heads)):
            yield group
            group = [] if crosses else _overlap(group, unit, config)
            tokens = sum(u.tokens for u in group)
        group.append(unit)
        tokens += unit.tokens
    if group:
        yield group


def _pack_notes(units: Sequence[_Unit], config: PassageConfig) -> Iterator[list[_Unit]]:
    """Each footnote is packed alone."""
    notes: dict[int, list[_Unit]] = {}
    for unit in units:
        if unit.kind is BlockKind.FOOTNOTE:
            notes.setdefault(unit.block, []).append(unit)
    for note in notes.values():
        yield from _pack(note, config)


def _overlap(group: Sequence[_Unit], following: _Unit, config: PassageConfig) -> list[_Unit]:
    """The last sentences of a group that the next one repeats."""
    kept: list[_Unit] = []
    room = min(config.overlap_tokens, config.max_tokens - following.tokens)
    for unit in reversed(group):
        room -= unit.tokens
        if room < 0:  # before it comes to the heading: the whole group and `following` did not fit
            break
        kept.insert(0, unit)
    return kept


def _passage(
    document: Document,
    whole: Reading,
    group: Sequence[_Unit],
    ordinal: int,
    places: Places,
    headers: _Headers,
    notes: Notes,
) -> Passage:
    pieces = _pieces(group)
    readings = [whole.clip(piece[0].start, piece[-1].end) for piece in pieces]
    text = join(readings, "\n")
    spans = places.spans((piece[0].block, piece[0].start, piece[-1].end) for piece in pieces)
    found: list[tuple[int, int]] = []
    at = 0
    for piece, reading in zip(pieces, readings, strict=True):
        shift = at - piece[0].start
        if piece[0].kind not in (*_TITLES, BlockKind.CODE):
            found.extend((unit.start + shift, unit.end + shift) for unit in piece)
        at += len(reading.text) + 1
    sections = document.structure.sections
    path = _path(sections, _section(group[-1], sections, notes))
    turn = document.structure.turns[group[-1].turn] if group[-1].turn >= 0 else None
    speaker = turn.speaker if turn else None
    return Passage(
        id=passage_id(document.version, spans),
        ordinal=ordinal,
        spans=spans,
        text=text.text,
        runs=text.runs,
        sentences=tuple(found),
        # A note under its section's title would outrank the text that it only backs.
        header=headers.of(() if group[0].kind is BlockKind.FOOTNOTE else path, speaker),
        locator=Locator(
            section=tuple(_label(s) for s in path),
            section_authors=next((s.authors for s in reversed(path) if s.authors), ()),
            pages=_pages(document.structure.pages, spans),
            speaker=speaker,
            turn=turn.n if turn else None,
            footnotes=tuple((note.number, note.text) for note in _notes(group, notes)),
        ),
    )


def passage_id(version: str, spans: Sequence[Span]) -> str:
    """Content-addressed: the same spans of the same version have the same id, whoever indexes them."""
    places = ",".join(f"{span.start}-{span.end}" for span in spans)
    return "psg_" + hashlib.sha256(f"{version}:{places}".encode()).hexdigest()[:20]


def _pieces(group: Sequence[_Unit]) -> list[list[_Unit]]:
    """Units of the same block together; a table's rows and code lines apart, because they read as lines."""
    pieces: list[list[_Unit]] = []
    for unit in group:
        lines = unit.kind in (BlockKind.TABLE, BlockKind.CODE)
        if pieces and pieces[-1][-1].block == unit.block and not lines:
            pieces[-1].append(unit)
        else:
            pieces.append([unit])
    return pieces


def _pages(pages: Sequence[Page], spans: Sequence[Span]) -> tuple[str, ...]:
    """The labels of the pages that spans stand on, as far as they are known."""
    labels = (
        page.label
        for span in spans
        for page in pages[max(0, bisect_right(pages, span.start, key=lambda page: page.start) - 1) :]
        if page.label and page.start < span.end and span.start < page.end
    )
    return tuple(dict.fromkeys(labels))


def _notes(group: Sequence[_Unit], notes: Notes) -> tuple[Footnote, ...]:
    """Notes that the units call, or are, in the order of their definitions."""
    found = {i for unit in group for i in notes.called(unit.start, unit.end)}
    found.update(i for unit in group if (i := notes.defined(unit.block)) is not None)
    return tuple(notes.all[i] for i in sorted(found))


def _section(unit: _Unit, sections: Sequence[Section], notes: Notes) -> int:
    """The section of a unit; a note belongs where it is called first."""
    i = notes.defined(unit.block)
    if i is None or not notes.all[i].markers:
        return unit.section
    called = notes.all[i].markers[0].start
    return bisect_right(sections, called, key=lambda section: section.heading.start) - 1


def _path(sections: Sequence[Section], index: int) -> list[Section]:
    path: list[Section] = []
    current: int | None = index if index >= 0 else None
    while current is not None:
        path.insert(0, sections[current])
        current = sections[current].parent
    return path


def _label(section: Section) -> str:
    return f"{section.number}. {section.title}" if section.number else section.title


class _Headers:
    """Headers of a document's passages: title, sections, speaker; cut to the room there is."""

    def __init__(self, document: Document, count: TokenCounter, config: PassageConfig) -> None:
        self._title = document.record.title or ""
        self._count = count
        self._limit = config.max_header_tokens
        self._made: dict[tuple[str, ...], str] = {}

    def of(self, path: Sequence[Section], speaker: str | None = None) -> str:
        title = self._title.casefold()  # a record has no title in capitals
        titles = [section.title for section in path if section.title.casefold() != title]
        key = tuple(title for title in [self._title, *titles, speaker] if title)
        if key not in self._made:
            self._made[key] = self._fit(" \u203a ".join(key))
        return self._made[key]

    def _fit(self, header: str) -> str:
        words = header.split()[: self._limit]  # a word is a token at least
        while words and self._count([" ".join(words)])[0] > self._limit:
            words.pop()
        return " ".join(words).rstrip("\u203a ")
