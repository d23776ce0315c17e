"""Styles of OpenDocument texts: what is hidden, what is the title, which list numbers a heading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.odt.names import OFFICE, STYLE, TEXT
from corpus.zipped import Element

_LONGEST_CHAIN = 20  # styles based on one another, which might go round in a circle
_TITLES = frozenset({"title", "titel", "titre"})


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    parent: str | None
    list_style: str | None
    hidden: bool | None
    automatic: bool  # written for one paragraph, after one that has a name


class Styles:
    """The styles of a document: those of its parts and those that it was written with."""

    def __init__(self, *roots: Element | None) -> None:
        self._styles: dict[tuple[str, str], _Style] = {}
        for root in roots:
            for found in root.iter(STYLE + "style") if root is not None else ():
                key = (str(found.get(STYLE + "family")), str(found.get(STYLE + "name")))
                self._styles[key] = _Style(
                    str(found.get(STYLE + "display-name") or found.get(STYLE + "name")).lower(),
                    found.get(STYLE + "parent-style-name"),
                    found.get(STYLE + "list-style-name"),
                    _hides(found),
                    (above := found.getparent()) is not None and above.tag == OFFICE + "automatic-styles",
                )

    def is_title(self, paragraph: Element) -> bool:
        """Whether a paragraph has the style of a document's title."""
        named = (style.name for style in self._chain(paragraph, "paragraph") if not style.automatic)
        return next(named, str(paragraph.get(TEXT + "style-name")).lower()) in _TITLES

    def is_named(self, paragraph: Element, name: str) -> bool:
        """Whether a paragraph has a style of that name, or one that is based on it."""
        return any(style.name.replace("_20_", " ") == name for style in self._chain(paragraph, "paragraph"))

    def list_style(self, paragraph: Element) -> str | None:
        """The list that a paragraph's style puts it in; empty for none, None where no style says."""
        named = (style.list_style for style in self._chain(paragraph, "paragraph"))
        return next((name for name in named if name is not None), None)

    def hides(self, element: Element, family: str) -> bool:
        """Whether a style hides words, of a `paragraph` or of other `text`."""
        said = (style.hidden for style in self._chain(element, family))
        return next((hidden for hidden in said if hidden is not None), False)

    def _chain(self, element: Element, family: str) -> Iterator[_Style]:
        named = element.get(TEXT + "style-name")
        for _ in range(_LONGEST_CHAIN):
            style = self._styles.get((family, named or ""))
            if style is None:
                return
            yield style
            named = style.parent


def _hides(style: Element) -> bool | None:
    """Whether a style hides its words; None where it does not say."""
    for properties in style.iterchildren(STYLE + "text-properties"):
        if display := properties.get(TEXT + "display"):
            return bool(display == "none")
    return None
