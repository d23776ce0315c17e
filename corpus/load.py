"""Bytes of a file to a document: decoded, its record read, its structure found."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

from corpus import bibliography
from corpus.decode import MAX_BYTES, decode
from corpus.errors import UnreadableError
from corpus.fold import Reading, fold, is_blank
from corpus.records import Document, Record, Span
from corpus.structure.assemble import Assembled, assemble

MARKDOWN = "text/markdown"
PLAIN = "text/plain"
SUFFIXES: Mapping[str, str] = MappingProxyType(
    {".md": MARKDOWN, ".markdown": MARKDOWN, ".txt": PLAIN, ".text": PLAIN}
)
_COMMENT = re.compile(  # but not in fenced code, where it is what the text is about
    r"^[ ]{0,3}(`{3,}(?=[^`\n]*$)|~{3,}).*?(?:^[ ]{0,3}\1|\Z)|(?P<comment><!--.*?-->)",
    re.DOTALL | re.MULTILINE,
)


def media_type(source: str) -> str:
    """The media type that a file's name tells; plain text where it tells none."""
    return SUFFIXES.get(PurePath(source).suffix.lower(), PLAIN)


def load(
    data: bytes,
    source: str,
    metadata: Mapping[str, Any] | None = None,
    *,
    as_type: str | None = None,
    max_bytes: int = MAX_BYTES,
) -> Document:
    """A document from the bytes of a text or Markdown file.

    `metadata` holds CSL-JSON fields from outside the file (a sidecar, a request); they win over
    the file's own front matter. Raises UnreadableError (also where no words are left to read, as in
    a file of nothing but front matter) or MetadataError.
    """
    kind = as_type or media_type(source)
    markdown = kind == MARKDOWN
    decoded = decode(data, source, max_bytes)
    text = decoded.text
    fields, matter = bibliography.front_matter(text, source) if markdown else ({}, None)
    furniture = _furniture(text, matter) if markdown else ()
    if is_blank(text, markdown=markdown, furniture=furniture):
        raise UnreadableError(f"{source}: only metadata, comments, rules and marks; there is nothing to add")
    found = assemble(text, markdown=markdown, furniture=furniture)
    explicit = {**fields, **(metadata or {})}
    record = bibliography.record(found.fields, explicit)
    doubts = (doubt for name, doubt in found.doubts.items() if name not in explicit)
    return Document(
        source=source,
        version=hashlib.sha256(data).hexdigest(),
        media_type=kind,
        text=text,
        record=Record(record.csl, _support(record, found)),
        structure=replace(found.structure, notes=(*decoded.notes, *found.structure.notes, *doubts)),
    )


def reading(document: Document) -> Reading:
    """The reading text of a whole document."""
    structure = document.structure
    return fold(
        document.text,
        markdown=document.media_type == MARKDOWN,
        furniture=structure.furniture,
        marks=structure.marks,
        parted=[block.spans for block in structure.blocks if block.rest],
    )


def _furniture(text: str, matter: Span | None) -> tuple[Span, ...]:
    start = matter.end if matter else 0
    end = text.rfind("-->") + len("-->")  # an opening mark behind this one is never closed
    found = (match.span("comment") for match in _COMMENT.finditer(text, start, max(start, end)))
    comments = (Span(*place) for place in found if place != (-1, -1))
    return (matter, *comments) if matter else tuple(comments)


def _support(record: Record, found: Assembled) -> Mapping[str, Span]:
    """The spans of the fields that no metadata overruled."""
    kept = {name: span for name, span in found.support.items() if record.csl[name] == found.fields[name]}
    return MappingProxyType(kept)
