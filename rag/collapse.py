"""No two results over the same text, wherever it stands.

Of one document, what shares most of its characters with a better passage is not shown. Of any two, what has
the words of a better one is not shown either: all of them, or so many in one piece that the two are windows
over one text. The better one then names where else it stands. What differs by a figure, or is said by
somebody else, is another text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from index.records import StoredPassage
from index.sketch import sequences
from index.words import Hasher, WordArray, spans_of_words
from rag.records import RankedPassage

REACH = 20  # places below a passage at which another is still told to be the same
_OVERLAP = 0.5  # a passage that shares more of its characters with a better one is not shown
_SHARED = 0.8  # of its words that stand in another one in one piece
_FEWEST = 12  # words of a passage of which a part may be missing: of shorter ones all must be there
_SEQUENCE = 5  # words by which passages are looked up
_FIGURE = re.compile(r"(?:(?<!\w)-)?\d+(?:[.,:/-]\d+)*|[%‰$€£¥°]")
_SAME_DASH = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))


def collapse(ranked: Sequence[RankedPassage], limit: int) -> list[RankedPassage]:
    """The first passages that are not mostly the text of a better one; each with the others of its text.

    Fewer are the first of more, where `REACH` more passages are given than are looked at: that far below a
    passage others are told to be the same, however many are shown.
    """
    shown = _Shown()
    for place, passage in enumerate(ranked):
        if len(shown.kept) == limit and place > shown.last + REACH:
            break
        shown.see(place, passage, room=len(shown.kept) < limit)
    return [replace(own.ranked, also_in=tuple(own.also_in)) for own in shown.kept]


def reached(ranked: Sequence[RankedPassage], kept: Sequence[RankedPassage]) -> bool:
    """Whether enough passages were given to tell all that `collapse` can tell of those it kept."""
    last = kept[-1].stored.key if kept else None
    place = next((i for i, passage in enumerate(ranked) if passage.stored.key == last), 0)
    return place + REACH < len(ranked)


@dataclass(slots=True)
class _Kept:
    """A passage that is shown, at its place among all."""

    place: int
    ranked: RankedPassage
    words: WordArray
    also_in: list[StoredPassage]


_place = attrgetter("place")


class _Shown:
    """The passages that are shown, found again by their words."""

    def __init__(self) -> None:
        self.kept: list[_Kept] = []
        self.last = 0
        self._hasher = Hasher()
        self._by_version: dict[str, list[_Kept]] = {}
        self._by_words: dict[bytes, list[_Kept]] = {}
        self._by_sequence: dict[int, list[tuple[_Kept, int]]] = {}

    def see(self, place: int, passage: RankedPassage, *, room: bool) -> None:
        """Show a passage, or tell of a better one that it is the same; nothing without room for it."""
        stored = passage.stored
        beside = self._by_version.get(stored.version, ())
        over = next((own for own in beside if _overlaps(stored, own.ranked.stored)), None)
        better = min(self._better(stored), key=_place, default=None)
        if better and (over is None or better.place < over.place):
            if place <= better.place + REACH:
                better.also_in.append(stored)
        elif room and not over:
            words = self._hasher(stored.passage.text)
            own = _Kept(place, passage, words, [])
            self.kept.append(own)
            self.last = place
            self._by_version.setdefault(stored.version, []).append(own)
            self._by_words.setdefault(words.tobytes(), []).append(own)
            for at, sequence in enumerate(sequences(words, _SEQUENCE).tolist()):
                self._by_sequence.setdefault(sequence, []).append((own, at))

    def _better(self, stored: StoredPassage) -> Iterator[_Kept]:
        """The passages shown that have the text of another one.

        A piece that is long enough has the words in the middle; where no passage has those, no more are read.
        """
        text = stored.passage.text
        spans = spans_of_words(text)
        middle = (len(spans) - _SEQUENCE) // 2
        pieces: Sequence[tuple[_Kept, int]] = ()
        if len(spans) >= _FEWEST:
            (sequence,) = sequences(self._hasher(_cut(text, spans, middle, middle + _SEQUENCE))).tolist()
            pieces = self._by_sequence.get(sequence, ())
            if not pieces:
                return
        words = self._hasher(text)
        for own in self._by_words.get(words.tobytes(), ()):
            if _alike(stored, own.ranked.stored, None):
                yield own
        for own, at in pieces:
            piece = _piece(words, own.words, at - middle)
            if piece and _alike(stored, own.ranked.stored, piece):
                yield own


_Piece = tuple[slice, slice]  # of the words of two passages


def _piece(words: WordArray, others: WordArray, shift: int) -> _Piece | None:
    """Where two texts overlap if the first begins at a word of the other; None unless they agree there."""
    start, end = max(0, -shift), min(len(words), len(others) - shift)
    own, other = slice(start, end), slice(start + shift, end + shift)
    enough = end - start >= _SHARED * len(words)
    return (own, other) if enough and np.array_equal(words[own], others[other]) else None


def _alike(stored: StoredPassage, better: StoredPassage, piece: _Piece | None) -> bool:
    """Whether two passages with the same words, or a piece of them, say the same and by the same person."""
    one, other = stored.passage, better.passage
    if one.note is not None or other.note is not None:  # `Ibid.` is not the same everywhere
        if piece or one.defines is None or other.defines is None:
            return False
        if one.defines.stands_for != other.defines.stands_for:
            return False
    speakers = {one.locator.speaker, other.locator.speaker} - {None}
    if len(speakers) > 1:
        return False
    texts = (one.text, other.text) if piece is None else (_of(one.text, piece[0]), _of(other.text, piece[1]))
    first, second = (_FIGURE.findall(text.translate(_SAME_DASH)) for text in texts)
    return first == second


def _of(text: str, words: slice) -> str:
    return _cut(text, spans_of_words(text), words.start, words.stop)


def _cut(text: str, spans: NDArray[np.int32], first: int, end: int) -> str:
    return text[int(spans[first, 0]) : int(spans[end - 1, 1])]


def _overlaps(stored: StoredPassage, better: StoredPassage) -> bool:
    """Whether a passage shares most of its characters with another of its version."""
    spans = stored.passage.spans
    shared = sum(a.overlap(b) for a in spans for b in better.passage.spans)
    return shared > _OVERLAP * sum(map(len, spans))
