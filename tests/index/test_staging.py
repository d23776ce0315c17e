from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.codes import LateMode, TokenCodec
from index.database import FILE_NAME, SCHEMA_VERSION
from index.errors import DamagedError, StorageError
from index.records import Filters
from index.staging import Staging, embedding_key
from index.testing import HashEncoder

if TYPE_CHECKING:
    from tests.index.conftest import Shelf


def count(store: Staging) -> dict[str, int]:
    """Rows of each table."""
    tables = ("documents", "revisions", "versions", "passages", "vectors")
    return {table: store.rows(f"SELECT COUNT(*) FROM {table}")[0][0] for table in tables}


def texts(store: Staging) -> list[str]:
    """Of all passages that can be found."""
    keys = store.keys(Filters()).tolist()
    return [stored.passage.text for stored in store.passages(keys).values()]


def test_a_new_store_is_empty_durable_and_of_this_format(shelf: Shelf) -> None:
    store = shelf.store
    assert (store.generation(), store.encoder(), store.pending(), store.known()) == (0, None, False, [])
    pragmas = {
        name: store.rows(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "user_version")
    }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "user_version": SCHEMA_VERSION}


def test_a_store_is_opened_again_as_it_was_left(shelf: Shelf, tmp_path: Path) -> None:
    shelf.stage("doc", "One.", title="Title")
    shelf.store.set_encoder(shelf.encoder.identity)
    before = shelf.store.known()
    shelf.store.close()
    again = Staging.open(tmp_path)
    assert (again.known(), again.pending(), again.encoder()) == (before, True, shelf.encoder.identity)
    assert again.next_document("doc").record.title == "Title"
    again.close()


def test_a_store_of_a_newer_format_is_not_written_to(shelf: Shelf, tmp_path: Path) -> None:
    shelf.store.rows("PRAGMA user_version = 99")
    with pytest.raises(StorageError, match="store format 99"):
        Staging.open(tmp_path)


def test_what_is_staged_is_invisible_and_what_is_published_is_not(shelf: Shelf) -> None:
    shelf.stage("doc", "One.", "Two.")
    store = shelf.store
    assert (store.pending(), store.documents(), texts(store)) == (True, [], [])
    assert len(store.next_keys()) == 2
    shelf.publish()
    assert (store.pending(), len(store.documents()), texts(store)) == (False, 1, ["One.", "Two."])
    assert store.generation() == 1


def test_a_change_is_invisible_until_it_is_published(shelf: Shelf) -> None:
    shelf.stage("doc", "Old.")
    shelf.publish()
    shelf.stage("doc", "New.")
    assert texts(shelf.store) == ["Old."]
    shelf.publish()
    assert texts(shelf.store) == ["New."]


def test_a_document_that_is_staged_twice_is_kept_once(shelf: Shelf) -> None:
    shelf.stage("doc", "First try.")
    shelf.stage("doc", "Second try.", "And more.")
    assert count(shelf.store)["passages"] == 2
    shelf.publish()
    assert texts(shelf.store) == ["Second try.", "And more."]
    assert len(shelf.store.rows("SELECT 1 FROM revisions")) == 1


def test_a_document_that_is_processed_again_keeps_its_ids_and_one_copy(shelf: Shelf) -> None:
    before = shelf.stage("doc", "One.", "Two.")
    shelf.publish()
    kept = count(shelf.store)
    again = shelf.stage("doc", "One.", "Two.", title="Now with a title")
    shelf.publish()
    assert (before, kept) == (again, count(shelf.store))


def test_removing_a_document_removes_all_of_it_and_nothing_else(shelf: Shelf) -> None:
    shelf.stage("stays", "Shared words.", "Own words.")
    shelf.publish()
    without = count(shelf.store)
    shelf.stage("goes", "Shared words.", "Other words.")
    shelf.publish()
    shelf.stage("goes", "A second version.")
    shelf.publish()
    shelf.store.remove(["goes"])
    assert len(texts(shelf.store)) == 3
    assert len(shelf.store.next_keys()) == 2
    shelf.publish()
    assert texts(shelf.store) == ["Shared words.", "Own words."]
    assert count(shelf.store) == {**without, "documents": 2}  # the name stays, with the time of its end


def test_a_removed_document_comes_back_whole(shelf: Shelf) -> None:
    shelf.stage("doc", "One.", location="/a.txt")
    shelf.publish()
    shelf.store.remove(["doc"])
    shelf.publish()
    assert (shelf.store.known(), shelf.store.present()) == ([], set())
    shelf.stage("doc", "One.", location="/a.txt")
    shelf.publish()
    assert [row.location for row in shelf.store.documents()] == ["/a.txt"]


def test_staging_a_document_takes_an_unpublished_removal_back(shelf: Shelf) -> None:
    shelf.stage("doc", "One.")
    shelf.publish()
    shelf.store.remove(["doc"])
    shelf.stage("doc", "Two.")
    shelf.publish()
    assert texts(shelf.store) == ["Two."]


def test_a_place_is_free_for_another_document_once_its_own_is_being_removed(shelf: Shelf) -> None:
    shelf.stage("doc", "One.", location="/a.txt")
    shelf.publish()
    shelf.store.remove(["doc"])
    shelf.stage("other", "Two.", location="/a.txt")
    shelf.publish()
    assert [(row.id, row.location) for row in shelf.store.documents()] == [("other", "/a.txt")]


