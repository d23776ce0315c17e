"""Anchoring: where a quotation of one version of a document stands in another, and how sure that is.

As Hypothes.is does: the selectors strictly first (the same characters, told apart by what stands around
them), then by likeness; which of the two it was is always told.
"""

from __future__ import annotations

import re
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
_WORD = 12  # characters that a long word has
_FARTHEST = 60  # characters that an end may be off
_HEAD = 300  # characters; of a longer quotation the start is set right by its head, the end by its tail
_START = re.compile(r"\b(?=\w)|(?<!\S)(?=\S)")
_END = re.compile(r"(?<=\w)\b|(?<=\S)(?!\S)")


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
        same += len(sought) * _likeness(sought, whole.text[start:at])
        size += len(sought)
    return Anchor(Anchored.FUZZY, tuple(spans), round(same / size, 4))


def _most_alike(sought: str, text: str, behind: int) -> tuple[int, int] | None:
    """The range of a text that is most like what is sought, in whole words."""
    if not 0 < len(sought) <= _LONGEST:
        return None
    best = fuzz.partial_ratio_alignment(sought, text[behind:], score_cutoff=_ALIKE)
    if best is None:
        return None
    start, end = _ends(sought, text, behind, behind + best.dest_start, behind + best.dest_end)
    return (start, end) if start < end else None


def _ends(sought: str, text: str, behind: int, start: int, end: int) -> tuple[int, int]:
    """The ends of a range set right: it is as long as what is sought, but words were put in or left out."""
    reach = _WORD + min(len(sought) // 5, _FARTHEST)
    starts = _matches(_START, text, max(behind, start - reach), start + reach) or [start]
    ends = _matches(_END, text, max(behind, end - reach), end + reach) or [end]
    if len(sought) <= _HEAD:
        pairs = [(a, b) for a in starts for b in ends if a < b] or [(start, end)]
        return max(pairs, key=lambda ab: _likeness(sought, text[ab[0] : ab[1]]))
    return (
        max(starts, key=lambda a: _likeness(sought[:_HEAD], text[a : start + _HEAD])),
        max(ends, key=lambda b: _likeness(sought[-_HEAD:], text[end - _HEAD : b])),
    )


def _matches(edge: re.Pattern[str], text: str, start: int, end: int) -> list[int]:
    return [found.start() for found in edge.finditer(text, start, min(end, len(text)))]


def _likeness(one: str, other: str) -> float:
    """1.0 for equal texts; by the least number of characters put in, left out and replaced."""
    return Levenshtein.normalized_similarity(one, other)
