"""Words as the quote index knows them: without case, accents, punctuation or note marks, as numbers."""

from __future__ import annotations

import re
import unicodedata
from operator import itemgetter
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

WordArray = NDArray[np.uint32]

_RAISED = "\u00b2\u00b3\u00b9\u2070-\u209c"  # superscripts and subscripts: mostly marks of notes
_LETTER = rf"[^\W\d_{_RAISED}]"
_ACCENT = "[\u0300-\u036f]"
# Digits part from letters, for `policy12` is a word and the mark of a note; scripts without blanks are cut
# into characters.
_WORD = re.compile(
    rf"\d+|[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|{_LETTER}+(?:{_ACCENT}+{_LETTER}*)*"
)
_NO_ACCENT = str.maketrans(
    {"ı": "i", "ə": "e", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th"}
)


def fold_word(word: str) -> str:
    """A word without case and accents."""
    word = word.casefold()
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFKD", word.translate(_NO_ACCENT))
    return "".join(c for c in parts if not unicodedata.combining(c)) or word


def spans_of_words(text: str) -> NDArray[np.int32]:
    """Where the words of a text stand [n, 2] int32: `text[start:end]`."""
    ends = (end for match in _WORD.finditer(text) for end in match.span())
    return np.fromiter(ends, np.int32).reshape(-1, 2)  # without a list: a text may have millions of words


class Hasher:
    """Words to numbers [n] uint32, never 0; remembers those it has seen. Different words may share one."""

    def __init__(self) -> None:
        self._known = _Numbers()

    def __call__(self, text: str) -> WordArray:
        """The numbers of the words of a text, in the order of `spans_of_words`."""
        words = map(itemgetter(0), _WORD.finditer(text))
        return np.fromiter(map(self._known.__getitem__, words), np.uint32)


class _Numbers(dict[str, int]):
    """By word; of one that is not there, made when it is asked for."""

    def __missing__(self, word: str) -> int:
        number = self[word] = crc32(fold_word(word).encode("utf-8", "surrogatepass")) or 1
        return number
