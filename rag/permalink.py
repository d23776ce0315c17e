"""Ids to citations, for as long as the store remembers: of current, replaced and newly split versions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.records import Span
from index.errors import GoneError, NotFoundError
from index.store import Store
from rag.anchor import Anchor, Anchored, anchor
from rag.cite import cite, cite_spans
from rag.errors import CiteError
from rag.records import Citation

_CITATION = re.compile(r"cit_([0-9a-f]{8,64})_([0-9]{1,12}-[0-9]{1,12}(?:\.[0-9]{1,12}-[0-9]{1,12}){0,99})")


@dataclass(frozen=True, slots=True)
class Current:
    """What has become of a citation in the version that replaced its own; no citation when it is lost."""

    anchor: Anchor
    citation: Citation | None


@dataclass(frozen=True, slots=True)
class Resolved:
    """A citation as it was made; `current` where its version was replaced since."""

    citation: Citation
    current: Current | None


def resolve(store: Store, id_: str) -> Resolved:
    """What the id of a citation or a passage stands for.

    Raises NotFoundError, GoneError where its document was removed, CiteError for one that nobody made.
    """
    cited = _cited(store, id_)
    return Resolved(cited, now(store, cited) if cited.stored.superseded else None)


def _cited(store: Store, id_: str) -> Citation:
    if match := _CITATION.fullmatch(id_):
        return cite_spans(store, store.version(match[1]), _spans(match[2]))
    if id_.startswith("cit_"):
        raise NotFoundError(f"{id_} is not the id of a citation; it would be cit_<version>_<start>-<end>")
    try:
        return cite(store, store.passage(id_)[0])
    except GoneError:
        raise
    except NotFoundError:
        if former := store.former_passage(id_):
            return cite_spans(store, former.version, former.spans)
        raise


def _spans(text: str) -> tuple[Span, ...]:
    pairs = [tuple(map(int, pair.split("-"))) for pair in text.split(".")]
    if any(start > end for start, end in pairs):
        raise CiteError(f"{text} is no place: a span ends before it starts")
    return tuple(Span(start, end) for start, end in pairs)


def now(store: Store, cited: Citation) -> Current:
    """A citation of a replaced version in the current one."""
    id_ = cited.stored.document_id
    document = store.document(id_).document
    place = anchor(cited, store.document(id_, cited.stored.version).document, document)
    try:
        found = cite_spans(store, document.version, place.spans) if place.spans else None
    except CiteError:  # it stands in what is furniture now
        found = None
    return Current(place if found else Anchor(Anchored.LOST), found)
