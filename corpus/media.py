"""Media types, told by content; a name tells only kinds of text apart: plain, Markdown, pieces of HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from types import MappingProxyType

MARKDOWN = "text/markdown"
PLAIN = "text/plain"
PDF = "application/pdf"
HTML = "text/html"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EPUB = "application/epub+zip"
VTT = "text/vtt"
SRT = "application/x-subrip"
ZIP = "application/zip"
TEXTS = frozenset({MARKDOWN, PLAIN})  # read in this process; their canonical text is the file itself
SUFFIXES: Mapping[str, str] = MappingProxyType(  # of the files that are looked for in a folder
    {".md": MARKDOWN, ".markdown": MARKDOWN, ".txt": PLAIN, ".text": PLAIN, ".pdf": PDF}
    | {
        ".html": HTML,
        ".htm": HTML,
        ".xhtml": HTML,
        ".docx": DOCX,
        ".docm": DOCX,
        ".dotx": DOCX,
        ".epub": EPUB,
    }
    | {".vtt": VTT, ".srt": SRT}
)
_PDF = re.compile(rb"%PDF-[12]\.\d")
_HEAD = 1024  # bytes in which readers of PDF look for its mark
_PAGE = re.compile(
    rb"\s*+(?>(?:<\?xml[^>]*>|<!--.*?-->)\s*+)*+<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(rb"<[a-z!][^<>]*>", re.IGNORECASE)
_BOM = re.compile(rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)")
_VTT = re.compile(rb"(?:\xef\xbb\xbf)?WEBVTT(?:[ \t].*)?\r?\n")
_SRT = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,20}\d{1,6}[ \t]*\r?\n\d{1,3}:\d\d:\d\d[,.]\d{1,3} +--> +\d")
_ZIP = b"PK\x03\x04"
_ZIPPED = (  # what a zip holds that is a document: names of its parts stand in it as they are
    (b"mimetypeapplication/epub+zip", EPUB),
    (b"META-INF/container.xml", EPUB),
    (b"word/document.xml", DOCX),
    (b"word/document2.xml", DOCX),
)


def media_type(source: str) -> str:
    """The kind of text that a file's name tells; plain text where it tells none."""
    named = SUFFIXES.get(PurePath(source).suffix.lower(), PLAIN)
    return named if named in TEXTS else PLAIN


def told(data: bytes, source: str) -> str:
    """The media type of a file's bytes; `source` is its name, which decides between kinds of text alone."""
    if _is_pdf(data):
        return PDF
    if data.startswith(_ZIP):
        return next((kind for mark, kind in _ZIPPED if mark in data), ZIP)
    if _VTT.match(data) and b"-->" in data[: 64 * _HEAD]:
        return VTT
    if _SRT.match(data):
        return SRT
    return HTML if _is_page(data, source) else media_type(source)


def _is_page(data: bytes, source: str) -> bool:
    """Whether a file is a web page: it begins as one, or is called one and has tags.

    Markdown may begin with HTML and is none.
    """
    named = SUFFIXES.get(PurePath(source).suffix.lower())
    head = _BOM.sub(b"", data[: 64 * _HEAD]).replace(b"\0", b"")  # of UTF-16, the letters
    return named != MARKDOWN and bool(_PAGE.match(head) or (named == HTML and _TAG.search(head)))


def _is_pdf(data: bytes) -> bool:
    """Whether a file is a PDF: its mark comes first, or behind some bytes of another program.

    A text that quotes the mark has no NUL and no end mark of a PDF.
    """
    found = _PDF.search(data, 0, _HEAD)
    return found is not None and (found.start() == 0 or b"\0" in data or b"startxref" in data[-2048:])
