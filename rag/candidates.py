"""Candidates: where the words of a quotation might stand, from the surest way of looking to the widest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from corpus.fold import Reading
from corpus.load import folded
from index.errors import NotFoundError
from index.quotes import GRAM, IndexedDocument, QuoteIndex
from index.reader import Snapshot
from index.readings import ReadDocument
from index.records import FloatArray, IntArray
from index.words import Hasher, WordArray, spans_of_words
from rag.align import place, settle
from rag.quotation import Quotation, Segment

_FAR = 2_000  # words that an ellipsis may leave out
_COMMON = {3: 400, 2: 200, 1: 100}  # a sequence of so many words that stands more often tells little
_TOGETHER = 8  # words by which beginnings differ that are one place: words are missed and added
_ROOM = 1 << 20  # words that are never in a quotation
_GROUPS = 12  # places that are aligned
_MOST = 100  # places with the same words that are looked into
_FEWEST, _READ = 2, 10_000  # of long quotations: so many places, or so many words in all
_FLAT = 4  # places that are looked at in the order of the file
_PASSAGES = 8  # of the lexical index, when the words themselves lead nowhere

_SPOILT = re.compile(r"(?<![^\W_])(?:\d+[^\W\d_]|[^\W\d_]+\d+[^\W\d_])[^\W_]*")
_NOTHING = 2**32 - 1  # the number of a word that stands nowhere

Places = tuple[tuple[int, int], ...]  # of each segment: its range of the document's words


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document as it is read, and the words of it where each segment of a quotation may stand."""

    document: IndexedDocument
    places: Places
    read: ReadDocument


def candidates(
    quotation: Quotation, snapshot: Snapshot, within: frozenset[str] | None
) -> Iterator[list[Candidate]]:
    """Candidates stage by stage: word for word, by shared sequences of words, by shared search terms.

    A quotation taken literally is looked up word for word alone.

    `within` are the ids of the documents that may be looked into; None is all.
    """
    hasher = Hasher()
    words = [_words(quotation, segment, hasher) for segment in quotation.segments]
    if not words or not all(map(len, words)):  # a part with nothing but an insertion
        return
    yield _Search(quotation, words, snapshot, within).verbatim()
    if quotation.literal:
        return
    words = [_unspoilt(quotation, segment, hasher) for segment in quotation.segments]
    search = _Search(quotation, words, snapshot, within)
    for sizes in ((GRAM,), (2, 1)):
        yield [*search.similar(sizes), *search.as_it_stands()]
    yield search.by_terms()


def _words(quotation: Quotation, segment: Segment, hasher: Hasher) -> WordArray:
    said = (token.fold for token in segment.tokens if token.says and not quotation.is_inserted(token))
    return hasher(" ".join(said))


def _unspoilt(quotation: Quotation, segment: Segment, hasher: Hasher) -> WordArray:
    """The words of a segment, where one with digits inside (`c0nventi0n`) is a word that nothing is like."""
    words: list[int] = []
    spoilt = [match.span() for match in _SPOILT.finditer(quotation.reading.text, segment.start, segment.end)]
    for token in segment.tokens:
        if not token.says or quotation.is_inserted(token):
            continue
        while spoilt and spoilt[0][1] <= token.start:
            spoilt = spoilt[1:]
        if not spoilt or token.start < spoilt[0][0]:
            words += hasher(token.fold).tolist()
        elif token.start == spoilt[0][0]:
            words.append(_NOTHING)
    return np.asarray(words, np.uint32)


