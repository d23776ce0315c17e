from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.reference import Reference
from rag.ris import ris

WORK: dict[str, Any] = {
    "id": "diaz2021upstream",
    "type": "chapter",
    "title": "Upstream",
    "container-title": "The Rivers",
    "author": [
        {"family": "Cruz", "given": "Ana", "non-dropping-particle": "de la"},
        {"literal": "Rivers Ltd"},
    ],
    "publisher": "Institute of Rivers",
    "publisher-place": "Morava",
    "chapter-number": "3",
    "language": "en",
    "issued": {"date-parts": [[2021, 5]]},
    "URL": "http://x.org/d/1",
}


def test_a_record_has_the_work_and_the_places_and_ends() -> None:
    places = [
        Reference(WORK, pages=("14",), url="http://x.org/d/1#c=1-2"),
        Reference(WORK, section="Origins"),
    ]
    assert ris(places).split("\r\n") == [
        "TY  - CHAP",
        "ID  - diaz2021upstream",
        "AU  - de la Cruz, Ana",
        "AU  - Rivers Ltd",
        "TI  - Upstream",
        "T2  - The Rivers",
        "PB  - Institute of Rivers",
        "CY  - Morava",
        "SE  - 3",
        "LA  - en",
        "UR  - http://x.org/d/1",
        "PY  - 2021",
        "DA  - 2021/05//",
        "N1  - Cited: p. 14 http://x.org/d/1#c=1-2",
        "N1  - Cited: sec. “Origins”",
        "ER  - ",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("date", "written"), [([2021], "2021///"), ([2021, 5], "2021/05//"), ([2021, 5, 9], "2021/05/09/")]
)
def test_a_date_has_four_fields(date: list[int], written: str) -> None:
    assert f"DA  - {written}\r\n" in ris([Reference(WORK | {"issued": {"date-parts": [date]}})])


def test_an_interview_names_who_asked() -> None:
    made = ris([Reference(WORK | {"type": "interview", "interviewer": [{"literal": "The Journal"}]})])
    assert made.startswith("TY  - PCOMM\r\n")
    assert "A2  - The Journal\r\n" in made


@given(st.text(max_size=40))
@settings(deadline=None, max_examples=200)
def test_whatever_a_title_holds_it_stays_on_its_line(title: str) -> None:
    """`\\r\\nER  - ` in a title would end the record."""
    made = ris([Reference(WORK | {"title": f"x{title}\r\nER  - "})])
    assert len(made.splitlines()) == len(ris([Reference(WORK)]).splitlines())
    assert made.count("\r\nER  - \r\n") == 1
