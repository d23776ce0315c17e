"""The SQLite store, which is the truth: read here, written through `index.staging`."""

from __future__ import annotations

import json
import sqlite3
import threading
import zlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from corpus.manuscript import Manuscript
from corpus.media import PDF
from corpus.original import Original
from corpus.records import Document, NoteReference, Page, Section, Span
from index import twins
from index.codec import passage_from_json, record_from_json, section_from_json, structure_from_json
from index.codes import LateMode, TokenCodec, TokenCodes
from index.database import FILE_NAME, connect, translated
from index.errors import DamagedError, GoneError, NoIndexError, NotFoundError
from index.filters import where
from index.former import FormerPassage, former_from_row, tombstone_from_row
from index.records import (
    DocumentRow,
    EncoderIdentity,
    Filters,
    FloatArray,
    IntArray,
    Revision,
    StoredDocument,
    StoredPassage,
)
from index.twins import Nearest

_PASSAGE = """
SELECT p.key, r.document, d.source, r.sha256, d.live IS NOT r.key,
    p.id, p.ordinal, p.text, p.header, p.place, p.note, r.record
FROM passages p JOIN revisions r ON r.key = p.revision JOIN documents d ON d.id = r.document
"""
_CACHED_CHARACTERS = 16_000_000
_MANY = 500  # parameters of one statement


