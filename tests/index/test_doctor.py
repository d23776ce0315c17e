from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from index import generation
from index.doctor import examine
from index.errors import NoIndexError

if TYPE_CHECKING:
    from tests.index.conftest import Desk


def test_where_there_is_no_index_there_is_nothing_to_examine(desk: Desk) -> None:
    with pytest.raises(NoIndexError):
        examine(desk.data)


def test_an_index_in_order_is_described(desk: Desk) -> None:
    desk.write("a.txt", "One.")
    desk.write("b.txt", "Two.")
    desk.add()
    facts = examine(desk.data)
    files = str(facts.pop("files"))
    identity = desk.encoder.identity
    assert facts == {
        "index": "ok",
        "generation": 1,
        "documents": 2,
        "passages": 2,
        "embedded by": f"hash, float32, weights {identity.weights[:12]}…",
    }
    assert files.startswith("store ")
    assert files.endswith(" a passage)")


def test_a_damaged_generation_is_told_and_left_as_it_is(desk: Desk) -> None:
    desk.write("a.txt", "One.")
    desk.add()
    path = generation.folder(desk.data, 1) / "dense.faiss"
    path.write_bytes(b"harmed")
    told = str(examine(desk.data)["index"])
    assert told.startswith(f"{path}: sha256 ")
    assert told.endswith(
        "the generation is rebuilt from the store when it is next opened, or by: pincite rebuild"
    )
    assert path.read_bytes() == b"harmed"


def test_a_damaged_store_is_told(desk: Desk) -> None:
    desk.write("a.txt", "One.")
    desk.add()
    with closing(sqlite3.connect(desk.data / "pincite.db")) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("DELETE FROM sqlite_master WHERE name = 'passages_id'")  # a page that nothing names
        db.commit()
    assert "the store is damaged" in str(examine(desk.data)["index"])


def test_a_folder_where_nothing_was_published_is_described(desk: Desk) -> None:
    with desk.writer():
        pass
    assert examine(desk.data)["index"] == "nothing was published yet; add documents: pincite add PATH"
