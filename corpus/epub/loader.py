"""An e-book to a manuscript."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from corpus.epub.record import record
from corpus.errors import UnreadableError
from corpus.flow import Flow
from corpus.manuscript import Manuscript
from corpus.web.body import lists_of_links
from corpus.web.elements import is_dropped, name, roles
from corpus.web.notes import find_notes
from corpus.web.parse import Element, xhtml
from corpus.web.walk import Walker
from corpus.zipped import Zipped, resolved

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")  # scrambled fonts, no text
_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})
_LISTS = frozenset({"toc", "landmarks", "page-list", "doc-toc", "doc-pagelist", "loi", "lot"})


@dataclass(frozen=True, slots=True)
class _Item:
    """A file of the book as its manifest lists it."""

    path: str
    kind: str
    properties: str


def read(data: bytes, source: str) -> Manuscript:
    """The manuscript of an e-book. Raises UnreadableError."""
    files = Zipped(data, source)
    _refuse_protected(files)
    path = _package_path(files)
    package = files.xml(path)
    if package is None:
        raise UnreadableError(f"{source}: an e-book without its list of files; it is damaged")
    chapters = [
        (item.path, xhtml(page, f"{source}: {item.path!r} in it"))
        for item in _spine(package, path)
        if (page := files.get(item.path)) is not None
    ]
    flow = Flow()
    notes = find_notes(chapters)
    for place, root in chapters:
        body = next(root.iter("body"), root)
        Walker(flow, notes, place, _passed(body)).walk(body)
    return replace(flow.finish(), record=record(package))


def _refuse_protected(files: Zipped) -> None:
    """Raise UnreadableError where pages are encrypted; fonts may be."""
    encryption = files.xml(_ENCRYPTION)
    for method in encryption.iter("{*}EncryptionMethod") if encryption is not None else ():
        if method.get("Algorithm") not in _FONTS:
            raise UnreadableError(f"{files.source}: protected against copying (DRM); it cannot be read")


def _package_path(files: Zipped) -> str:
    container = files.xml(_CONTAINER)
    for root in container.iter("{*}rootfile") if container is not None else ():
        if path := root.get("full-path"):
            return str(path)
    raise UnreadableError(f"{files.source}: an e-book that does not say where its text is; it is damaged")


def _spine(package: Element, path: str) -> Iterator[_Item]:
    """The pages in reading order, without the table of contents."""
    items = {
        str(item.get("id")): _Item(
            resolved(path, unquote(str(item.get("href")))),
            str(item.get("media-type")),
            str(item.get("properties") or ""),
        )
        for item in package.iter("{*}item")
    }
    seen: set[str] = set()
    for reference in package.iter("{*}itemref"):
        item = items.get(str(reference.get("idref")))
        if item and item.kind in _PAGES and "nav" not in item.properties.split() and item.path not in seen:
            seen.add(item.path)
            yield item


def _passed(body: Element) -> frozenset[Element]:
    """What is no text of a chapter: what is hidden, tables of contents, lists of its pages."""
    hidden = {e for e in body.iter("*") if is_dropped(e) or name(e) == "nav" or roles(e) & _LISTS}
    return frozenset(hidden | lists_of_links(body))
