from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.database import FILE_NAME
from index.errors import DamagedError, NoIndexError, StorageError
from index.store import Store

if TYPE_CHECKING:
    from tests.index.conftest import Shelf


def test_where_nothing_is_there_is_no_index(tmp_path: Path) -> None:
    with pytest.raises(NoIndexError, match="no index here; add documents first: pincite add PATH"):
        Store.open(tmp_path)


def test_a_file_without_tables_is_no_index(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()
    with pytest.raises(NoIndexError, match="add documents first"):
        Store.open(tmp_path)


def test_a_store_of_a_newer_format_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    shelf.store.rows("PRAGMA user_version = 99")
    with pytest.raises(StorageError, match="store format 99, this program writes format 5; use the newer"):
        Store.open(tmp_path)


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database " * 1000)
    with pytest.raises(DamagedError, match=r"the store is damaged \(file is not a database\); restore it"):
        Store.open(tmp_path)


def test_a_damaged_page_is_told_and_not_read_past(shelf: Shelf, tmp_path: Path) -> None:
    shelf.stage("doc", *(f"passage {n} of a long text" for n in range(200)))
    shelf.publish()
    shelf.store.close()
    path = tmp_path / FILE_NAME
    pages = bytearray(path.read_bytes())
    root = shelf_root(path) - 1
    pages[root * 4096 : (root + 1) * 4096] = b"\xff" * 4096
    path.write_bytes(pages)
    store = Store.open(tmp_path)
    with pytest.raises(DamagedError, match="the store is damaged"):
        store.passages([1])
    store.close()


def shelf_root(path: Path) -> int:
    """The page where the table of passages begins."""
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'passages'").fetchone()[0])


@pytest.mark.parametrize("torn", [False, True])
def test_what_a_killed_writer_left_is_read_without_writing(shelf: Shelf, tmp_path: Path, torn: bool) -> None:
    """Its log was never written back, and its last page may be torn: the last whole commit counts."""
    shelf.stage("doc", "Before.")
    shelf.publish()
    shelf.stage("doc", "After.")
    shelf.publish()
    left = tmp_path / "left"
    left.mkdir()
    for name in (FILE_NAME, f"{FILE_NAME}-wal"):
        shutil.copy(tmp_path / name, left / name)
    log = left / f"{FILE_NAME}-wal"
    if torn:
        log.write_bytes(log.read_bytes()[:-100])
    store = Store.open(left)
    assert store.generation() == (1 if torn else 2)
    assert store.document("doc").document.text == ("Before." if torn else "After.")
    assert store.rows("PRAGMA integrity_check") == [("ok",)]
    store.close()
    assert log.exists()  # closing wrote nothing back: that is the writer's work


def test_a_reader_cannot_write(shelf: Shelf, tmp_path: Path) -> None:
    written = pytest.raises(StorageError, match="attempt to write a readonly database")
    with closing(Store.open(tmp_path)) as store, written:
        store.rows("DELETE FROM documents")