class Store:
    """Read access to a store; safe for threads."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        # One for all: a connection remembers its last 200 cursors, which would lie all over the memory.
        self._cursor = connection.cursor()
        self._lock = threading.RLock()
        self._texts: OrderedDict[str, str] = OrderedDict()  # versions never change: the last ones asked for
        self._originals: OrderedDict[str, Original] = OrderedDict()
        self.path = path

    @classmethod
    def open(cls, data: Path) -> Store:
        """Open the store of a data folder for reading.

        Raises NoIndexError when there is none, StorageError when it is of another format.
        """
        path = data / FILE_NAME
        if not path.exists():
            raise NoIndexError(f"{data}: no index here; add documents first: pincite add PATH")
        connection = connect(path, "ro")
        try:
            return cls(connection, path)
        except BaseException:
            connection.close()
            raise

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._connection.close()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with translated(self.path), self._lock:
            return self._cursor.execute(sql, parameters).fetchall()

    def meta(self, name: str) -> str | None:
        """A value of the table `meta`."""
        found = self.rows("SELECT value FROM meta WHERE name = ?", (name,))
        return found[0][0] if found else None

    def generation(self) -> int:
        """The number of the published generation; 0 before the first."""
        return int(self.meta("generation") or 0)

    def encoder(self) -> EncoderIdentity | None:
        """The encoder that made the vectors."""
        text = self.meta("encoder")
        return EncoderIdentity.from_json(json.loads(text)) if text else None

    def codec(self) -> TokenCodec:
        """What is kept of the vectors of tokens; nothing in an empty store."""
        text = self.meta("codec")
        return TokenCodec.from_json(json.loads(text)) if text else TokenCodec(LateMode.OFF, 0)

    def documents(self) -> list[DocumentRow]:
        """The published documents, by source."""
        found = self.rows(
            """SELECT d.id, d.source, d.location, r.sha256, d.added, COUNT(p.key), v.characters, r.record
            FROM documents d JOIN revisions r ON r.key = d.live JOIN versions v ON v.sha256 = r.sha256
            LEFT JOIN passages p ON p.revision = r.key GROUP BY d.id ORDER BY d.source, d.id"""
        )
        return [
            DocumentRow(
                id_, source, location, version, added, passages, characters, json.loads(record)["csl"]
            )
            for id_, source, location, version, added, passages, characters, record in found
        ]

    def twins(self, id_: str | None = None, most: int | None = None) -> dict[str, Nearest]:
        """By the ids of the published documents, or for one: those with the same text, nearest first."""
        return twins.of_documents(self.rows, id_, most)

    def names(self) -> list[tuple[str, str, dict[str, Any]]]:
        """(id, source, CSL-JSON fields) of the published documents: what they are called."""
        found = self.rows(
            """SELECT d.id, d.source, json_extract(r.record, '$.csl') FROM documents d
            JOIN revisions r ON r.key = d.live ORDER BY d.source, d.id"""
        )
        return [(id_, source, json.loads(record)) for id_, source, record in found]

    def extent(self) -> tuple[int, int]:
        """How many documents are published, and of how many characters."""
        found = self.rows(
            """SELECT COUNT(*), COALESCE(SUM(v.characters), 0) FROM documents d
            JOIN revisions r ON r.key = d.live JOIN versions v ON v.sha256 = r.sha256"""
        )
        return int(found[0][0]), int(found[0][1])

    def find_document(self, name: str) -> str:
        """The id of the published document that an id, its beginning, a source or a location names.

        Raises NotFoundError when none does, or several do.
        """
        published = "SELECT id, source FROM documents WHERE live IS NOT NULL"
        found = self.rows(
            f"{published} AND (id = ? OR source = ? OR location = ?)", (name, name, name)
        ) or self.rows(
            rf"{published} AND (id LIKE ? ESCAPE '\' OR source LIKE ? ESCAPE '\')",
            (_like(name) + "%", "%/" + _like(name)),
        )
        if len(found) == 1:
            return str(found[0][0])
        if not found:
            raise NotFoundError(f"no document {name!r} in this index; `pincite list` shows them")
        some = ", ".join(f"{id_} ({source})" for id_, source in found[:5])
        raise NotFoundError(f"{name!r} names {len(found)} documents: {some}; give an id")

    def document(self, id_: str, version: str | None = None) -> StoredDocument:
        """A document in its current version, or in an earlier one by its sha256 or the beginning of that.

        Raises NotFoundError, GoneError when it was removed.
        """
        found = self.rows(
            """SELECT d.source, d.added, d.live, r.key, r.sha256, v.media_type, v.text, r.record, r.structure
            FROM documents d JOIN revisions r ON r.document = d.id JOIN versions v ON v.sha256 = r.sha256
            WHERE d.id = ? AND d.live IS NOT NULL
            AND (r.key = d.live OR (r.sha256 >= ? AND r.sha256 < ? || 'g' AND r.key IS NOT d.staged))
            ORDER BY r.key = d.live DESC, r.key DESC""",
            (id_, version, version),
        )
        wanted = [row for row in found if row[4].startswith(version or "")]
        if not wanted:
            self._check_gone(id_, (version or "") if found else "")
            what = f"version {version} of document" if version and found else "document"
            raise NotFoundError(f"no {what} {id_} in this index; `pincite list` shows what is")
        if len({row[4] for row in wanted}) > 1 and version:
            raise NotFoundError(
                f"{len(wanted)} versions of document {id_} begin with {version}; give more of it"
            )
        source, added, live, key, sha256, media_type, text, record, structure = wanted[0]
        return StoredDocument(
            id=id_,
            document=Document(
                source, sha256, media_type, text, record_from_json(record), structure_from_json(structure)
            ),
            added=added,
            superseded_by=None if key == live else found[0][4],
        )

    def revision(self, key: int) -> StoredDocument:
        """A processing of a document by its key. Raises NotFoundError."""
        found = self.rows(
            """SELECT d.id, d.source, d.added, d.live, r.sha256, v.media_type, v.text, r.record, r.structure,
            (SELECT sha256 FROM revisions WHERE key = d.live)
            FROM revisions r JOIN documents d ON d.id = r.document JOIN versions v ON v.sha256 = r.sha256
            WHERE r.key = ?""",
            (key,),
        )
        if not found:
            raise NotFoundError(f"no revision {key} in this index; a newer one has replaced it")
        id_, source, added, live, sha256, media_type, text, record, structure, current = found[0]
        return StoredDocument(
            id=id_,
            document=Document(
                source, sha256, media_type, text, record_from_json(record), structure_from_json(structure)
            ),
            added=added,
            superseded_by=current if live not in (None, key) and current != sha256 else None,
        )

    def has_revision(self, key: int) -> bool:
        """Whether a processing of a document is still kept."""
        return bool(self.rows("SELECT 1 FROM revisions WHERE key = ?", (key,)))

    def next_revisions(self) -> list[Revision]:
        """The processings of documents that the next generation holds, oldest first."""
        found = self.rows(
            """SELECT r.key, d.id, r.sha256 FROM documents d
            JOIN revisions r ON r.key = COALESCE(d.staged, d.live) WHERE d.removing = 0 ORDER BY r.key"""
        )
        return [Revision(*row) for row in found]

    def count_passages(self, id_: str, version: str) -> int:
        """The number of passages of a document's version."""
        found = self.rows(
            """SELECT COUNT(*) FROM passages WHERE revision = (
                SELECT MAX(r.key) FROM revisions r JOIN documents d ON d.id = r.document
                WHERE d.id = ? AND r.sha256 = ? AND r.key IS NOT d.staged)""",
            (id_, version),
        )
        return int(found[0][0])

    def text(self, version: str) -> str:
        """The canonical text of a version; NotFoundError, also for one that was cached and removed since."""
        with self._lock:
            if not self.rows("SELECT 1 FROM versions WHERE sha256 = ?", (version,)):
                self._texts.pop(version, None)
                raise NotFoundError(f"no version {version} in this index")
            if version not in self._texts:
                found = self.rows("SELECT text FROM versions WHERE sha256 = ?", (version,))
                self._texts[version] = found[0][0]
                while len(self._texts) > 1 and sum(map(len, self._texts.values())) > _CACHED_CHARACTERS:
                    self._texts.popitem(last=False)
            self._texts.move_to_end(version)
            return self._texts[version]

    def media_type(self, version: str) -> str | None:
        """The media type of a version, staged ones included; None for one that is not here."""
        found = self.rows("SELECT media_type FROM versions WHERE sha256 = ?", (version,))
        return found[0][0] if found else None

    def manuscript(self, version: str) -> Manuscript | None:
        """What a loader made of a version's file; None of a text, which is its own file."""
        found = self.rows("SELECT manuscript FROM originals WHERE sha256 = ?", (version,))
        try:
            return Manuscript.parse(zlib.decompress(found[0][0])) if found else None
        except (zlib.error, ValueError, KeyError, TypeError) as error:
            raise DamagedError(
                f"{self.path}: the pages of version {version[:16]} are damaged; remove it and add it again"
            ) from error

    def original(self, version: str) -> Original:
        """Where the places of a version are in its file; NotFoundError for one that is not here."""
        with self._lock:
            if (kind := self.media_type(version)) is None:
                self._originals.pop(version, None)
                raise NotFoundError(f"no version {version} in this index")
            if version not in self._originals:
                # Its pages tell all places of a PDF; its boxes would make this slow.
                self._originals[version] = Original(kind, None if kind == PDF else self.manuscript(version))
                kept = self._originals.values()
                while len(kept) > 1 and sum(one.size for one in kept) > _CACHED_CHARACTERS:
                    self._originals.popitem(last=False)
            self._originals.move_to_end(version)
            return self._originals[version]

    def file(self, version: str) -> bytes:
        """The bytes of a version's file, as they were added; NotFoundError where they are not kept."""
        found = self.rows("SELECT data FROM originals WHERE sha256 = ?", (version,))
        if not found:
            raise NotFoundError(f"the file of version {version[:16]} is not kept: its text is all of it")
        return bytes(found[0][0])

    def passages(self, keys: Sequence[int]) -> dict[int, StoredPassage]:
        """Passages by key; keys that are gone are left out."""
        found: dict[int, StoredPassage] = {}
        for start in range(0, len(keys), _MANY):
            part = [int(key) for key in keys[start : start + _MANY]]
            marks = ",".join("?" * len(part))
            found.update(
                (row[0], _passage(row)) for row in self.rows(f"{_PASSAGE} WHERE p.key IN ({marks})", part)
            )
        return found

    def passage(self, id_: str, around: int = 0) -> list[StoredPassage]:
        """A passage, with `around` neighbours on each side, in reading order.

        Raises NotFoundError, GoneError when its document was removed.
        """
        found = self.rows(
            f"{_PASSAGE} WHERE p.id = ? AND r.key IS NOT d.staged "
            "ORDER BY r.key = d.live DESC, r.key DESC LIMIT 1",
            (id_,),
        )
        if not found:
            if former := self.former_passage(id_):
                raise NotFoundError(
                    f"passage {id_} is no longer there, its document {former.document} was split anew; "
                    f"`pincite cite {id_}` and /p/{id_} still show its place"
                )
            raise NotFoundError(f"no passage {id_} in this index")
        revision = self.rows("SELECT revision, ordinal FROM passages WHERE key = ?", (found[0][0],))
        key, ordinal = revision[0]
        rows = self.rows(
            f"{_PASSAGE} WHERE p.revision = ? AND p.ordinal BETWEEN ? AND ? ORDER BY p.ordinal",
            (key, ordinal - around, ordinal + around),
        )
        return [_passage(row) for row in rows]

    def passages_at(self, version: str, place: Span) -> list[StoredPassage]:
        """The passages of a version that stand at a place, in reading order.

        Of several documents with this content a published one counts. Raises NotFoundError for a version
        that is not here.
        """
        rows = self.rows(
            f"{_PASSAGE} WHERE p.revision = ? AND p.first < ? AND p.last > ? ORDER BY p.ordinal",
            (self._revision(version), place.end, place.start),
        )
        return [_passage(row) for row in rows]

    def former_passage(self, id_: str) -> FormerPassage | None:
        """Where a passage stood that its document no longer has; GoneError when the document is gone."""
        found = self.rows("SELECT document, sha256, spans FROM former_passages WHERE id = ?", (id_,))
        if not found:
            return None
        former = former_from_row(*found[0])
        self._check_gone(former.document, former.version)
        return former

    def version(self, beginning: str) -> str:
        """The sha256 of the version that it, or an unambiguous beginning of it, names.

        Raises NotFoundError, GoneError when its document was removed.
        """
        found = self.rows(  # a range, which an index serves: `g` stands behind all the digits
            """SELECT DISTINCT r.sha256 FROM revisions r JOIN documents d ON d.id = r.document
            WHERE r.sha256 >= ? AND r.sha256 < ? || 'g' AND r.key IS NOT d.staged""",
            (beginning, beginning),
        )
        if len(found) == 1 and beginning:
            return str(found[0][0])
        if found:
            raise NotFoundError(f"{len(found)} versions begin with {beginning!r}; give more of it")
        self._check_gone(None, beginning)
        raise NotFoundError(f"no version {beginning} in this index")

    def _check_gone(self, document: str | None, version: str = "") -> None:
        """Raise GoneError when a document, or any with a version that begins so, was removed."""
        found = self.rows(
            """SELECT document, sha256, source, record, removed FROM tombstones
            WHERE document = COALESCE(?, document) AND substr(sha256, 1, length(?)) = ?
            ORDER BY removed DESC LIMIT 1""",
            (document, version, version),
        )
        if found:
            raise GoneError(f"this is no longer here. It was: {tombstone_from_row(*found[0])}")

    def pages(self, version: str) -> tuple[Page, ...]:
        """The pages of a version, without the rest of its structure; NotFoundError."""
        found = self.rows(
            "SELECT json_extract(structure, '$.pages') FROM revisions WHERE key = ?",
            (self._revision(version),),
        )
        return tuple(Page(*page) for page in json.loads(found[0][0]))

    def sections(self, version: str) -> tuple[Section, ...]:
        """The sections of a version, in the same way."""
        found = self.rows(
            "SELECT json_extract(structure, '$.sections') FROM revisions WHERE key = ?",
            (self._revision(version),),
        )
        return tuple(section_from_json(section) for section in json.loads(found[0][0]))

    def _revision(self, version: str) -> int:
        """The key of a version's revision: of a document that is at it, else the last one."""
        found = self.rows(
            """SELECT r.key FROM revisions r JOIN documents d ON d.id = r.document
            WHERE r.sha256 = ? AND r.key IS NOT d.staged ORDER BY r.key = d.live DESC, r.key DESC LIMIT 1""",
            (version,),
        )
        if not found:
            raise NotFoundError(f"no version {version} in this index")
        return int(found[0][0])

    def keys(self, filters: Filters) -> IntArray:
        """Keys of the published passages that pass the filters, ascending."""
        return self._keys(filters)

    def signing(self, filters: Filters) -> IntArray:
        """Keys of those that name the authors of their section."""
        return self._keys(filters, "p.signs")

    def noted(self, number: str, filters: Filters) -> IntArray:
        """Keys of those that define a note of this number."""
        return self._keys(filters, "p.note = ?", number)

    def _keys(self, filters: Filters, only: str = "1", *given: str) -> IntArray:
        condition, parameters = where(filters)
        found = self.rows(
            f"""SELECT p.key FROM passages p JOIN documents d ON d.live = p.revision
            JOIN revisions r ON r.key = p.revision WHERE {only} AND {condition} ORDER BY p.key""",
            [*given, *parameters],
        )
        return np.asarray([row[0] for row in found], np.int64)

    def defining(self, beside: StoredPassage, notes: Sequence[NoteReference]) -> list[StoredPassage]:
        """The passages beside another one, of the same revision, that define notes that it refers to.

        In the order of the notes, each with the one that its `Ibid.` stands for; a long note has several.
        """
        found: dict[int, StoredPassage] = {}
        for note in notes:
            own = [same for same in self._notes(beside, note.text) if _same(same[0].passage.defines, note)]
            at = (
                beside.passage.ordinal
            )  # where numbering restarts, a note of another chapter may say the same
            own.sort(key=lambda n: (n[-1].passage.ordinal < at, abs(n[-1].passage.ordinal - at)))
            for passages in own[:1]:
                cited = self._notes(beside, note.stands_for) if note.stands_for else []
                cited = [n for n in cited if n[0].passage.ordinal < passages[0].passage.ordinal]
                found.update((p.key, p) for n in (passages, *cited[-1:]) for p in n)
        return list(found.values())

    def _notes(self, beside: StoredPassage, said: str) -> list[list[StoredPassage]]:
        """The notes beside a passage that say exactly this, in reading order, each with its passages."""
        sql = f"""{_PASSAGE} WHERE p.note IS NOT NULL AND instr(?, p.text)
            AND p.revision = (SELECT revision FROM passages WHERE key = ?) ORDER BY p.ordinal"""
        found: list[list[StoredPassage]] = []
        for stored in map(_passage, self.rows(sql, (said, beside.key))):
            own, last = stored.passage, found[-1][-1].passage if found else None
            if own.defines is None or own.defines.text != said:
                continue
            if last and own.ordinal == last.ordinal + 1 and own.note == last.note:
                found[-1].append(stored)
            else:
                found.append([stored])
        return found

    def calling(self, definition: StoredPassage) -> list[StoredPassage]:
        """The passages of the same revision that call the note that a passage defines, in reading order."""
        rows = self.rows(
            f"{_PASSAGE} WHERE p.revision = (SELECT revision FROM passages WHERE key = ?) ORDER BY p.ordinal",
            (definition.key,),
        )
        own = definition.passage.defines
        return [
            stored
            for stored in map(_passage, rows)
            if own and any(n.at is not None and _same(n, own) for n in stored.passage.locator.footnotes)
        ]

    def documents_of(self, keys: IntArray) -> frozenset[str]:
        """The ids of the documents that passages belong to."""
        found = self.rows(
            """SELECT DISTINCT r.document FROM passages p JOIN revisions r ON r.key = p.revision
            WHERE p.key IN (SELECT value FROM json_each(?))""",
            (json.dumps(keys.tolist()),),
        )
        return frozenset(row[0] for row in found)

    def next_keys(self) -> IntArray:
        """Keys of the passages that the next generation holds, ascending."""
        found = self.rows(
            """SELECT key FROM passages
            WHERE revision IN (SELECT COALESCE(staged, live) FROM documents WHERE removing = 0)
            ORDER BY key"""
        )
        return np.asarray([row[0] for row in found], np.int64)

    def vectors(self, keys: IntArray, encoder: EncoderIdentity) -> FloatArray:
        """The stored vectors [n, dimension] float32 of passages; DamagedError when one is missing."""
        vectors = np.empty((len(keys), encoder.dimension), np.float32)
        for start in range(0, len(keys), _MANY):
            part = [int(key) for key in keys[start : start + _MANY]]
            marks = ",".join("?" * len(part))
            found = self.rows(
                f"""SELECT p.key, v.vector FROM passages p
                JOIN vectors v ON v.embedded = p.embedded AND v.encoder = ? WHERE p.key IN ({marks})""",
                [encoder.fingerprint, *part],
            )
            by_key = dict(found)
            if len(by_key) != len(part):
                raise DamagedError(
                    f"{self.path}: {len(part) - len(by_key)} passages have no vector; "
                    "run `pincite rebuild --reencode`"
                )
            for i, key in enumerate(part, start):
                vectors[i] = np.frombuffer(by_key[key], np.float32)
        return vectors

    def token_codes(
        self, keys: IntArray, encoder: EncoderIdentity, codec: TokenCodec
    ) -> Iterator[TokenCodes]:
        """What is kept of the tokens of passages, in the order of ascending keys.

        DamagedError when a passage has nothing.
        """
        for start in range(0, len(keys), _MANY):
            part = [int(key) for key in keys[start : start + _MANY]]
            marks = ",".join("?" * len(part))
            found = self.rows(
                f"""SELECT t.codes, t.starts FROM passages p JOIN token_codes t
                ON t.embedded = p.embedded AND t.encoder = ? AND t.codec = ?
                WHERE p.key IN ({marks}) ORDER BY p.key""",
                [encoder.fingerprint, codec.name, *part],
            )
            if len(found) != len(part):
                raise DamagedError(
                    f"{self.path}: {len(part) - len(found)} passages have no token codes; "
                    "run `pincite rebuild --reencode`"
                )
            for codes, starts in found:
                yield TokenCodes.from_bytes(codes, starts, codec)

    def texts(self, keys: IntArray) -> Iterator[tuple[int, str, str]]:
        """(key, text, header) of passages, in the order of the keys."""
        for start in range(0, len(keys), _MANY):
            part = [int(key) for key in keys[start : start + _MANY]]
            marks = ",".join("?" * len(part))
            yield from self.rows(
                f"SELECT key, text, header FROM passages WHERE key IN ({marks}) ORDER BY key", part
            )

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Queries inside see one state of the store, whatever is published meanwhile."""
        with translated(self.path), self._lock:
            self._cursor.execute("BEGIN")
            try:
                yield
            finally:
                self._cursor.execute("COMMIT")


def _same(one: NoteReference | None, other: NoteReference) -> bool:
    """Whether two references are to one note, wherever it is called."""
    return one is not None and replace(one, at=None) == replace(other, at=None)


def _passage(row: tuple[Any, ...]) -> StoredPassage:
    key, document, source, version, superseded, id_, ordinal, text, header, place, note, record = row
    return StoredPassage(
        key=key,
        document_id=document,
        source=source,
        version=version,
        superseded=bool(superseded),
        passage=passage_from_json(id_, ordinal, text, header, place, note),
        record=json.loads(record)["csl"],
    )


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
