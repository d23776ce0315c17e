"""What the package file of an e-book says of it: Dublin Core."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Any

from corpus.records import Record
from corpus.web.record import checked, person
from corpus.zipped import Element

_DC = "{http://purl.org/dc/elements/1.1/}"
_OPF = "{http://www.idpf.org/2007/opf}"
_ISBN = re.compile(r"(?:urn:isbn:|isbn:?\s*)?((?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx])", re.IGNORECASE)
_FIELDS = {"title": "title", "publisher": "publisher", "issued": "date", "language": "language"}


def record(package: Element) -> Record:
    """The record of a book, from its package file."""
    fields: dict[str, Any] = {"type": "book"}
    for field, element in _FIELDS.items():
        if value := next(filter(None, (checked(field, text) for text in _texts(package, element))), None):
            fields[field] = value
    roles = _roles(package)
    authors = [
        found
        for creator in package.iter(_DC + "creator")
        if roles.get(str(creator.get("id")), creator.get(_OPF + "role") or "aut") == "aut"
        and (found := person(str(creator.text or "")))
    ]
    if authors:
        fields["author"] = authors
    for text in _texts(package, "identifier"):
        if number := _ISBN.fullmatch(text):
            fields["ISBN"] = re.sub(r"[- ]", "", number[1]).upper()
            break
    return Record(MappingProxyType(fields))


def _texts(package: Element, name: str) -> list[str]:
    texts = (" ".join((element.text or "").split()) for element in package.iter(_DC + name))
    return [text for text in texts if text and text.lower() not in ("unknown", "untitled")]


def _roles(package: Element) -> dict[str, str]:
    """What each creator did, as the third version of the format says it."""
    refined = (meta for meta in package.iter("{*}meta") if meta.get("property") == "role")
    return {str(meta.get("refines")).lstrip("#"): (meta.text or "").strip() for meta in refined}
