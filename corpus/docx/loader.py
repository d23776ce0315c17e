"""A Word document to a manuscript."""

from __future__ import annotations

from dataclasses import replace

from corpus.docx.body import Reader
from corpus.docx.names import STRICT, W
from corpus.docx.numbering import Numbering
from corpus.docx.styles import Styles
from corpus.errors import UnreadableError
from corpus.manuscript import Manuscript
from corpus.properties import core, record
from corpus.zipped import Element, Zipped, parse_xml, resolved

_MAIN = "/officeDocument"  # how the package calls its main part
_RELATIONS = "_rels/.rels"


def read(data: bytes, source: str) -> Manuscript:
    """The manuscript of a Word document. Raises UnreadableError."""
    parts = Zipped(data, source)
    main = _main(parts)
    document = _part(parts, main)
    body = document.find(W + "body") if document is not None else None
    if body is None:
        raise UnreadableError(
            f"{source}: a Word document without its text; open it in Word and save it again"
        )
    beside = {name: _part(parts, resolved(main, f"{name}.xml")) for name in _BESIDE}
    reader = Reader(Styles(beside["styles"]), Numbering(beside["numbering"]), beside)
    made = reader.read(body)
    said, doubts = record(made, reader.titled, core(parts.xml("docProps/core.xml")))
    return replace(made, record=said, doubts=(*made.doubts, *doubts))


_BESIDE = ("styles", "numbering", "footnotes", "endnotes", "settings")


def _main(parts: Zipped) -> str:
    relations = parts.xml(_RELATIONS)
    for relation in relations if relations is not None else ():
        if str(relation.get("Type")).endswith(_MAIN) and relation.get("TargetMode") != "External":
            return resolved("", str(relation.get("Target")))
    return "word/document.xml"


def _part(parts: Zipped, name: str) -> Element | None:
    """A part; one in the strict form of the format reads as the other does."""
    data = parts.get(name)
    if data is None:
        return None
    return parse_xml(data.replace(STRICT.encode(), W[1:-1].encode()), f"{parts.source}: {name!r} in it")
