from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.listing import Heading, headings, listed
from index.store import Store

if TYPE_CHECKING:
    from tests.index.conftest import Desk, Shelf


@pytest.fixture
def store(shelf: Shelf, tmp_path: Path) -> Iterator[Store]:
    """Three published documents and one that is not."""
    shelf.stage("a", "One.", "Two.", title="Das Öl der Küste", author=[{"given": "Ada", "family": "Lind"}])
    shelf.stage("b", "Three.", title="Oil")
    shelf.stage("c", "Four.")
    shelf.publish()
    shelf.stage("d", "Five.", title="Oil, too")
    store = Store.open(tmp_path)
    yield store
    store.close()


def test_a_part_of_the_list_is_that_part_of_the_whole(store: Store) -> None:
    whole = store.documents()
    assert listed(store).rows == tuple(whole)
    part = listed(store, skip=1, limit=1)
    assert (part.total, part.rows) == (3, tuple(whole[1:2]))
    assert listed(store, skip=9).rows == ()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("", ["a", "b", "c"]),
        ("OIL", ["b"]),
        ("ol kuste", ["a"]),
        ("lind ÖL", ["a"]),
        ("c.txt", ["c"]),
        ("oil lind", []),
        ("%", []),
    ],
)
def test_all_the_words_must_be_in_what_a_document_is_called(
    wanted: str, found: list[str], store: Store
) -> None:
    """In its title, its file or its authors; without case and accents."""
    listing = listed(store, wanted)
    assert ([row.id for row in listing.rows], listing.total) == (found, len(found))


def test_headings_are_the_longest_short_ones_of_the_documents_added_last(desk: Desk) -> None:
    desk.write(
        "a.md",
        "# The first of all\n\nWords.\n\n## Origins of the pact\n\nWords.\n\n## Of other things\n\nMore.",
    )
    desk.write("b.md", "# A title alone\n\nWords.\n\n## Short\n\nWords.")
    desk.write("c.txt", "No heading at all.")
    desk.add()
    store = desk.reader().store
    ids = {row.source: row.id for row in store.documents()}
    assert headings(store, 6) == [
        Heading(ids["b.md"], "A title alone"),
        Heading(ids["a.md"], "Origins of the pact"),
    ]
