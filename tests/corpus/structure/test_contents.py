import pytest

from corpus.structure.contents import detect
from corpus.structure.entries import Entry
from corpus.structure.rows import rows

BODY = (
    "\n\nHarbours\n\nShips come and go all day long.\n\nRoads\n\nCarts do the same.\n\nRails\n\nTrains too.\n"
)


def entries(text: str) -> list[tuple[str | None, str, tuple[str, ...], str | None]]:
    tables = detect(rows(text)).contents
    return [_tuple(entry) for table in tables for entry in table.entries]


def _tuple(entry: Entry) -> tuple[str | None, str, tuple[str, ...], str | None]:
    return entry.number, entry.title, entry.authors, entry.page


PLAIN = [(None, "Harbours", (), "3"), (None, "Roads", (), "7"), (None, "Rails", (), "12")]


@pytest.mark.parametrize(
    "table",
    [
        "Contents\n\nHarbours\t3\nRoads\t7\nRails\t12",
        "TABLE OF CONTENTS\n\nHarbours ........ 3\nRoads . . . . . . 7\nRails…… 12",
        "## Contents\n\n- Harbours\n3\n- Roads\n7\n- Rails\n12",
        "Inhaltsverzeichnis\n\nHarbours   3\nRoads   7\nRails   12",
        "Contents:\n\nHarbours 3\nRoads 7\nRails 12",
        "Contents\n\nHarbours\n\n3\n\nRoads\n\n7\n\nRails\n\n12",
        "Contents\n\n| Harbours | 3 |\n| Roads | 7 |\n| Rails | 12 |",
        "**Contents**\n\n*Harbours* _____ 3\n<b>Roads</b> ..... 7\nRails ..... 12",
        "Harbours ........ 3\nRoads ........ 7\nRails ........ 12",  # no heading, but the titles come again
    ],
)
def test_layouts(table: str) -> None:
    assert entries(table + BODY) == PLAIN


def test_the_span_holds_heading_and_last_page_and_no_more() -> None:
    text = "A Book\n\nContents\n\n1. Harbours\t3\n2. Roads\t7\n\n1. Harbours\n\nShips come and go.\n"
    (table,) = detect(rows(text)).contents
    assert text[table.span.start : table.span.end] == "Contents\n\n1. Harbours\t3\n2. Roads\t7"
    assert [text[e.span.start : e.span.end] for e in table.entries] == ["1. Harbours\t3", "2. Roads\t7"]


@pytest.mark.parametrize(
    "line", ["I. Harbours\t3", "I.\tHarbours\t3", "- I. *Harbours* .... 3", "I) Harbours .... 3"]
)
def test_numbers(line: str) -> None:
    assert entries(f"Contents\n\n{line}\nII. Roads\t7\n")[0] == ("I", "Harbours", (), "3")


@pytest.mark.parametrize(
    "line",
    [
        "Harbours (<i>Ann Lee</i>)\t3",
        "Harbours (*Ann Lee*).....\t3",
        "Harbours, by Ann Lee\t3",
        "Harbours <i>Ann Lee</i> .... 3",
        "Harbours *Ann Lee* .... 3",
    ],
)
def test_authors_set_apart(line: str) -> None:
    assert entries(f"Contents\n\nPreface\t1\n{line}\nRoads\t7\n")[1] == (None, "Harbours", ("Ann Lee",), "3")


@pytest.mark.parametrize(
    "table",
    [
        "Harbours – Ann Lee .... 3\nRoads – Bo Ruiz .... 7",
        "Harbours .... 3\nAnn Lee\nRoads .... 7\nBo Ruiz",
        "Harbours\nAnn Lee .... 3\nRoads\nBo Ruiz .... 7",
        "Ann Lee\nHarbours .... 3\nBo Ruiz\nRoads .... 7",
    ],
)
def test_authors_where_most_entries_have_one(table: str) -> None:
    assert entries(f"Contents\n\n{table}\n\nText follows.\n") == [
        (None, "Harbours", ("Ann Lee",), "3"),
        (None, "Roads", ("Bo Ruiz",), "7"),
    ]


def test_part_of_a_title_is_no_author() -> None:
    text = "Contents\n\nPorts – Black Sea .... 3\nRoads .... 7\nRails .... 9\nMarkets .... 12\n"
    assert entries(text)[0] == (None, "Ports – Black Sea", (), "3")


def test_a_title_on_two_lines_is_one() -> None:
    text = "Contents\n\n1. A long account of harbours and\nthe ships in them .... 3\n2. Roads .... 7\n"
    assert entries(text)[0] == ("1", "A long account of harbours and the ships in them", (), "3")


def test_roman_pages_come_first() -> None:
    assert [e[3] for e in entries("Contents\n\nPreface .... vii\nHarbours .... 1\nRoads .... 9\n")] == [
        "vii",
        "1",
        "9",
    ]


def test_without_pages_the_titles_must_come_again() -> None:
    assert [e[1] for e in entries("Contents\n\nHarbours\nRoads\nRails" + BODY)] == [
        "Harbours",
        "Roads",
        "Rails",
    ]
    assert entries("Contents\n\nBread\nButter\nSalt\n\nMix it all well and bake it.\n") == []


def test_links_within_the_page() -> None:
    assert [e[1] for e in entries("# Contents\n\n- [Harbours](#harbours)\n- [Roads](#roads)\n\nText.\n")] == [
        "Harbours",
        "Roads",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Coffee .... 3\nTea .... 2\nBread .... 4\n\nPrices in crowns.\n",
        "Baku\t2000\nTbilisi\t2001\nAnkara\t2002\n\nYears of the visits.\n",
        "CONTENTS\n\nThe box holds what was found in the cellar, and nobody knows who put it there.\n",
        "Figure 1. A map .... 3\nFigure 2. A chart .... 5\nFigure 3. A plan .... 8\n",
        "Ann Lee, 12, 45\nBo Ruiz, 3, 7\nCy Fox, 19\n",
        "It was the year 1990\n\nThen came 1991\n\nThen came 1992\n",
        "Scores\n\nHome  3\nAway  5\nDraw  8\n",
        "",
    ],
)
def test_what_is_no_table_of_contents(text: str) -> None:
    assert entries(text) == []


def test_a_table_without_a_heading_may_have_its_pages_on_lines_of_their_own() -> None:
    table = "MARCH - 1998\n\n- I. Lamps\n2\n- II. Dredgers\n4\n- III. Fees\n9\n\n"
    text = f"{table}I. Lamps\n\nx\n\nII. Dredgers\n\ny\n\nIII. Fees\n\nz\n"
    (found,) = detect(rows(text)).contents
    assert [(e.number, e.title, e.page) for e in found.entries] == [
        ("I", "Lamps", "2"),
        ("II", "Dredgers", "4"),
        ("III", "Fees", "9"),
    ]
    assert detect(rows(f"{table}I. Lamps\n\nx\n\ny\n\nz\n")).contents == ()
