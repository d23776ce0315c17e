"""Spellings that the collection has of a word that it has not: other transliterations, and slips.

What two spellings of a name share are its consonants, as they sound and in their order: the vowels differ
(Kelbajar, Kalbajar), letters stand for a neighbour (Qabala, Gabala), one sound takes two letters or one
(Nakhchivan, Naxcivan), and fingers swap what stands side by side. So words are filed under that skeleton;
nothing is known of any name beforehand.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from rapidfuzz.distance import OSA

_ALIKE = 0.8  # more than so: `boast` and `boost`, `chapter` and `capture` share a skeleton, too
_SHORTEST = 3  # letters of a skeleton: with fewer, everything is like everything
_DIGRAPHS = (
    ("kh", "x"),
    ("gh", "g"),
    ("sh", "s"),
    ("ch", "c"),
    ("ph", "v"),
    ("zh", "j"),
    ("dj", "j"),
    ("ts", "s"),
)
_SOUNDS = str.maketrans({"q": "k", "g": "k", "c": "j", "z": "s", "w": "v", "x": "k", "f": "v", "t": "d"})
_VOWEL = re.compile(r"(?<=.)[aeiouyh]+")  # but for a first letter, which is seldom mistaken
_DOUBLE = re.compile(r"(.)\1+")

Vocabulary = Callable[[str], Iterable[tuple[str, int]]]  # terms that begin with a letter, and how frequent


class Spellings:
    """Finds spellings among the terms of a vocabulary, of which only the beginnings asked for are read."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._filed: dict[str, dict[str, list[tuple[str, int]]]] = {}  # by first letter, by skeleton

    def of(self, term: str) -> str | None:
        """The most alike term of the same skeleton, the more frequent of equal ones; None where none is."""
        own = skeleton(term)
        if len(own) < _SHORTEST or not term.isalpha():
            return None
        alike = [
            (_likeness(term, other), frequency, other)
            for letter in _first_letters(own[0])
            for other, frequency in self._file(letter).get(own, ())
            if other != term
        ]
        best = max(alike, default=None)
        return best[2] if best and best[0] > _ALIKE else None

    def _file(self, letter: str) -> dict[str, list[tuple[str, int]]]:
        if letter not in self._filed:
            filed: dict[str, list[tuple[str, int]]] = defaultdict(list)
            for term, frequency in self._vocabulary(letter):
                filed[skeleton(term)].append((term, frequency))
            self._filed[letter] = filed
        return self._filed[letter]


def skeleton(term: str) -> str:
    """The consonants of a term as they sound, each run of one as one; its first letter even if a vowel."""
    return _DOUBLE.sub(r"\1", _VOWEL.sub("", _sounded(term)))


def _sounded(term: str) -> str:
    for pair, sound in _DIGRAPHS:
        term = term.replace(pair, sound)
    return term.translate(_SOUNDS)


def _likeness(one: str, other: str) -> float:
    """The share of equal letters, neighbours swapped counted once: mean of those written and those heard."""
    written = OSA.normalized_similarity(one, other)
    return (written + OSA.normalized_similarity(_sounded(one), _sounded(other))) / 2


def _first_letters(sound: str) -> str:
    """The letters that words of a skeleton may begin with."""
    return "".join(letter for letter in "abcdefghijklmnopqrstuvwxyz" if letter.translate(_SOUNDS) == sound)
