"""Candidates: where the words of a quotation might stand, from the surest way of looking to the widest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from index.quotes import GRAM, IndexedDocument, QuoteIndex
from index.reader import Snapshot
from index.records import FloatArray, IntArray
from index.words import Hasher, WordArray
from rag.align import place, settle
from rag.quotation import Quotation, Segment

_FAR = 2_000  # words that an ellipsis may leave out
_COMMON = {3: 400, 2: 200, 1: 100}  # a sequence of so many words that stands more often tells little
_GROUPS = 12  # places that are aligned
_PASSAGES = 8  # of the lexical index, when the words themselves lead nowhere

Places = tuple[tuple[int, int], ...]  # of each segment: its range of the document's words


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document and the words of it where each segment of a quotation may stand."""

    document: IndexedDocument
    places: Places


def candidates(
    quotation: Quotation, snapshot: Snapshot, within: frozenset[str] | None
) -> Iterator[Iterable[Candidate]]:
    """Candidates stage by stage: word for word, by shared sequences of words, by shared search terms.

    `within` are the ids of the documents that may be looked into; None is all.
    """
    hasher = Hasher()
    words = [_words(quotation, segment, hasher) for segment in quotation.segments]
    if not all(map(len, words)):  # a part with nothing but an insertion
        return
    index = snapshot.quotes
    yield _allowed(_verbatim(index, words), within)
    for size in (GRAM, 1):
        yield _allowed(_similar(quotation, words, snapshot, size), within)
    yield _allowed(_by_terms(quotation, words, snapshot), within)


def _words(quotation: Quotation, segment: Segment, hasher: Hasher) -> WordArray:
    said = (token.fold for token in segment.tokens if token.says and not quotation.is_inserted(token))
    return hasher(" ".join(said))


def _allowed(found: Iterable[Candidate], within: frozenset[str] | None) -> Iterator[Candidate]:
    return (candidate for candidate in found if within is None or candidate.document.id in within)


def spread_out(found: Sequence[Candidate], most: int) -> Sequence[Candidate]:
    """At most so many candidates, from all over the collection rather than from its beginning."""
    if len(found) <= most:
        return found
    step = len(found) / most
    return [found[int(i * step)] for i in range(most)]


def _verbatim(index: QuoteIndex, words: Sequence[WordArray]) -> Iterator[Candidate]:
    """Places where the words of all segments stand, one behind the other in one document."""
    found = [index.occurrences(part) for part in words]
    if not all(map(len, found)):
        return
    rarest = min(range(len(words)), key=lambda i: (len(found[i]), -len(words[i])))
    for start in found[rarest].tolist():
        document = index.document_at(start)
        starts = _chain(found, words, rarest, start, document)
        if starts:
            yield Candidate(
                document,
                tuple(
                    (at - document.start, at - document.start + len(part))
                    for at, part in zip(starts, words, strict=True)
                ),
            )


def _chain(
    found: Sequence[IntArray], words: Sequence[WordArray], rarest: int, start: int, document: IndexedDocument
) -> list[int] | None:
    """The nearest places of the other segments, before and behind one of the rarest."""
    starts = [start]
    for i in range(rarest + 1, len(words)):
        behind = starts[-1] + len(words[i - 1])
        at = int(np.searchsorted(found[i], behind))
        if at == len(found[i]) or found[i][at] > min(behind + _FAR, document.end - 1):
            return None
        starts.append(int(found[i][at]))
    for i in range(rarest - 1, -1, -1):
        at = int(np.searchsorted(found[i], starts[0] - len(words[i]), side="right")) - 1
        if at < 0 or found[i][at] < max(document.start, starts[0] - _FAR):
            return None
        starts.insert(0, int(found[i][at]))
    return starts


def _similar(
    quotation: Quotation, words: Sequence[WordArray], snapshot: Snapshot, size: int
) -> Iterator[Candidate]:
    """Places where many short sequences of the longest segment's words stand in nearly the same order.

    Sequences of `size` words and, where that is 1, of two.
    """
    index = snapshot.quotes
    longest = max(range(len(words)), key=lambda i: len(words[i]))
    quoted = words[longest]
    slack = 4 + len(quoted) // 4
    votes = [_votes(index, quoted, n) for n in ((size,) if size > 1 else (1, 2)) if n <= len(quoted)]
    if not votes:
        return
    places = np.concatenate([found for found, _ in votes])
    weights = np.concatenate([weight for _, weight in votes])
    for document, low, high in _groups(index, places, weights, slack):
        low, high = max(0, low - slack), min(document.end - document.start, high + len(quoted) + slack)
        yield from _aligned(quotation, words, longest, snapshot, document, low, high)


