"""Documents of known structure as web pages, Word documents and e-books, for tests.

Needs python-docx and EbookLib (`pip install 'pincite[dev]'`).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from ebooklib import epub

from corpus.records import BlockKind
from corpus.testing import Text

_CALL = re.compile(r"\[\^(\w+)\]")
_MENU = '<nav><ul><li><a href="/">Home</a></li><li><a href="/about">About us</a></li></ul></nav>'
_FOOT = "<footer>Copyright by nobody. <a href='/terms'>Terms of use</a></footer>"
_NOTE_STYLE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"


def as_page(blocks: Sequence[Text], notes: Mapping[str, str] | None = None, *, menus: bool = True) -> bytes:
    """The blocks as a web page with menus around them, notes in a list at its end."""
    title = next((block.words for block in blocks if block.kind is BlockKind.HEADING), "Page")
    inside = _elements(blocks) + _list_of_notes(notes or {})
    above, below = (_MENU, _FOOT) if menus else ("", "")
    head = f'<meta charset="utf-8"><title>{escape(title)} - A site</title>'
    body = f"<body>{above}<main>{inside}</main>{below}</body>"
    return f'<!doctype html><html lang="en"><head>{head}</head>{body}</html>'.encode()


def as_book(blocks: Sequence[Text], notes: Mapping[str, str] | None = None) -> bytes:
    """The blocks as an e-book: a file for each heading of the second level, and one for the notes."""
    book = epub.EpubBook()
    book.set_identifier("urn:x-test:book")
    book.set_title(next((block.words for block in blocks if block.kind is BlockKind.HEADING), "Book"))
    book.set_language("en")
    book.add_author("Ann Lee")
    chapters = []
    for n, part in enumerate(_chapters(blocks)):
        chapter = epub.EpubHtml(title=part[0].words, file_name=f"chapter{n}.xhtml", lang="en")
        chapter.content = f"<html><body>{_elements(part, 'notes.xhtml')}</body></html>"
        chapters.append(chapter)
    if notes:
        ends = epub.EpubHtml(title="Notes", file_name="notes.xhtml", lang="en")
        ends.content = f"<html><body>{_list_of_notes(notes)}</body></html>"
        chapters.append(ends)
    for chapter in chapters:
        book.add_item(chapter)
    book.toc = chapters
    book.spine = ["nav", *chapters]
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    out = io.BytesIO()
    epub.write_epub(out, book)
    return out.getvalue()


def as_word(blocks: Sequence[Text], notes: Mapping[str, str] | None = None) -> bytes:
    """The blocks as a Word document with footnotes; the first heading is its title."""
    made = docx.Document()
    titled = bool(blocks) and blocks[0].kind is BlockKind.HEADING
    numbers = {name: n + 2 for n, name in enumerate(notes or {})}
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            paragraph = made.add_heading("", block.level - titled)
        elif block.kind is BlockKind.LIST_ITEM:
            paragraph = made.add_paragraph(style="List Bullet")
        else:
            paragraph = made.add_paragraph()
        for i, part in enumerate(_CALL.split(block.words)):
            if i % 2:
                reference = OxmlElement("w:footnoteReference")
                reference.set(qn("w:id"), str(numbers[part]))
                paragraph.add_run()._r.append(reference)
            else:
                paragraph.add_run(part)
    out = io.BytesIO()
    made.save(out)
    return _with_footnotes(out.getvalue(), {numbers[name]: words for name, words in (notes or {}).items()})


def repacked(data: bytes, changes: Mapping[str, bytes]) -> bytes:
    """A zip with some of its files changed, or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename not in changes:
                new.writestr(info, old.read(info))
        for name, content in changes.items():
            new.writestr(name, content)
    return out.getvalue()


def _elements(blocks: Sequence[Text], notes: str = "") -> str:
    parts = []
    for n, block in enumerate(blocks):
        words = _CALL.sub(
            lambda call: f'<sup><a href="{notes}#note{call[1]}" id="call{call[1]}">{call[1]}</a></sup>',
            escape(block.words),
        )
        if block.kind is BlockKind.HEADING:
            parts.append(f'<h{block.level} id="s{n}">{words}</h{block.level}>')
        elif block.kind is BlockKind.LIST_ITEM:
            parts.append(f"<ul><li>{words}</li></ul>")
        else:
            parts.append(f"<p>{words}</p>")
    return "\n".join(parts)


def _list_of_notes(notes: Mapping[str, str]) -> str:
    items = (
        f'<li id="note{name}"><p>{escape(words)} <a href="#call{name}">↩</a></p></li>'
        for name, words in notes.items()
    )
    return f'<section class="footnotes"><ol>{"".join(items)}</ol></section>' if notes else ""


def _chapters(blocks: Sequence[Text]) -> list[list[Text]]:
    parts: list[list[Text]] = []
    for block in blocks:
        if not parts or (block.kind is BlockKind.HEADING and block.level <= 2):
            parts.append([])
        parts[-1].append(block)
    return parts


def _with_footnotes(data: bytes, notes: Mapping[int, str]) -> bytes:
    """A Word document with the part that holds its footnotes, which python-docx does not write."""
    if not notes:
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        types, relations = parts.read("[Content_Types].xml"), parts.read("word/_rels/document.xml.rels")
    told = "".join(
        f'<w:footnote w:id="{n}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> '
        f"{escape(words)}</w:t></w:r></w:p></w:footnote>"
        for n, words in notes.items()
    )
    ruled = '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    part = f'<w:footnotes xmlns:w="{_NOTE_STYLE}">{ruled}{told}</w:footnotes>'.encode()
    kind = f'<Override PartName="/word/footnotes.xml" ContentType="{_FOOTNOTES}"/></Types>'
    relation = f'<Relationship Id="rIdNotes" Type="{_RELATION}" Target="footnotes.xml"/></Relationships>'
    return repacked(
        data,
        {
            "[Content_Types].xml": types.replace(b"</Types>", kind.encode()),
            "word/_rels/document.xml.rels": relations.replace(b"</Relationships>", relation.encode()),
            "word/footnotes.xml": part,
        },
    )


def zip_of(inside: Mapping[str, bytes], *, flags: int = 0, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of files by their names; `flags` are put into every header of one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, data in inside.items():
            file.writestr(name, data)
    made = out.getvalue()
    if flags:  # in every header of a file
        for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
            start = -1
            while (start := made.find(mark, start + 1)) >= 0:
                made = made[: start + at] + bytes([flags, 0]) + made[start + at + 2 :]
    return made