class _Search:
    """Looks one quotation up, in wider and wider ways."""

    def __init__(
        self,
        quotation: Quotation,
        words: Sequence[WordArray],
        snapshot: Snapshot,
        within: frozenset[str] | None,
    ) -> None:
        self._quotation = quotation
        self._words = words
        self._snapshot = snapshot
        self._within = within
        self._longest = max(range(len(words)), key=lambda i: len(words[i]))
        self._groups: list[tuple[IndexedDocument, int]] = []  # of the last look for similar places

    def _read(self, document: IndexedDocument) -> ReadDocument | None:
        """A document, if it may be looked into and is still there."""
        if self._within is not None and document.id not in self._within:
            return None
        try:
            return self._snapshot.read(document)
        except NotFoundError:
            return None

    def verbatim(self) -> list[Candidate]:
        """Places where the words of all segments stand, one behind the other in one document."""
        index, words = self._snapshot.quotes, self._words
        found = [index.occurrences(part) for part in words]
        if not all(map(len, found)):
            return []
        rarest = min(range(len(words)), key=lambda i: (len(found[i]), -len(words[i])))
        candidates: list[Candidate] = []
        for start in _spread_out(self._inside(found[rarest]), len(words[rarest])).tolist():
            document = index.document_at(start)
            starts = _chain(found, words, rarest, start, document)
            if starts and (read := self._read(document)):
                places = [
                    (at - document.start, at - document.start + len(part))
                    for at, part in zip(starts, words, strict=True)
                ]
                candidates.append(Candidate(document, tuple(places), read))
        return candidates

    def _inside(self, places: IntArray) -> IntArray:
        """The places in documents that may be looked into."""
        if self._within is None:
            return places
        index = self._snapshot.quotes
        may = np.asarray([document.id in self._within for document in index.documents], bool)
        inside: IntArray = places[may[index.documents_at(places)]]
        return inside

    def similar(self, sizes: Sequence[int]) -> list[Candidate]:
        """Places where sequences of so many words of the longest segment stand in nearly the same order."""
        index, quoted = self._snapshot.quotes, self._words[self._longest]
        votes = [_votes(index, quoted, size) for size in sizes if size <= len(quoted)]
        if not votes:
            return []
        places, begins, weights = (np.concatenate(part) for part in zip(*votes, strict=True))
        self._groups = list(_groups(index, places, begins, weights))
        slack = 4 + len(quoted) // 4
        found: list[Candidate] = []
        for document, begin in self._groups:
            low, high = max(0, begin - slack), begin + len(quoted) + slack
            found += self._aligned(document, None, index.words(document), low, high)
        return found

    def as_it_stands(self) -> list[Candidate]:
        """The same places in the order of the file, where what the end of a page cuts is not put together."""
        found: list[Candidate] = []
        for document, first in self._groups[:_FLAT]:
            read = self._read(document)
            middle = first + len(self._words[self._longest]) // 2
            for at in dict.fromkeys((first, middle)):
                if read and (flat := _flat(read, at, self._quotation)):
                    text = Hasher()(flat.reading.text)
                    found += self._aligned(document, flat, text, 0, len(text))
        return found

    def by_terms(self) -> list[Candidate]:
        """Where the passages stand that share its search terms: their stems match where the words do not."""
        snapshot, hasher, quoted = self._snapshot, Hasher(), self._words[self._longest].tolist()
        hits = snapshot.lexical(snapshot.terms(self._quotation.reading.text), _PASSAGES)
        stored = snapshot.passages(hits.keys.tolist())
        by_version = {document.version: document for document in snapshot.quotes.documents}
        found: list[Candidate] = []
        for passage in (stored[key] for key in hits.keys.tolist() if key in stored):
            document = by_version.get(passage.version)
            words = hasher(passage.passage.text).tolist()
            if document and place(quoted, words) and (read := self._read(document)):
                first = read.reading.position(passage.passage.spans[0].start)
                low = int(np.searchsorted(read.words[:, 0], first)) - len(quoted)
                high = low + len(words) + 2 * len(quoted)
                found += self._aligned(document, read, snapshot.quotes.words(document), max(0, low), high)
        return found

    def _aligned(
        self, document: IndexedDocument, read: ReadDocument | None, text: WordArray, low: int, high: int
    ) -> Iterator[Candidate]:
        """The longest segment aligned with a stretch of a text, and the others in front of it and behind.

        The document is read only where its words match: that costs more than all else.
        """
        words = self._words
        found: dict[int, tuple[int, int]] = {}

        def look(segment: int, low: int, high: int) -> bool:
            at = place(words[segment].tolist(), text[low:high].tolist()) if low < high else None
            if at:
                found[segment] = low + at[0], low + at[1]
            return at is not None

        if not look(self._longest, low, min(high, len(text))):
            return
        for i in range(self._longest + 1, len(words)):
            start = found[i - 1][1]
            if not look(i, start, min(len(text), start + _near(words[i]))):
                return
        for i in range(self._longest - 1, -1, -1):
            end = found[i + 1][0]
            if not look(i, max(0, end - _near(words[i])), end):
                return
        read = read or self._read(document)
        if read:
            places = tuple(self._settled(i, read, text, *found[i]) for i in range(len(words)))
            if all(a[1] <= b[0] for a, b in pairwise(places)):
                yield Candidate(document, places, read)

    def _settled(
        self, segment: int, read: ReadDocument, text: WordArray, start: int, end: int
    ) -> tuple[int, int]:
        """An end that is the same word stands; another is moved to where it reads best."""
        part, words = self._quotation.segments[segment], self._words[segment]
        quoted = self._quotation.reading.text[part.start : part.end]
        same_start, same_end = words[0] == text[start], words[-1] == text[end - 1]
        if not (same_start and same_end):
            settled = settle(quoted, read.words, read.reading.text, start, end)
            start, end = start if same_start else settled[0], end if same_end else settled[1]
        return start, max(end, start + 1)


