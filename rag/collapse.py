"""No two results over the same text."""

from __future__ import annotations

from collections.abc import Sequence

from index.records import StoredPassage
from rag.records import RankedPassage

_OVERLAP = 0.5  # a passage that shares more of its characters with a better one is not shown


def collapse(ranked: Sequence[RankedPassage], limit: int) -> list[RankedPassage]:
    """The first passages that are not mostly the text of a better one."""
    kept: list[RankedPassage] = []
    for passage in ranked:
        if len(kept) == limit:
            break
        if not any(_shares(passage.stored, better.stored) for better in kept):
            kept.append(passage)
    return kept


def _shares(stored: StoredPassage, better: StoredPassage) -> bool:
    if stored.version != better.version:
        return False
    spans = stored.passage.spans
    shared = sum(a.overlap(b) for a in spans for b in better.passage.spans)
    return shared > _OVERLAP * sum(map(len, spans))
