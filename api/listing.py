"""From the documents that are kept to the shapes of the contract."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from api.present import number, spans
from api.schemas.documents import (
    ChangeOut,
    DocumentOut,
    DocumentPart,
    DocumentSummary,
    FootnoteDetail,
    PageOut,
    SectionOut,
    TurnOut,
)
from api.schemas.twins import TwinOut
from corpus.records import Record, Section
from index.plan import Outcome as Change
from index.records import DocumentRow, StoredDocument
from index.store import Store
from index.twins import Nearest, Twin

_TWINS = 3  # of a document in a list


def summaries(store: Store) -> list[DocumentSummary]:
    """The published documents, by source, each with the nearest of its twins."""
    found = store.twins(most=_TWINS)
    return [summary(row, found.get(row.id, Nearest())) for row in store.documents()]


def summary(row: DocumentRow, nearest: Nearest) -> DocumentSummary:
    """A document in a list."""
    record = Record(row.record)
    return DocumentSummary(
        id=row.id,
        version=f"sha256:{row.version}",
        source=row.source,
        title=record.title,
        type=record.type,
        authors=list(record.authors),
        date=record.date,
        added=row.added,
        characters=row.characters,
        passages=row.passages,
        twins=twins(nearest.twins),
        twin_count=nearest.count,
    )


def document(stored: StoredDocument, passages: int, twins_found: Iterable[Twin] = ()) -> DocumentOut:
    """A document with its record and structure."""
    inside = stored.document
    structure = inside.structure
    return DocumentOut(
        id=stored.id,
        version=f"sha256:{inside.version}",
        source=inside.source,
        media_type=inside.media_type,
        added=stored.added,
        superseded_by=f"sha256:{stored.superseded_by}" if stored.superseded_by else None,
        characters=len(inside.text),
        passages=passages,
        record=_record(inside.record),
        sections=[_section(s) for s in structure.sections],
        turns=[
            TurnOut(n=t.n, speaker=t.speaker, label=t.label, role=t.role, start=t.span.start, end=t.span.end)
            for t in structure.turns
        ],
        footnotes=[
            FootnoteDetail(
                number=number(n.number),
                text=n.text,
                start=n.span.start,
                end=n.span.end,
                markers=spans(n.markers),
                refers_to=None if n.refers_to is None else number(structure.footnotes[n.refers_to].number),
            )
            for n in structure.footnotes
        ],
        pages=[PageOut(index=p.index, label=p.label, start=p.start, end=p.end) for p in structure.pages],
        contents=None if structure.contents is None else spans([structure.contents])[0],
        notes=list(structure.notes),
        twins=twins(twins_found),
    )


def part(stored: StoredDocument, start: int, length: int) -> DocumentPart:
    """So many characters of a document's text, or as many as there are."""
    inside = stored.document
    end = min(len(inside.text), start + length)
    return DocumentPart(
        id=stored.id,
        version=f"sha256:{inside.version}",
        source=inside.source,
        title=inside.record.title,
        authors=list(inside.record.authors),
        date=inside.record.date,
        characters=len(inside.text),
        sections=[_section(section) for section in inside.structure.sections],
        start=min(start, end),
        end=end,
        text=inside.text[start:end],
    )


def alike(store: Store, stored: StoredDocument) -> Sequence[Twin]:
    """The twins of a document; none of a version that was replaced, which nothing is compared with."""
    return () if stored.superseded_by else store.twins(stored.id).get(stored.id, Nearest()).twins


def twins(found: Iterable[Twin]) -> list[TwinOut]:
    """Documents of nearly the same text."""
    return [
        TwinOut(
            likeness=one.likeness.value,
            id=one.document_id,
            source=one.source,
            share=round(one.share, 3),
            inside=round(one.inside, 3),
            holds=round(one.holds, 3),
            resemblance=round(one.resemblance, 3),
            detail=str(one),
        )
        for one in found
    ]


def change(became: Change) -> ChangeOut:
    """What became of a document."""
    return ChangeOut(
        change=became.change.value,
        id=became.document_id or "",
        source=became.source,
        passages=became.passages,
        characters=became.characters,
        detail=became.detail,
        notes=list(became.notes),
        twins=twins(became.twins),
    )


def _section(section: Section) -> SectionOut:
    return SectionOut(
        id=section.id,
        parent=section.parent,
        level=section.level,
        number=section.number,
        title=section.title,
        authors=list(section.authors),
        start=section.span.start,
        end=section.span.end,
    )


def _record(record: Record) -> dict[str, Any]:
    support = {name: {"start": s.start, "end": s.end} for name, s in record.support.items()}
    return {**record.csl, "support": support}
