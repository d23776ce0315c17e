"""Sketches of texts: a sample of their sequences of words, by which two of them are compared without either.

A sequence of five words is kept where its number is small enough. So two sketches hold the same sequences of
a text that both have, and the shares that they have in common are estimates of those of the texts: for
resemblance, and, unlike a sample of fixed size, for a chapter in a book, too.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.records import IntArray
from index.words import WordArray

FORM = 1  # raise it when the numbers of sequences, or which of them are kept, change
_SEQUENCE = 5  # words
_BITS = 63  # of a sequence's number: SQLite's integers have a sign
_KEPT, _SHARE, _MOST = 2_048, 16, 65_536  # sequences: at least, of so many one, at most; all of short texts
_ANCHORS, _ANCHOR_LEVEL = 16, 6  # of 64 sequences one is looked up by; more of short texts
_FACTORS = np.asarray(  # odd, each from the digits of pi: sequences in another order are others
    [0x243F6A8885A308D3, 0x13198A2E03707345, 0xA4093822299F31D1, 0x082EFA98EC4E6C89, 0x452821E638D01377],
    np.uint64,
)


@dataclass(frozen=True, slots=True)
class Shares:
    """How two texts have text in common: the share of one that the other has, and the other way round."""

    inside: float  # of the first, what the second has
    holds: float  # of the second, what the first has

    @property
    def mean(self) -> float:
        """Of both together, what both have (Dice)."""
        total = self.inside + self.holds
        return 2 * self.inside * self.holds / total if total else 0.0

    @property
    def resemblance(self) -> float:
        """Of what either has, what both have (Jaccard)."""
        return self.mean / (2 - self.mean)


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of a text; `hashes` are those of its sequences below 2 ** (63 - level), ascending."""

    words: int
    digest: bytes  # equal for texts of the same words in the same order
    level: int
    hashes: IntArray  # [n] int64

    @classmethod
    def of(cls, words: WordArray) -> Sketch:
        """The sketch of a text whose words are given by their numbers (`index.words`)."""
        every = np.unique(sequences(words))
        most = min(_MOST, max(_KEPT, len(every) // _SHARE))
        level = max(0, int(np.ceil(np.log2(max(1, len(every)) / most))))
        digest = hashlib.sha256(words.tobytes()).digest()[:16]
        return cls(len(words), digest, level, _below(every, level))

    @property
    def anchors(self) -> IntArray:
        """Those of the sequences by which others are found that have them, too."""
        total = len(self.hashes) << self.level
        wanted = int(np.log2(max(1, total / _ANCHORS)))
        return _below(self.hashes, max(self.level, min(_ANCHOR_LEVEL, wanted)))

    def compare(self, other: Sketch) -> tuple[Shares, int]:
        """The shares, and of how many sequences of the smaller sample they were taken."""
        level = max(self.level, other.level)
        own, others = _below(self.hashes, level), _below(other.hashes, level)
        shared = len(np.intersect1d(own, others, assume_unique=True))
        return Shares(shared / max(1, len(own)), shared / max(1, len(others))), min(len(own), len(others))


def sequences(words: WordArray, length: int = _SEQUENCE) -> IntArray:
    """A number for each `length` words in a row [n] int64, not negative; a shorter text is one sequence."""
    if not len(words):
        return np.empty(0, np.int64)
    length = min(length, len(words))
    total = np.zeros(len(words) - length + 1, np.uint64)
    for offset in range(length):
        total += words[offset : len(words) - length + 1 + offset].astype(np.uint64) * _FACTORS[offset]
    return _mixed(total)


def _mixed(numbers: NDArray[np.uint64]) -> IntArray:
    """Numbers of which every bit depends on every bit (the last step of splitmix64)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((numbers ^ (numbers >> np.uint64(31))) >> np.uint64(64 - _BITS)).astype(np.int64)


def _below(hashes: IntArray, level: int) -> IntArray:
    return hashes[: int(np.searchsorted(hashes, 1 << (_BITS - level)))] if level else hashes
