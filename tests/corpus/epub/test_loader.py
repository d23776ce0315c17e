"""E-books: their pages in the order of the spine, notes in other files, records, and what protects them."""

from __future__ import annotations

import io
import zipfile

import pytest

from corpus.epub.loader import read
from corpus.errors import UnreadableError
from corpus.manuscript import Manuscript
from corpus.media import EPUB, told

CONTAINER = '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>'
RECORD = (
    "<dc:title>On Water</dc:title><dc:creator id='a'>Lee, Ann</dc:creator>"
    "<dc:creator id='b'>Bo Ray</dc:creator>"
    "<meta refines='#b' property='role'>ill</meta><dc:date>2019-03-07T10:00:00Z</dc:date>"
    "<dc:identifier>urn:isbn:978-0-306-40615-7</dc:identifier><dc:language>en</dc:language>"
)


def book(pages: dict[str, str], record: str = RECORD, **more: str) -> bytes:
    """An e-book of pages in order; `nav.xhtml` is its table of contents."""
    items = "".join(
        f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml" '
        f'properties="{"nav" if name == "nav.xhtml" else ""}"/>'
        for n, name in enumerate(pages)
    )
    spine = "".join(f'<itemref idref="i{n}"/>' for n in range(len(pages)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"{record}</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("mimetype", "application/epub+zip")
        file.writestr("META-INF/container.xml", CONTAINER)
        file.writestr("OPS/book.opf", package)
        for name, body in pages.items():
            page = f'<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">{body}</html>'
            file.writestr(f"OPS/{name}", page)
        for name, content in more.items():
            file.writestr(f"META-INF/{name}.xml", content)
    return out.getvalue()


def made(pages: dict[str, str]) -> Manuscript:
    return read(book(pages), "x.epub")


def test_content_tells_an_e_book() -> None:
    assert told(book({"a.xhtml": "<body/>"}), "x.txt") == EPUB


def test_pages_come_in_the_order_of_the_spine_without_the_contents() -> None:
    pages = {
        "z.xhtml": "<body><h1>One</h1></body>",
        "nav.xhtml": "<body><nav>One Two</nav></body>",
        "a.xhtml": "<head><title/></head><body><a id='p2'/><h1>Two</h1>caf&eacute;&nbsp;&amp; more</body>",
    }
    assert made(pages).text == "One\n\nTwo\n\ncafé\xa0& more"


def test_a_note_may_stand_in_another_file() -> None:
    pages = {
        "text/a.xhtml": "<body><p>The pact<a epub:type='noteref' href='../notes.xhtml#n1'>1</a>.</p></body>",
        "notes.xhtml": "<body><aside epub:type='footnote' id='n1' hidden=''><p>Archive.</p></aside></body>",
    }
    manuscript = made(pages)
    (note,) = manuscript.notes
    assert (note.number, manuscript.text[note.body.start : note.body.end]) == ("1", "Archive.")
    assert [manuscript.text[mark.start : mark.end] for mark in note.markers] == ["1"]


def test_a_place_is_named_with_its_file() -> None:
    assert made({"a.xhtml": "<body><h1 id='one'>One</h1></body>"}).anchors == ((0, "OPS/a.xhtml#one"),)


def test_the_record_is_that_of_the_package() -> None:
    assert made({"a.xhtml": "<body>Text.</body>"}).record.csl == {
        "type": "book",
        "title": "On Water",
        "issued": "2019-03-07",
        "language": "en",
        "author": [{"family": "Lee", "given": "Ann"}],
        "ISBN": "9780306406157",
    }


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (
            book(
                {"a.xhtml": "<body>x</body>"},
                encryption='<e><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></e>',
            ),
            "protected against copying",
        ),
        (
            book({"a.xhtml": "<body>x</body>"}).replace(b"OPS/book.opf", b"OPS/look.opf", 1),
            "cannot be unpacked",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        read(data, "x.epub")


def test_entities_of_a_page_are_not_resolved() -> None:
    data = book({"a.xhtml": "<body>&a;</body>"})
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            inside = old.read(name)
            if name.endswith("a.xhtml"):
                inside = b'<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + inside
            new.writestr(name, inside)
    with pytest.raises(UnreadableError, match="entities of its own"):
        read(out.getvalue(), "x.epub")
