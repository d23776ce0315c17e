"""What a page says of itself in its head: citation tags, Dublin Core, JSON-LD, Open Graph, its title."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from corpus.addresses import is_address
from corpus.manuscript import Manuscript
from corpus.records import BlockKind, Record, Span
from corpus.web.elements import name, said, text_of
from corpus.web.parse import Element

_LONGEST = 400  # characters of a field; a longer one is a description
_MOST_AUTHORS = 100
_DATE = re.compile(r"\s*(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?!\d)")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{2,8})*")
_TAGS = {  # CSL field: names of meta tags, the surest first
    "title": ("citation_title", "dc.title", "dcterms.title"),
    "issued": (
        "citation_publication_date",
        "citation_date",
        "citation_online_date",
        "dcterms.issued",
        "dc.date",
        "dc.date.issued",
        "dcterms.date",
    ),
    "publisher": (
        "citation_publisher",
        "dc.publisher",
        "dcterms.publisher",
        "citation_technical_report_institution",
    ),
    "container-title": ("citation_journal_title", "citation_conference_title", "citation_inbook_title"),
    "volume": ("citation_volume",),
    "issue": ("citation_issue",),
    "DOI": ("citation_doi",),
    "ISBN": ("citation_isbn",),
    "ISSN": ("citation_issn",),
    "language": ("citation_language", "dc.language", "dcterms.language"),
}
_AUTHORS = ("citation_author", "dc.creator", "dcterms.creator")
_OPEN = {"title": ("og:title", "twitter:title"), "issued": ("article:published_time", "date", "pubdate")}
_WORKS = frozenset(
    [
        "article",
        "newsarticle",
        "scholarlyarticle",
        "report",
        "blogposting",
        "techarticle",
        "book",
        "chapter",
        "analysisnewsarticle",
        "webpage",
        "creativework",
        "opinionnewsarticle",
        "thesis",
        "interview",
    ]
)
_KINDS = {"newsarticle": "article-newspaper", "scholarlyarticle": "article-journal", "report": "report"}
_KINDS |= {
    "blogposting": "post-weblog",
    "book": "book",
    "thesis": "thesis",
    "analysisnewsarticle": "article-newspaper",
}


def record(root: Element, made: Manuscript) -> Record:
    """The record of a page; `made` is what was read, in which its title may stand."""
    tags = _tags(root)
    fields: dict[str, Any] = {}
    _put(fields, {field: _first(tags, names) for field, names in _TAGS.items()})
    if authors := _authors(tags):
        fields["author"] = authors
    _put(fields, {"page": _pages(tags)})
    if fields.get("container-title") and "DOI" in fields:
        fields["type"] = "article-journal"
    _put(fields, _linked(root))
    _put(fields, {field: _first(tags, names) for field, names in _OPEN.items()})
    _put(fields, {"container-title": _first(tags, ("og:site_name",)) if "publisher" not in fields else None})
    _put(fields, {"URL": _address(root, tags), "language": _language(root)})
    if signed := person(_first(tags, ("author", "article:author")) or ""):
        fields.setdefault("author", [signed])
    title = fields.get("title") or _heading(made) or _browser_title(root, tags)
    if title:
        fields["title"] = title
    kept = {field: value for field, value in ((f, checked(f, v)) for f, v in fields.items()) if value}
    return Record(MappingProxyType(kept), MappingProxyType(_support(kept.get("title"), made)))


def _tags(root: Element) -> dict[str, list[str]]:
    tags: dict[str, list[str]] = {}
    for meta in root.iter("meta", "{*}meta"):
        named = said(meta, "name") or said(meta, "property") or said(meta, "itemprop")
        value = " ".join(said(meta, "content").split())
        if named and value and len(value) <= _LONGEST:
            tags.setdefault(named.strip().lower(), []).append(value)
    return tags


def _first(tags: Mapping[str, list[str]], names: Iterable[str]) -> str | None:
    return next((tags[found][0] for found in names if found in tags), None)


def _put(fields: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Add what is not there yet."""
    for field, value in more.items():
        if value:
            fields.setdefault(field, value)


def _authors(tags: Mapping[str, list[str]]) -> list[dict[str, str]]:
    names = next((tags[found] for found in _AUTHORS if found in tags), [])
    if len(names) == 1 and ";" in names[0]:
        names = names[0].split(";")
    return [found for found in map(person, names[:_MOST_AUTHORS]) if found]


