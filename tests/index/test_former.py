from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.records import Locator, Span
from index.errors import GoneError, NotFoundError
from index.former import FormerPassage, Tombstone
from index.store import Store

if TYPE_CHECKING:
    from tests.index.conftest import Shelf


@pytest.fixture
def store(shelf: Shelf, tmp_path: Path) -> Iterator[Store]:
    """The shelf's store, as a reader opens it."""
    store = Store.open(tmp_path)
    yield store
    store.close()


def _remove(shelf: Shelf, id_: str) -> None:
    shelf.store.remove([id_])
    shelf.publish()


def test_a_tombstone_says_what_the_document_was() -> None:
    record = {"author": [{"literal": "Ada Lind"}, {"given": "B.", "family": "Okoro"}], "title": "The Pact"}
    stone = Tombstone("d", "v", "pact.md", record | {"issued": "2021"}, "2026-11-22T10:00:00+00:00")
    assert str(stone) == "Ada Lind and B. Okoro, The Pact, 2021, pact.md; removed on 2026-11-22"


def test_a_removed_document_is_said_to_be_gone_and_what_it_was(shelf: Shelf, store: Store) -> None:
    (passage,) = shelf.stage("doc", "One.", title="The Pact")
    shelf.publish()
    version = store.document("doc").document.version
    _remove(shelf, "doc")
    for look in (
        lambda: store.document("doc"),
        lambda: store.document("doc", version),
        lambda: store.version(version[:16]),
        lambda: store.passage(passage.id),
    ):
        with pytest.raises(GoneError, match=r"no longer here\. It was: The Pact, doc\.txt; removed on 2"):
            look()


def test_a_tombstone_keeps_what_names_the_work_and_nothing_of_its_text(shelf: Shelf, store: Store) -> None:
    secret = "Words that must be forgotten."
    shelf.stage("doc", secret, title="The Pact", abstract=secret, keyword="forgotten", note=secret)
    shelf.publish()
    _remove(shelf, "doc")
    kept = store.rows("SELECT document, source, record FROM tombstones")
    assert kept == [("doc", "doc.txt", '{"title":"The Pact"}')]
    tables = [name for (name,) in store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    everything = str([store.rows(f"SELECT * FROM {name}") for name in tables])
    assert "forgotten" not in everything


def test_a_document_that_comes_back_is_gone_no_more(shelf: Shelf, store: Store) -> None:
    shelf.stage("doc", "One.", title="The Pact")
    shelf.publish()
    _remove(shelf, "doc")
    shelf.stage("doc", "One.", title="The Pact")
    shelf.publish()
    assert store.document("doc").document.text == "One."
    assert store.rows("SELECT * FROM tombstones") == []


def test_what_stands_in_another_document_too_is_not_gone(shelf: Shelf, store: Store) -> None:
    shelf.stage("a", "One.")
    shelf.stage("b", "One.")
    shelf.publish()
    version = store.document("a").document.version
    _remove(shelf, "a")
    assert store.version(version[:12]) == version
    with pytest.raises(GoneError):
        store.document("a")


def test_a_passage_of_a_former_splitting_is_remembered_by_its_place(shelf: Shelf, store: Store) -> None:
    first, second = shelf.stage("doc", "One.", "Two.")
    shelf.publish()
    version = store.document("doc").document.version
    shelf.stage("doc", "One.\nTwo.")  # the same content, split in another way
    shelf.publish()
    assert store.former_passage(second.id) == FormerPassage("doc", version, (Span(5, 9),))
    with pytest.raises(NotFoundError, match=f"its document doc was split anew; `pincite cite {first.id}`"):
        store.passage(first.id)


def test_an_unknown_passage_has_no_former_place(shelf: Shelf, store: Store) -> None:
    assert store.former_passage("psg_nothing") is None


# --- versions by their beginnings, places in them -----------------------------------------------------


def test_a_beginning_names_a_version_when_no_other_begins_so(shelf: Shelf, store: Store) -> None:
    shelf.stage("doc", "One.")
    shelf.publish()
    version = store.document("doc").document.version
    assert [store.version(version[:n]) for n in (1, 8, 16, 64)] == [version] * 4
    assert store.document("doc", version[:16]).document.version == version


def test_a_beginning_of_several_versions_is_refused(shelf: Shelf, store: Store) -> None:
    for n in range(17):  # of 17 digests two begin with the same digit
        shelf.stage("doc", f"Text {n}.")
        shelf.publish()
    versions = [sha for (sha,) in store.rows("SELECT sha256 FROM versions")]
    digit = next(d for d in "0123456789abcdef" if sum(v.startswith(d) for v in versions) > 1)
    with pytest.raises(NotFoundError, match=rf"versions begin with '{digit}'; give more of it"):
        store.version(digit)
    with pytest.raises(NotFoundError, match=rf"versions of document doc begin with {digit}; give more of it"):
        store.document("doc", digit)


@pytest.mark.parametrize("beginning", ["%", "_", "g", "zz", "0" * 64])
def test_what_begins_no_version_is_not_found(beginning: str, shelf: Shelf, store: Store) -> None:
    shelf.stage("doc", "One.")
    shelf.publish()
    with pytest.raises(NotFoundError, match=f"no version {beginning} in this index"):
        store.version(beginning)
    with pytest.raises(NotFoundError, match=f"no version {beginning} of document doc in this index"):
        store.document("doc", beginning)


def test_an_empty_beginning_names_no_version(shelf: Shelf, store: Store) -> None:
    shelf.stage("doc", "One.")
    shelf.publish()
    with pytest.raises(NotFoundError):
        store.version("")


def test_what_is_staged_has_no_version_yet(shelf: Shelf, store: Store) -> None:
    shelf.stage("doc", "One.")
    version = shelf.store.rows("SELECT sha256 FROM versions")[0][0]
    with pytest.raises(NotFoundError):
        store.version(version)
    with pytest.raises(NotFoundError):
        store.passages_at(version, Span(0, 4))


def test_passages_are_found_by_the_place_they_stand_at(shelf: Shelf, store: Store) -> None:
    shelf.stage("doc", "One.", "Two.", "Three.", locator=Locator(pages=("7",)))
    shelf.publish()
    version = store.document("doc").document.version

    def at(start: int, end: int) -> list[str]:
        return [stored.passage.text for stored in store.passages_at(version, Span(start, end))]

    assert (at(0, 1), at(3, 6), at(4, 5), at(0, 99)) == (
        ["One."],
        ["One.", "Two."],
        [],
        ["One.", "Two.", "Three."],
    )
