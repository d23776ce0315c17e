"""Sentence borders of a reading text, by sentencex with its known slips mended."""

from __future__ import annotations

import re

from sentencex import get_sentence_boundaries

# sentencex cuts behind these when a number follows, Arabic or Roman; in references they never end a sentence.
_BEFORE_NUMBER = re.compile(
    r"\b(?:arts?|cf|chaps?|chs?|col|ed|eds|figs?|ibid|no|nos|p|paras?|pp|secs?|ser|vols?)\.\Z", re.IGNORECASE
)
_NUMBER = re.compile(r"\s*(?:\d|[IVXLC]{2,}\b)")
_LONGEST_ABBREVIATION = 8  # characters, with the one before it and its full stop


def sentences(text: str, language: str = "en") -> list[tuple[int, int]]:
    """Ranges `[start, end)` of the sentences of one block, trimmed of white space, none empty."""
    found: list[tuple[int, int]] = []
    joins = False
    for boundary in get_sentence_boundaries(language, text):
        start, end = _trim(text, boundary["start_index"], boundary["end_index"])
        if start == end:
            continue
        if joins:
            start = found.pop()[0]
        found.append((start, end))
        abbreviated = _BEFORE_NUMBER.search(text, max(start, end - _LONGEST_ABBREVIATION), end)
        joins = bool(abbreviated and _NUMBER.match(text, end))
    return found


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), max(start, start + len(part.rstrip()))
