"""Web pages: their text without what stands around it, their tables, lists, notes and records."""

from __future__ import annotations

import pytest

from corpus.errors import UnreadableError
from corpus.load import load
from corpus.manuscript import Manuscript
from corpus.web.loader import read

PROSE = "The pact governs the use of water by all the states that lie on its upper reaches. " * 3


def page(body: str, head: str = "") -> bytes:
    head = f"<head><meta charset=utf-8>{head}</head>"
    return f"<!doctype html><html lang=en>{head}<body>{body}</body></html>".encode()


def made(body: str, head: str = "") -> Manuscript:
    return read(page(body, head), "page.html")


def shown(manuscript: Manuscript) -> list[tuple[str, str]]:
    return [(b.kind.value, manuscript.text[b.span.start : b.span.end]) for b in manuscript.blocks]


def test_menus_banners_and_scripts_are_no_text() -> None:
    body = (
        "<nav><a href=/>Home</a></nav><header>The Site</header><script>x()</script><style>p{}</style>"
        f"<div class='cookie-banner'>We use cookies.</div><h1>Water</h1><p>{PROSE}</p>"
        "<ul><li><a href=/a>One</a><li><a href=/b>Two</a><li><a href=/c>Three</a></ul>"
        "<aside>Most read</aside><p hidden>Hidden.</p><p style='display: none'>Not shown.</p>"
        "<!-- a comment --><noscript>Please allow scripts.</noscript><footer>Terms</footer>"
    )
    assert shown(made(body)) == [("heading", "Water"), ("paragraph", PROSE.strip())]


def test_the_part_that_is_marked_as_the_text_is_the_text() -> None:
    body = f"<div>Subscribe to us.</div><main><h1>Water</h1><p>{PROSE}</p></main><div>More to read.</div>"
    assert shown(made(body)) == [("heading", "Water"), ("paragraph", PROSE.strip())]


def test_an_article_that_is_a_teaser_is_not_all_there_is() -> None:
    body = f"<article>A teaser.</article><div><p>{PROSE}</p></div>"
    assert shown(made(body)) == [("paragraph", "A teaser."), ("paragraph", PROSE.strip())]


@pytest.mark.parametrize("named", ["id=comments", "class='related-posts'", "class='sidebar widget-area'"])
def test_comments_and_what_else_there_is_to_read_are_no_text(named: str) -> None:
    body = f"<div class=post><p>{PROSE}</p></div><div {named}><p>So it is. I agree.</p></div>"
    assert shown(made(body)) == [("paragraph", PROSE.strip())]


@pytest.mark.parametrize("named", ["id=comments", "class='post has-related-posts'", "class=tags"])
def test_what_holds_most_of_a_page_is_its_text_whatever_it_is_called(named: str) -> None:
    body = f"<h1>Water</h1><div {named}><p>{PROSE}</p></div>"
    assert shown(made(body)) == [("heading", "Water"), ("paragraph", PROSE.strip())]


def test_comments_in_code_are_code() -> None:
    body = f"<main><p>{PROSE}</p><pre>x = 1 <span class='hljs-comment'># one</span></pre></main>"
    assert shown(made(body))[1] == ("code", "x = 1 # one")


def test_what_is_left_out_is_told() -> None:
    assert made(f"<p>{PROSE}</p><nav>{'Menu ' * 100}</nav>").doubts == (
        "400 letters of menus, banners and lists of links: left out",
    )


def test_a_page_of_nothing_but_a_menu_is_read() -> None:
    assert shown(made("<nav><p>Home of water</p></nav>")) == [("paragraph", "Home of water")]


def test_lists_keep_their_numbers_and_bullets() -> None:
    body = "<ol start=3><li>Three<li value=7><p>Seven</p><p>and more</p><ul><li>inner</ul></ol>"
    body += "<ol type=a><li>Letter</ol>"
    assert shown(made(body)) == [
        ("list_item", "3. Three"),
        ("list_item", "7. Seven"),
        ("paragraph", "and more"),
        ("list_item", "• inner"),
        ("list_item", "a. Letter"),
    ]


def test_each_row_of_a_table_repeats_the_names_of_its_columns() -> None:
    body = (
        "<table><caption>Rivers</caption><thead><tr><th>State<th colspan=2>Length</tr></thead>"
        "<tr><td rowspan=2>Morava<td>12<td>km</tr><tr><td>13<td></tr></table>"
    )
    assert shown(made(body)) == [
        ("paragraph", "Rivers"),
        ("table", "State: Morava; Length: 12; Length: km\nState: Morava; Length: 13"),
    ]


def test_a_table_without_names_parts_its_cells() -> None:
    body = "<table><tr><td>Morava<td>12</tr><tr><td>Sava<td>13</tr></table>"
    assert shown(made(body)) == [("table", "Morava | 12\nSava | 13")]


def test_a_table_that_places_text_is_none() -> None:
    body = f"<table><tr><td><h2>Water</h2><p>{PROSE}</p></td><td><p>Beside.</p></td></tr></table>"
    assert [kind for kind, _ in shown(made(body))] == ["heading", "paragraph", "paragraph"]


def test_rows_of_a_table_are_no_dialogue() -> None:
    rows = "".join(f"<tr><td>State {n}<td>{PROSE}</tr>" for n in range(6))
    document = load(page(f"<table><tr><th>State<th>Pact</tr>{rows}</table>"), "page.html")
    assert document.structure.turns == ()


