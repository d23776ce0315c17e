"""Rich Text reads as it is seen: in its code pages, without what is hidden, with the labels it prints."""

from __future__ import annotations

import pytest

from corpus.load import load
from corpus.manuscript import Manuscript
from corpus.media import RTF, told
from corpus.rtf.loader import read

STYLES = r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2 Heading 2;}{\s9 Title;}"
STYLES += r"{\s8 toc 1;}{\*\cs10 x;}}"
FONTS = r"{\fonttbl{\f0\fcharset0 Times{\*\falt Other};}{\f1\fcharset204 Cyr;}"
FONTS += r"{\f2\fcharset2 Symbol;}{\f3\fcharset128 Jp;}}"


def file(body: str, head: str = r"\ansi\ansicpg1252\deff0") -> bytes:
    return rf"{{\rtf1{head}{FONTS}{STYLES}{body}}}".encode("latin-1")


def made(body: str, head: str = r"\ansi\ansicpg1252\deff0") -> Manuscript:
    return read(file(body, head), "x.rtf")


def shown(manuscript: Manuscript) -> list[tuple[str, int, str]]:
    return [(b.kind.value, b.level, manuscript.text[b.span.start : b.span.end]) for b in manuscript.blocks]


def texts(body: str, head: str = r"\ansi\ansicpg1252\deff0") -> list[str]:
    return [text for _, _, text in shown(made(body, head))]


def test_content_tells_rich_text() -> None:
    assert told(file("Water"), "x.doc") == RTF


def test_headings_are_told_by_style_or_outline_and_stand_under_the_title() -> None:
    body = r"\pard\s9 On Water\par\pard\s1 One\par\pard\s2 Deep\par"
    body += r"{\pard\outlinelevel2 Deeper\par}\pard Text.\par"
    assert shown(made(body)) == [
        ("heading", 1, "On Water"),
        ("heading", 2, "One"),
        ("heading", 3, "Deep"),
        ("heading", 4, "Deeper"),
        ("paragraph", 0, "Text."),
    ]
    assert load(file(body), "x.rtf").record.title == "On Water"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (r"caf\'e9 \u8364\'80 \u8220?a\u8221?", "café € “a”"),
        (r"{\f1 \'cc\'ee\'f0\'e0\'e2\'e0} x", "Морава x"),
        (r"{\f3 \'93\'fa\'96\'7b}", "日本"),
        (r"\uc0\u1040 b\uc2\u1041 ??c", "Аb" + "Бc"),
        (r"\u-10179?\u-8704?", "😀"),
        (r"{\upr{Morava?}{\*\ud{Mor\u225?va}}}", "Moráva"),
        (r"a\~b\_c\-d\emdash e\lquote f\rquote", "a\u00a0b\u2011cd—e‘f’"),
        (r"{\f2 \'b7\'61} \u-3913?", "• •"),
        (r"\{a\\b\}", r"{a\b}"),
    ],
)
def test_letters_are_those_of_their_code_page(body: str, words: str) -> None:
    assert texts(body) == [words]


def test_the_code_page_of_the_head_counts_where_a_font_says_none() -> None:
    assert texts(r"\'cc\'ee\'f0", r"\ansi\ansicpg1251\deff0") == ["Мор"]
    assert texts(r"\'8e", r"\mac") == ["é"]


def test_changes_are_accepted_and_what_is_hidden_is_not_read() -> None:
    body = r"The pact {\revised of 1998 }{\deleted of 1997 }{\v secret }holds{\*\atnid A}{\*\annotation B}."
    assert texts(body) == ["The pact of 1998 holds."]


def test_a_paragraph_whose_end_was_deleted_goes_on() -> None:
    assert texts(r"One{\deleted\par}two.\par") == ["One two."]


def test_instructions_of_fields_and_tables_of_contents_are_left_out() -> None:
    link = r'{\field{\*\fldinst HYPERLINK "http://x"}{\fldrslt the pact}}'
    contents = r"{\field{\*\fldinst TOC \\o}{\fldrslt One 3\par Two 4}}\par\pard\s8 Three 5\par"
    assert texts(contents + rf"\pard See {link}.") == ["See the pact."]


