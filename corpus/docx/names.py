"""Names in the XML of Word documents, in the older and in the strict form of the format."""

from __future__ import annotations

from corpus.zipped import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_OFF = frozenset({"0", "false", "off", "none"})


def child(element: Element | None, *path: str) -> Element | None:
    """The first element down a path of names of Word's own."""
    for name in path:
        element = element.find(W + name) if element is not None else None
    return element


def value(element: Element | None, *path: str) -> str | None:
    """The value of the first element down a path."""
    found = child(element, *path)
    return None if found is None else found.get(W + "val")


def is_on(element: Element | None, *path: str) -> bool:
    """Whether a property is there and not switched off."""
    found = child(element, *path)
    return found is not None and (found.get(W + "val") or "1").lower() not in _OFF
