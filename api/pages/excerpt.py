"""The part of a passage that a list shows: all of a short one, else what stands around the words that met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_WHOLE = 700  # characters that are shown without a cut
_AROUND = 110  # on either side of a word
_NEAR = 60  # what would be left out between two windows that is shown instead


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of a passage; `met` is whether a word of the question met it; `gap` comes in front of it."""

    text: str
    met: bool = False
    gap: bool = False


def excerpt(text: str, places: Sequence[tuple[int, int]]) -> tuple[tuple[Piece, ...], bool]:
    """Pieces in the order of the text, and whether something behind them is left out."""
    met = sorted({(start, end) for start, end in places if start < end})
    windows = [(0, len(text))] if len(text) <= _WHOLE else _windows(text, met)
    pieces = tuple(piece for window in windows for piece in _pieces(text, window, met))
    return pieces, windows[-1][1] < len(text)


def _windows(text: str, met: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in met or [(0, 0)]:
        if sum(b - a for a, b in found) > _WHOLE:
            break
        left = _edge(text, start - _AROUND, -1)
        right = _edge(text, end + (_AROUND if met else 3 * _AROUND), 1)
        if found and left - found[-1][1] <= _NEAR:
            found[-1] = found[-1][0], right
        else:
            found.append((left, right))
    return found


def _edge(text: str, at: int, step: int) -> int:
    """The end of the word that an offset is in."""
    while 0 < at < len(text) and not text[at - 1 if step < 0 else at].isspace():
        at += step
    return max(0, min(at, len(text)))


def _pieces(text: str, window: tuple[int, int], met: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    first, last = window
    inside = [place for place in met if first <= place[0] and place[1] <= last]
    cuts = sorted({first, last, *(edge for place in inside for edge in place)})
    gap = first > 0
    for a, b in pairwise(cuts):
        yield Piece(text[a:b], any(start <= a and b <= end for start, end in inside), gap)
        gap = False
