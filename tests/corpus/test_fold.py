from __future__ import annotations

import html
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corpus.fold import Reading, fold, join
from corpus.records import Span


def plain(text: str) -> str:
    return fold(text, markdown=False).text


def markdown(text: str) -> str:
    return fold(text, markdown=True).text


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("  one \t two\nthree\r\nfour\rfive\fsix\u00a0\u2028seven \n", "one two three four five six seven"),
        ("na\x00me\u200b and\ufeff more", "name and more"),
        ("in\u00adter\u00ad\nnational", "international"),
        ("an exam-\nple", "an example"),
        ("an exam-\r\n   ple", "an example"),
        ("an exam-\rple", "an example"),
        ("an exam\u2010\nple", "an example"),
        ("an exam-\n\n\fple", "an example"),
        ("re\u2011use, re\u2010use", "re-use, re-use"),
        ("the Euro-\nAtlantic area", "the Euro-Atlantic area"),
        ("in 1990-\n1995", "in 1990-1995"),
        ("a co-\noperative, the co-operatives", "a co-operative, the co-operatives"),
        (
            "a co-\noperative, the co\u2011operatives",
            "a co-operative, the co\u2010operatives".replace("\u2010", "-"),
        ),
        ("a re-\nform, the pre-form", "a reform, the pre-form"),
        ("- item\n* item\n• item", "item item item"),
        ("above\n* * *\nbelow\n=====\n", "above below"),
        ("**bold** and *it*, 2 * 3 * 4", "bold and it, 2 * 3 * 4"),
        (r"5 \* 3 and C:\dir", r"5 * 3 and C:\dir"),
        ("AT&amp;T&nbsp;&#8212; &#x41;&bad; R&D;", "AT&T — A&bad; R&D;"),
        ('a <b>bold</b> <a href="u">link</a><br/>x < y > z <i.e. this>', "a bold link x < y > z <i.e. this>"),
        ("# not a heading | [^1] `x` _y_", "# not a heading | [^1] `x` _y_"),
    ],
)
def test_plain_text_reads(text: str, reads: str) -> None:
    assert plain(text) == reads


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("# Title #\r\n\r\nText", "Title Text"),
        ("# Title\rText", "Title Text"),
        ("a [link](http://a.b/c_d) and ![alt](p.png)", "a link and alt"),
        ("a [link over\ntwo lines](http://a.b)", "a link over two lines"),
        ("an [aside] (not a link)", "an [aside] (not a link)"),
        ("said.[^1] More[^note]: yes\n\n[^1]: The note.", "said. More: yes The note."),
        ("| a | b |\n|:--|--:|\n| c | d |", "a | b c | d"),
        ("> quoted\n> > twice", "quoted twice"),
        ("```py\ncode\n```\nafter", "code after"),
        ("```code``` and text after it", "code and text after it"),
        ("__strong__ _em_ snake_case ~~gone~~ `code`", "strong em snake_case gone code"),
    ],
)
def test_markdown_reads(text: str, reads: str) -> None:
    assert markdown(text) == reads


def test_furniture_reads_as_white_space() -> None:
    text = "one<!-- x -->two"
    assert fold(text, markdown=True, furniture=[Span(3, 13)]) == Reading("one two", ((0, 0), (4, 13)))


def test_the_map_has_a_run_for_each_stretch_that_was_left_alone() -> None:
    assert fold("a **bold** re-\nsult", markdown=True) == Reading(
        "a bold result", ((0, 0), (2, 4), (6, 10), (9, 15))
    )


def test_an_entity_stands_in_all_its_characters() -> None:
    """Wherever it is: at the start of the range, at its end, or alone."""
    text = "R&amp;D &quot;x&quot;"
    reading = fold(text, markdown=False)
    assert reading.text == 'R&D "x"'
    ranges = [(0, 2), (1, 2), (1, 3), (4, 7), (6, 7)]
    located = [text[reading.locate(*r).start : reading.locate(*r).end] for r in ranges]
    assert located == ["R&amp;", "&amp;", "&amp;D", "&quot;x&quot;", "&quot;"]


def test_position_is_the_first_reading_offset_at_or_behind() -> None:
    reading = fold("# a  **b**\n", markdown=True)
    assert reading.text == "a b"
    assert [reading.position(offset) for offset in range(12)] == [0, 0, 0, 1, 2, 2, 2, 2, 3, 3, 3, 3]


