"""Styles of Word documents: which are headings, which are numbered, through all that they are based on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.docx.names import W, child, is_on, value
from corpus.zipped import Element

_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|table of figures|table of authorities|index) ?\d?|toc heading", re.IGNORECASE)
_LONGEST_CHAIN = 20  # styles based on one another, which might go round in a circle
TITLE = 0  # the level of a document's title, above all headings


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    based_on: str | None
    outline: str | None
    list_id: str | None
    list_level: str | None
    hidden: bool


class Styles:
    """The paragraph styles of a document."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        for found in root.iterchildren(W + "style") if root is not None else ():
            self._styles[str(found.get(W + "styleId"))] = _Style(
                (value(found, "name") or "").strip().lower(),
                value(found, "basedOn"),
                value(found, "pPr", "outlineLvl"),
                value(found, "pPr", "numPr", "numId"),
                value(found, "pPr", "numPr", "ilvl"),
                is_on(found, "rPr", "vanish"),
            )

    def level(self, paragraph: Element) -> int | None:
        """The level of a heading, `TITLE` for the document's title; None for what is no heading."""
        own = value(paragraph, "pPr", "outlineLvl")
        if own is not None:
            return _depth(own)
        for n, style in enumerate(self._chain(paragraph)):
            if style.name == "title":
                return TITLE if n == 0 or self._is_a_title(paragraph) else None
            if found := _HEADING.fullmatch(style.name):
                return int(found[1]) or None
            if style.outline is not None:
                return _depth(style.outline)
        return None

    def numbering(self, paragraph: Element) -> tuple[str | None, int, str | None]:
        """The list of a paragraph and its level, and the style that says so, if not the paragraph itself."""
        properties = child(paragraph, "pPr", "numPr")
        list_id, depth = value(properties, "numId"), value(properties, "ilvl")
        if list_id is not None:
            return list_id, _whole(depth), None
        for style in self._chain(paragraph):
            if style.list_id is not None:
                return style.list_id, _whole(depth or style.list_level), value(paragraph, "pPr", "pStyle")
        return None, 0, None

    def is_contents(self, paragraph: Element) -> bool:
        """Whether a paragraph is a line of a table of contents."""
        return any(_CONTENTS.fullmatch(style.name) for style in self._chain(paragraph))

    def _is_a_title(self, paragraph: Element) -> bool:
        """Whether a style that is based on that of titles is one: those of authors are, too."""
        named = next(self._chain(paragraph)).name
        return "title" in named and "subtitle" not in named

    def hides(self, run: Element) -> bool:
        """Whether the style of a run hides it."""
        style = self._styles.get(value(run, "rPr", "rStyle") or "")
        return style is not None and style.hidden

    def _chain(self, paragraph: Element) -> Iterator[_Style]:
        """The style of a paragraph, and those it is based on."""
        named = value(paragraph, "pPr", "pStyle")
        for _ in range(_LONGEST_CHAIN):
            style = self._styles.get(named or "")
            if style is None:
                return
            yield style
            named = style.based_on


def _depth(outline: str) -> int | None:
    """The level of a heading by its level in the outline, where 9 is body text."""
    return int(outline) + 1 if outline in "012345678" and len(outline) == 1 else None


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 3 else 0
