"""What a collection can be narrowed by: its types, authors, speakers and years, each with its documents."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.records import person_name
from index.store import Store

_MANY = 500  # revisions of one statement: others may read in between
_FACTS = """
SELECT r.key, json_extract(r.record, '$.csl.type', '$.csl.issued', '$.csl.author'),
    (SELECT json_group_array(DISTINCT json_extract(p.place, '$.section_authors', '$.speaker') || '')
    FROM passages p WHERE p.revision = r.key)
FROM revisions r WHERE r.key IN ({marks})
"""


@dataclass(frozen=True, slots=True)
class Value:
    """Something to narrow by, and how many documents it leads to."""

    value: str
    documents: int


@dataclass(frozen=True, slots=True)
class Facets:
    """The values that occur, the most frequent first; years in their order. `documents` is of all."""

    documents: int = 0
    types: tuple[Value, ...] = ()
    authors: tuple[Value, ...] = ()
    speakers: tuple[Value, ...] = ()
    years: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class _Facts:
    """What one document adds."""

    types: frozenset[str]
    authors: frozenset[str]
    speakers: frozenset[str]
    years: frozenset[str]


class Catalogue:
    """The facets of the published documents. A revision never changes: each is read once. Thread-safe."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._facts: dict[int, _Facts] = {}
        self._made: tuple[int, Facets] = (-1, Facets())

    def facets(self) -> Facets:
        """Of the current generation; after a change only the documents that changed are looked at."""
        with self._lock:
            number = self._store.generation()
            if self._made[0] != number:
                self._made = number, self._count()
            return self._made[1]

    def _count(self) -> Facets:
        live = [row[0] for row in self._store.rows("SELECT live FROM documents WHERE live IS NOT NULL")]
        unseen = [key for key in live if key not in self._facts]
        fresh: dict[int, _Facts] = {}
        for start in range(0, len(unseen), _MANY):
            fresh |= self._read(unseen[start : start + _MANY])
        self._facts = {key: facts for key in live if (facts := self._facts.get(key) or fresh.get(key))}
        kept = self._facts.values()
        return Facets(
            documents=len(live),
            types=_ranked(facts.types for facts in kept),
            authors=_ranked(facts.authors for facts in kept),
            speakers=_ranked(facts.speakers for facts in kept),
            years=tuple(sorted(_ranked(facts.years for facts in kept), key=lambda year: year.value)),
        )

    def _read(self, keys: Sequence[int]) -> Mapping[int, _Facts]:
        sql = _FACTS.format(marks=",".join("?" * len(keys)))
        return {
            key: _of(json.loads(record), json.loads(places))
            for key, record, places in self._store.rows(sql, keys)
        }


def _of(record: Sequence[Any], places: Sequence[str]) -> _Facts:
    """As `index.filters` compares: of a section that somebody signs, nobody else is the author."""
    kind, issued, authors = record
    found = [json.loads(place) for place in places]
    signed = [signers or authors for signers, _ in found]
    year = str(issued or "")[:4]
    return _Facts(
        types=frozenset([str(kind).lower()] if kind else ()),
        authors=frozenset(name for names in signed for name in _names(names)),
        speakers=frozenset(speaker for _, speaker in found if speaker),
        years=frozenset([year] if year.isdigit() else ()),
    )


def _names(listed: Sequence[Any] | None) -> list[str]:
    return [name for item in listed or () if (name := item if isinstance(item, str) else person_name(item))]


def _ranked(values: Iterable[frozenset[str]]) -> tuple[Value, ...]:
    counted = Counter(value for each in values for value in each)
    return tuple(Value(*pair) for pair in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
