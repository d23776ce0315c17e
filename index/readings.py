"""Documents as they read, with the places of their words: kept for those that were looked into last."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.fold import Reading
from corpus.load import reading
from corpus.records import Span
from index.records import StoredDocument
from index.store import Store
from index.words import spans_of_words

_KEPT_CHARACTERS = 16_000_000


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document, its reading text, and where each of its words stands in that: [n, 2] int32."""

    stored: StoredDocument
    reading: Reading
    words: NDArray[np.int32]

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """Where the reading range [start, end) stands, ascending: parted where something else stands between.

        White space, markup and the marks of notes do not part it.
        """
        part = self.reading.clip(start, end)
        ends = [r for r, _ in part.runs[1:]] + [end - start]
        spans: list[Span] = []
        for (r, c), behind in zip(part.runs, ends, strict=True):
            span = Span(c, c + behind - r)
            if spans and spans[-1].end <= span.start and not self._apart(spans[-1].end, span.start):
                span = Span(spans.pop().start, span.end)
            spans.append(span)
        return _in_order(spans)

    def _apart(self, start: int, end: int) -> bool:
        """Whether other text, or furniture, stands in the gap between two runs."""
        if start == end:
            return False
        furniture = self.stored.document.structure.furniture
        i = bisect_right(furniture, start, key=lambda span: span.end)
        held = i < len(furniture) and furniture[i].start < end
        return held or bool(self.reading.of(Span(start, end)).strip())


def _in_order(spans: list[Span]) -> tuple[Span, ...]:
    """Spans as they stand in the file, those that meet made one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            span = Span(found[-1].start, max(found.pop().end, span.end))
        found.append(span)
    return tuple(found)


class Readings:
    """Reading texts by revision, which never change. Thread-safe."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, ReadDocument] = OrderedDict()

    def of(self, revision: int) -> ReadDocument:
        """A revision as it reads. Raises NotFoundError, also for one that is gone since it was kept."""
        if not self._store.has_revision(revision):
            with self._lock:
                self._kept.pop(revision, None)
        with self._lock:
            found = self._kept.get(revision)
        if found is None:
            stored = self._store.revision(revision)
            text = reading(stored.document)
            found = ReadDocument(stored, text, spans_of_words(text.text))
        with self._lock:
            self._kept[revision] = found
            self._kept.move_to_end(revision)
            while len(self._kept) > 1 and self._characters() > _KEPT_CHARACTERS:
                self._kept.popitem(last=False)
        return found

    def _characters(self) -> int:
        return sum(len(kept.reading.text) for kept in self._kept.values())
