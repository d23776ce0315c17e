"""The file that holds the store: its tables, how it is opened, and what its errors are called.

Debian 12 ships an SQLite whose WAL reset can corrupt a database (fixed after 3.40.1). So every write,
checkpoint and last close happens under the one writer's lock: readers open read-only, and a read-only
connection never checkpoints.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import DamagedError, NoIndexError, StorageError
from index.filters import fold, fold_names, is_called

FILE_NAME = "pincite.db"
SCHEMA_VERSION = 5
SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE versions (                -- a file's content, immutable
    sha256 TEXT PRIMARY KEY, media_type TEXT NOT NULL, characters INTEGER NOT NULL, text TEXT NOT NULL);
CREATE TABLE originals (               -- of files that are no text: their bytes, and what a loader read
    sha256 TEXT PRIMARY KEY REFERENCES versions(sha256) ON DELETE CASCADE,
    data BLOB NOT NULL, manuscript BLOB NOT NULL);
CREATE TABLE documents (               -- a source, whatever it contains at the time
    id TEXT PRIMARY KEY, source TEXT NOT NULL, location TEXT UNIQUE, added TEXT NOT NULL,
    live INTEGER, staged INTEGER, removing INTEGER NOT NULL DEFAULT 0, removed TEXT);
CREATE TABLE revisions (               -- one processing of a version: record, structure, passages
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    document TEXT NOT NULL REFERENCES documents(id), sha256 TEXT NOT NULL REFERENCES versions(sha256),
    recipe TEXT NOT NULL, record TEXT NOT NULL, structure TEXT NOT NULL, created TEXT NOT NULL);
CREATE INDEX revisions_document ON revisions(document, sha256);
CREATE INDEX revisions_version ON revisions(sha256);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: the engines know passages by it
    revision INTEGER NOT NULL REFERENCES revisions(key) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, id TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    text TEXT NOT NULL, header TEXT NOT NULL, place TEXT NOT NULL, embedded BLOB NOT NULL,
    note TEXT,                             -- the number of the note that it defines
    signs INTEGER NOT NULL);               -- whether it names the authors of its section
CREATE INDEX passages_id ON passages(id);
CREATE INDEX passages_revision ON passages(revision, ordinal);
CREATE INDEX passages_embedded ON passages(embedded);
CREATE INDEX passages_note ON passages(note) WHERE note IS NOT NULL;
CREATE INDEX passages_signs ON passages(revision) WHERE signs;
CREATE TABLE former_passages (         -- of earlier splittings and removed documents: where they stood
    id TEXT PRIMARY KEY, document TEXT NOT NULL, sha256 TEXT NOT NULL, spans TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tombstones (              -- what removed documents were, without a word of their text
    document TEXT NOT NULL, sha256 TEXT NOT NULL, source TEXT NOT NULL, record TEXT NOT NULL,
    removed TEXT NOT NULL, PRIMARY KEY (document, sha256)) WITHOUT ROWID;
CREATE TABLE vectors (                 -- by text and encoder: a changed file embeds only what changed
    embedded BLOB NOT NULL, encoder TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (embedded, encoder)
) WITHOUT ROWID;
CREATE TABLE token_codes (             -- of the same texts: rows of `codec`, and where each token starts
    embedded BLOB NOT NULL, encoder TEXT NOT NULL, codec TEXT NOT NULL, codes BLOB NOT NULL,
    starts BLOB NOT NULL, PRIMARY KEY (embedded, encoder, codec));
"""


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection in autocommit mode (`ro`, `rw` or `rwc`), its format checked."""
    with translated(path):
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=30,
        )
    try:
        with translated(path):
            connection.execute("PRAGMA foreign_keys = ON")
            connection.create_function("fold", 1, fold, deterministic=True)
            connection.create_function("fold_names", 1, fold_names, deterministic=True)
            connection.create_function("is_called", 2, is_called, deterministic=True)
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, SCHEMA_VERSION):
            remedy = (
                "use the newer pincite, or another data folder"
                if version > SCHEMA_VERSION
                else "it was made by an earlier pincite: add the documents again, into another data folder"
            )
            raise StorageError(
                f"{path}: store format {version}, this program writes format {SCHEMA_VERSION}; {remedy}"
            )
        if version == 0 and mode == "ro":
            raise NoIndexError(f"{path.parent}: no index here; add documents first: pincite add PATH")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """SQLite's errors as ours, with what to do."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a mistake of ours
    except sqlite3.OperationalError as error:
        raise StorageError(f"{path}: {error}; check the disk and the folder's permissions") from error
    except sqlite3.DatabaseError as error:
        raise DamagedError(
            f"{path}: the store is damaged ({error}); restore it from a backup or add again"
        ) from error
    except UnicodeEncodeError as error:
        raise StorageError(f"{path}: {error.object!r} is not valid Unicode; nothing here has it") from error
