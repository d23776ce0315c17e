"""Units to passages, each pinned to the spans of the canonical text that it reads.

A passage never crosses a section or a turn, ends between sentences, and is sized in the encoder's own word
pieces.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.fold import Reading, join
from corpus.load import reading as read
from corpus.places import Places
from corpus.provenance import Provenance
from corpus.records import BlockKind, Document, Passage, Span
from corpus.units import TITLES, TokenCounter, Unit, units


@dataclass(frozen=True, slots=True)
class PassageConfig:
    """Sizes in tokens of the encoder. The defaults are the best of the sizes tried in `docs/retrieval.md`."""

    max_tokens: int = 160
    overlap_tokens: int = 40
    max_header_tokens: int = 40


def split(
    document: Document, count: TokenCounter, config: PassageConfig | None = None
) -> tuple[Passage, ...]:
    """The passages of a document in reading order, footnote definitions as passages of their own."""
    config = config or PassageConfig()
    whole = read(document)
    found = units(document, whole, count, config.max_tokens)
    body = [unit for unit in found if unit.kind is not BlockKind.FOOTNOTE]
    groups = [*_pack(body, config), *_pack_notes(found, config)]
    groups.sort(key=lambda group: group[0].start)
    places = Places(document, whole)
    provenance = Provenance(document, whole, count, config.max_header_tokens)
    return tuple(
        _passage(document.version, whole, group, ordinal, places, provenance)
        for ordinal, group in enumerate(groups)
    )


def _pack(units: Sequence[Unit], config: PassageConfig) -> Iterator[list[Unit]]:
    """Units to groups: as many as fit, never over a section or turn; headings go with what follows."""
    group: list[Unit] = []
    tokens = 0
    for unit in units:
        full = tokens + unit.tokens > config.max_tokens
        crosses = bool(group) and (unit.section, unit.turn) != (group[-1].section, group[-1].turn)
        only_heads = all(u.kind in TITLES for u in group)
        if group and (full or (crosses and not only_heads)):
            yield group
            group = [] if crosses else _overlap(group, unit, config)
            tokens = sum(u.tokens for u in group)
        group.append(unit)
        tokens += unit.tokens
    if group:
        yield group


def _pack_notes(units: Sequence[Unit], config: PassageConfig) -> Iterator[list[Unit]]:
    """Each footnote is packed alone."""
    notes: dict[int, list[Unit]] = {}
    for unit in units:
        if unit.kind is BlockKind.FOOTNOTE:
            notes.setdefault(unit.block, []).append(unit)
    for note in notes.values():
        yield from _pack(note, config)


def _overlap(group: Sequence[Unit], following: Unit, config: PassageConfig) -> list[Unit]:
    """The last sentences of a group that the next one repeats."""
    kept: list[Unit] = []
    room = min(config.overlap_tokens, config.max_tokens - following.tokens)
    for unit in reversed(group):
        room -= unit.tokens
        if room < 0:  # before it comes to the heading: the whole group and `following` did not fit
            break
        kept.insert(0, unit)
    return kept


def _passage(
    version: str, whole: Reading, group: Sequence[Unit], ordinal: int, places: Places, provenance: Provenance
) -> Passage:
    pieces = _pieces(group)
    readings = [whole.clip(piece[0].start, piece[-1].end) for piece in pieces]
    text = join(readings, "\n")
    spans = places.spans((piece[0].block, piece[0].start, piece[-1].end) for piece in pieces)
    ends = [piece[-1].end for piece in pieces]  # reading offsets, ascending
    shifts: list[int] = []  # what to add to an offset within a piece to come to the text's
    at = 0
    for piece, reading in zip(pieces, readings, strict=True):
        shifts.append(at - piece[0].start)
        at += len(reading.text) + 1
    assert ends == sorted(ends)

    def place(offset: int) -> int:
        return offset + shifts[bisect_right(ends, offset)]

    return Passage(
        id=passage_id(version, spans),
        ordinal=ordinal,
        spans=spans,
        text=text.text,
        runs=text.runs,
        sentences=tuple(
            (place(unit.start), place(unit.end - 1) + 1)
            for unit in group
            if unit.kind not in (*TITLES, BlockKind.CODE)
        ),
        header=provenance.header(group),
        locator=provenance.locator(group, spans, place),
        note=provenance.note(group),
        signs=provenance.signs(group, place),
    )


def passage_id(version: str, spans: Sequence[Span]) -> str:
    """Content-addressed: the same spans of the same version have the same id, whoever indexes them."""
    places = ",".join(f"{span.start}-{span.end}" for span in spans)
    return "psg_" + hashlib.sha256(f"{version}:{places}".encode()).hexdigest()[:20]


def _pieces(group: Sequence[Unit]) -> list[list[Unit]]:
    """Units of the same block together; a table's rows and code lines apart, because they read as lines."""
    pieces: list[list[Unit]] = []
    for unit in group:
        lines = unit.kind in (BlockKind.TABLE, BlockKind.CODE)
        if pieces and pieces[-1][-1].block == unit.block and not lines:
            pieces[-1].append(unit)
        else:
            pieces.append([unit])
    return pieces
