from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from corpus.records import Locator
from index.facets import Catalogue, Facets, Value
from index.records import Filters
from index.store import Store

if TYPE_CHECKING:
    from tests.index.conftest import Shelf

ADA = {"given": "Ada", "family": "Lind"}
BEN = {"literal": "Ben Okoro"}


@pytest.fixture
def store(shelf: Shelf, tmp_path: Path) -> Iterator[Store]:
    """The shelf's store, as a reader opens it."""
    store = Store.open(tmp_path)
    yield store
    store.close()


def test_values_are_counted_by_documents_the_most_frequent_first(shelf: Shelf, store: Store) -> None:
    shelf.stage("a", "One.", "Two.", type="report", author=[BEN, ADA], issued="2021-05")
    shelf.stage("b", "Three.", type="Report", author=[ADA], issued="2019")
    shelf.stage("c", "Four.", type="book", author=[ADA], issued="n.d.")
    shelf.stage("d", "Five.")
    shelf.publish()
    assert Catalogue(store).facets() == Facets(
        documents=4,
        types=(Value("report", 2), Value("book", 1)),
        authors=(Value("Ada Lind", 3), Value("Ben Okoro", 1)),
        years=(Value("2019", 1), Value("2021", 1)),
    )


def test_who_signs_a_section_or_speaks_is_counted_in_place_of_who_signs_the_whole(
    shelf: Shelf, store: Store
) -> None:
    shelf.stage("a", "One.", author=[ADA], locator=Locator(section_authors=("Cora Diaz",), speaker="Ruth"))
    shelf.publish()
    found = Catalogue(store).facets()
    assert (found.authors, found.speakers) == ((Value("Cora Diaz", 1),), (Value("Ruth", 1),))


def test_every_value_leads_to_as_many_documents_as_it_says(shelf: Shelf, store: Store) -> None:
    """The filters find what the facets count."""
    shelf.stage("a", "One.", type="report", author=[ADA], locator=Locator(speaker="Ruth Dunne"))
    shelf.stage("b", "Two.", type="report", author=[BEN], issued="2020-02-03")
    shelf.stage(
        "c", "Three.", type="book", author=[ADA], issued="2020", locator=Locator(section_authors=("X",))
    )
    shelf.publish()
    found = Catalogue(store).facets()

    def lead(filters: Filters) -> int:
        return len(store.documents_of(store.keys(filters)))

    told: list[tuple[str, Sequence[Value]]] = [
        ("type", found.types),
        ("author", found.authors),
        ("speaker", found.speakers),
    ]
    for field, values in told:
        given: list[dict[str, Any]] = [{field: (value.value,)} for value in values]
        assert [lead(Filters(**one)) for one in given] == [value.documents for value in values]
    years = [lead(Filters(date_from=year.value, date_to=year.value)) for year in found.years]
    assert years == [year.documents for year in found.years] == [2]


class Watched(Store):
    """Tells how many parameters each query had."""

    asked: list[int]

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        self.asked = [*getattr(self, "asked", []), len(parameters)]
        return super().rows(sql, parameters)


def test_only_what_is_published_counts_and_only_what_changed_is_read_again(
    shelf: Shelf, tmp_path: Path
) -> None:
    shelf.stage("a", "One.", type="report")
    shelf.stage("b", "Two.", type="book")
    shelf.publish()
    with closing(Watched.open(tmp_path)) as store:
        catalogue = Catalogue(store)
        before = catalogue.facets()
        shelf.stage("b", "Two and a half.", type="film")
        assert catalogue.facets() is before
        shelf.publish()
        store.asked = []  # type: ignore[attr-defined]  # `open` is told to return a Store
        assert catalogue.facets().types == (Value("film", 1), Value("report", 1))
        # The generation, the documents, and the one revision that is new.
        assert store.asked == [1, 0, 1]  # type: ignore[attr-defined]


def test_an_empty_store_has_nothing_to_narrow_by(shelf: Shelf, store: Store) -> None:
    assert Catalogue(store).facets() == Facets()