def test_readings_are_joined_with_their_maps() -> None:
    reading = fold("# one\n\ntwo **three**", markdown=True)
    parts = [reading.clip(0, 3), Reading("", ()), reading.clip(4, 13)]
    assert join(parts, "\n") == Reading("one\ntwo three", ((0, 2), (3, 5), (4, 7), (8, 13)))


@settings(deadline=None, max_examples=300)
@given(data=st.data(), as_markdown=st.booleans())
def test_every_character_stands_where_the_map_says(
    soup: st.SearchStrategy[str], data: st.DataObject, as_markdown: bool
) -> None:
    text = data.draw(soup)
    reading = fold(text, markdown=as_markdown)
    places = [reading.locate(i, i + 1) for i in range(len(reading.text))]
    assert all(before.end <= place.start for before, place in pairwise(places))
    for character, place in zip(reading.text, places, strict=True):
        stands = text[place.start : place.end]
        assert html.unescape(stands).replace("\u2010", "-").replace("\u2011", "-") == character or (
            character == " " and (stands.isspace() or stands[0] in "#|>*-_=`~[<&")
        )


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_a_clip_reads_and_stands_as_its_part_of_the_whole(
    soup: st.SearchStrategy[str], data: st.DataObject
) -> None:
    whole = fold(data.draw(soup), markdown=True)
    assume(whole.text)
    start = data.draw(st.integers(0, len(whole.text) - 1))
    end = data.draw(st.integers(start + 1, len(whole.text)))
    clip = whole.clip(start, end)
    assert clip.text == whole.text[start:end]
    assert [clip.locate(i, i + 1) for i in range(end - start)] == [
        whole.locate(i, i + 1) for i in range(start, end)
    ]
    assert clip.locate(0, end - start) == whole.locate(start, end)


@settings(deadline=None, max_examples=200)
@given(text=st.text("aZé1.,- \n\r\f\x00\u00ad\u2010*_#|>`~", max_size=60), as_markdown=st.booleans())
def test_no_letter_and_no_figure_is_lost(text: str, as_markdown: bool) -> None:
    # The first line of a fence names its language; nothing else may go.
    text = text.replace("```", "").replace("~~~", "")
    assert [c for c in fold(text, markdown=as_markdown).text if c.isalnum()] == [
        c for c in text if c.isalnum()
    ]


@settings(deadline=None)
@given(data=st.data())
def test_line_ends_of_every_kind_read_the_same(soup: st.SearchStrategy[str], data: st.DataObject) -> None:
    text = data.draw(soup).replace("\r", "")
    unix, windows, mac = (markdown(text.replace("\n", end)) for end in ("\n", "\r\n", "\r"))
    assert windows == unix
    assert mac == unix


def test_a_paragraph_that_a_page_cuts_reads_as_one_with_the_notes_behind() -> None:
    text = "It was stra-\n\n1 Note.\n\ntegic then and\n\n2 More.\n\nnow. Next."
    parts = [Span(0, 12), Span(23, 37), Span(48, 52)]
    found = fold(text, markdown=False, parted=[parts])
    assert found.text == "It was strategic then and now. 1 Note. 2 More. Next."
    for word in ("stra", "tegic", "now", "Note", "More", "Next"):
        at, place = found.text.index(word), text.index(word)
        assert (found.canonical(at), found.position(place)) == (place, at)
        assert found.end(place + len(word)) == at + len(word)


def test_what_is_read_of_a_span_stands_in_its_own_order() -> None:
    text = "One\n\n1 Note.\n\ntwo."
    found = fold(text, markdown=False, parted=[[Span(0, 3), Span(14, 18)]])
    assert found.text == "One two. 1 Note."
    assert [found.of(span).strip() for span in (Span(0, 3), Span(5, 12), Span(14, 18))] == [
        "One",
        "1 Note.",
        "two.",
    ]


def test_the_marks_of_notes_are_not_read() -> None:
    text = "Bread12 and *butter*[3] rose [4]. It fell [5] again.\u00b9"
    places = [(5, 7), (20, 23), (29, 32), (42, 45), (52, 53)]
    marks = [Span(*place) for place in places]
    assert fold(text, markdown=False, marks=marks).text == "Bread and butter rose. It fell again."