def test_labels_of_lists_are_those_that_are_printed() -> None:
    body = r"\pard\ls1{\listtext\pard\plain iv.\tab}a\par"
    body += r"\pard\ls2{\listtext\pard\plain\f2\'b7\tab}b\par"
    body += r"\pard\fi-360\li360 1.\tab c\par\pard 2. d\par"
    assert shown(made(body)) == [
        ("list_item", 0, "iv. a"),
        ("list_item", 0, "• b"),
        ("list_item", 0, "1. c"),
        ("paragraph", 0, "2. d"),
    ]


def test_footnotes_stand_under_their_section_and_endnotes_at_the_end() -> None:
    def note(words: str, more: str = "") -> str:
        return rf"{{\super\chftn{{\footnote{more}\pard\plain{{\super\chftn}} {words}}}}}"

    own = r"{\super *{\footnote\pard\plain{\super *} Mine.}}"
    end, two = note("At the end.", r"\ftnalt"), note(r"Ibid.\par Folder 2.")
    body = rf"\aftnnrlc\pard The pact{end} governs{note('Archive.')}.\par"
    body += rf"\pard\s1 Two\par\pard More{own}{two}.\par"
    document = load(file(body), "x.rtf")
    assert document.text == (
        "The pacti governs1.\n\n1 Archive.\n\nTwo\n\nMore*2.\n\n"
        "* Mine.\n\n2 Ibid.\nFolder 2.\n\ni At the end."
    )
    assert [(n.number, n.text, len(n.markers)) for n in document.structure.footnotes] == [
        ("1", "Archive.", 1),
        ("*", "Mine.", 1),
        ("2", "Ibid. Folder 2.", 1),
        ("i", "At the end.", 1),
    ]


def test_rows_repeat_the_names_of_columns_and_merged_cells() -> None:
    places = r"\cellx1000\cellx2000"
    body = rf"\trowd\trhdr{places}\pard\intbl State\cell Length\cell\row"
    body += r"\trowd\clvmgf\cellx1000\cellx2000\pard\intbl Morava\cell 12\par km\cell\row"
    body += r"\trowd\clvmrg\cellx1000\cellx2000\pard\intbl\cell 13\cell\row"
    body += r"\trowd\cellx2000\pard\intbl whole\cell\row\pard After.\par"
    assert shown(made(body)) == [
        ("table", 0, "State: Morava; Length: 12 km\nState: Morava; Length: 13\nState: whole"),
        ("paragraph", 0, "After."),
    ]


def test_a_text_box_stands_behind_its_paragraph() -> None:
    box = r"{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt \pard In a box.\par}}{\shprslt In a box.}}"
    assert texts(rf"Te{box}xt.\par") == ["Text.", "In a box."]


def test_pictures_headers_and_bytes_are_passed_over() -> None:
    assert texts(r"{\header Top\par}{\pict 0aff}{\*\unknown x}a\bin4 {}{{b{\*\bkmkstart here}c") == ["abc"]
    assert made(r"a{\*\bkmkstart here}{\*\bkmkend here}b\par").anchors == ((1, "here"),)


def test_authors_and_titles_are_believed_where_the_text_says_them_too() -> None:
    found = made(r"{\info{\title Draft 7}{\author Ann Lee}{\operator Bob}}By Ann Lee\par")
    assert (found.record.title, found.record.authors) == (None, ("Ann Lee",))
    assert found.doubts == ("the file calls itself 'Draft 7', which its text does not say: not used",)


def test_a_file_that_ends_in_the_middle_says_so() -> None:
    found = read(file(r"One\par Two {\b th")[:-1], "x.rtf")
    assert found.text == "One\n\nTwo th"
    assert found.doubts == ("it ends in the middle: perhaps a part of the file is missing",)
