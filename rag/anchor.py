"""Anchoring: where a quotation of one version of a document stands in another, and how sure that is.

As Hypothes.is does: the selectors strictly first (the same characters, told apart by what stands around
them), then by likeness; which of the two it was is always told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein, Postfix, Prefix

from corpus.load import reading as read
from corpus.records import Document, Span
from rag.records import Citation

_ALIKE = (
    75.0  # of 100: below it, another sentence about the same thing is as likely as the one that was cited
)
_LONGEST = 4_000  # characters of a quotation that are looked for by likeness: one second in a long report


class Anchored(StrEnum):
    """How a quotation was found again."""

    EXACT = "exact"  # the same characters, and no doubt which
    FUZZY = "fuzzy"  # what is most like it; or the same characters, in several places
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a quotation stands now; no spans when it is lost. `score` is 1.0 where it reads the same."""

    anchored: Anchored
    spans: tuple[Span, ...] = ()
    score: float = 0.0


def anchor(cited: Citation, former: Document, document: Document) -> Anchor:
    """Where a citation of a former version stands in this one."""
    return _exactly(cited, document.text) or _alike(cited, former, document) or Anchor(Anchored.LOST)


def _exactly(cited: Citation, text: str) -> Anchor | None:
    """All quotes in their order; of several places the one between the same characters, then the nearest."""
    found = list(filter(None, (_from(start, cited.quote, text) for start in _places(cited.quote[0], text))))
    if not found:
        return None
    contexts = {spans: _context(cited, spans, text) for spans in found}
    shift = {spans: abs(spans[0].start - cited.spans[0].start) for spans in found}
    best, *others = sorted(found, key=lambda spans: (-contexts[spans], shift[spans]))
    certain = not others or contexts[best] > contexts[others[0]]
    return Anchor(Anchored.EXACT if certain else Anchored.FUZZY, best, 1.0)


def _places(quote: str, text: str) -> Iterator[int]:
    at = text.find(quote)
    while at >= 0:
        yield at
        at = text.find(quote, at + 1)


def _from(start: int, quotes: Sequence[str], text: str) -> tuple[Span, ...]:
    """The first place of each quote behind the one before; empty when one is not there."""
    spans: list[Span] = []
    for quote in quotes:
        at = text.find(quote, spans[-1].end if spans else start)
        if at < 0:
            return ()
        spans.append(Span(at, at + len(quote)))
    return tuple(spans)


def _context(cited: Citation, spans: Sequence[Span], text: str) -> int:
    """How many characters directly before and behind are those of the prefix and the suffix."""
    start, end = spans[0].start, spans[-1].end
    before = text[max(0, start - len(cited.prefix)) : start]
    behind = text[end : end + len(cited.suffix)]
    return Postfix.similarity(cited.prefix, before) + Prefix.similarity(cited.suffix, behind)


def _alike(cited: Citation, former: Document, document: Document) -> Anchor | None:
    """What is most like each quote, in their order; compared as they read: line ends may have changed."""
    before, whole = read(former), read(document)
    spans: list[Span] = []
    at, same, size = 0, 0.0, 0
    for cited_span in cited.spans:
        sought = before.of(cited_span).strip()
        found = _most_alike(sought, whole.text, at)
        if not found:
            return None
        start, at = found
        spans.append(whole.locate(start, at))
        same += len(sought) * Levenshtein.normalized_similarity(sought, whole.text[start:at])
        size += len(sought)
    return Anchor(Anchored.FUZZY, tuple(spans), round(same / size, 4))


def _most_alike(sought: str, text: str, behind: int) -> tuple[int, int] | None:
    """The range of a text that is most like what is sought, widened to whole words."""
    if not 0 < len(sought) <= _LONGEST:
        return None
    best = fuzz.partial_ratio_alignment(sought, text[behind:], score_cutoff=_ALIKE)
    if best is None or not text[behind + best.dest_start : behind + best.dest_end].strip():
        return None
    start, end = behind + best.dest_start, behind + best.dest_end
    while start > behind and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())
