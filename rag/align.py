"""Where a sequence of words stands in another, though some differ: from matching runs to one range."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

_RUN = 6  # words: a matching run of so many stays, however far from the others it stands
_SHIFT = 2  # words that may be missing or too many at either end

Run = tuple[int, int, int]  # start in the quotation, start in the text, length


def place(quoted: Sequence[int], text: Sequence[int]) -> tuple[int, int] | None:
    """The range [start, end) of `text` that the words of a quotation match best; None when none does.

    The words at its ends may all differ: then it is as long as the quotation's there. `settle` looks closer.
    """
    runs = _trimmed(_runs(quoted, text))
    if not runs:
        return None
    first, last = runs[0], runs[-1]
    start = first[1] - first[0]
    end = last[1] + last[2] + len(quoted) - last[0] - last[2]
    return max(0, start), min(len(text), max(end, start + 1))


def _runs(quoted: Sequence[int], text: Sequence[int]) -> list[Run]:
    blocks = Levenshtein.opcodes(quoted, text)
    return [
        (op.src_start, op.dest_start, op.src_end - op.src_start) for op in blocks if op.tag == "equal"
    ]


def _trimmed(runs: list[Run]) -> list[Run]:
    """Without the runs at the ends that stand apart: a common word matches anywhere."""
    while len(runs) > 1 and _apart(runs[0], runs[1], runs[0][2]):
        runs = runs[1:]
    while len(runs) > 1 and _apart(runs[-2], runs[-1], runs[-1][2]):
        runs = runs[:-1]
    return runs


def _apart(before: Run, after: Run, length: int) -> bool:
    """Whether the gap between two runs differs by more words than the outer one has."""
    gap_quoted = after[0] - before[0] - before[2]
    gap_text = after[1] - before[1] - before[2]
    return length < _RUN and abs(gap_text - gap_quoted) > length


def settle(quoted: str, words: Sequence[tuple[int, int]], text: str, start: int, end: int) -> tuple[int, int]:
    """The range of words near [start, end) that reads most like the quotation, to the letter.

    `words` are where they stand in `text`. Ends are moved by up to two words each.
    """
    edge = min(60, max(12, len(quoted) // 2))  # characters at either end that decide
    head, tail = quoted[:edge].casefold(), quoted[-edge:].casefold()

    def like_head(first: int) -> float:
        at = words[first][0]
        return fuzz.ratio(head, text[at : at + len(head)].casefold())

    def like_tail(behind: int) -> float:
        at = words[behind - 1][1]
        return fuzz.ratio(tail, text[max(0, at - len(tail)) : at].casefold())

    starts = range(max(0, start - _SHIFT), min(len(words) - 1, start + _SHIFT) + 1)
    best_start = max(starts, key=lambda first: (like_head(first), -abs(first - start)), default=start)
    ends = range(max(best_start + 1, end - _SHIFT), min(len(words), end + _SHIFT) + 1)
    best_end = max(ends, key=lambda behind: (like_tail(behind), -abs(behind - end)), default=end)
    return best_start, best_end
