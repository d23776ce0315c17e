"""Where a sequence of words stands in another, though some differ: from matching runs to one range."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

_APART = 12  # words: what is farther apart costs no more
_GAP = 0.5  # of a matching word: what each word costs by which two gaps differ
_LEAST = 0.25  # of the words: when a tenth of the letters differ, half of them are whole
_SHIFT = 2  # words that may be missing or too many at either end

Run = tuple[int, int, int]  # start in the quotation, start in the text, length


def place(quoted: Sequence[int], text: Sequence[int]) -> tuple[int, int] | None:
    """The range [start, end) of `text` that the words of a quotation match best.

    None where fewer match than any likeness asks for. The words at its ends may all differ: then it is as
    long as the quotation's there. `settle` looks closer.
    """
    runs = _trimmed(_runs(quoted, text))
    if sum(length for _, _, length in runs) < max(1, _LEAST * len(quoted)):
        return None
    first, last = runs[0], runs[-1]
    start = first[1] - first[0]
    end = last[1] + last[2] + len(quoted) - last[0] - last[2]
    return max(0, start), min(len(text), max(end, start + 1))


def _runs(quoted: Sequence[int], text: Sequence[int]) -> list[Run]:
    blocks = Levenshtein.opcodes(quoted, text)
    return [(op.src_start, op.dest_start, op.src_end - op.src_start) for op in blocks if op.tag == "equal"]


def _trimmed(runs: list[Run]) -> list[Run]:
    """The runs that belong together: words that match, less the words by which the gaps between them differ.

    Runs at the ends that are worth less than the gap before them match by chance. It is the best sum of
    neighbours (Kadane).
    """
    best: tuple[float, list[Run]] = (0, [])
    sum_, kept = 0.0, list[Run]()
    for run in runs:
        gap = _GAP * min(_APART, _differing(kept[-1], run)) if kept else 0
        sum_, kept = (sum_ - gap, kept) if sum_ > gap else (0, [])
        sum_, kept = sum_ + run[2], [*kept, run]
        best = max(best, (sum_, kept), key=lambda pair: pair[0])
    return best[1]


def _differing(before: Run, after: Run) -> int:
    """By how many words the gap in the text is longer than that in the quotation, or shorter."""
    return abs((after[1] - before[1] - before[2]) - (after[0] - before[0] - before[2]))


def settle(quoted: str, words: NDArray[np.int32], text: str, start: int, end: int) -> tuple[int, int]:
    """The range of words near [start, end) that reads most like the quotation, to the letter.

    `words` [n, 2] are where they stand in `text`. Ends are moved by up to two words each.
    """
    edge = min(60, max(12, len(quoted) // 2))  # characters at either end that decide
    head, tail = quoted[:edge].casefold(), quoted[-edge:].casefold()

    def like_head(first: int) -> float:
        at = int(words[first, 0])
        return fuzz.ratio(head, text[at : at + len(head)].casefold())

    def like_tail(behind: int) -> float:
        at = int(words[behind - 1, 1])
        return fuzz.ratio(tail, text[max(0, at - len(tail)) : at].casefold())

    starts = range(max(0, start - _SHIFT), min(len(words) - 1, start + _SHIFT) + 1)
    best_start = max(starts, key=lambda first: (like_head(first), -abs(first - start)), default=start)
    ends = range(max(best_start + 1, end - _SHIFT), min(len(words), end + _SHIFT) + 1)
    best_end = max(ends, key=lambda behind: (like_tail(behind), -abs(behind - end)), default=end)
    return best_start, best_end
