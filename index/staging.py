"""Writing to the store: documents are staged whole, one transaction each, and published together.

Everything here runs under the writer's lock (`index.ingest`).
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from corpus.load import reading
from corpus.records import Document, Passage
from index import twins
from index.codec import (
    dumps,
    place_to_json,
    record_from_json,
    record_to_json,
    structure_from_json,
    structure_to_json,
)
from index.codes import TokenCodec, TokenCodes
from index.database import FILE_NAME, SCHEMA, SCHEMA_VERSION, connect, translated
from index.former import OUTDATED, bury
from index.plan import Known
from index.records import EncoderIdentity, FloatArray, Original
from index.sketch import Sketch
from index.store import Store
from index.twins import Compared
from index.words import Hasher


@dataclass(frozen=True, slots=True)
class Embedded:
    """What is kept of an embedded text; `tokens` where those are kept."""

    vector: FloatArray  # [dimension] float32
    tokens: TokenCodes | None = None


def embedding_key(text: str) -> bytes:
    """The key under which the vector of an embedded text is kept."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def now() -> str:
    """The time, ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Staging(Store):
    """A store open for writing."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(connection, path)
        self._hasher = Hasher()

    @classmethod
    def open(cls, data: Path) -> Staging:
        """Open the store of a data folder, creating it when there is none."""
        path = data / FILE_NAME
        connection = connect(path, "rwc")
        try:
            with translated(path):
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                    connection.executescript(
                        f"BEGIN; {SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
                    )
                for statement in twins.TABLES.split(";"):  # an earlier pincite made the store without them
                    connection.execute(statement)
            return cls(connection, path)
        except BaseException:
            connection.close()
            raise

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; durable when it returns."""
        with translated(self.path), self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # SQLite rolls back by itself when the disk is full
                    self._connection.execute("ROLLBACK")
                raise

    def known(self) -> list[Known]:
        """All documents that the next generation would hold."""
        found = self.rows(
            """SELECT d.id, d.source, d.location, r.sha256, r.recipe, v.characters
            FROM documents d JOIN revisions r ON r.key = COALESCE(d.staged, d.live)
            JOIN versions v ON v.sha256 = r.sha256 WHERE d.removed IS NULL AND d.removing = 0"""
        )
        return [Known(*row) for row in found]

    def present(self) -> set[str]:
        """Ids of all documents, published or staged; also of those whose removal was interrupted."""
        return {row[0] for row in self.rows("SELECT id FROM documents WHERE removed IS NULL")}

    def pending(self) -> bool:
        """Whether anything waits to be published."""
        return bool(self.rows("SELECT 1 FROM documents WHERE staged IS NOT NULL OR removing = 1 LIMIT 1"))

    def set_encoder(self, identity: EncoderIdentity) -> None:
        """Remember what makes the vectors."""
        self.set_meta("encoder", dumps(identity.to_json()))

    def set_codec(self, codec: TokenCodec) -> None:
        """Remember what is kept of the vectors of tokens."""
        self.set_meta("codec", dumps(codec.to_json()))

    def set_meta(self, name: str, value: str) -> None:
        """Set a value of the table `meta`."""
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def embedded(self, keys: Sequence[bytes], encoder: EncoderIdentity, codec: TokenCodec) -> set[bytes]:
        """Which of the embedding keys have all that this encoder makes and `codec` keeps."""
        sql, given = "SELECT embedded FROM vectors WHERE encoder = ?", [encoder.fingerprint]
        if codec.keeps:
            sql += " AND embedded IN (SELECT embedded FROM token_codes WHERE encoder = ? AND codec = ?)"
            given += [encoder.fingerprint, codec.name]
        found: set[bytes] = set()
        for start in range(0, len(keys), 500):
            part = list(keys[start : start + 500])
            marks = ",".join("?" * len(part))
            found.update(row[0] for row in self.rows(f"{sql} AND embedded IN ({marks})", [*given, *part]))
        return found

    def next_document(self, id_: str) -> Document:
        """A document as the next generation will hold it."""
        found = self.rows(
            """SELECT d.source, r.sha256, v.media_type, v.text, r.record, r.structure
            FROM documents d JOIN revisions r ON r.key = COALESCE(d.staged, d.live)
            JOIN versions v ON v.sha256 = r.sha256 WHERE d.id = ?""",
            (id_,),
        )
        source, version, media_type, text, record, structure = found[0]
        return Document(
            source, version, media_type, text, record_from_json(record), structure_from_json(structure)
        )

    def stage(
        self,
        id_: str,
        location: str | None,
        document: Document,
        passages: Sequence[Passage],
        recipe: str,
        embedded: Mapping[bytes, Embedded],
        encoder: EncoderIdentity,
        codec: TokenCodec,
        original: Original | None = None,
        compared: Compared | None = None,
    ) -> None:
        """Write a document whole; readers see nothing of it until it is published."""
        with self.transaction() as db:
            self._stage_document(db, id_, location, document)
            if original:
                db.execute(
                    "INSERT OR IGNORE INTO originals VALUES (?, ?, ?)",
                    (document.version, original.data, zlib.compress(original.manuscript.dump())),
                )
            revision = db.execute(
                """INSERT INTO revisions (document, sha256, recipe, record, structure, created)
                VALUES (?, ?, ?, ?, ?, ?)""",
                (
                    id_,
                    document.version,
                    recipe,
                    record_to_json(document.record),
                    structure_to_json(document.structure),
                    now(),
                ),
            ).lastrowid
            db.execute("UPDATE documents SET staged = ? WHERE id = ?", (revision, id_))
            _keep(db, embedded, encoder, codec)
            db.executemany(
                """INSERT INTO passages
                (revision, ordinal, id, first, last, text, header, place, embedded, note, signs)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                ((revision, *_row(p)) for p in passages),
            )
            if compared and revision:
                twins.keep(db, revision, compared)

    def compared(self, id_: str, text: str) -> Compared:
        """What the reading text of a document is to those of the others, staged ones included."""
        return twins.compared(self.rows, Sketch.of(self._hasher(text)), id_)

    def sketch_missing(self) -> None:
        """Compare the documents that an earlier pincite added with one another."""
        for revision, id_ in twins.missing(self.rows):
            found = self.compared(id_, reading(self.revision(revision).document).text)
            with self.transaction() as db:
                twins.keep(db, revision, found)

    def _stage_document(
        self, db: sqlite3.Connection, id_: str, location: str | None, document: Document
    ) -> None:
        db.execute(
            "INSERT OR IGNORE INTO versions VALUES (?, ?, ?, ?)",
            (document.version, document.media_type, len(document.text), document.text),
        )
        db.execute(
            "INSERT OR IGNORE INTO documents (id, source, added) VALUES (?, ?, ?)",
            (id_, document.source, now()),
        )
        # An earlier staged revision that was never published is replaced, not kept.
        db.execute("DELETE FROM revisions WHERE key = (SELECT staged FROM documents WHERE id = ?)", (id_,))
        _vacate(db, id_, location)
        db.execute(
            "UPDATE documents SET source = ?, location = ?, removed = NULL, removing = 0, staged = NULL, "
            "added = CASE WHEN removed IS NULL THEN added ELSE ? END WHERE id = ?",
            (document.source, location, now(), id_),
        )

    def rename(self, id_: str, source: str, location: str | None) -> None:
        """The same content under another name."""
        with self.transaction() as db:
            _vacate(db, id_, location)
            db.execute("UPDATE documents SET source = ?, location = ? WHERE id = ?", (source, location, id_))

    def remove(self, ids: Sequence[str]) -> None:
        """Mark documents to be gone with the next publication."""
        with self.transaction() as db:
            db.executemany("UPDATE documents SET removing = 1 WHERE id = ?", ((id_,) for id_ in ids))

    def publish(self, generation: int, manifest_sha256: str) -> None:
        """Make everything staged visible and everything removed gone: the one moment of change."""
        with self.transaction() as db:
            db.execute("UPDATE documents SET live = staged, staged = NULL WHERE staged IS NOT NULL")
            db.execute(
                """UPDATE documents SET live = NULL, staged = NULL, location = NULL, removing = 0, removed = ?
                WHERE removing = 1""",
                (now(),),
            )
            bury(db)
            twins.forget(db)
            db.execute(f"DELETE FROM revisions WHERE key IN (SELECT r.key FROM revisions r WHERE {OUTDATED})")
            db.execute("DELETE FROM versions WHERE sha256 NOT IN (SELECT sha256 FROM revisions)")
            db.execute("DELETE FROM vectors WHERE embedded NOT IN (SELECT embedded FROM passages)")
            db.execute("DELETE FROM token_codes WHERE embedded NOT IN (SELECT embedded FROM passages)")
            db.execute("DELETE FROM token_codes WHERE codec <> ?", (self.codec().name,))
            for name, value in (("generation", str(generation)), ("manifest", manifest_sha256)):
                db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))


