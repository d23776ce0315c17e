"""Footnotes of pages and e-books: links that are markers, and the elements that say what they call."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from corpus.web.elements import HEADINGS, above, name, roles, said, text_of
from corpus.web.parse import Element
from corpus.zipped import resolved

_LABEL = re.compile(
    r"[\[(]?(?P<number>(?:note\s|n\.?\s?)?\d{1,4}|[ivxlc]{1,8}|[a-z]|[*†‡§‖¶]{1,4})[\])]?\.?", re.IGNORECASE
)
_BACK = re.compile(r"(?:[\s↩↑^⏎⤴⬆↵\ufe0e\ufe0f]|back|return|jump up|zurück|[a-z]\b)*", re.IGNORECASE)
_ARROWS = re.compile(r"[↩↑⏎⤴⬆↵\ufe0e\ufe0f\s]+")
_CALLS = frozenset({"doc-noteref", "noteref"})
_NOTES = frozenset({"doc-footnote", "doc-endnote", "footnote", "endnote", "rearnote", "note"})
_LISTS = frozenset({"doc-endnotes", "endnotes", "footnotes", "rearnotes"})
_NAMED = re.compile(
    r"(?:\A|[\s_-])(?:foot|end)?note(?:s|ref|-ref)?|reference|cite_note|(?:\A|\s)fn", re.IGNORECASE
)
_HOLDERS = frozenset({"li", "p", "div", "aside", "dd", "section", "td", "blockquote"})
_LONGEST = 20_000  # characters of a note


@dataclass(slots=True)
class Notes:
    """The notes of a page: the links that call them, and their definitions with numbers.

    `backs` are links from a definition to its marker, which are not read.
    """

    calls: dict[Element, str] = field(default_factory=dict)  # link: where it leads
    defined: dict[Element, tuple[str, str]] = field(default_factory=dict)  # definition: where, number
    backs: set[Element] = field(default_factory=set)


class _Files:
    """Pages that belong together: what their links lead to, and the order of everything in them."""

    def __init__(self, files: Sequence[tuple[str, Element]]) -> None:
        self.order: dict[Element, int] = {}
        self.links: dict[Element, str] = {}
        self._targets: dict[str, Element] = {}
        for file, root in files:
            for element in root.iter("*"):
                self.order[element] = len(self.order)
                for id_ in ids(element):
                    self._targets.setdefault(f"{file}#{id_}", element)
                if name(element) == "a" and "#" in said(element, "href"):
                    self.links[element] = where(said(element, "href"), file)

    def target(self, link: Element) -> Element | None:
        return self._targets.get(self.links.get(link, ""))

    def leads_back(self, link: Element) -> bool:
        target = self.target(link)
        return target is not None and self.order[target] < self.order[link]


def find_notes(files: Sequence[tuple[str, Element]]) -> Notes:
    """The notes of pages that belong together, each with its name in links; in their order."""
    found, seen = Notes(), _Files(files)
    for link, place in seen.links.items():
        label, target = _LABEL.fullmatch(text_of(link)), seen.target(link)
        if not label or target is None or seen.order[target] < seen.order[link]:
            continue
        definition = _definition(target)
        if definition is None or definition in link.iterancestors():
            continue
        if _is_call(link) or _is_note(definition, target) or _calls_back(definition, link, seen):
            found.calls[link] = place
            found.defined.setdefault(definition, (place, label["number"].strip()))
    for definition, (_, number) in found.defined.items():
        found.backs.update(link for link in definition.iter("a") if _is_back(link, number, seen))
    return found


def ids(element: Element) -> list[str]:
    """The names by which links lead to an element."""
    names = [said(element, "id"), said(element, "name") if name(element) == "a" else ""]
    return [found for found in dict.fromkeys(names) if found]


def where(link: str, file: str) -> str:
    """A link within files that belong together, as `file#id`."""
    path, _, id_ = link.partition("#")
    return f"{resolved(file, unquote(path)) if path else file}#{unquote(id_)}"


def without_label(words: str, number: str) -> str:
    """The words of a note without the label that is printed before them."""
    return re.sub(
        rf"\A[\s\[(^]*(?:{re.escape(number)}[\])]?(?:[.):]\s*|\s+|\Z))?[\s.)\]:]*", "", words, count=1
    )


def _definition(target: Element) -> Element | None:
    """The block that a link leads into; None for a heading, or for what is longer than any note."""
    for element in above(target):
        if name(element) in HEADINGS:
            return None
        if name(element) in _HOLDERS:
            return element if len(text_of(element)) <= _LONGEST else None
    return None


def _is_call(link: Element) -> bool:
    """Whether a link says that it calls a note, or stands above the line as one does."""
    if roles(link) & _CALLS or _NAMED.search(said(link, "class")):
        return True
    around = link.getparent()
    lifted = any(name(child) == "sup" for child in link)
    return lifted or (around is not None and (name(around) == "sup" or roles(around) & _CALLS != frozenset()))


def _is_note(definition: Element, target: Element) -> bool:
    """Whether what a link leads to says that it is a note, or stands in a list of notes."""
    if roles(definition) & _NOTES or roles(target) & _NOTES:
        return True
    around = definition.getparent()
    holders = [target, definition] if around is None else [target, definition, around]
    return any(roles(e) & _LISTS or _NAMED.search(f"{said(e, 'class')} {said(e, 'id')}") for e in holders)


def _calls_back(definition: Element, link: Element, seen: _Files) -> bool:
    """Whether a definition leads back to where it was called."""
    near = [element for element, _ in zip(above(link), range(4), strict=False)]
    return any(seen.target(back) in near for back in definition.iter("a"))


def _is_back(link: Element, number: str, seen: _Files) -> bool:
    if "doc-backlink" in roles(link):
        return True
    words = text_of(link).strip("[]().")
    if _ARROWS.fullmatch(words):  # wherever it leads
        return True
    return seen.leads_back(link) and (words.casefold() == number.casefold() or bool(_BACK.fullmatch(words)))
