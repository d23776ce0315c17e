"""Links that open the file a text was made of, at a place."""

from __future__ import annotations

import pytest

from corpus.loaders import read_text
from corpus.media import DOCX, EPUB, HTML, PDF, PLAIN, SRT, VTT
from corpus.original import Original
from corpus.records import BlockKind, Span, Times
from corpus.testing import Text
from corpus.testing_markup import as_book

URL = "https://towns.example/water"
PAGE = b"""<!doctype html><main><h1 id="top">Water</h1><p>It is for all.</p><div id="use">
<h2 id="the use">How it is used by towns</h2><p>Mills need it.</p><p>Mills need it.</p></div></main>"""
TALK = b"""WEBVTT

00:01.000 --> 00:03.500
<v Ann Lee>When did it begin?

00:12:04.000 --> 00:12:31.500
<v Bo Ray>In 1998.

00:12:31.500 --> 01:00:00.250
<v Bo Ray>I believe.
"""


def original(data: bytes, kind: str) -> tuple[Original, str]:
    made = read_text(data, "x", kind)
    return Original(kind, made), made.text


def place(text: str, words: str) -> list[Span]:
    return [Span(text.index(words), text.index(words) + len(words))]


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        ("It is for all.", "#top:~:text=It%20is%20for%20all."),
        ("How it is used by towns", "#the%20use:~:text=How%20it%20is%20used%20by%20towns"),
        ("Mills need it.", "#the%20use"),  # it stands twice
    ],
)
def test_a_web_page_is_opened_at_the_words_and_the_nearest_id(words: str, fragment: str) -> None:
    page, text = original(PAGE, HTML)
    assert page.link(URL, place(text, words), ()) == URL + fragment


def test_the_innermost_of_ids_at_one_place_is_the_nearest() -> None:
    page, text = original(PAGE, HTML)
    assert page.anchor(text.index("How it")) == "the use"


def test_a_fragment_of_the_address_itself_stays() -> None:
    page, text = original(PAGE, HTML)
    told = page.link(f"{URL}#/route", place(text, "It is for all."), ())
    assert told == f"{URL}#/route:~:text=It%20is%20for%20all."


def test_a_pdf_is_opened_at_its_page() -> None:
    assert Original(PDF).link(f"{URL}.pdf#view=Fit", [Span(0, 1)], (11, 12)) == f"{URL}.pdf#page=12"


@pytest.mark.parametrize("kind", [VTT, SRT])
def test_subtitles_are_opened_at_their_second(kind: str) -> None:
    talk, text = original(TALK, kind)
    assert talk.link(URL, place(text, "In 1998."), ()) == f"{URL}#t=724"


@pytest.mark.parametrize(
    ("words", "times", "label"),
    [
        ("begin?", Times(1, 3.5), "0:01–0:03"),
        ("Bo Ray: In 1998.", Times(724, 751.5), "12:04–12:31"),
        ("In 1998. I believe.", Times(724, 3600.25), "12:04–1:00:00"),
    ],
)
def test_what_is_said_has_its_times(words: str, times: Times, label: str) -> None:
    talk, text = original(TALK, VTT)
    found = talk.times(place(text, words))
    assert found == times
    assert found.label == label
    assert talk.anchor(text.index(words)) is None


def test_times_of_one_second_are_told_once() -> None:
    assert Times(61.2, 61.9).label == "1:01"


@pytest.mark.parametrize("kind", [PLAIN, DOCX, EPUB])
def test_other_files_are_opened_as_a_whole(kind: str) -> None:
    assert Original(kind).link(URL, [Span(0, 1)], ()) == URL


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "//towns.example", "https://", 7])
def test_what_is_no_address_of_the_web_is_no_link(url: object) -> None:
    assert Original(PLAIN).link(url, [Span(0, 1)], ()) is None


def test_a_place_in_a_book_is_named_with_its_file() -> None:

    book, text = original(
        as_book([Text(BlockKind.HEADING, "Water", 1), Text(BlockKind.PARAGRAPH, "For all.")]), EPUB
    )
    assert book.anchor(text.index("For")) == "EPUB/chapter0.xhtml#s0"
