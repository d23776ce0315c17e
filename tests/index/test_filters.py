from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.records import Locator
from index.filters import fold, fold_names, is_called
from index.records import Filters

if TYPE_CHECKING:
    from tests.index.conftest import Shelf


def found(shelf: Shelf, filters: Filters) -> str:
    """Ids of the documents with passages that pass, in a row."""
    keys = shelf.store.keys(filters).tolist()
    return "".join(sorted(stored.document_id for stored in shelf.store.passages(keys).values()))


def test_within_a_field_any_value_passes_and_fields_pass_together(shelf: Shelf) -> None:
    shelf.stage("a", "x", type="report", author=[{"literal": "Leyla Əliyeva"}])
    interview = Locator(section=("II. Energy",), speaker="Mevlüt Çavuşoğlu")
    author = {"given": "John", "family": "Smith"}
    shelf.stage("b", "y", locator=interview, type="interview", author=[author])
    chapter = Locator(section=("I. Energy", 'The "deal"'), section_authors=("Oruc Ə.",))
    shelf.stage("c", "z", locator=chapter, type="report")
    signed = Locator(section_authors=("Vali Nur",), author_variants=("Veli Nur",))
    shelf.stage(
        "d", "v", locator=signed, type="article", author=[{"literal": "Vali Nur"}, {"literal": "Zoe"}]
    )
    shelf.publish()
    expected = {
        Filters(): "abcd",
        Filters(document_id=("a",)): "a",
        Filters(document_id=("a", "c", "none")): "ac",
        Filters(document_id=tuple(f"none{n}" for n in range(2000))): "",
        Filters(type=("Report",)): "ac",
        Filters(type=("interview", "book")): "b",
        Filters(author=("shusha",)): "",
        Filters(author=("Leyla Əliyeva",)): "a",
        Filters(author=("ƏLIYEVA",)): "a",
        Filters(author=("John Smith",)): "b",
        Filters(author=("smith", "leyla")): "ab",
        Filters(author=("family",)): "",  # the name of a field, not of a person
        Filters(author=("{",)): "",
        Filters(author=("Oruc",)): "c",  # of a section
        Filters(author=("vali",)): "d",
        Filters(author=("Veli Nur",)): "d",  # as the document prints it elsewhere
        Filters(author=("Zoe",)): "",  # of another section
        Filters(speaker=("cavusoglu",)): "b",
        Filters(section=("energy",)): "bc",
        Filters(section=('the "deal"',)): "c",
        Filters(section=("energy",), type=("report",)): "c",
        Filters(section=("energy",), type=("report",), author=("smith",)): "",
    }
    assert {filters: found(shelf, filters) for filters in expected} == expected


def test_a_date_passes_when_it_may_lie_between_the_ends(shelf: Shelf) -> None:
    """A document of 2022 may be of any day of that year; one without a date never passes."""
    for name, issued in (("y", "2022"), ("m", "2022-03"), ("d", "2022-03-15")):
        shelf.stage(name, name, issued=issued)
    shelf.stage("undated", "undated")
    shelf.publish()
    expected = {
        Filters(date_from="2022"): "dmy",
        Filters(date_from="2022-03"): "dmy",
        Filters(date_from="2022-03-15"): "dmy",
        Filters(date_from="2022-03-16"): "my",
        Filters(date_from="2022-04"): "y",
        Filters(date_from="2023"): "",
        Filters(date_to="2021"): "",
        Filters(date_to="2022"): "dmy",
        Filters(date_to="2022-02"): "y",
        Filters(date_to="2022-03"): "dmy",
        Filters(date_to="2022-03-14"): "my",
        Filters(date_to="2022-03-15"): "dmy",
        Filters(date_from="2022-03-15", date_to="2022-03-15"): "dmy",
        Filters(date_from="2022-05-01", date_to="2022-06"): "y",
    }
    assert {filters: found(shelf, filters) for filters in expected} == expected


def test_only_what_is_published_passes(shelf: Shelf) -> None:
    shelf.stage("a", "one", type="report")
    shelf.publish()
    shelf.stage("a", "two", type="report")
    shelf.stage("b", "three", type="report")
    keys = shelf.store.keys(Filters(type=("report",))).tolist()
    assert [s.passage.text for s in shelf.store.passages(keys).values()] == ["one"]


def test_names_are_folded_without_case_and_accents() -> None:
    folded = [fold(name) for name in ("Çavuşoğlu", "CAVUSOGLU", "İlham Əliyev", "Straße", None)]
    assert folded == ["cavusoglu", "cavusoglu", "ilham əliyev", "strasse", None]


def test_lists_of_names_are_folded_as_people_write_them() -> None:
    authors = '[{"given": "John", "family": "Smith"}, {"literal": "The Council"}, "Əli"]'
    assert fold_names(authors) == "john smith\nthe council\nəli"
    assert (fold_names("[]"), fold_names(None)) == ("", None)


@pytest.mark.parametrize(
    ("speaker", "asked", "expected"),
    [
        ("Ruth Dunne", "Mrs. Dunne", True),
        ("Ruth Dunne", "dunne", True),
        ("Dunne", "Mrs. Dunne", True),
        ("Mrs. Dunne", "mrs. dunne", True),
        ("Mr. Dunne", "Mrs. Dunne", False),
        ("Mr. Dunne", "Dunne", True),
        ("Ruth Dunne", "Dr. Holm", False),
        ("Ruth Dunne", "Mrs.", False),
        (None, "Dunne", False),
    ],
)
def test_a_form_of_address_counts_only_where_the_speaker_has_one(
    speaker: str | None, asked: str, expected: bool
) -> None:
    assert is_called(speaker, asked) is expected
