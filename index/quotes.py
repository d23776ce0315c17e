"""The quote index: every word of the collection in reading order, and their places sorted by three words.

Any sequence of words is found by binary search, from one word to a page, without a look at a document.
`words.npy` holds a number for each word, with zeros behind the last one of each document; `order.npy` the
places of all words, sorted by the word there and the two behind it. That is 8 bytes a word.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.codec import dumps
from index.errors import DamagedError
from index.records import IntArray, Revision
from index.words import Hasher, WordArray

GRAM = 3  # words by which places are sorted
_BITS = 21  # of a word's number in a key: three make 63
_MASK = (1 << _BITS) - 1
_GAP = np.zeros(GRAM - 1, np.uint32)  # behind each document: no key reaches into the next
_ALL_AT_ONCE = 8  # words that all places are compared by, before each is compared by itself
_WORDS, _ORDER, _DOCUMENTS = "words.npy", "order.npy", "documents.json"


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document in the quote index: its words stand at `[start, end)`."""

    revision: int  # the store's key of its processing
    id: str
    version: str
    start: int
    end: int


class QuoteIndex:
    """Sorted places of words, in a folder of its own."""

    def __init__(
        self, words: WordArray, order: NDArray[np.uint32], documents: Sequence[IndexedDocument]
    ) -> None:
        self._words = words  # uint32, each document's and a gap
        self._order = order  # [n] uint32
        self.documents = tuple(documents)
        self._starts = [document.start for document in documents]

    @classmethod
    def build(
        cls,
        revisions: Iterable[Revision],
        read: Callable[[int], str],
        former: QuoteIndex | None = None,
    ) -> QuoteIndex:
        """Index documents; `read` gives the reading text of a revision that `former` does not hold."""
        hasher, documents, parts, at = Hasher(), list[IndexedDocument](), list[WordArray](), 0
        held = {document.revision: document for document in former.documents} if former is not None else {}
        moved: list[tuple[IndexedDocument, int]] = []  # from `former`, and to where
        for revision in revisions:
            known = held.get(revision.key)
            words = former.words(known) if former is not None and known else hasher(read(revision.key))
            if known:
                moved.append((known, at))
            documents.append(
                IndexedDocument(revision.key, revision.document, revision.version, at, at + len(words))
            )
            parts += [words, _GAP]
            at += len(words) + len(_GAP)
        words = np.concatenate([*parts, _GAP])
        kept = former._moved(moved) if former is not None else np.empty(0, np.uint32)
        return cls(words, _merged(words, kept), documents)

    def _moved(self, moves: Sequence[tuple[IndexedDocument, int]]) -> NDArray[np.uint32]:
        """The sorted places of documents that are kept, as they are in the next index."""
        target = np.full(len(self._words), -1, np.int64)
        for document, start in moves:
            places = np.arange(document.start, document.end)
            target[places] = places - document.start + start
        found = target[self._order]
        return found[found >= 0].astype(np.uint32)

    def save(self, folder: Path) -> None:
        """Write the index into an empty folder."""
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / _WORDS, self._words)
        np.save(folder / _ORDER, self._order)
        (folder / _DOCUMENTS).write_text(dumps([asdict(d) for d in self.documents]), encoding="utf-8")

    @classmethod
    def open(cls, folder: Path) -> QuoteIndex:
        """Open what `save` wrote, mapped into memory; its checksums have been checked."""
        try:
            words = np.load(folder / _WORDS, mmap_mode="r").view(np.ndarray)  # a memmap's slices cost more
            order = np.load(folder / _ORDER, mmap_mode="r").view(np.ndarray)
            rows = json.loads((folder / _DOCUMENTS).read_text(encoding="utf-8"))
            return cls(words, order, [IndexedDocument(**row) for row in rows])
        except (OSError, ValueError, TypeError) as error:
            raise DamagedError(f"{folder}: not a readable quote index; run `pincite rebuild`") from error

    def __len__(self) -> int:
        """The number of words."""
        return len(self._order)

    def words(self, document: IndexedDocument) -> WordArray:
        """The numbers of a document's words, in reading order."""
        return self._words[document.start : document.end]

    def document_at(self, place: int) -> IndexedDocument:
        """The document that holds the word at a place."""
        return self.documents[bisect_right(self._starts, place) - 1]

    def documents_at(self, places: IntArray) -> IntArray:
        """The numbers in `documents` [n] int64 of the documents that hold the words at places."""
        return np.searchsorted(np.asarray(self._starts), places, side="right") - 1

    def ranges(self, words: WordArray, size: int) -> IntArray:
        """For each sequence of `size` words (1 to GRAM) in `words`: its range in the sorted places.

        [len(words) - size + 1, 2] int64; the difference is how often it stands in the collection.
        """
        padded = np.concatenate([words, _GAP])
        low = _keys(padded, np.arange(len(words) - size + 1)) >> np.uint64(_BITS * (GRAM - size))
        low <<= np.uint64(_BITS * (GRAM - size))
        high = low + np.uint64(1 << _BITS * (GRAM - size))
        return self._search(np.concatenate([low, high])).reshape(2, -1).T

    def _search(self, keys: NDArray[np.uint64]) -> IntArray:
        """For each key the number of places whose own is smaller: one binary search for all of them."""
        low = np.zeros(len(keys), np.int64)
        high = np.full(len(keys), len(self._order), np.int64)
        for _ in range(len(self._order).bit_length()):
            middle = np.minimum((low + high) // 2, max(0, len(self._order) - 1))
            smaller = (_keys(self._words, self._order[middle].astype(np.int64)) < keys) & (low < high)
            low = np.where(smaller, middle + 1, low)
            high = np.where(smaller, high, np.minimum(middle, high))
        return low

    def places(self, start: int, end: int) -> IntArray:
        """The places in a range of the sorted ones, ascending: it is one sequence of words, or empty."""
        return np.sort(self._order[start:end].astype(np.int64))

    def occurrences(self, words: WordArray) -> IntArray:
        """The places [n] int64, ascending, where a whole sequence of words stands, as far as numbers tell."""
        if not len(words) or not len(self._order):
            return np.empty(0, np.int64)
        size = min(GRAM, len(words))
        ranges = self.ranges(words, size)
        rarest = int(np.argmin(ranges[:, 1] - ranges[:, 0]))
        found: IntArray = self.places(*ranges[rarest]) - rarest
        found = found[(found >= 0) & (found + len(words) < len(self._words))]
        for offset in range(min(len(words), _ALL_AT_ONCE)):
            found = found[self._words[found + offset] == words[offset]]
        if len(words) <= _ALL_AT_ONCE:
            return found
        same = [np.array_equal(self._words[at : at + len(words)], words) for at in found.tolist()]
        kept: IntArray = found[np.asarray(same, bool)]
        return kept


def _merged(words: WordArray, kept: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The places of all words, sorted; those in `kept` are so already."""
    is_new = words != 0
    is_new[kept] = False
    new = np.flatnonzero(is_new)
    keys = _keys(words, new)
    order = np.argsort(keys, kind="stable")
    if not len(kept):
        return new[order].astype(np.uint32)
    at = QuoteIndex(words, kept, ())._search(keys[order])
    return np.insert(kept, at, new[order].astype(np.uint32))


def _keys(words: WordArray, places: IntArray) -> NDArray[np.uint64]:
    """The keys of places: the low bits of three words, the first one highest."""
    key = np.zeros(len(places), np.uint64)
    for offset in range(GRAM):
        key = (key << np.uint64(_BITS)) | (words[places + offset] & np.uint32(_MASK)).astype(np.uint64)
    return key
