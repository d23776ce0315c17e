"""Media types, told by content; a name tells only Markdown from plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from types import MappingProxyType

MARKDOWN = "text/markdown"
PLAIN = "text/plain"
PDF = "application/pdf"
TEXTS = frozenset({MARKDOWN, PLAIN})  # read in this process; their canonical text is the file itself
SUFFIXES: Mapping[str, str] = MappingProxyType(  # of the files that are looked for in a folder
    {".md": MARKDOWN, ".markdown": MARKDOWN, ".txt": PLAIN, ".text": PLAIN, ".pdf": PDF}
)
_PDF = re.compile(rb"%PDF-[12]\.\d")
_HEAD = 1024  # bytes in which readers of PDF look for its mark


def media_type(source: str) -> str:
    """The kind of text that a file's name tells; plain text where it tells none."""
    named = SUFFIXES.get(PurePath(source).suffix.lower(), PLAIN)
    return named if named in TEXTS else PLAIN


def told(data: bytes, source: str) -> str:
    """The media type of a file's bytes; `source` is its name, which decides between kinds of text alone."""
    if _is_pdf(data):
        return PDF
    return media_type(source)


def _is_pdf(data: bytes) -> bool:
    """Whether a file is a PDF: its mark comes first, or behind some bytes of another program.

    A text that quotes the mark has no NUL and no end mark of a PDF.
    """
    found = _PDF.search(data, 0, _HEAD)
    return found is not None and (found.start() == 0 or b"\0" in data or b"startxref" in data[-2048:])
