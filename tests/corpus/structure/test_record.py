from typing import Any

import pytest

from corpus.fold import fold
from corpus.structure import bylines, contents, headings, turns
from corpus.structure.record import Found, detect
from corpus.structure.rows import rows

PROSE = (
    "The harbour lay still under the snow, and nobody had come down to the quay since the morning. " * 3
    + "\n"
)


def found(text: str) -> Found:
    all_rows = rows(text)
    tables = contents.detect(all_rows).contents
    heads = headings.detect(all_rows, contents=tables).headings
    made = headings.sections(heads, fold(text, markdown=False), len(text), [t.span for t in tables])
    signed = bylines.detect(text, all_rows, made, tables)
    said = turns.detect(text, all_rows, [s.heading for s in made])
    return detect(text, all_rows, contents=tables, sections=made, bylines=signed, turns=said.turns)


def fields(text: str) -> dict[str, Any]:
    return {k: [p["literal"] for p in v] if isinstance(v, list) else v for k, v in found(text).csl.items()}


def test_a_title_page() -> None:
    text = (
        "ON THE HARBOURS OF THE NORTH\n\nReport\n\nOSLO – 2019\n\nINSTITUTE FOR WINTER STUDIES\n\n"
        f"Port Street 1, Oslo, post@example.org\n\nForeword\n\n"
        f"{PROSE}\nThe Institute for Winter Studies paid.\n"
    )
    assert fields(text) == {
        "language": "en",
        "type": "report",
        "title": "On the Harbours of the North",
        "issued": "2019",
        "publisher-place": "Oslo",
        "publisher": "Institute for Winter Studies",
    }
    support = found(text).support
    assert {k: text[s.start : s.end] for k, s in support.items()} == {
        "type": "Report",
        "title": "ON THE HARBOURS OF THE NORTH",
        "issued": "OSLO – 2019",
        "publisher-place": "OSLO",
        "publisher": "INSTITUTE FOR WINTER STUDIES",
    }


def test_an_interview_on_the_web() -> None:
    text = (
        "A Harbour in Winter: Ice and Patience - North Review "
        "Magazine\n\nA Harbour in Winter\n\nIce and Patience\n\n"
        "Mira Solberg\n\nMira Solberg has run the port of the "
        "northern town for twenty years and has seen every kind of "
        "ice that there is. The interview was conducted in late March 2018 by Jon Ek and Ida Holm.\n\n"
        "North Review:\n\nHow is the ice?\n\nSolberg:\n\nThick.\n\n"
        "North Review:\n\nAnd the ships?\n\nSolberg:\n\nThey wait.\n"
        "It is for the ice to say, and the ice is in no haste; "
        "that is the way of it, and it was not for me to ask.\n"
    )
    record = fields(text)
    assert record == {
        "title": "A Harbour in Winter",
        "subtitle": "Ice and Patience",
        "container-title": "North Review",
        "author": ["Mira Solberg"],
        "interviewee": ["Mira Solberg"],
        "interviewer": ["Jon Ek", "Ida Holm"],
        "type": "interview",
        "issued": "2018-03",
        "language": "en",
    }


@pytest.mark.parametrize(
    ("line", "issued"),
    [
        ("MARCH-2018", "2018-03"),
        ("12 March 2018", "2018-03-12"),
        ("March 12, 2018", "2018-03-12"),
        ("2018-03-12", "2018-03-12"),
        ("Winter 2018", "2018"),
        ("Published: 3 May 2018", "2018-05-03"),
        ("12 марта 2018", "2018-03-12"),
    ],
)
def test_dates(line: str, issued: str) -> None:
    assert fields(f"Harbours of the North\n\n{line}\n\n{PROSE}")["issued"] == issued


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("BULLETIN", "periodical"),
        ("Policy Brief", "report"),
        ("Newsletter", "periodical"),
        ("Dissertation", "thesis"),
    ],
)
def test_kinds_of_documents(line: str, kind: str) -> None:
    assert fields(f"Harbours of the North\n\n{line}\n\n{PROSE}")["type"] == kind


def test_an_issue_and_a_panel() -> None:
    record = fields(f"The River Papers\n\nA Quarterly Newsletter\n\nVol. 2, No. 4, Spring 2011\n\n{PROSE}")
    found = (record["type"], record["volume"], record["issue"], record["issued"])
    assert found == ("periodical", "2", "4", "2011")
    said = "ANN LEE: Who?\n\nBO RUIZ: Nobody.\n\nANN LEE: And you?\n\nCY FOX: We all.\n\nBO RUIZ: No.\n"
    assert "type" not in fields(f"Who Owns the Water?\n\n{said}")


def test_people_who_wrote_and_edited() -> None:
    record = fields(f"Harbours of the North\n\nBy Ann Lee and Bo Ruiz\n\nEdited by Cy Fox\n\n{PROSE}")
    assert (record["author"], record["editor"]) == (["Ann Lee", "Bo Ruiz"], ["Cy Fox"])


def test_contributors_are_authors_where_each_signs_a_part() -> None:
    start = "Contributors\n\nAnn Lee is a pilot.\n\nBo Ruiz is a smith.\n\n"
    one = f"I. Harbours\n\nBy Ann Lee\n\n{PROSE}\nII. Roads\n\n"
    assert fields(start + one + f"By Bo Ruiz\n\n{PROSE}")["author"] == ["Ann Lee", "Bo Ruiz"]
    assert "author" not in fields(start + one + PROSE)


@pytest.mark.parametrize(
    "text", ["", PROSE, "Dear Ann,\n\n" + PROSE, "it was night.\n\n" + PROSE, "1990\n2000\n2010\n"]
)
def test_what_says_nothing_gives_nothing(text: str) -> None:
    assert set(fields(text)) <= {"language", "issued"}


def test_a_house_that_is_not_confirmed_is_no_publisher() -> None:
    assert "publisher" not in fields(f"The Ministry of Winter\n\nA novel\n\n{PROSE}")


def test_a_journal_is_no_place_and_who_asked_no_subtitle() -> None:
    talk = "".join(f"Q: Was it deep in year {n}?\n\nBrand: It was deep enough for us.\n\n" for n in range(6))
    found = fields(
        "An Interview with Helena Brand, Former Harbour Master\nConducted by Tomas Reyes and Ingrid Falk\n"
        f"Coastal Quarterly, 14 March 2022\n\n{talk}"
    )
    assert found.get("container-title") == "Coastal Quarterly"
    assert "publisher-place" not in found
    assert "subtitle" not in found
