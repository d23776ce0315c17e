from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.load import load
from corpus.passages import split
from corpus.records import Locator, Section, Span
from index.records import StoredPassage
from index.testing import HashEncoder
from rag.cite import cite
from rag.reference import Reference, item, page_range, refer
from rag.testing import Texts, stored_passage

HOME = "http://x.org/d/1"
HAIR = {"family": "Lind", "given": "Ada"}


@pytest.mark.parametrize(
    ("labels", "written"),
    [
        (("14",), "14"),
        (("14", "15"), "14–15"),
        (("14", "15", "16"), "14–16"),
        (("14", "17"), "14, 17"),
        (("xii", "xiii"), "xii, xiii"),
    ],
)
def test_pages_are_a_range_only_where_they_follow_each_other(labels: tuple[str, ...], written: str) -> None:
    assert page_range(labels) == written


@pytest.mark.parametrize(
    ("reference", "pinpoint"),
    [
        (Reference({}), ""),
        (Reference({}, pages=("14",)), "p. 14"),
        (Reference({}, pages=("14", "15"), section="2. Why?"), "pp. 14–15, sec. “2. Why?”"),
        (Reference({}, section="Origins", voice="Ada Lind, turn 4"), "sec. “Origins”, Ada Lind, turn 4"),
        (Reference({}, pages=("14",), note="16"), "p. 14, n. 16"),
    ],
)
def test_a_pinpoint_tells_all_that_is_known(reference: Reference, pinpoint: str) -> None:
    assert reference.pinpoint == pinpoint


def test_a_record_becomes_an_item_of_csl_and_nothing_else() -> None:
    csl = {
        "type": "report",
        "title": "The  River\nPact",
        "subtitle": "A History",
        "author": [{"literal": "Ada Lind"}],
        "publisher": "Institute of Rivers",
        "issued": "2021-05",
        "language": "en",
        "abstract": "Long.",
        "layout": "post",
    }
    assert item(csl, "pact.md", HOME) == {
        "id": "lind2021river",
        "type": "report",
        "title": "The River Pact: A History",
        "author": [HAIR],
        "publisher": "Institute of Rivers",
        "issued": {"date-parts": [[2021, 5]]},
        "language": "en",
        "URL": HOME,
    }


def test_of_what_a_record_does_not_know_nothing_is_said() -> None:
    assert item({}, "pact.md", HOME) == {
        "id": "pactmd",
        "type": "document",
        "title": "pact.md",
        "URL": HOME,
    }


def test_the_address_of_a_work_of_its_own_wins_over_ours() -> None:
    assert item({"URL": "https://rivers.example/pact"}, "a", HOME)["URL"] == "https://rivers.example/pact"


@pytest.mark.parametrize(
    ("literal", "name"),
    [
        ("Ada Lind", HAIR),
        ("Dr. Ada Lind", HAIR),
        ("J. B. Okoro", {"family": "Okoro", "given": "J. B."}),
        ("Ana de la Cruz", {"family": "Cruz", "given": "Ana", "non-dropping-particle": "de la"}),
        ("Institute of Rivers", {"literal": "Institute of Rivers"}),
        ("World Bank", {"literal": "World Bank"}),
        ("Ana Maria Cruz", {"literal": "Ana Maria Cruz"}),  # whose family name may be two words
        ("Plato", {"literal": "Plato"}),
    ],
)
def test_a_name_is_parted_only_where_that_is_sure(literal: str, name: dict[str, str]) -> None:
    assert item({"author": [{"literal": literal}]}, "a", HOME)["author"] == [name]


def test_names_given_in_parts_stay_as_they_are() -> None:
    given = {"family": "Krnjević Mišković", "given": "Damjan"}
    assert item({"author": [given]}, "a", HOME)["author"] == [given]


@pytest.mark.parametrize("guest", ["Ada Lind", ["Ada Lind"], [{"literal": "Ada Lind"}]])
def test_the_guest_of_an_interview_is_its_author(guest: object) -> None:
    csl = {"type": "interview", "interviewee": guest, "interviewer": [{"literal": "The Journal"}]}
    made = item(csl, "a", HOME)
    assert (made["author"], made["interviewer"]) == ([HAIR], [{"literal": "The Journal"}])
    assert "interviewee" not in made


