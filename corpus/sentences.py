"""Sentence borders of a reading text, by sentencex with its known slips mended."""

from __future__ import annotations

import re

from sentencex import get_sentence_boundaries

# sentencex cuts behind these when a number follows; in references they never end a sentence.
_BEFORE_NUMBER = re.compile(
    r"\b(?:arts?|cf|chs?|col|ed|eds|figs?|ibid|no|nos|p|paras?|pp|secs?|ser|vols?)\.\s*\Z", re.IGNORECASE
)


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
        joins = bool(_BEFORE_NUMBER.search(text, max(start, end - 12), end)) and _number_follows(text, end)
    return found


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), max(start, start + len(part.rstrip()))


def _number_follows(text: str, at: int) -> bool:
    return text[at:].lstrip()[:1].isdigit()
