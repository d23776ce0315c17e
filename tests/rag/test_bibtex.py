from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.bibtex import bibtex, escaped
from rag.reference import Reference

WORK: dict[str, Any] = {
    "id": "lind2021river",
    "type": "report",
    "title": "The River Pact",
    "author": [{"family": "Lind", "given": "Ada"}, {"literal": "Rivers & Sons"}],
    "publisher": "Institute of Rivers",
    "publisher-place": "Morava",
    "issued": {"date-parts": [[2021, 5]]},
    "URL": "http://x.org/d/1",
}


def test_an_entry_has_the_work_and_the_place() -> None:
    place = Reference(WORK, pages=("14", "15"), section="Origins", url="http://x.org/d/1?c=1-2#c=1-2")
    assert bibtex([place]) == (
        "@techreport{lind2021river,\n"
        "  author = {Lind, Ada and {Rivers \\& Sons}},\n"
        "  title = {{The River Pact}},\n"
        "  institution = {Institute of Rivers},\n"
        "  address = {Morava},\n"
        "  year = {2021},\n"
        "  url = {http://x.org/d/1},\n"
        "  note = {Cited: pp. 14–15, sec. “Origins” \\url{http://x.org/d/1?c=1-2#c=1-2}},\n"
        "  month = may,\n"
        "}\n"
    )


def test_an_entry_of_several_places_has_them_all() -> None:
    places = [Reference(WORK, pages=("3",), url="u"), Reference(WORK, pages=("9",), url="v")]
    assert r"  note = {Cited: p. 3 \url{u}; p. 9 \url{v}}," in bibtex(places)


def test_a_work_without_a_place_has_no_note() -> None:
    assert "note" not in bibtex([Reference(WORK)])


def test_a_chapter_stands_in_its_book() -> None:
    chapter = WORK | {"type": "chapter", "container-title": "The Rivers", "chapter-number": "3"}
    made = bibtex([Reference(chapter)])
    assert made.startswith("@incollection{")
    assert "  booktitle = {The Rivers},\n  publisher = {Institute of Rivers}," in made
    assert "  chapter = {3}," in made


def test_an_interview_says_who_asked_and_where() -> None:
    asked = [{"family": "Okoro", "given": "Ben"}, {"literal": "Cora Maria Diaz"}]
    talk = WORK | {"type": "interview", "interviewer": asked, "container-title": "The Journal"}
    made = bibtex([Reference(talk)])
    assert made.startswith("@misc{")
    assert "  howpublished = {Interview by Ben Okoro and Cora Maria Diaz, The Journal}," in made


def test_particles_stay_with_the_family() -> None:
    name = {"family": "Gogh", "given": "V.", "non-dropping-particle": "van"}
    assert "author = {van Gogh, V.}," in bibtex([Reference(WORK | {"author": [name]})])


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Oil & gas: 50% of $x_1$ #1", r"Oil \& gas: 50\% of \$x\_1\$ \#1"),
        (
            "{braces} \\ ~ ^",
            r"\textbraceleft{}braces\textbraceright{} \textbackslash{} \textasciitilde{} \textasciicircum{}",
        ),
        ("Şuşa – «тест»", "Şuşa – «тест»"),
        ("two\nlines\r\nand\x00 more", "two lines and more"),
    ],
)
def test_what_latex_would_obey_is_escaped(text: str, written: str) -> None:
    assert escaped(text) == written


def test_braces_in_addresses_are_encoded() -> None:
    assert "url = {http://x.org/%7Ba%7D%5C%20b}," in bibtex(
        [Reference(WORK | {"URL": r"http://x.org/{a}\ b"})]
    )


@given(st.text(max_size=40))
@settings(deadline=None, max_examples=200)
def test_whatever_a_title_holds_the_entry_stays_one(title: str) -> None:
    """Braces pair, those behind a backslash too, and no line of the title ends the field."""
    made = bibtex([Reference(WORK | {"title": f"x{title}", "URL": f"http://x.org/{title}"})])
    for line in made.splitlines()[1:-1]:
        depth = 0
        for character in line:
            depth += (character == "{") - (character == "}")
            assert depth >= 0
        assert depth == 0
    assert made.count("\n@") == 0
    assert len(made.splitlines()) == len(bibtex([Reference(WORK)]).splitlines())