REPORT = """---
title: The Rivers
type: report
author: [Ada Lind, Ben Okoro]
issued: 2021
publisher: Institute of Rivers
---
# Upstream

By Cora Diaz

The upper river is fast. Boats do not go there.

## Rapids

The rapids are long. Nobody crosses them.

# Downstream

The lower river is slow.
"""


def _shelved() -> tuple[Texts, list[StoredPassage]]:
    document = load(REPORT.encode(), "rivers.md")
    upstream, rapids, downstream = document.structure.sections
    signed = (
        replace(upstream, authors=("Cora Diaz",), number="1"),
        replace(rapids, authors=("Cora Diaz",)),
        downstream,
    )
    document = replace(document, structure=replace(document.structure, sections=signed))
    passages = split(document, HashEncoder().count_tokens)
    stored = [replace(stored_passage(p, document.version), record=document.record.csl) for p in passages]
    return Texts(document), stored


def _of_words(words: str) -> Reference:
    """The reference of words of the report."""
    store, passages = _shelved()
    (stored,) = (stored for stored in passages if words in stored.passage.text)
    start = stored.passage.text.index(words)
    return refer(store, cite(store, stored, start, start + len(words)), f"{HOME}#there", HOME)


def test_a_signed_section_is_a_chapter_of_its_document() -> None:
    reference = _of_words("The rapids are long.")
    assert reference == Reference(
        work={
            "id": "diaz2021upstream",
            "type": "chapter",
            "title": "Upstream",
            "container-title": "The Rivers",
            "author": [{"family": "Diaz", "given": "Cora"}],
            "publisher": "Institute of Rivers",
            "issued": {"date-parts": [[2021]]},
            "URL": HOME,
            "chapter-number": "1",
        },
        section="Rapids",
        url=f"{HOME}#there",
    )


def test_what_nobody_signs_is_the_documents() -> None:
    reference = _of_words("The lower river")
    assert (reference.work["type"], reference.work["title"]) == ("report", "The Rivers")
    assert reference.pinpoint == "sec. “Downstream”"


def _of(locator: Locator, record: dict[str, object]) -> Reference:
    """The reference of a passage with this locator."""
    document = load(b"The harbour is deep.", "talk.txt")
    (passage,) = split(document, HashEncoder().count_tokens)
    stored: StoredPassage = replace(stored_passage(passage, document.version), record=record)
    return refer(Texts(document), replace(cite(Texts(document), stored), locator=locator), HOME, HOME)


TALK: dict[str, object] = {"type": "interview", "title": "Talk", "author": [{"literal": "Ada Lind"}]}


@pytest.mark.parametrize(
    ("locator", "pinpoint"),
    [
        (Locator(speaker="Ada Lind", turn=4), "turn 4"),
        (Locator(speaker="The Journal", turn=3), "The Journal, turn 3"),
        (Locator(speaker="Ada Lind", turn=4, pages=("9",)), "p. 9"),
        (Locator(speaker="The Journal", turn=3, pages=("9",)), "p. 9, The Journal, turn 3"),
        (Locator(section=("Talk", "The war")), "sec. “The war”"),
    ],
)
def test_who_speaks_is_told_unless_it_is_the_author_in_a_known_place(locator: Locator, pinpoint: str) -> None:
    """Nor is the title of the work told again as a section."""
    assert _of(locator, TALK).pinpoint == pinpoint


def test_a_note_is_cited_by_its_number() -> None:
    document = load(b"The harbour is deep.[^7]\n\n[^7]: Atlas, p. 3.\n", "a.md")
    body, note = split(document, HashEncoder().count_tokens)
    store, passages = Texts(document), [stored_passage(p, document.version) for p in (body, note)]
    pinpoints = [refer(store, cite(store, stored), HOME, HOME).pinpoint for stored in passages]
    assert pinpoints == ["", "n. 7"]


def test_a_section_that_several_sign_is_told_apart_from_the_document_by_its_authors() -> None:
    section = Section(0, None, 1, None, "Origins", ("Ada Lind",), Span(0, 1), Span(0, 20))
    document = load(b"The harbour is deep.", "talk.txt")
    document = replace(document, structure=replace(document.structure, sections=(section,)))
    (passage,) = split(document, HashEncoder().count_tokens)
    stored = replace(stored_passage(passage, document.version), record=TALK)
    locator = Locator(section=("Origins",), section_authors=("Ada Lind",))
    cited = replace(cite(Texts(document), stored), locator=locator)
    assert refer(Texts(document), cited, HOME, HOME).work["type"] == "interview"
