"""References for other programs and for people: BibTeX, RIS, CSL-JSON, and the citation styles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import chain, count
from string import ascii_lowercase
from typing import Any

from rag.bibtex import bibtex
from rag.reference import Reference
from rag.ris import ris
from rag.styles import Style, formatted


class Format(StrEnum):
    """A form in which references are given."""

    BIBTEX = "bibtex"
    RIS = "ris"
    CSL_JSON = "csl-json"
    CHICAGO = "chicago"
    APA = "apa"
    MLA = "mla"


def export(references: Sequence[Reference], form: Format) -> str:
    """References in a form, in their order; of works that are cited several times one entry with all places.

    Raises StyleError where a style cannot be formatted.
    """
    references = _told_apart(references)
    match form:
        case Format.BIBTEX:
            return "\n".join(bibtex(places) for places in _by_work(references))
        case Format.RIS:
            return "".join(ris(places) for places in _by_work(references))
        case Format.CSL_JSON:
            items = [_item(places) for places in _by_work(references)]
            return json.dumps(items, ensure_ascii=False, indent=2) + "\n"
        case _:
            return _styled(references, Style(form.value))


def _told_apart(references: Sequence[Reference]) -> list[Reference]:
    """The references, the keys of different works made different: `lind2021river`, `lind2021riverb`."""
    keys: dict[str, str] = {}
    for reference in references:
        identity, base = json.dumps(dict(reference.work), sort_keys=True), str(reference.work["id"])
        if identity not in keys:
            endings = chain(["", *ascii_lowercase[1:]], map(str, count(27)))
            keys[identity] = next(base + end for end in endings if base + end not in keys.values())
    return [
        replace(
            reference, work={**reference.work, "id": keys[json.dumps(dict(reference.work), sort_keys=True)]}
        )
        for reference in references
    ]


def _by_work(references: Sequence[Reference]) -> list[list[Reference]]:
    groups: dict[str, list[Reference]] = {}
    for reference in references:
        groups.setdefault(reference.work["id"], []).append(reference)
    return list(groups.values())


def _item(places: Sequence[Reference]) -> dict[str, Any]:
    """The CSL-JSON item of a work; it has no variable for a place, so that is a note."""
    told = [place for place in (f"{p.pinpoint} {p.url}".strip() for p in places) if place]
    return {**places[0].work, **({"note": f"Cited: {'; '.join(told)}"} if told else {})}


def _styled(references: Sequence[Reference], style: Style) -> str:
    """The bibliography, then each place as a note or as the text mentions it, with its link."""
    made = formatted(references, style)
    lines = [*made.entries, ""]
    for n, (mention, place) in enumerate(zip(made.mentions, references, strict=True), 1):
        lines.append(f"[{n}] {mention}" if len(references) > 1 else mention)
        lines += [place.url] if place.url else []
    return "\n".join(lines) + "\n"
