"""OpenDocument texts read as they are seen: changes accepted, lists counted, notes in their places."""

from __future__ import annotations

import pytest

from corpus.errors import UnreadableError
from corpus.load import load
from corpus.manuscript import Manuscript
from corpus.media import ODT, told
from corpus.odt.loader import read
from corpus.testing_office import odt

STYLES = (
    '<office:styles><style:style style:name="Title" style:family="paragraph"/>'
    '<style:style style:name="Author" style:family="paragraph" style:parent-style-name="Title"/>'
    '<style:style style:name="Gone" style:family="text"><style:text-properties text:display="none"/>'
    '</style:style><style:style style:name="Table_20_Heading" style:family="paragraph"/>'
    '<text:outline-style><text:outline-level-style text:level="1" style:num-format="I" style:num-suffix="."/>'
    '<text:outline-level-style text:level="2" style:num-format=""/></text:outline-style>'
    '<text:list-style style:name="N">'
    '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")" '
    'text:display-levels="2"/></text:list-style>'
    '<text:list-style style:name="B"><text:list-level-style-bullet text:level="1" text:bullet-char="x"/>'
    "</text:list-style></office:styles>"
)


def p(words: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{words}</text:p>'


def h(words: str, level: int = 1) -> str:
    return f'<text:h text:outline-level="{level}">{words}</text:h>'


def item(*inside: str) -> str:
    return f"<text:list-item>{''.join(inside)}</text:list-item>"


def numbered(*items: str, style: str = "N", more: str = "") -> str:
    return f'<text:list text:style-name="{style}"{more}>{"".join(items)}</text:list>'


def made(body: str, **parts: str) -> Manuscript:
    return read(odt(body, STYLES, **parts), "x.odt")


def shown(manuscript: Manuscript) -> list[tuple[str, int, str]]:
    return [(b.kind.value, b.level, manuscript.text[b.span.start : b.span.end]) for b in manuscript.blocks]


def texts(body: str, **parts: str) -> list[str]:
    return [text for _, _, text in shown(made(body, **parts))]


def test_content_tells_an_opendocument_text() -> None:
    assert told(odt(p("Water")), "x.txt") == ODT


def test_headings_have_their_numbers_and_stand_under_the_title() -> None:
    body = p("On Water", "Title") + p("Ann Lee", "Author") + h("One") + h("Deep", 2) + h("Two")
    assert shown(made(body)) == [
        ("heading", 1, "On Water"),
        ("paragraph", 0, "Ann Lee"),
        ("heading", 2, "I. One"),
        ("heading", 3, "Deep"),
        ("heading", 2, "II. Two"),
    ]
    assert load(odt(body, STYLES), "x.odt").record.title == "On Water"


def test_lists_are_counted_and_go_on_where_they_say_so() -> None:
    first = numbered(item(p("a"), f"<text:list>{item(p('b'))}{item(p('c'))}</text:list>"), item(p("d")))
    goes_on = numbered(item(p("e")), more=' text:continue-numbering="true"')
    anew = numbered(f'<text:list-item text:start-value="7">{p("f")}{p("more")}</text:list-item>')
    bullet = numbered(item(p("g")), style="B")
    expected = ["1. a", "1.a) b", "1.b) c", "2. d", "Text.", "3. e", "7. f", "more", "• g"]
    assert texts(first + p("Text.") + goes_on + anew + bullet) == expected


def test_changes_are_accepted_and_comments_left_out() -> None:
    changes = (
        "<text:tracked-changes><text:changed-region><text:deletion>"
        + p("of 1997")
        + "</text:deletion></text:changed-region></text:tracked-changes>"
    )
    words = 'The pact <text:change-start/>of 1998 <text:change-end/><text:change text:change-id="x"/>holds.'
    comment = f"<office:annotation><dc:creator>Bob</dc:creator>{p('A comment.')}</office:annotation>"
    assert texts(changes + p(words + comment)) == ["The pact of 1998 holds."]


def test_what_is_hidden_is_not_read() -> None:
    hidden = '<text:span text:style-name="Gone">secret</text:span>'
    section = f'<text:section text:display="none">{p("Nobody sees it.")}</text:section>'
    paragraph = p('<text:hidden-paragraph text:is-hidden="true"/>Nor this.')
    assert texts(p(f"Seen{hidden}.") + section + paragraph) == ["Seen."]


def test_white_space_is_what_its_elements_say() -> None:
    assert texts(p('a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d \n e')) == ["a b c\nd e"]


def test_tables_of_contents_are_left_out() -> None:
    contents = (
        f"<text:table-of-content><text:index-body>{p('One 3')}</text:index-body></text:table-of-content>"
    )
    assert texts(contents + p("Text.")) == ["Text."]


def note(kind: str, label: str, words: str) -> str:
    body = f"<text:note-body>{words}</text:note-body>"
    citation = f"<text:note-citation>{label}</text:note-citation>"
    return f'<text:note text:note-class="{kind}">{citation}{body}</text:note>'


def test_footnotes_stand_under_their_section_and_endnotes_at_the_end() -> None:
    body = p(
        f"The pact{note('endnote', 'i', p('At the end.'))} governs{note('footnote', '1', p('Archive.'))}."
    )
    body += h("Two", 2) + p(f"More{note('footnote', '*', p('Ibid.') + p('Folder 2.'))}.")
    document = load(odt(body, STYLES), "x.odt")
    assert document.text == (
        "The pacti governs1.\n\n1 Archive.\n\nTwo\n\nMore*.\n\n* Ibid.\nFolder 2.\n\ni At the end."
    )
    notes = document.structure.footnotes
    assert [(n.number, n.text, len(n.markers)) for n in notes] == [
        ("1", "Archive.", 1),
        ("*", "Ibid. Folder 2.", 1),
        ("i", "At the end.", 1),
    ]


def cell(words: str, more: str = "", style: str = "") -> str:
    return f"<table:table-cell{more}>{p(words, style)}</table:table-cell>"


def row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def test_rows_repeat_the_names_of_columns_and_cells_that_reach_over_several() -> None:
    head = f"<table:table-header-rows>{row(cell('State'), cell('Length'))}</table:table-header-rows>"
    body = row(cell("Morava", ' table:number-rows-spanned="2"'), cell("12 km"))
    body += row("<table:covered-table-cell/>", cell("13 km"))
    assert shown(made(f"<table:table>{head}{body}</table:table>")) == [
        ("table", 0, "State: Morava; Length: 12 km\nState: Morava; Length: 13 km")
    ]


def test_a_row_in_the_style_of_heads_names_the_columns() -> None:
    head = row(cell("State", style="Table_20_Heading"), cell("Length", style="Table_20_Heading"))
    table = f"<table:table>{head}{row(cell('Morava'), cell('12'))}</table:table>"
    assert texts(table) == ["State: Morava; Length: 12"]


def test_a_text_box_stands_behind_its_paragraph() -> None:
    box = f"<draw:frame><draw:text-box>{p('In a box.')}</draw:text-box></draw:frame>"
    assert texts(p(f"Te{box}xt.")) == ["Text.", "In a box."]


def test_bookmarks_are_anchors() -> None:
    found = made(
        p('The <text:bookmark text:name="here"/>pact.') + p('<text:bookmark-start text:name="_x"/>b')
    )
    assert found.anchors == ((4, "here"),)


def test_the_first_author_is_believed_where_the_text_names_him() -> None:
    meta = (
        "<office:meta><dc:title>Draft 7</dc:title><meta:initial-creator>Ann Lee</meta:initial-creator>"
        "<dc:creator>A computer</dc:creator></office:meta>"
    )
    found = made(p("By Ann Lee"), meta=meta)
    assert found.record.authors == ("Ann Lee",)
    assert found.record.title is None
    assert found.doubts == ("the file calls itself 'Draft 7', which its text does not say: not used",)


def test_a_spreadsheet_is_refused_with_what_to_do() -> None:
    sheet = odt("a").replace(b"opendocument.text", b"opendocument.spreadsheet")
    with pytest.raises(UnreadableError, match=r"x\.ods: a spreadsheet; save its sheet as CSV"):
        load(sheet, "x.ods")