def test_code_keeps_its_white_space() -> None:
    assert shown(made("<p>So:</p><pre>if x:\n    y = 1\n</pre>")) == [
        ("paragraph", "So:"),
        ("code", "if x:\n    y = 1"),
    ]


def test_two_breaks_end_a_paragraph_and_one_a_line() -> None:
    assert shown(made("One<br>line.<br><br>Two &amp; <q>three</q>.")) == [
        ("paragraph", "One\nline."),
        ("paragraph", "Two & “three”."),
    ]


@pytest.mark.parametrize(
    ("mark", "definition"),
    [
        ("<sup><a href='#n1' id=c1>1</a></sup>", "<ol><li id=n1>Archive. <a href='#c1'>↩</a></li></ol>"),
        ("<a href='#n1' id=c1 role=doc-noteref>1</a>", "<aside role=doc-footnote id=n1>1 Archive.</aside>"),
        ("<a href='#n1' name=c1>[1]</a>", "<p><a name=n1 href='#c1'>[1]</a> Archive.</p>"),
        (
            "<sup class=reference id=c1><a href='#n1'>[1]</a></sup>",
            "<ol class=references><li id=n1><b><a href='#c1'>^</a></b> <span>Archive.</span></ol>",
        ),
    ],
)
def test_notes_are_found_as_they_are_written(mark: str, definition: str) -> None:
    document = load(page(f"<p>The pact{mark} governs.</p>{definition}"), "page.html")
    notes = document.structure.footnotes
    assert [(note.number, note.text, len(note.markers)) for note in notes] == [("1", "Archive.", 1)]


def test_a_link_to_a_chapter_is_no_note() -> None:
    assert made("<p>See <a href='#c1'>1</a>.</p><h2 id=c1>Water</h2><p>Text.</p>").notes == ()


def test_a_place_is_named_by_the_nearest_id_before_it() -> None:
    manuscript = made("<h2 id=water>Water</h2><p>Text <b id=b>here</b> and on.</p>")
    assert [manuscript.anchor(n) for n in (0, 8, 12, 20)] == ["water", "water", "b", "b"]
    assert manuscript.anchors == ((0, "water"), (12, "b"))


def test_citation_tags_win_over_what_other_programs_are_told() -> None:
    head = (
        "<title>Water - Site</title><meta name=citation_title content='On Water'>"
        "<meta name=citation_author content='Lee, Ann'><meta name=citation_author content='Bo Ray'>"
        "<meta name=citation_date content=2019/3/7><meta name=citation_journal_title content=Rivers>"
        "<meta name=citation_doi content='https://doi.org/10.1/x'><meta property=og:title content=Other>"
        "<link rel=canonical href=https://example.org/water>"
    )
    assert made("<h1>Water</h1><p>Text.</p>", head).record.csl == {
        "title": "On Water",
        "issued": "2019-03-07",
        "container-title": "Rivers",
        "DOI": "10.1/x",
        "author": [{"family": "Lee", "given": "Ann"}, {"literal": "Bo Ray"}],
        "type": "article-journal",
        "URL": "https://example.org/water",
        "language": "en",
    }


def test_linked_data_tells_a_newspaper_article() -> None:
    head = (
        '<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "S"}, {"@type": '
        '"NewsArticle", "headline": "Water rises", "author": [{"name": "Ann Lee"}], "datePublished": '
        '"2020-02-03T10:00:00Z", "publisher": {"name": "The Post"}}]}</script>'
    )
    assert made("<p>Text.</p>", head).record.csl == {
        "title": "Water rises",
        "author": [{"literal": "Ann Lee"}],
        "issued": "2020-02-03",
        "publisher": "The Post",
        "language": "en",
        "type": "article-newspaper",
    }


@pytest.mark.parametrize(
    "head", ['<script type="application/ld+json">[[[{</script>', "<meta name=date content=soon>"]
)
def test_what_is_no_record_is_not_used(head: str) -> None:
    assert made("<p>Text.</p>", head).record.csl == {"language": "en"}


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<html><meta charset=iso-8859-9><p>dağ".encode("iso-8859-9"), "dağ"),
        (
            "<html><meta http-equiv=x content='text/html; charset=windows-1251'><p>вода".encode("cp1251"),
            "вода",
        ),
        ("<html><meta charset=iso-8859-1><p>“water”".encode("cp1252"), "“water”"),
        ("<html><p>su və dağ".encode("utf-16"), "su və dağ"),
        ("<html><meta charset=nonsense><p>dağ".encode(), "dağ"),
        (b"<?xml version='1.0' encoding='utf-8'?><html><p>water", "water"),
    ],
)
def test_the_encoding_is_what_the_page_says(data: bytes, text: str) -> None:
    assert read(data, "page.html").text == text


def test_elements_a_thousand_deep_are_read_and_more_are_refused() -> None:
    assert read(page("<div>" * 1000 + "deep"), "x").text == "deep"
    with pytest.raises(UnreadableError, match=r"x: .*nested"):
        read(page("<b>" * 100_000 + "deep"), "x")


def test_a_table_that_reaches_without_end_is_cut() -> None:
    row = f"<tr><td rowspan=65534 colspan=1000>{'w' * 1000}<td>b</tr>"
    assert len(made(f"<table><tr><th>a<th>b</tr>{row * 50}</table>").text) < 200_000
