"""What a PDF says of itself, as far as it can be believed: only what its first pages say, too.

Programs fill these fields with file names, with their own names and with whoever owned the computer; dates
are those of the file. So a title or a name counts that stands in the text, and no date does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from xml.etree import ElementTree

from corpus.manuscript import Manuscript
from corpus.records import Record, Span
from corpus.structure.casing import Casing
from corpus.structure.names import is_name
from corpus.structure.titles import key

_PACKET = re.compile(rb"<x:xmpmeta\b.{0,200000}?</x:xmpmeta>", re.DOTALL)
_DC = "{http://purl.org/dc/elements/1.1/}"
_LIST = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}li"
_PROGRAM = re.compile(r"^Microsoft \w+ - ", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*(?:[;,/&|]|\band\b|\bund\b|\bet\b|\by\b)\s*")
_LONGEST = 300  # characters
_FRONT_PAGES = 3  # in which a title or an author must stand


@dataclass(frozen=True, slots=True)
class Claims:
    """Titles and authors that a file claims, from its information dictionary and its XMP packet."""

    titles: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


def claims(info: Mapping[str, str], data: bytes) -> Claims:
    """What the metadata of a file claims; `info` is its information dictionary."""
    packet = _xmp(data)
    titles = [*_texts(packet, "title"), info.get("Title", "")]
    authors = [*_texts(packet, "creator"), *_SEPARATOR.split(info.get("Author", ""))]
    return Claims(tuple(_clean(titles)), tuple(_clean(authors)))


def record(made: Manuscript, titled: Span | None, claimed: Claims) -> tuple[Record, tuple[str, ...]]:
    """What is believed of a manuscript, and what is not; `titled`: where large letters say a title."""
    front = made.text[: made.pages[min(_FRONT_PAGES, len(made.pages)) - 1].end]
    csl: dict[str, Any] = {}
    support: dict[str, Span] = {}
    doubts: tuple[str, ...] = ()
    title = believed_title(claimed, front)
    if titled:
        printed = " ".join(made.text[titled.start : titled.end].split())
        csl["title"], support["title"] = Casing(made.text).cased(printed), titled
    elif title:
        csl["title"] = title
        _support(support, "title", front, title)
    elif claimed.titles:
        doubts = (f"the file calls itself {claimed.titles[0]!r}, which its text does not say: not used",)
    if names := believed_authors(claimed, front):
        csl["author"] = [{"literal": name} for name in names]
        _support(support, "author", front, names[0])
    return Record(MappingProxyType(csl), MappingProxyType(support)), doubts


def _support(support: dict[str, Span], field: str, front: str, words: str) -> None:
    if (at := front.find(words)) >= 0:
        support[field] = Span(at, at + len(words))


def believed_title(claimed: Claims, front: str) -> str | None:
    """The first title that stands in the text of the first pages."""
    said = f" {key(front)} "
    for title in claimed.titles:
        bare = _PROGRAM.sub("", title)
        words = key(bare)
        if len(words) > 5 and f" {words} " in said:
            return bare
    return None


def believed_authors(claimed: Claims, front: str) -> tuple[str, ...]:
    """The authors, if they are names and all of them stand in the text of the first pages."""
    said = f" {key(front)} "
    names = [name for name in claimed.authors if is_name(name)]
    if not names or len(names) < len(claimed.authors):
        return ()
    return tuple(names) if all(f" {key(name)} " in said for name in names) else ()


def _clean(texts: list[str]) -> Iterator[str]:
    seen: set[str] = set()
    for text in texts:
        text = " ".join(unicodedata.normalize("NFC", text).split())
        if text and text not in seen and len(text) <= _LONGEST:
            seen.add(text)
            yield text


def _xmp(data: bytes) -> ElementTree.Element | None:
    """The last metadata packet that is not compressed; None where there is none, or one with entities."""
    packets = _PACKET.findall(data)
    if not packets or b"<!" in packets[-1]:
        return None
    try:
        return ElementTree.fromstring(packets[-1])  # noqa: S314 - without a declaration there are no entities
    except ElementTree.ParseError:
        return None


def _texts(packet: ElementTree.Element | None, name: str) -> list[str]:
    if packet is None:
        return []
    return [item.text or "" for place in packet.iter(_DC + name) for item in place.iter(_LIST)]
