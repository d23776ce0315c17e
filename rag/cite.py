"""Citations: from a range of a passage to the exact characters of the canonical text, verified."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.fold import Reading
from corpus.records import Span
from index.records import StoredPassage
from index.store import Store
from rag.records import Citation, Verdict, Verification

_SPACE = re.compile(r"[^\S ]| {2}")
_LINE_END_HYPHEN = re.compile(r"[-\u2010\u2011\u00ad]\s*\n|\u00ad")
_CONTEXT = 32  # characters of prefix and suffix, as W3C Web Annotation selectors usually have


def cite(store: Store, stored: StoredPassage, start: int = 0, end: int | None = None) -> Citation:
    """The citation of a range of a passage's reading text; of all of it when no range is given."""
    passage = stored.passage
    whole = end is None
    end = len(passage.text) if end is None else end
    canonical = store.text(stored.version)
    spans = passage.spans if whole else _within(Reading(passage.text, passage.runs).locate(start, end), passage.spans)
    quote = tuple(canonical[span.start : span.end] for span in spans)
    return Citation(
        id=citation_id(stored.version, spans),
        stored=stored,
        spans=spans,
        quote=quote,
        prefix=canonical[max(0, spans[0].start - _CONTEXT) : spans[0].start],
        suffix=canonical[spans[-1].end : spans[-1].end + _CONTEXT],
        verification=verify(passage.text[start:end], quote),
    )


def _within(place: Span, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The part of a place that lies in the passage's spans: a footnote between two of them is not cited."""
    parts = [Span(max(place.start, s.start), min(place.end, s.end)) for s in spans if s.overlap(place)]
    return tuple(parts)


def citation_id(version: str, spans: Sequence[Span]) -> str:
    """Says itself what it cites, so that it resolves as long as the version is kept, whatever is re-indexed."""
    return f"cit_{version[:16]}_" + ".".join(f"{span.start}-{span.end}" for span in spans)


def verify(text: str, quote: Sequence[str]) -> Verification:
    """Whether a text is what the canonical text says: to the letter, or but for what reading folds away.

    `text` was folded from the same canonical text (`corpus.fold`), and ingest checked that fold
    (`corpus.invariants`), so that all that differs are folds; which ones is told.
    """
    stands = "".join(quote)
    if text == stands:
        return Verification(Verdict.EXACT)
    folds = ["white space"] if _SPACE.search(stands) or len(quote) > 1 else []
    if _LINE_END_HYPHEN.search(stands):
        folds.append("hyphens")
    if text.split() != " ".join(quote).split() and "hyphens" not in folds:
        folds.append("markup")
    return Verification(Verdict.NORMALIZED, tuple(folds))
