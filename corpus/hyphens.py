"""Hyphens at the end of a line or page: they cut a word, belong to a compound, or wait (`pre- and post-`)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from functools import cached_property

HYPHENS = "-\u2010\u2011\u00ad"
SUSPENDED = frozenset(["and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o", "e"])  # follow `pre-`
_SOFT = "\u00ad"
_LONGEST_WORD = 40  # characters looked at on each side
_LONGEST_ADDRESS = 300
_ADDRESS = re.compile(r"(?:://|www\.)\S*(?:\n\S+){0,2}\Z")  # on several lines, too
_LAST_PART = re.compile(r"[\w-]+\Z")
_FIRST_WORD = re.compile(r"\w+")
_AROUND = ".,;:!?…\"'“”‘’«»()[]{}*_<>—–-\u00b9\u00b2\u00b3\u2070\u2074\u2075\u2076\u2077\u2078\u2079"
# Parts that are words of their own and begin many others: `over-/coming` is one word.
_PREFIXES = frozenset(
    """
    over under inter counter super trans fore with some every anti extra ultra multi semi
    """.split()  # noqa: SIM905
)


class Hyphens:
    """Judges the hyphens of one text; its words are counted when the first one is asked about."""

    def __init__(self, text: str) -> None:
        self._text = text

    def reads(self, hyphen: int, following: int) -> str:
        """What the hyphen at that offset reads as before the word at `following`: `""`, `"-"` or `"- "`.

        A soft hyphen cuts a word; one of a web address is part of it. Before a capital or a number no hyphen
        does (`Euro-/Atlantic`, `COVID-/19`); otherwise the document's own spelling decides, then whether
        both parts are words in it.
        """
        if self._text[hyphen] == _SOFT:
            return ""
        if _ADDRESS.search(self._text, max(0, hyphen - _LONGEST_ADDRESS), hyphen):
            return "-"
        before = _LAST_PART.search(self._text, max(0, hyphen - _LONGEST_WORD), hyphen)
        after = _FIRST_WORD.match(self._text, following, following + _LONGEST_WORD)
        if not (before and after):
            return "-"
        if after.group() in SUSPENDED:
            return "- "
        return "-" if self._is_compound(before.group(), after.group()) else ""

    def _is_compound(self, before: str, after: str) -> bool:
        last = before.rpartition("-")[2]
        if not after[0].islower() or not last[-1:].islower() or not last.isalpha():
            return True
        a, b = before.lower(), after.lower()
        if self._words[a + b]:
            return False
        if self._stands(f"{a}-{b}"):
            return True
        # The second part stands in the text at least once, behind the hyphen.
        parts = len(a) > 3 and len(b) > 3 and a not in _PREFIXES
        return parts and self._words[a] > 0 and self._words[b] > 1

    def _stands(self, compound: str) -> bool:
        """Whether the text writes a compound with its hyphen, alone or as a longer one's beginning."""
        i = bisect_left(self._compounds, compound)
        return i < len(self._compounds) and self._compounds[i].startswith(compound)

    @cached_property
    def _words(self) -> Counter[str]:
        words: Counter[str] = Counter()
        for written, times in Counter(self._text.split()).items():
            if written[-1] not in HYPHENS:  # half a word
                words[_plain(written)] += times
        return words

    @cached_property
    def _compounds(self) -> list[str]:
        return sorted(word for word in self._words if "-" in word)


def _plain(written: str) -> str:
    return written.strip(_AROUND).replace("\u2011", "-").replace("\u2010", "-").lower()
