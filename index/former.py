"""What is kept of what is gone, so that a link to it can say what it was: references and places, no text."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corpus.records import Record, Span
from index.codec import dumps, spans_from_json

_REFERENCE = (  # of a record: what names the work, and nothing that tells what it says
    *("type", "title", "subtitle", "title-short", "author", "editor", "interviewer", "interviewee"),
    *("container-title", "publisher", "publisher-place", "volume", "issue", "number", "edition", "page"),
    *("issued", "language", "DOI", "ISBN", "ISSN", "URL"),
)
# Of each version the last revision of a document stays, so that citations to it resolve.
OUTDATED = """r.document IN (SELECT id FROM documents WHERE removed IS NOT NULL)
    OR EXISTS (SELECT 1 FROM revisions later WHERE later.document = r.document
        AND later.sha256 = r.sha256 AND later.key > r.key)"""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A version of a document that was removed."""

    document: str
    version: str
    source: str
    record: Mapping[str, Any]  # CSL-JSON fields that name the work
    removed: str  # ISO 8601, UTC

    def __str__(self) -> str:
        record = Record(self.record)
        authors = " and ".join(record.authors)
        parts = (authors, record.title, record.publisher, record.date, self.source)
        return f"{', '.join(part for part in parts if part)}; removed on {self.removed[:10]}"


@dataclass(frozen=True, slots=True)
class FormerPassage:
    """Where a passage stood that a later splitting of its document no longer has, or that is gone with it."""

    document: str
    version: str
    spans: tuple[Span, ...]


def bury(db: sqlite3.Connection) -> None:
    """Keep what is to be kept of the outdated revisions, which are about to be deleted."""
    db.execute(
        f"""INSERT OR REPLACE INTO former_passages
        SELECT p.id, r.document, r.sha256, json_extract(p.place, '$.spans')
        FROM passages p JOIN revisions r ON r.key = p.revision WHERE {OUTDATED}"""
    )
    removed = db.execute(
        """SELECT r.document, r.sha256, d.source, r.record, d.removed
        FROM revisions r JOIN documents d ON d.id = r.document WHERE d.removed IS NOT NULL ORDER BY r.key"""
    ).fetchall()
    db.executemany(
        "INSERT OR REPLACE INTO tombstones VALUES (?, ?, ?, ?, ?)",
        ((*place, source, _reference(record), when) for *place, source, record, when in removed),
    )
    db.execute(
        """DELETE FROM tombstones WHERE (document, sha256) IN (
            SELECT r.document, r.sha256 FROM revisions r JOIN documents d ON d.id = r.document
            WHERE d.removed IS NULL)"""
    )


def _reference(record: str) -> str:
    csl = json.loads(record)["csl"]
    return dumps({name: csl[name] for name in _REFERENCE if name in csl})


def tombstone_from_row(document: str, version: str, source: str, record: str, removed: str) -> Tombstone:
    """A tombstone from its row."""
    return Tombstone(document, version, source, json.loads(record), removed)


def former_from_row(document: str, version: str, spans: str) -> FormerPassage:
    """A former passage from its row."""
    return FormerPassage(document, version, spans_from_json(json.loads(spans)))
