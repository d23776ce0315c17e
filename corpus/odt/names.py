"""Names in the XML of OpenDocument."""

from __future__ import annotations

from corpus.zipped import Element

_NS = "{urn:oasis:names:tc:opendocument:xmlns:"
OFFICE = _NS + "office:1.0}"
STYLE = _NS + "style:1.0}"
TEXT = _NS + "text:1.0}"
TABLE = _NS + "table:1.0}"
DRAW = _NS + "drawing:1.0}"
META = _NS + "meta:1.0}"
FO = _NS + "xsl-fo-compatible:1.0}"
LO = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
DC = "{http://purl.org/dc/elements/1.1/}"
_HIDING = frozenset({"none", "condition"})


def is_true(element: Element, attribute: str) -> bool:
    """Whether an attribute says yes."""
    return element.get(attribute) == "true"


def whole(text: str | None, otherwise: int, most: int = 1_000_000) -> int:
    """A number that is written in digits, at most `most`; another one where there is none."""
    return min(int(text), most) if text and text.isdecimal() and len(text) < 10 else otherwise


def is_hidden(element: Element) -> bool:
    """Whether an element itself says that it is not shown."""
    if element.get(TEXT + "display") in _HIDING:
        return element.get(TEXT + "display") == "none" or is_true(element, TEXT + "is-hidden")
    return is_true(element, TEXT + "is-hidden")
