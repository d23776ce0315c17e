"""Sentence borders of a reading text, by sentencex with its known slips mended."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sentencex import get_sentence_boundaries

# sentencex cuts behind these when a number follows, Arabic or Roman; in references they never end a sentence.
_BEFORE_NUMBER = re.compile(
    r"\b(?:arts?|cf|chaps?|chs?|col|ed|eds|figs?|ibid|no|nos|p|paras?|pp|secs?|ser|vols?)\.\Z", re.IGNORECASE
)
_NUMBER = re.compile(r"\s*(?:\d|[IVXLC]{2,}\b)")
_WINDOW = 4_000  # characters; longer paragraphs are rare
_LONGEST_SENTENCE = 16_000  # characters; what is longer is no prose, and cut anywhere
_LONGEST_ABBREVIATION = 8  # characters, with the one before it and its full stop


def sentences(text: str, language: str = "en") -> list[tuple[int, int]]:
    """Ranges `[start, end)` of the sentences of one block, trimmed of white space, none empty."""
    found: list[tuple[int, int]] = []
    joins = False
    for start, end in _borders(text, language):
        start, end = _trim(text, start, end)
        if start == end:
            continue
        if joins:
            start = found.pop()[0]
        found.append((start, end))
        abbreviated = _BEFORE_NUMBER.search(text, max(start, end - _LONGEST_ABBREVIATION), end)
        joins = bool(abbreviated and _NUMBER.match(text, end))
    return found


def _borders(text: str, language: str) -> Iterator[tuple[int, int]]:
    """What sentencex finds, asked for a window at a time: its time grows with the square of the length."""
    at, size = 0, _WINDOW
    while at < len(text):
        window = text[at : at + size]
        found = [(b["start_index"], b["end_index"]) for b in get_sentence_boundaries(language, window)]
        if at + size < len(text):
            found = found[:-1]  # the window may have cut the last one
            if not found and size < _LONGEST_SENTENCE:
                size *= 2
                continue
        found = found or [(0, len(window))]
        yield from ((at + start, at + end) for start, end in found)
        at, size = at + found[-1][1], _WINDOW


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    left = start + len(part) - len(part.lstrip())
    return left, max(left, start + len(part.rstrip()))
