"""The invariants of provenance, checked for every passage before anything is stored."""

from __future__ import annotations

import html
from collections.abc import Sequence

from corpus.errors import ProvenanceError
from corpus.fold import Reading
from corpus.load import reading as read
from corpus.records import Document, Passage, Span

_HYPHENS = frozenset("\u2010\u2011")  # canonical characters that read as `-`


def verify(document: Document, passages: Sequence[Passage]) -> None:
    """Check that passages read what stands at their spans, and that together they lose nothing.

    Raises ProvenanceError with the first canonical offset at fault.
    """
    whole = read(document)
    for passage in passages:
        _check_text(document, whole, passage)
        _check_runs(document, passage)
    _check_cover(document, whole, passages)


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _check_text(document: Document, whole: Reading, passage: Passage) -> None:
    """Invariant 1: the canonical text of the spans, folded, is the reading text."""
    stands = "".join(map(whole.of, passage.spans))
    if _squeeze(stands) != _squeeze(passage.text):
        raise _broken(document, passage.spans[0].start, "a passage reads other than its spans")


def _check_runs(document: Document, passage: Passage) -> None:
    """The map back: each character of the reading text stands where its run says."""
    reading = Reading(passage.text, passage.runs)
    ends = [r for r, _ in passage.runs[1:]] + [len(passage.text)]
    for (r, c), end in zip(passage.runs, ends, strict=True):
        reads, stands = passage.text[r:end], document.text[c : c + end - r]
        if reads == stands.replace("\n", " ").replace("\r", " "):  # most runs, and quickly told
            continue
        for i, character in enumerate(reads):
            if character != stands[i : i + 1] and not character.isspace():
                place = reading.locate(r + i, r + i + 1)
                _check_character(document, place, character)


def _check_character(document: Document, place: Span, reads: str) -> None:
    """A character that reads other than it stands is a hyphen of another kind, or an entity."""
    stands = document.text[place.start : place.end]
    if not (reads == "-" and stands in _HYPHENS) and reads != html.unescape(stands):
        raise _broken(document, place.start, f"{reads!r} is mapped to {stands!r}")


def _check_cover(document: Document, whole: Reading, passages: Sequence[Passage]) -> None:
    """Invariant 2: every character of the reading text is in a passage."""
    at = 0
    spans = (span for passage in passages for span in passage.spans)
    read = sorted((whole.position(span.start), whole.end(span.end)) for span in spans)
    for start, end in [*read, (len(whole.text), len(whole.text))]:
        lost = whole.text[at:start]
        if lost.strip():
            first = at + len(lost) - len(lost.lstrip())
            raise _broken(document, whole.canonical(first), "text that is in no passage")
        at = max(at, end)


def _broken(document: Document, offset: int, what: str) -> ProvenanceError:
    around = document.text[max(0, offset - 20) : offset + 20]
    return ProvenanceError(
        f"{document.source}: {what} at offset {offset:,} ({around!r}); the document was not added. "
        "This is a defect of Pincite: please report it with the file"
    )
