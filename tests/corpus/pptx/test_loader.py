"""Presentations read slide by slide, in their order, each a page."""

from __future__ import annotations

import io
from typing import Any

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from corpus.errors import UnreadableError
from corpus.load import load
from corpus.manuscript import Manuscript
from corpus.media import PPTX, told
from corpus.pptx.loader import read


def deck() -> Any:
    made = pptx.Presentation()
    made.core_properties.title = ""
    return made


def slide(made: Any, title: str, *words: str, layout: int = 1) -> Any:
    added = made.slides.add_slide(made.slide_layouts[layout])
    if title:
        added.shapes.title.text = title
    if words:
        frame = added.placeholders[1].text_frame
        frame.text = words[0]
        for more in words[1:]:
            frame.add_paragraph().text = more
    return added


def saved(made: Any) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def shown(manuscript: Manuscript) -> list[tuple[str, int, str]]:
    return [(b.kind.value, b.level, manuscript.text[b.span.start : b.span.end]) for b in manuscript.blocks]


def test_slides_are_pages_under_the_title_of_the_first() -> None:
    made = deck()
    slide(made, "On Water", "Ann Lee", layout=0)
    slide(made, "Harbours", "The pact holds.", "It is old.")
    found = read(saved(made), "x.pptx")
    assert shown(found) == [
        ("heading", 1, "On Water"),
        ("paragraph", 0, "Ann Lee"),
        ("heading", 2, "Harbours"),
        ("list_item", 0, "• The pact holds."),
        ("list_item", 0, "• It is old."),
    ]
    assert [(page.index, page.label) for page in found.pages] == [(0, "1"), (1, "2")]
    assert found.text[found.pages[1].start :].startswith("Harbours")
    document = load(saved(made), "x.pptx")
    assert (document.media_type, document.record.title) == (PPTX, "On Water")
    assert told(saved(made), "x.txt") == PPTX


def test_a_first_slide_with_a_subtitle_names_the_presentation() -> None:
    made = deck()
    first = slide(made, "On Water", "Ann Lee", layout=0)
    first.shapes.title._element.nvSpPr.nvPr.ph.set("type", "title")  # as LibreOffice writes it
    slide(made, "Harbours", "Text.")
    assert [level for kind, level, _ in shown(read(saved(made), "x")) if kind == "heading"] == [1, 2]


def test_the_order_is_that_of_the_presentation_and_hidden_slides_are_told() -> None:
    made = deck()
    for name in ("One", "Two", "Three"):
        slide(made, name, "Text.")
    ids = made.slides._sldIdLst
    ids.insert(0, ids[2])
    made.slides[1]._element.set("show", "0")
    found = read(saved(made), "x.pptx")
    assert [text for kind, _, text in shown(found) if kind == "heading"] == ["Three", "Two"]
    assert [page.label for page in found.pages] == ["1", "2", "3"]
    assert found.doubts == ("hidden slides are left out: 2",)


def test_a_slide_without_a_title_is_called_by_its_number() -> None:
    made = deck()
    slide(made, "One", "Text.")
    slide(made, "", "More.")
    assert [text for kind, _, text in shown(read(saved(made), "x")) if kind == "heading"] == [
        "One",
        "Slide 2",
    ]


def test_what_a_speaker_noted_stands_under_a_heading_that_says_so() -> None:
    made = deck()
    slide(made, "One", "Text.").notes_slide.notes_text_frame.text = "Say it slowly.\nTwice."
    assert shown(read(saved(made), "x"))[2:] == [
        ("heading", 2, "Speaker notes"),
        ("paragraph", 0, "Say it slowly."),
        ("paragraph", 0, "Twice."),
    ]


def test_rows_of_tables_repeat_the_names_of_columns() -> None:
    made = deck()
    table = slide(made, "One", layout=5).shapes.add_table(2, 2, 0, 0, Inches(4), Inches(1)).table
    for n, words in enumerate(("State", "Length", "Morava", "12 km")):
        table.cell(n // 2, n % 2).text = words
    assert shown(read(saved(made), "x"))[1:] == [("table", 0, "State: Morava; Length: 12 km")]


def test_a_chart_reads_as_its_values() -> None:
    made = deck()
    data = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = ["1998", "1999"]
    data.add_series("Ships", (3, 4))  # type: ignore[no-untyped-call]
    place = (0, 0, Inches(4), Inches(3))
    chart = slide(made, "One", layout=5).shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "The fleet"
    assert shown(read(saved(made), "x"))[1:] == [
        ("paragraph", 0, "The fleet"),
        ("table", 0, "1998; Ships: 3\n1999; Ships: 4"),
    ]


def test_numbers_are_counted() -> None:
    made = deck()
    added = slide(made, "One", "a", "b", "inner", "c")
    for n, paragraph in enumerate(added.placeholders[1].text_frame.paragraphs):
        properties = paragraph._p.get_or_add_pPr()
        properties.set("lvl", "1" if n == 2 else "0")
        sign = properties.makeelement(f"{{{pptx.oxml.ns._nsmap['a']}}}buAutoNum")
        sign.set("type", "alphaLcParenR" if n == 2 else "arabicPeriod")
        properties.append(sign)
    assert [text for _, _, text in shown(read(saved(made), "x"))[1:]] == ["1. a", "2. b", "a) inner", "3. c"]


def test_a_damaged_file_is_refused_with_the_reason() -> None:
    with pytest.raises(UnreadableError, match=r"x\.pptx: a damaged zip"):
        read(saved(deck())[:-200], "x.pptx")
