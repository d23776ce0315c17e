"""Values to JSON text and back, compact: the only form in which structure is stored."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from corpus.records import (
    Block,
    BlockKind,
    Footnote,
    Locator,
    NoteReference,
    Page,
    Passage,
    Person,
    Record,
    Role,
    Section,
    Span,
    Structure,
    Turn,
)


def dumps(value: Any) -> str:
    """Compact JSON with sorted keys: equal values are equal texts."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def spans_to_json(spans: Iterable[Span]) -> list[list[int]]:
    """Spans as pairs."""
    return [[span.start, span.end] for span in spans]


def spans_from_json(pairs: Iterable[Iterable[int]]) -> tuple[Span, ...]:
    """The inverse of `spans_to_json`."""
    return tuple(Span(*pair) for pair in pairs)


def record_to_json(record: Record) -> str:
    """A bibliographic record with its support."""
    support = {name: [span.start, span.end] for name, span in record.support.items()}
    return dumps({"csl": dict(record.csl), "support": support})


def record_from_json(text: str) -> Record:
    """The inverse of `record_to_json`."""
    fields = json.loads(text)
    support = {name: Span(*pair) for name, pair in fields["support"].items()}
    return Record(MappingProxyType(fields["csl"]), MappingProxyType(support))


def structure_to_json(structure: Structure) -> str:
    """What the detectors found."""
    return dumps(
        {
            "blocks": [[b.kind, b.level, b.number, *spans_to_json(b.spans)] for b in structure.blocks],
            "sections": [
                {
                    "id": s.id,
                    "parent": s.parent,
                    "level": s.level,
                    "number": s.number,
                    "title": s.title,
                    "authors": list(s.authors),
                    "heading": [s.heading.start, s.heading.end],
                    "span": [s.span.start, s.span.end],
                    "byline": None if s.byline is None else [s.byline.start, s.byline.end],
                }
                for s in structure.sections
            ],
            "footnotes": [
                {
                    "number": n.number,
                    "text": n.text,
                    "span": [n.span.start, n.span.end],
                    "body": [n.body.start, n.body.end],
                    "markers": spans_to_json(n.markers),
                    "refers_to": n.refers_to,
                }
                for n in structure.footnotes
            ],
            "furniture": spans_to_json(structure.furniture),
            "notes": list(structure.notes),
            "turns": [
                [t.n, t.speaker, t.label, t.role, *spans_to_json((t.label_span, t.span, *t.paragraphs))]
                for t in structure.turns
            ],
            "pages": [[p.index, p.label, p.start, p.end] for p in structure.pages],
            "people": [[p.name, *p.variants] for p in structure.people],
            "contents": spans_to_json([] if structure.contents is None else [structure.contents]),
        }
    )


def structure_from_json(text: str) -> Structure:
    """The inverse of `structure_to_json`."""
    fields = json.loads(text)
    return Structure(
        blocks=tuple(_block(*block) for block in fields["blocks"]),
        sections=tuple(section_from_json(section) for section in fields["sections"]),
        footnotes=tuple(
            Footnote(
                n["number"],
                n["text"],
                Span(*n["span"]),
                Span(*n["body"]),
                spans_from_json(n["markers"]),
                n["refers_to"],
            )
            for n in fields["footnotes"]
        ),
        furniture=spans_from_json(fields["furniture"]),
        notes=tuple(fields["notes"]),
        turns=tuple(_turn(*turn) for turn in fields["turns"]),
        pages=tuple(Page(*page) for page in fields["pages"]),
        contents=next(iter(spans_from_json(fields["contents"])), None),
        people=tuple(Person(name, tuple(variants)) for name, *variants in fields["people"]),
    )


def _block(kind: str, level: int, number: str | None, *places: Iterable[int]) -> Block:
    span, *rest = spans_from_json(places)
    return Block(BlockKind(kind), span, level, number, tuple(rest))


def _turn(n: int, speaker: str, label: str, role: str | None, *places: Iterable[int]) -> Turn:
    label_span, span, *paragraphs = spans_from_json(places)
    return Turn(n, speaker, label, Role(role) if role else None, label_span, span, tuple(paragraphs))


def section_from_json(fields: Mapping[str, Any]) -> Section:
    """A section from its plain fields."""
    return Section(
        id=fields["id"],
        parent=fields["parent"],
        level=fields["level"],
        number=fields["number"],
        title=fields["title"],
        authors=tuple(fields["authors"]),
        heading=Span(*fields["heading"]),
        span=Span(*fields["span"]),
        byline=Span(*fields["byline"]) if fields["byline"] else None,
    )


def place_to_json(passage: Passage) -> str:
    """Where a passage stands: all of it but its id, ordinal, text, header and note, which have columns."""
    locator = passage.locator
    return dumps(
        {
            "spans": spans_to_json(passage.spans),
            "runs": passage.runs,
            "sentences": passage.sentences,
            "section": locator.section,
            "section_authors": locator.section_authors,
            "author_variants": locator.author_variants,
            "pages": locator.pages,
            "page_indices": locator.page_indices,
            "speaker": locator.speaker,
            "turn": locator.turn,
            "question": locator.question,
            "footnotes": [[n.number, n.text, n.stands_for, n.at] for n in locator.footnotes],
            "signs": passage.signs,
        }
    )


@lru_cache(maxsize=4_096)  # reading a passage costs more than finding it, and the same ones are found again
def passage_from_json(
    id_: str, ordinal: int, text: str, header: str, place: str, note: str | None
) -> Passage:
    """A passage from its row."""
    fields = json.loads(place)
    return Passage(
        id=id_,
        ordinal=ordinal,
        spans=spans_from_json(fields["spans"]),
        text=text,
        runs=tuple((r, c) for r, c in fields["runs"]),
        sentences=tuple((start, end) for start, end in fields["sentences"]),
        header=header,
        locator=Locator(
            section=tuple(fields["section"]),
            section_authors=tuple(fields["section_authors"]),
            author_variants=tuple(fields["author_variants"]),
            pages=tuple(fields["pages"]),
            page_indices=tuple(fields["page_indices"]),
            speaker=fields["speaker"],
            turn=fields["turn"],
            question=fields["question"],
            footnotes=tuple(NoteReference(*reference) for reference in fields["footnotes"]),
        ),
        note=note,
        signs=tuple(fields["signs"]) if fields["signs"] else None,
    )