def _keep(
    db: sqlite3.Connection,
    embedded: Mapping[bytes, Embedded],
    encoder: EncoderIdentity,
    codec: TokenCodec,
) -> None:
    """Write what the encoder made of texts, by their embedding keys."""
    db.executemany(
        "INSERT OR IGNORE INTO vectors VALUES (?, ?, ?)",
        ((key, encoder.fingerprint, made.vector.tobytes()) for key, made in embedded.items()),
    )
    db.executemany(
        "INSERT OR IGNORE INTO token_codes VALUES (?, ?, ?, ?, ?)",
        (
            (key, encoder.fingerprint, codec.name, made.tokens.codes.tobytes(), made.tokens.starts.tobytes())
            for key, made in embedded.items()
            if made.tokens
        ),
    )


def _row(passage: Passage) -> tuple[object, ...]:
    """What the table of passages keeps of one, behind its revision."""
    return (
        passage.ordinal,
        passage.id,
        passage.spans[0].start,
        passage.spans[-1].end,
        passage.text,
        passage.header,
        place_to_json(passage),
        embedding_key(passage.embedded),
        passage.note,
        passage.signs is not None,
    )


def _vacate(db: sqlite3.Connection, id_: str, location: str | None) -> None:
    """Take a location from a document whose removal was interrupted: a file is one document's."""
    db.execute("UPDATE documents SET location = NULL WHERE location = ? AND id <> ?", (location, id_))
