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
ODT = "application/vnd.oasis.opendocument.text"
RTF = "application/rtf"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
EML = "message/rfc822"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODP = "application/vnd.oasis.opendocument.presentation"
OLE = "application/x-ole-storage"  # of Office before 2007; those with a password are kept so, too
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
        ".odt": ODT,
        ".ott": ODT,
        ".rtf": RTF,
        ".pptx": PPTX,
        ".pptm": PPTX,
        ".ppsx": PPTX,
        ".potx": PPTX,
        ".eml": EML,
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
_RTF = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,20}\{\\rtf")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADERS = re.compile(  # lines at the top of a message; one of those that every message has is among them
    rb"(?:\xef\xbb\xbf)?\s{0,20}(?:From [^\n]{0,500}\n)?"
    rb"(?:(?:[!-9;-~]{1,80}:|[ \t])[^\n]{0,5000}\n){0,100}?"
    rb"(?:from|date|subject|received|message-id|mime-version|return-path|delivered-to|to):",
    re.IGNORECASE,
)
_ZIP = b"PK\x03\x04"
_MIMETYPE = re.compile(rb"PK\x03\x04.{22}\x08\x00..mimetype.{0,64}?(application/[a-z.+-]+)", re.DOTALL)
_OPEN = "application/vnd.oasis.opendocument."
_TEMPLATE = "-template"
_DIRECTORY = b"PK\x05\x06"  # ends the list of files at the end of a zip
_ZIPPED = (  # what a zip holds that is a document: names of its parts stand in it as they are
    (b"META-INF/container.xml", EPUB),
    (b"word/document.xml", DOCX),
    (b"word/document2.xml", DOCX),
    (b"ppt/presentation.xml", PPTX),
    (b"xl/workbook.xml", XLSX),
    (b"xl/workbook.bin", XLSX),
    (b"META-INF/manifest.xml", ODT),  # without its type; whatever else has a manifest is no text of anybody
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
        return _zipped(data)
    if _RTF.match(data):
        return RTF
    if data.startswith(_OLE):
        return OLE
    if SUFFIXES.get(PurePath(source).suffix.lower()) == EML and _HEADERS.match(data):
        return EML
    if _VTT.match(data) and b"-->" in data[: 64 * _HEAD]:
        return VTT
    if _SRT.match(data):
        return SRT
    return HTML if _is_page(data, source) else media_type(source)


def _zipped(data: bytes) -> str:
    """What a zip is: by the type that it begins with, else by the names of its own parts.

    Those of a document that is embedded in it are not in the list at its end.
    """
    if found := _MIMETYPE.match(data):
        named = found[1].decode("ascii").removesuffix(_TEMPLATE)
        if named == EPUB or named.startswith(_OPEN):
            return named
    end = data.rfind(_DIRECTORY)
    start = int.from_bytes(data[end + 16 : end + 20], "little")
    names = data[start:end] if 0 < start < end else data
    return next((kind for mark, kind in _ZIPPED if mark in names), ZIP)


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
