"""A part of the list of documents, by what they are called; and headings to begin with."""

from __future__ import annotations

import json
from dataclasses import dataclass

from index.filters import fold
from index.records import DocumentRow
from index.store import Store

_MOST_WORDS = 8  # of a search in the list
# What a document is called: its title, its file, its authors.
_CALLED = """fold(COALESCE(json_extract(r.record, '$.csl.title'), '') || char(10) || d.source) || char(10)
    || COALESCE(fold_names(json_extract(r.record, '$.csl.author')), '')"""


@dataclass(frozen=True, slots=True)
class Listing:
    """Some of the documents that were asked for, by source; `total` counts all of those."""

    total: int
    rows: tuple[DocumentRow, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A section of a document."""

    document_id: str
    title: str


def listed(store: Store, wanted: str = "", skip: int = 0, limit: int = 100) -> Listing:
    """The published documents that are called by all the words wanted, without case and accents.

    Only of the part that is given are passages counted and records read.
    """
    words = [fold(word) or "" for word in wanted.split()[:_MOST_WORDS]]
    called = _CALLED if words else "''"
    joined = "FROM documents d JOIN revisions r ON r.key = d.live"
    with store.steady():
        names = store.rows(f"SELECT r.key, {called} {joined} ORDER BY d.source, d.id")
        keys = [key for key, name in names if all(word in name for word in words)]
        part = keys[skip : skip + limit]
        found = store.rows(
            f"""SELECT d.id, d.source, d.location, r.sha256, d.added,
            (SELECT COUNT(*) FROM passages WHERE revision = r.key), v.characters, r.record
            {joined} JOIN versions v ON v.sha256 = r.sha256
            WHERE r.key IN (SELECT value FROM json_each(?)) ORDER BY d.source, d.id""",
            (json.dumps(part),),
        )
    rows = tuple(
        DocumentRow(id_, source, location, version, added, passages, characters, json.loads(record)["csl"])
        for id_, source, location, version, added, passages, characters, record in found
    )
    return Listing(len(keys), rows)


def headings(store: Store, most: int) -> list[Heading]:
    """The most telling title of a section of each of the documents added last: the longest that is short.

    Of one without such sections its own title.
    """
    found = store.rows(
        """SELECT d.id, COALESCE(
            (SELECT s.value ->> '$.title' FROM json_each(r.structure, '$.sections') s
            WHERE s.key > 0 AND length(s.value ->> '$.title') BETWEEN 12 AND 80
            ORDER BY length(s.value ->> '$.title') DESC, s.key LIMIT 1),
            json_extract(r.record, '$.csl.title'))
        FROM documents d JOIN revisions r ON r.key = d.live ORDER BY r.key DESC LIMIT ?""",
        (most * 2,),
    )
    return [Heading(id_, title) for id_, title in found if title][:most]
