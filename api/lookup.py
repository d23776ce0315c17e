"""What an id stands for: a citation, a passage or a whole document; each with its reference."""

from __future__ import annotations

from dataclasses import dataclass

from api import links
from index.records import StoredDocument
from index.store import Store
from rag.permalink import Resolved, resolve
from rag.records import Citation
from rag.reference import Reference, item, refer


@dataclass(frozen=True, slots=True)
class Found:
    """What was found under an id, and how a bibliography refers to it."""

    subject: Resolved | StoredDocument
    reference: Reference


def look_up(store: Store, id_: str, base: str) -> Found:
    """What the id of a citation, passage or document stands for; links begin with `base`.

    Raises NotFoundError, GoneError, CiteError.
    """
    if id_.startswith(("cit_", "psg_")):
        resolved = resolve(store, id_)
        return Found(resolved, citation_reference(store, resolved.citation, base))
    stored = store.document(id_)
    return Found(stored, document_reference(stored, base))


def citation_reference(store: Store, cited: Citation, base: str) -> Reference:
    """How a bibliography refers to a citation."""
    stored = cited.stored
    there = base + links.place(stored.document_id, stored.version, cited.spans)
    return refer(store, cited, there, base + links.home(stored.document_id, stored.version))


def document_reference(stored: StoredDocument, base: str) -> Reference:
    """How a bibliography refers to a document as a whole."""
    inside, home = stored.document, base + links.home(stored.id, stored.document.version)
    work = item(inside.record.csl, inside.source, home)
    return Reference(work, url="" if work["URL"] == home else home)
