"""Citations: from a range of a passage to the exact characters of the canonical text, verified."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.fold import Reading
from corpus.records import Span
from index.records import StoredPassage
from index.store import Store
from rag.records import Citation, Verdict, Verification

_FOLDS = ("white space", "hyphens", "markup")  # in the order in which they are told
_SOFT = "\u00ad"
_HYPHENS = frozenset(f"-\u2010\u2011{_SOFT}")
_CONTEXT = 32  # characters of prefix and suffix, as W3C Web Annotation selectors usually have


def cite(store: Store, stored: StoredPassage, start: int = 0, end: int | None = None) -> Citation:
    """The citation of a range of a passage's reading text; of all of it when no range is given."""
    passage = stored.passage
    reading = Reading(passage.text, passage.runs).clip(start, len(passage.text) if end is None else end)
    canonical = store.text(stored.version)
    spans = _within(reading.locate(0, len(reading.text)), passage.spans)
    return Citation(
        id=citation_id(stored.version, spans),
        stored=stored,
        spans=spans,
        quote=tuple(canonical[span.start : span.end] for span in spans),
        prefix=canonical[max(0, spans[0].start - _CONTEXT) : spans[0].start],
        suffix=canonical[spans[-1].end : spans[-1].end + _CONTEXT],
        verification=verify(reading, canonical, spans),
    )


def _within(place: Span, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The part of a place that lies in the passage's spans: a footnote between two of them is not cited."""
    parts = [Span(max(place.start, s.start), min(place.end, s.end)) for s in spans if s.overlap(place)]
    return tuple(parts)


def citation_id(version: str, spans: Sequence[Span]) -> str:
    """An id that says itself what it cites: it resolves as long as the version is kept."""
    return f"cit_{version[:16]}_" + ".".join(f"{span.start}-{span.end}" for span in spans)


def verify(reading: Reading, canonical: str, spans: Sequence[Span]) -> Verification:
    """Whether a reading is what stands at its spans: to the letter, or but for what is folded away.

    That the folds lose nothing was checked at ingest (`corpus.invariants`); here they are named.
    """
    if reading.text == "".join(canonical[span.start : span.end] for span in spans):
        return Verification(Verdict.EXACT)
    found = set(_replaced(reading, canonical)) | set(_left_out(reading, canonical, spans))
    if len(spans) > 1:
        found.add("white space")  # it stands for what is between them
    return Verification(Verdict.NORMALIZED, tuple(fold for fold in _FOLDS if fold in found))


def _replaced(reading: Reading, canonical: str) -> Iterator[str]:
    """Folds that wrote one character for another."""
    for (r, c), (end, _) in pairwise([*reading.runs, (len(reading.text), 0)]):
        reads, stands = reading.text[r:end], canonical[c : c + end - r]
        for read, stood in set(zip(reads, stands, strict=True)) if reads != stands else ():
            if read != stood:
                yield "white space" if stood.isspace() else "hyphens" if stood in _HYPHENS else "markup"


def _left_out(reading: Reading, canonical: str, spans: Sequence[Span]) -> Iterator[str]:
    """Folds that wrote nothing for what stands between two runs."""
    for (r, c), (end, after) in pairwise(reading.runs):
        for gap in _within(Span(c + end - r, after), spans):
            left = canonical[gap.start : gap.end]
            marks = left.strip()
            glued = not any(map(str.isspace, reading.text[end - 1 : end + 1]))  # as at a line-end hyphen
            if set(marks) <= (_HYPHENS if glued else {_SOFT}) and (marks or glued):
                yield "hyphens"
            elif marks:
                yield "markup"
            if left != marks and not glued:
                yield "white space"
