"""The part of a page that is its text: what is marked as it, else all but menus and lists of links."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from corpus.web.elements import is_apart, is_beside, is_dropped, name, roles
from corpus.web.parse import Element

_MOST = 0.4  # of the words that are no menu, for a marked part to be the text; a teaser has fewer
_LINKS = 0.8  # of the letters of a list of links
_FEWEST_LINKS = 3
_LONGEST_LINK = 45  # letters on average; longer ones are sentences, as in a list of sources
_LISTS = frozenset({"ul", "ol", "dl", "table", "div", "section", "p", "aside", "header", "footer"})
_SIDES = frozenset({"header", "footer", "aside"})  # of the page, where they stand outside of its text


@dataclass(frozen=True, slots=True)
class Body:
    """The element that holds the text, what in it is passed over, and how many letters are left out."""

    root: Element
    passed: frozenset[Element]
    left_out: int


@dataclass(slots=True)
class _Size:
    """Letters in an element, those of links, and how many links."""

    letters: int = 0
    linked: int = 0
    links: int = 0

    def add(self, other: _Size) -> None:
        self.letters += other.letters
        self.linked += other.linked
        self.links += other.links


def body(root: Element) -> Body:
    """The text of a page among what else is on it."""
    sizes, dropped, apart = _measured(root)
    whole = next((e for e in root.iter("body")), root)
    apart -= {e for e in apart if not is_apart(e) and sizes[e].letters > sizes[whole].letters}  # a discussion
    marked = _marked(whole, sizes, apart)
    top = marked if marked is not None else whole
    passed = set(dropped)
    if marked is None:
        passed |= apart | _sides(top) | _linked(top, sizes)
    else:
        passed |= {element for element in apart if sizes[element].letters < sizes[top].letters / 2}
    passed -= {top}
    kept = _letters(top, passed)
    if not kept:  # everything is called a menu: then it is what there is to read
        top, passed = whole, set(dropped)
        kept = _letters(top, passed)
    return Body(top, frozenset(passed), _letters(whole, set(dropped)) - kept)


def _measured(root: Element) -> tuple[dict[Element, _Size], set[Element], set[Element]]:
    """The sizes of elements without what is hidden or apart; and both of these."""
    sizes: dict[Element, _Size] = {}
    dropped: set[Element] = set()
    apart: set[Element] = set()
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            sizes[element] = _Size(_count(element.text))
            if is_dropped(element):
                dropped.add(element)
                walk.skip_subtree()
            elif is_apart(element) or is_beside(element):
                apart.add(element)
            continue
        size = sizes[element]
        if element in dropped:
            size = sizes[element] = _Size()
        elif name(element) == "a" and element.get("href"):
            size.linked, size.links = size.letters, 1
        above = element.getparent()
        if above is not None and above in sizes:
            if element not in apart:
                sizes[above].add(size)
            sizes[above].letters += _count(element.tail)
    return sizes, dropped, apart


def _marked(whole: Element, sizes: dict[Element, _Size], apart: set[Element]) -> Element | None:
    """The part that is marked as the text and holds most words."""
    candidates = [e for e in whole.iter() if e in sizes and (name(e) == "main" or "main" in roles(e))]
    articles = [e for e in whole.iter("article") if e in sizes]
    for group in (candidates, articles):
        best = max(group, key=lambda e: sizes[e].letters, default=None)
        if best is not None and sizes[best].letters >= _MOST * max(1, sizes[whole].letters):
            return best
    return None


def _sides(top: Element) -> set[Element]:
    """Headers, footers and asides of the page; those of an article are its own."""
    return {
        element
        for element in top.iter(*_SIDES)
        if not any(name(e) in ("article", "main", "section", "blockquote") for e in element.iterancestors())
        and not roles(element) & {"doc-footnote", "footnote", "doc-endnotes", "endnotes"}
        and next(element.iter("h1"), None) is None
    }


def lists_of_links(root: Element) -> set[Element]:
    """What is only links in an element, such as a table of contents."""
    return _linked(root, _measured(root)[0])


def _linked(top: Element, sizes: dict[Element, _Size]) -> set[Element]:
    return {
        element
        for element in top.iter(*_LISTS)
        if element in sizes and element is not top and _is_list_of_links(sizes[element])
    }


def _is_list_of_links(size: _Size) -> bool:
    return (
        size.links >= _FEWEST_LINKS
        and size.linked >= _LINKS * size.letters
        and size.linked <= _LONGEST_LINK * size.links
    )


def _letters(top: Element, passed: set[Element]) -> int:
    total = 0
    walk = etree.iterwalk(top, events=("start", "end"))
    for event, element in walk:
        if event == "start" and element in passed:
            walk.skip_subtree()
        elif event == "start":
            total += _count(element.text)
        elif element is not top:
            total += _count(element.tail)
    return total


def _count(text: str | None) -> int:
    return sum(map(len, text.split())) if text else 0
