"""Bytes of a web page to a tree of elements: its encoding first, then markup as browsers read it."""

from __future__ import annotations

import codecs
import re
from html import entities
from typing import TypeAlias

from lxml import etree

from corpus.decode import decode
from corpus.errors import UnreadableError
from corpus.zipped import parse_xml

Element: TypeAlias = "etree._Element"

_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]{2,40})|^\s*<\?xml[^>]{0,100}encoding=["']([\w:.-]{2,40})""",
    re.IGNORECASE,
)
_HEAD = 4096  # bytes in which browsers look for an encoding, and more
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_PROLOGUE = re.compile(r"\A\s*<\?xml[^>]*\?>")  # lxml takes no text that declares how it was encoded
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,30});")
_LIKE_LATIN = frozenset({"iso8859-1", "ascii"})  # what browsers take for windows-1252, as people mean it
_LONG_TAG = re.compile(r"<[^<>]{20000,}+")
_MOST_ATTRIBUTES = 5_000  # of one element; a picture within the page has two equals signs at most
_UNSAFE = frozenset({"utf_7", "unicode_escape", "raw_unicode_escape", "idna", "punycode"})  # no browser's
_DEEPEST = 1_500  # elements in one another


def page(data: bytes, source: str) -> tuple[Element, tuple[str, ...]]:
    """The root element of a page, and what the reader should be told. Raises UnreadableError."""
    text, notes = markup(data, source)
    for tag in _LONG_TAG.finditer(text):  # libxml2 compares each attribute with all before it
        if text.count("=", *tag.span()) > _MOST_ATTRIBUTES:
            raise UnreadableError(f"{source}: an element with thousands of attributes; save it as text")
    # A page has no entities but HTML's own: to take large trees is safe, and nothing is left out.
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(f"{source}: no web page can be read from it ({error})") from error
    if root is None:
        raise UnreadableError(f"{source}: a web page without anything in it; there is nothing to add")
    if _depth(root) > _DEEPEST:
        raise UnreadableError(
            f"{source}: elements nested more than {_DEEPEST:,} deep, which no page needs; save it as text"
        )
    return root, notes


def xhtml(data: bytes, where: str) -> Element:
    """The root of a page of an e-book: as XML, which it should be, else as browsers would read it."""
    text, _ = markup(data, where)
    named = _ENTITY.sub(lambda found: entities.html5.get(f"{found[1]};", found[0]), text)
    try:
        root = parse_xml(named.encode(), where)
    except UnreadableError as error:
        if "<!ENTITY" in text:
            raise UnreadableError(f"{where}: it declares entities of its own; not read") from error
        return page(data, where)[0]
    for element in root.iter("*"):
        element.tag = etree.QName(element).localname
    return root


def markup(data: bytes, source: str) -> tuple[str, tuple[str, ...]]:
    """The markup of a page as text: by its byte order mark, by what it declares, else as any text."""
    if not data.startswith(_BOMS) and (declared := _DECLARED.search(data[:_HEAD])):
        name = (declared[1] or declared[2]).decode("ascii")
        if text := _decoded(data, name):
            return _PROLOGUE.sub("", text), ()
    read = decode(data, source)
    return _PROLOGUE.sub("", read.text), read.notes


def _decoded(data: bytes, name: str) -> str | None:
    """The text in an encoding of that name; None where there is none, or it is not what was declared."""
    try:
        found = codecs.lookup(name).name
        if found.replace("-", "_") in _UNSAFE:
            return None
        if found.startswith(("utf-16", "utf-32")):  # then this declaration could not have been read
            found = "utf-8"
        return data.decode("cp1252" if found in _LIKE_LATIN else found)
    except (LookupError, UnicodeError, AssertionError):
        return None


def _depth(root: Element) -> int:
    deepest = depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest
