"""Bytes of a file to a document: decoded or parsed, its record read, its structure found."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Protocol

from corpus import bibliography, loaders
from corpus.decode import MAX_BYTES, check_size, decode
from corpus.errors import UnreadableError
from corpus.fold import Reading, fold, is_blank
from corpus.manuscript import Manuscript
from corpus.media import MARKDOWN, TEXTS, told
from corpus.records import Document, Record, Span
from corpus.structure.assemble import Assembled, assemble, compose

_COMMENT = re.compile(  # but not in fenced code, where it is what the text is about
    r"^[ ]{0,3}(`{3,}(?=[^`\n]*$)|~{3,}).*?(?:^[ ]{0,3}\1|\Z)|(?P<comment><!--.*?-->)",
    re.DOTALL | re.MULTILINE,
)


class Parse(Protocol):
    """Reads a file that is no text."""

    def __call__(self, data: bytes, source: str, kind: str) -> Manuscript:
        """What the loader of a media type makes of a file. Raises UnreadableError."""


def load(
    data: bytes,
    source: str,
    metadata: Mapping[str, Any] | None = None,
    *,
    as_type: str | None = None,
    max_bytes: int = MAX_BYTES,
    parse: Parse = loaders.read,
) -> Document:
    """A document from the bytes of a file, whose content says what it is.

    `metadata` holds CSL-JSON fields from outside the file (a sidecar, a request); they win over
    the file's own. `parse` reads what is no text: in this process, unless another one is given that
    keeps the file apart. Raises UnreadableError (also where no words are left to read, as in
    a file of nothing but front matter) or MetadataError.
    """
    check_size(data, source, max_bytes)
    kind = as_type or told(data, source)
    if kind in TEXTS:
        return _text(data, source, metadata or {}, kind, max_bytes)
    return written(parse(data, source, kind), source, version(data), kind, metadata)


def version(data: bytes) -> str:
    """The name of a content: its sha256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def written(
    manuscript: Manuscript,
    source: str,
    version: str,
    kind: str,
    metadata: Mapping[str, Any] | None = None,
) -> Document:
    """A document from what a loader has made of it. Raises UnreadableError where there are no words."""
    if is_blank(manuscript.text, markdown=False, literal=True, furniture=manuscript.furniture):
        raise UnreadableError(f"{source}: there are no words in it; there is nothing to add")
    found = _told(compose(manuscript), manuscript.record)
    return _document(source, version, kind, manuscript.text, found, metadata or {}, manuscript.doubts)


def _told(found: Assembled, own: Record) -> Assembled:
    """What was found, and what the file itself tells of its record, which wins."""
    fields, support = dict(found.fields), dict(found.support)
    if "title" in own.csl and own.csl["title"] != fields.get("title"):  # then it was no subtitle either
        fields.pop("subtitle", None)
        support.pop("subtitle", None)
    for name in own.csl:
        support.pop(name, None)
    return replace(
        found,
        fields=MappingProxyType({**fields, **own.csl}),
        support=MappingProxyType({**support, **own.support}),
        doubts=MappingProxyType({name: d for name, d in found.doubts.items() if name not in own.csl}),
    )


def _text(data: bytes, source: str, metadata: Mapping[str, Any], kind: str, max_bytes: int) -> Document:
    markdown = kind == MARKDOWN
    decoded = decode(data, source, max_bytes)
    text = decoded.text
    fields, matter = bibliography.front_matter(text, source) if markdown else ({}, None)
    furniture = _furniture(text, matter) if markdown else ()
    if is_blank(text, markdown=markdown, furniture=furniture):
        raise UnreadableError(f"{source}: only metadata, comments, rules and marks; there is nothing to add")
    found = assemble(text, markdown=markdown, furniture=furniture)
    return _document(source, version(data), kind, text, found, {**fields, **metadata}, decoded.notes)


def _document(
    source: str,
    version: str,
    kind: str,
    text: str,
    found: Assembled,
    explicit: Mapping[str, Any],
    notes: tuple[str, ...],
) -> Document:
    record = bibliography.record(found.fields, explicit)
    doubts = (doubt for name, doubt in found.doubts.items() if name not in explicit)
    return Document(
        source=source,
        version=version,
        media_type=kind,
        text=text,
        record=Record(record.csl, _support(record, found)),
        structure=replace(found.structure, notes=(*notes, *found.structure.notes, *doubts)),
    )


def folded(text: str, media_type: str) -> Reading:
    """How a text reads that stands in a document of a media type."""
    return fold(text, markdown=media_type == MARKDOWN, literal=media_type not in TEXTS)


def reading(document: Document) -> Reading:
    """The reading text of a whole document."""
    structure = document.structure
    return fold(
        document.text,
        markdown=document.media_type == MARKDOWN,
        literal=document.media_type not in TEXTS,
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
