"""Filters as SQL: which passages may be found."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from corpus.records import person_name
from corpus.structure.names import bare
from index.records import Filters


def where(filters: Filters) -> tuple[str, list[str]]:
    """An SQL condition over d (documents), r (revisions) and p (passages), and its parameters.

    It asks for the functions `fold`, `fold_names` and `is_called`, which every connection has.
    """
    clauses: list[str] = ["1"]
    parameters: list[str] = []

    def any_of(sql: str, values: Sequence[str]) -> None:
        if values:
            clauses.append("(" + " OR ".join([sql] * len(values)) + ")")
            parameters.extend(values)

    if filters.document_id:
        clauses.append(f"d.id IN ({','.join('?' * len(filters.document_id))})")
        parameters.extend(filters.document_id)
    any_of("lower(json_extract(r.record, '$.csl.type')) = lower(?)", filters.type)
    people = (  # of a section that somebody signs, nobody else is the author
        "CASE WHEN json_array_length(p.place, '$.section_authors') THEN"
        " fold_names(json_extract(p.place, '$.section_authors')) || char(10)"
        " || fold_names(json_extract(p.place, '$.author_variants'))"
        " ELSE COALESCE(fold_names(json_extract(r.record, '$.csl.author')), '') END"
    )
    any_of(f"instr({people}, fold(?))", filters.author)
    any_of("is_called(json_extract(p.place, '$.speaker'), ?)", filters.speaker)
    any_of("instr(fold_names(json_extract(p.place, '$.section')), fold(?))", filters.section)
    issued = "json_extract(r.record, '$.csl.issued')"
    if filters.date_from:  # a document of 2022 may be of any day of that year
        last_day = f"{issued} || CASE length({issued}) WHEN 4 THEN '-12-31' WHEN 7 THEN '-31' ELSE '' END"
        clauses.append(f"{last_day} >= ?")
        parameters.append(filters.date_from)
    if filters.date_to:
        clauses.append(f"{issued} <= ?")
        parameters.append(filters.date_to + "~")  # `~` sorts behind digits and hyphens: the end is included
    return " AND ".join(clauses), parameters


def fold(text: str | None) -> str | None:
    """Without case and accents, for comparing names."""
    if text is None:
        return None
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


@lru_cache(maxsize=4096)
def is_called(speaker: str | None, asked: str) -> bool:
    """Whether a name that somebody asks for is a speaker's, or part of it.

    A form of address counts only where the speaker has one: `Mrs. Dunne` is `Ruth Dunne`, not `Mr. Dunne`.
    """
    name = fold(speaker) or ""
    wanted = asked if speaker is None or bare(speaker) != speaker else bare(asked)
    return bool(name) and (fold(wanted) or "") in name


@lru_cache(maxsize=4096)  # the passages of a document share their authors
def fold_names(names: str | None) -> str | None:
    """A JSON list of names, or of CSL names, folded: one a line, as people write them."""
    if names is None:
        return None
    items = json.loads(names)
    return fold("\n".join(item if isinstance(item, str) else person_name(item) for item in items))