def test_a_removal_that_was_interrupted_is_still_present(shelf: Shelf) -> None:
    shelf.stage("doc", "One.")
    shelf.publish()
    shelf.store.remove(["doc"])
    assert (shelf.store.known(), shelf.store.present(), shelf.store.pending()) == ([], {"doc"}, True)


def test_renaming_changes_the_name_and_the_place_alone(shelf: Shelf) -> None:
    shelf.stage("doc", "One.", location="/a.txt")
    shelf.publish()
    before = count(shelf.store)
    shelf.store.rename("doc", "b.txt", "/b.txt")
    assert [(row.id, row.source, row.location) for row in shelf.store.documents()] == [
        ("doc", "b.txt", "/b.txt")
    ]
    assert (before, shelf.store.pending()) == (count(shelf.store), False)


def test_vectors_are_known_by_text_and_encoder(shelf: Shelf) -> None:
    many = [f"passage {n}" for n in range(1200)]
    shelf.stage("doc", *many)
    keys = [embedding_key(text) for text in [*many, "unknown"]]
    off = TokenCodec(LateMode.OFF, 0)
    assert shelf.store.embedded(keys, shelf.encoder.identity, off) == set(keys[:-1])
    assert shelf.store.embedded(keys, HashEncoder(seed="other").identity, off) == set()


def test_a_text_is_embedded_when_its_tokens_are_kept_as_asked(shelf: Shelf) -> None:
    shelf.codec = TokenCodec(LateMode.DEFAULT, 64)
    shelf.stage("doc", "one", "two")
    keys, identity = [embedding_key(text) for text in ("one", "two", "three")], shelf.encoder.identity
    assert shelf.store.embedded(keys, identity, shelf.codec) == set(keys[:2])
    assert shelf.store.embedded(keys, identity, TokenCodec(LateMode.FULL, 64)) == set()
    assert shelf.store.embedded(keys, HashEncoder(seed="b").identity, shelf.codec) == set()
    assert shelf.store.embedded(keys, identity, TokenCodec(LateMode.OFF, 64)) == set(keys[:2])


def test_publishing_forgets_the_codes_of_what_is_gone_and_of_other_codecs(shelf: Shelf) -> None:
    def kept() -> list[tuple[str, int]]:
        return shelf.store.rows("SELECT codec, count(*) FROM token_codes GROUP BY codec ORDER BY codec")

    for mode in (LateMode.FULL, LateMode.SMALL):
        shelf.codec = TokenCodec(mode, 64)
        shelf.stage("a", "one", "two")
        shelf.stage("b", "three")
    shelf.store.set_codec(shelf.codec)
    assert kept() == [("full-64", 3), ("small-64", 3)]
    shelf.store.remove(["a"])
    shelf.publish()
    assert kept() == [("small-64", 1)]


def test_keys_are_never_used_twice(shelf: Shelf) -> None:
    """The engines of a generation that is still open know passages by them."""
    shelf.stage("a", "One.")
    shelf.publish()
    (first,) = shelf.store.next_keys().tolist()
    shelf.store.remove(["a"])
    shelf.publish()
    shelf.stage("b", "Two.")
    assert shelf.store.next_keys().tolist() > [first]


def test_a_transaction_that_fails_leaves_nothing_and_the_next_one_works(shelf: Shelf) -> None:
    def fail_half_way() -> None:
        with shelf.store.transaction() as db:
            db.execute("INSERT INTO meta VALUES ('a', 'b')")
            raise KeyError

    with pytest.raises(KeyError):
        fail_half_way()
    assert shelf.store.meta("a") is None
    shelf.store.set_meta("a", "c")
    assert shelf.store.meta("a") == "c"


def test_a_full_disk_at_any_page_leaves_nothing_half_written(shelf: Shelf) -> None:
    """`max_page_count` makes SQLite say what it says on a full disk."""
    shelf.stage("old", "Old words.")
    shelf.publish()
    store, before = shelf.store, count(shelf.store)
    pages = store.rows("PRAGMA page_count")[0][0]
    words = [f"passage {n} {'word ' * 40}" for n in range(30)]
    refused = 0
    for limit in range(pages, pages + 200, 2):
        store.rows(f"PRAGMA max_page_count = {limit}")
        try:
            shelf.stage("new", *words)
            break
        except StorageError as error:
            assert str(error).endswith(  # noqa: PT017 - whether it fails depends on the limit
                f"{FILE_NAME}: database or disk is full; check the disk and the folder's permissions"
            )
            refused += 1
            assert (count(store), store.pending()) == (before, False)
    assert refused > 3
    assert count(store)["passages"] == before["passages"] + 30
    assert store.rows("PRAGMA integrity_check") == [("ok",)]


def test_a_rule_of_the_store_that_is_broken_is_told(shelf: Shelf) -> None:
    with pytest.raises(DamagedError, match="FOREIGN KEY constraint failed"), shelf.store.transaction() as db:
        db.execute("INSERT INTO revisions VALUES (1, 'none', 'none', '', '', '', '')")


def test_a_folder_where_nothing_can_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(StorageError, match="unable to open database file; check the disk and the folder's"):
        Staging.open(tmp_path)