def _near(words: WordArray) -> int:
    """Words in which a further segment is looked for."""
    return min(_FAR, 200 + 4 * len(words))


def _spread_out(places: IntArray, length: int) -> IntArray:
    """At most so many places, from all over the collection rather than from its beginning.

    Fewer where they are long.
    """
    most = min(_MOST, max(_FEWEST, _READ // length))
    if len(places) <= most:
        return places
    return places[np.linspace(0, len(places) - 1, most).astype(np.int64)]


def _flat(read: ReadDocument, at: int, quotation: Quotation) -> ReadDocument | None:
    """The stretch of a file around a word, as it stands; None where it reads just so."""
    document, words = read.stored.document, read.words
    room = len(quotation.given) * 5 // 4 + 200
    middle = read.reading.canonical(int(words[min(max(0, at), len(words) - 1), 0]))
    start, end = max(0, middle - room), min(len(document.text), middle + room)
    parted = (block.spans for block in document.structure.blocks if len(block.spans) > 1)
    if not any(spans[0].start < end and start < spans[-1].end for spans in parted):
        return None
    part = folded(document.text[start:end], document.media_type)
    flat = Reading(part.text, tuple((r, c + start) for r, c in part.runs))
    return ReadDocument(read.stored, flat, spans_of_words(flat.text)) if flat.text else None


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


def _votes(index: QuoteIndex, quoted: WordArray, size: int) -> tuple[IntArray, IntArray, FloatArray]:
    """Places of the quotation's sequences of so many words, where it would begin, and what each vote weighs.

    The rare ones weigh more, those that stand everywhere do not vote.
    """
    ranges = index.ranges(quoted, size)
    counts = ranges[:, 1] - ranges[:, 0]
    places, begins = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    weights = [np.empty(0, np.float32)]
    for offset in np.flatnonzero((counts > 0) & (counts <= _COMMON[size])).tolist():
        found = index.places(*ranges[offset].tolist())
        places.append(found)
        begins.append(found - offset)
        weights.append(np.full(len(found), np.log1p(len(index) / counts[offset]), np.float32))
    return np.concatenate(places), np.concatenate(begins), np.concatenate(weights)


def _groups(
    index: QuoteIndex, places: IntArray, begins: IntArray, weights: FloatArray
) -> Iterator[tuple[IndexedDocument, int]]:
    """Where in which documents most votes say that it begins, the weightiest first, none near a better one.

    A vote counts for all beginnings that differ by a few words.
    """
    if not len(places):
        return
    documents = index.documents_at(places)
    # One axis for all documents, with room between them: a beginning may lie in front of its document.
    axis = begins + documents * _ROOM
    order = np.argsort(axis, kind="stable")
    axis, total = axis[order], np.concatenate([[0.0], np.cumsum(weights[order], dtype=np.float64)])
    low = np.searchsorted(axis, axis - _TOGETHER, "left")
    high = np.searchsorted(axis, axis + _TOGETHER, "right")
    taken: list[int] = []
    for i in np.argsort(-(total[high] - total[low]), kind="stable").tolist():
        if len(taken) == _GROUPS:
            break
        if all(abs(int(axis[i]) - other) > _TOGETHER for other in taken):
            taken.append(int(axis[i]))
            document = index.documents[int(documents[order[i]])]
            yield document, int(begins[order[i]]) - document.start
