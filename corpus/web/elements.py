"""What elements of HTML are: blocks or words in a line, content or something else, seen or hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.web.parse import Element

HEADINGS = {f"h{n}": n for n in range(1, 7)}
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hgroup",
        "hr",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "legend",
        "optgroup",
        "listing",
        "xmp",
        "plaintext",
    ]
) | set(HEADINGS)
_DROPPED = frozenset(  # no text of the page, whatever stands in them
    [
        "head",
        "script",
        "style",
        "template",
        "noscript",
        "svg",
        "iframe",
        "object",
        "embed",
        "video",
        "audio",
        "canvas",
        "map",
        "input",
        "select",
        "button",
        "textarea",
        "datalist",
        "option",
        "progress",
        "meter",
        "rt",
        "rp",
        "noframes",
        "frameset",
        "applet",
    ]
)
_NOT_CONTENT_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "search", "menu", "menubar", "toolbar"}
)
_HIDDEN = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*[01](?:px)?\s*(?:;|\Z))", re.I
)
_APART = re.compile(  # names that pages give to what is not their text
    r"(?:\A|[\s_-])(?:nav(?:bar|igation)?|menu|breadcrumbs?|cookies?(?:[\s_-]?\w+)?|consent|share|sharing|social|sidebar|"
    r"newsletter|subscribe|advert(?:isement)?s?|ads?|promo|popup|modal|skip-?link|pagination|pager|toolbar|"
    r"mw-editsection|headerlink|noprint|navbox|toc)(?:\Z|[\s_-])",
    re.I,
)
_BESIDE = re.compile(  # of what is said about the text, or to be read after it
    r"(?:\A|[\s_-])(?:comments?|disqus|respond|replies|related(?:[\s_-]?posts?)?|relatedposts|recommend(?:ed|ations?)|"
    r"more-stories|read-next|also-read|widget-area|post-navigation|pagination-nav|post-actions|tags|tag-list)"
    r"(?:\Z|[\s_-])",
    re.I,
)
_HOLDERS = frozenset({"div", "section", "aside", "ol", "ul", "footer", "nav"})
_PERMALINKS = frozenset({"¶", "#", "§", "🔗", "link", "permalink", "[edit]", "edit"})


def name(element: Element) -> str:
    """An element's name without its namespace."""
    tag = element.tag
    return str(tag).rpartition("}")[2].lower()


def said(element: Element, attribute: str) -> str:
    """An attribute; empty where there is none. `type` of EPUB counts as `role` does."""
    return str(element.get(attribute) or "")


def roles(element: Element) -> frozenset[str]:
    """What a page or an e-book says that an element is."""
    kinds = said(element, "role") + " " + said(element, "epub:type")
    kinds += " " + said(element, "{http://www.idpf.org/2007/ops}type")
    return frozenset(kinds.lower().split())


def is_dropped(element: Element) -> bool:
    """Whether an element is never text that people read, or not seen by them."""
    if name(element) in _DROPPED:
        return True
    attributes = element.attrib
    if not attributes:
        return False
    if roles(element) & {"footnote", "endnote", "rearnote", "doc-footnote"}:  # shown when it is called
        return False
    if "hidden" in attributes or said(element, "aria-hidden").lower() == "true":
        return True
    return bool("style" in attributes and _HIDDEN.search(said(element, "style")))


def is_apart(element: Element) -> bool:
    """Whether an element is a menu, a banner, an advertisement: on the page, but not its text."""
    if name(element) == "nav" or roles(element) & _NOT_CONTENT_ROLES:
        return True
    named = f"{said(element, 'class')} {said(element, 'id')}".strip()
    return bool(named and name(element) not in ("body", "html", "main", "article") and _APART.search(named))


def is_beside(element: Element) -> bool:
    """Whether an element is named as comments on a text, or as what else there is to read."""
    named = f"{said(element, 'class')} {said(element, 'id')}".strip()
    return bool(named and name(element) in _HOLDERS and _BESIDE.search(named))


def is_permalink(element: Element) -> bool:
    """Whether a link in a heading only leads to that heading."""
    return name(element) == "a" and "".join(map(str, element.itertext())).strip().lower() in _PERMALINKS


def level(element: Element) -> int:
    """The level of a heading, from 1; 0 for what is none."""
    if name(element) in HEADINGS:
        return HEADINGS[name(element)]
    if "heading" in roles(element):
        told = said(element, "aria-level")
        return min(max(int(told), 1), 9) if told.isdecimal() and len(told) < 3 else 2
    return 0


def text_of(element: Element) -> str:
    """The words of an element and all in it, in one line."""
    return " ".join("".join(map(str, element.itertext())).split())


def above(element: Element) -> Iterator[Element]:
    """An element, then what it stands in, outwards."""
    yield element
    yield from element.iterancestors()
