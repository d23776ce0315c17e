"""References as records of RIS, the format that reference managers exchange."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rag.reference import Reference, one_line

_TYPES = {  # the others are `GEN`
    "article": "JOUR",
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK",
    "chapter": "CHAP",
    "dataset": "DATA",
    "interview": "PCOMM",
    "legal_case": "CASE",
    "legislation": "STAT",
    "manuscript": "UNPB",
    "pamphlet": "PAMP",
    "paper-conference": "CPAPER",
    "periodical": "JFULL",
    "post-weblog": "BLOG",
    "report": "RPRT",
    "thesis": "THES",
    "webpage": "ELEC",
}
_TAGS = {
    "TI": "title",
    "T2": "container-title",
    "PB": "publisher",
    "CY": "publisher-place",
    "VL": "volume",
    "IS": "issue",
    "M1": "number",
    "ET": "edition",
    "SE": "chapter-number",
    "LA": "language",
    "DO": "DOI",
    "SN": "ISBN",
    "UR": "URL",
}


def ris(places: Sequence[Reference]) -> str:
    """The record of a work with the places in it that are cited; its lines end as the format demands."""
    return "".join(f"{tag}  - {one_line(value)}\r\n" for tag, value in _lines(places)) + "ER  - \r\n\r\n"


def _lines(places: Sequence[Reference]) -> Iterator[tuple[str, str]]:
    work = places[0].work
    yield "TY", _TYPES.get(work["type"], "GEN")
    yield "ID", work["id"]
    for tag, role in (("AU", "author"), ("A2", "editor"), ("A2", "interviewer")):
        for person in work.get(role, ()):
            yield tag, _name(person)
    for tag, name in _TAGS.items():
        if name in work:
            yield tag, work[name]
    if "issued" in work:
        year, *rest = work["issued"]["date-parts"][0]
        yield "PY", f"{year:04d}"
        yield "DA", "/".join([f"{year:04d}", *(f"{part:02d}" for part in rest), *[""] * (3 - len(rest))])
    for place in places:
        if told := f"{place.pinpoint} {place.url}".strip():
            yield "N1", f"Cited: {told}"


def _name(person: Mapping[str, str]) -> str:
    family = " ".join(filter(None, (person.get("non-dropping-particle"), person.get("family"))))
    parts = (family or person.get("literal"), person.get("given"), person.get("suffix"))
    return ", ".join(part for part in parts if part)
