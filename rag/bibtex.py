"""References as entries of BibTeX."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rag.reference import Reference, natural, one_line

_KINDS = {  # for the other types BibTeX has no entry of their own
    "article": "article",
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "paper-conference": "inproceedings",
    "pamphlet": "booklet",
    "report": "techreport",
    "thesis": "phdthesis",
}
_CONTAINER = {"incollection": "booktitle", "inproceedings": "booktitle", "article": "journal"}
_PUBLISHER = {"techreport": "institution", "phdthesis": "school"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "{": r"\textbraceleft{}",  # BibTeX counts braces with a backslash too: one alone would end the field
    "}": r"\textbraceright{}",
    **{character: f"\\{character}" for character in "#$%&_"},
}
_SPECIAL = re.compile(r"[\\~^{}#$%&_]")
_NOT_IN_URLS = re.compile(r"[\s{}\\]")


def bibtex(places: Sequence[Reference]) -> str:
    """The entry of a work with the places in it that are cited."""
    work = places[0].work
    kind = _KINDS.get(work["type"], "misc")
    year, month = (*work["issued"]["date-parts"][0], None)[:2] if "issued" in work else (None, None)
    fields = {
        "author": _names(work.get("author", ())),
        "editor": _names(work.get("editor", ())),
        "title": f"{{{escaped(work['title'])}}}",  # doubly braced: no style may change its capitals
        _CONTAINER.get(kind, "howpublished"): escaped(_container(work, kind)),
        _PUBLISHER.get(kind, "publisher"): escaped(work.get("publisher", "")),
        "address": escaped(work.get("publisher-place", "")),
        "chapter": escaped(work.get("chapter-number", "")),
        "year": str(year or ""),
        **{name: escaped(work.get(name, "")) for name in ("volume", "number", "edition")},
        "pages": escaped(work.get("page", "")),
        "doi": _url(work.get("DOI", "")),
        "isbn": escaped(work.get("ISBN", "")),
        "issn": escaped(work.get("ISSN", "")),
        "url": _url(work["URL"]),
        "note": _note(places),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    if month:
        lines.append(f"  month = {_MONTHS[month - 1]},")
    return "\n".join([f"@{kind}{{{work['id']},", *lines, "}\n"])


def _container(work: Mapping[str, Any], kind: str) -> str:
    """What a work stands in; who asked, where it is an interview."""
    container = [work["container-title"]] if "container-title" in work else []
    if kind in _CONTAINER or "interviewer" not in work:
        return ", ".join(container)
    return ", ".join([f"Interview by {' and '.join(map(natural, work['interviewer']))}", *container])


def _note(places: Sequence[Reference]) -> str:
    links = (rf"\url{{{_url(place.url)}}}" if place.url else "" for place in places)
    told = [f"{escaped(place.pinpoint)} {link}".strip() for place, link in zip(places, links, strict=True)]
    return f"Cited: {'; '.join(told)}" if any(told) else ""


def _names(people: Sequence[Mapping[str, str]]) -> str:
    return " and ".join(map(_name, people))


def _name(person: Mapping[str, str]) -> str:
    if "family" not in person:
        return f"{{{escaped(natural(person))}}}"  # braced: not to be parted
    family = " ".join(filter(None, (person.get("non-dropping-particle"), person["family"])))
    return ", ".join(escaped(part) for part in (family, person.get("suffix"), person.get("given")) if part)


def escaped(text: str) -> str:
    """Text on one line; what LaTeX would obey is written so that it prints."""
    return _SPECIAL.sub(lambda found: _ESCAPES[found[0]], one_line(text))


def _url(url: str) -> str:
    """A link; braces, which must pair in BibTeX, are percent-encoded."""
    return _NOT_IN_URLS.sub(lambda found: f"%{ord(found[0]):02X}", url.strip())