def _votes(index: QuoteIndex, quoted: WordArray, size: int) -> tuple[IntArray, FloatArray]:
    """Where the quotation would begin, had it each of its sequences of words right; rare ones weigh more."""
    ranges = index.ranges(quoted, size)
    counts = ranges[:, 1] - ranges[:, 0]
    places, weights = [np.empty(0, np.int64)], [np.empty(0, np.float32)]
    for offset in np.flatnonzero((counts > 0) & (counts <= _COMMON[size])).tolist():
        found = index.places(*ranges[offset].tolist())
        places.append(found - offset)
        weights.append(np.full(len(found), np.log1p(len(index) / counts[offset]), np.float32))
    return np.concatenate(places), np.concatenate(weights)


def _groups(
    index: QuoteIndex, places: IntArray, weights: FloatArray, slack: int
) -> Iterator[tuple[IndexedDocument, int, int]]:
    """Votes that lie together: (document, first and last beginning in it), the weightiest first."""
    if not len(places):
        return
    order = np.argsort(places, kind="stable")
    places, weights = places[order], weights[order]
    borders = np.flatnonzero(np.diff(places) > slack) + 1
    starts, ends = np.concatenate([[0], borders]), np.concatenate([borders, [len(places)]])
    totals = np.add.reduceat(weights, starts)
    for group in np.argsort(-totals, kind="stable")[:_GROUPS].tolist():
        first, last = int(places[starts[group]]), int(places[ends[group] - 1])
        document = index.document_at(max(0, (first + last) // 2))
        yield document, first - document.start, last - document.start


def _by_terms(quotation: Quotation, words: Sequence[WordArray], snapshot: Snapshot) -> Iterator[Candidate]:
    """Where the passages stand that share its search terms: their stems match where the words do not."""
    hits = snapshot.lexical(snapshot.terms(quotation.reading.text), _PASSAGES)
    stored = snapshot.passages(hits.keys.tolist())
    by_version = {document.version: document for document in snapshot.quotes.documents}
    longest = max(range(len(words)), key=lambda i: len(words[i]))
    for key in hits.keys.tolist():
        passage = stored.get(key)
        document = by_version.get(passage.version) if passage else None
        if not passage or not document:
            continue
        read = snapshot.read(document)
        first = read.reading.position(passage.passage.spans[0].start)
        low = int(np.searchsorted(read.words[:, 0], first))
        length = len(passage.passage.text.split())
        slack = len(words[longest])
        yield from _aligned(
            quotation, words, longest, snapshot, document, max(0, low - slack), low + length + slack
        )


def _aligned(
    quotation: Quotation,
    words: Sequence[WordArray],
    longest: int,
    snapshot: Snapshot,
    document: IndexedDocument,
    low: int,
    high: int,
) -> Iterator[Candidate]:
    """The longest segment aligned with a stretch of a document, and the others in front of it and behind."""
    text = snapshot.quotes.words(document)
    high = min(high, len(text))
    found: dict[int, tuple[int, int]] = {}

    def look(segment: int, low: int, high: int) -> bool:
        at = place(words[segment].tolist(), text[low:high].tolist()) if low < high else None
        if at:
            found[segment] = _settled(quotation, segment, snapshot, document, low + at[0], low + at[1])
        return at is not None

    if not look(longest, low, high):
        return
    for i in range(longest + 1, len(words)):
        start = found[i - 1][1]
        if not look(i, start, min(len(text), start + _near(words[i]))):
            return
    for i in range(longest - 1, -1, -1):
        end = found[i + 1][0]
        if not look(i, max(0, end - _near(words[i])), end):
            return
    places = tuple(found[i] for i in range(len(words)))
    if all(a[1] <= b[0] for a, b in pairwise(places)):
        yield Candidate(document, places)


def _near(words: WordArray) -> int:
    """Words in which a further segment is looked for."""
    return min(_FAR, 200 + 4 * len(words))


def _settled(
    quotation: Quotation, segment: int, snapshot: Snapshot, document: IndexedDocument, start: int, end: int
) -> tuple[int, int]:
    read = snapshot.read(document)
    part = quotation.segments[segment]
    quoted = quotation.reading.text[part.start : part.end]
    return settle(quoted, read.words, read.reading.text, start, end)