def person(name: str) -> dict[str, str] | None:
    """A name; one with a comma says which part is which. An address is no name."""
    name = " ".join(name.split())
    if not name or "://" in name or "@" in name or len(name) > 100:
        return None
    family, comma, given = (part.strip() for part in name.partition(","))
    if comma and family and given and "," not in given:
        return {"family": family, "given": given}
    return {"literal": name}


def _pages(tags: Mapping[str, list[str]]) -> str | None:
    first, last = _first(tags, ("citation_firstpage",)), _first(tags, ("citation_lastpage",))
    return f"{first}-{last}" if first and last and first != last else first


def _linked(root: Element) -> dict[str, Any]:
    """What JSON-LD says of the work that the page holds."""
    for script in root.iter("script"):
        if said(script, "type").strip().lower() != "application/ld+json":
            continue
        try:
            loaded = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for node in _nodes(loaded):
            kinds = node.get("@type")
            told = {str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds])}
            if told & _WORKS and (node.get("headline") or node.get("name")):
                return _work(node, told)
    return {}


def _nodes(loaded: Any) -> Iterator[dict[str, Any]]:
    """The objects on top, and those of a `@graph`."""
    for item in loaded if isinstance(loaded, list) else [loaded]:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            yield from (node for node in (graph if isinstance(graph, list) else []) if isinstance(node, dict))


def _work(node: Mapping[str, Any], told: set[str]) -> dict[str, Any]:
    authors = node.get("author")
    people = [
        person(_named(a)) for a in (authors if isinstance(authors, list) else [authors])[:_MOST_AUTHORS]
    ]
    return {
        "title": _named(node.get("headline") or node.get("name")),
        "author": [found for found in people if found],
        "issued": _named(node.get("datePublished")),
        "publisher": _named(node.get("publisher")),
        "language": _named(node.get("inLanguage")),
        "ISBN": _named(node.get("isbn")),
        "type": next((_KINDS[kind] for kind in sorted(told) if kind in _KINDS), None),
    }


def _named(value: Any) -> str:
    """Text, or the name of an object."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("name")
    return " ".join(value.split()) if isinstance(value, str) and len(value) <= _LONGEST else ""


def _address(root: Element, tags: Mapping[str, list[str]]) -> str | None:
    links = (
        link for link in root.iter("link", "{*}link") if "canonical" in said(link, "rel").lower().split()
    )
    named = [said(link, "href").strip() for link in links]
    return next(filter(None, [*named, _first(tags, ("og:url", "citation_public_url"))]), None)


def _language(root: Element) -> str | None:
    return said(root, "lang") or said(root, "{http://www.w3.org/XML/1998/namespace}lang") or None


def _heading(made: Manuscript) -> str | None:
    """The one heading of the first level."""
    tops = [block.span for block in made.blocks if block.kind is BlockKind.HEADING and block.level == 1]
    return " ".join(made.text[tops[0].start : tops[0].end].split()) if len(tops) == 1 else None


def _browser_title(root: Element, tags: Mapping[str, list[str]]) -> str | None:
    """The title in the browser's bar, without the name of the site at its end."""
    title = next(
        (text_of(element) for element in root.iter("title", "{*}title") if name(element) == "title"), ""
    )
    site = _first(tags, ("og:site_name",)) or ""
    found = re.sub(rf"\s+[-|–—·»:]\s+{re.escape(site)}\Z", "", title) if site else title
    return found or None


def checked(field: str, value: Any) -> Any:
    """A value in the form of the record; None where it is not one."""
    if field == "author":
        return value
    value = str(value).strip()
    if not value or len(value) > _LONGEST:
        return None
    if field == "issued":
        return _date(value)
    if field == "language":
        return value.replace("_", "-") if _LANGUAGE.fullmatch(value) else None
    if field == "URL":
        return value if is_address(value) else None
    if field == "DOI":
        return re.sub(r"\A(?:doi:\s*|https?://(?:dx\.)?doi\.org/)", "", value, flags=re.IGNORECASE)
    return value


def _date(text: str) -> str | None:
    """A date as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; None for one that is none."""
    if not (found := _DATE.match(text)):
        return None
    year, month, day = found.groups()
    if month is None or not 1 <= int(month) <= 12:
        return year
    if day is None or not 1 <= int(day) <= 31:
        return f"{year}-{int(month):02d}"
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _support(title: str | None, made: Manuscript) -> dict[str, Span]:
    """Where the title stands in the text."""
    for block in made.blocks[:20]:
        if title and " ".join(made.text[block.span.start : block.span.end].split()) == title:
            return {"title": block.span}
    return {}
