"""What a language model writes, cut into sentences as it comes, each with the numbers it cites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.fold import fold
from corpus.sentences import sentences

# [1], [1, 2], [1-3], [^1], 【1】, [passage 1], and all of [1](somewhere): a marker never links.
_MARKER = re.compile(
    r"[\[【]\^?\s*(?:passages?|sources?|documents?)?\s*"
    r"(?P<numbers>\d{1,4}(?:\s*(?:,|;|and|[-–])\s*\d{1,4})*)"
    r"\s*(?:†[^\]】]{0,20})?[\]】](?:\([^()\s]{0,2000}\))?",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d+)\s*[-–]\s*(\d+)")
_LONGEST_RANGE = 20
_OPEN = re.compile(r"[\[【][^\]】]{0,60}\Z|[\[【][^\]】]{1,60}[\]】](?:\([^()\s]{0,2000})?\Z")
_BREAK = re.compile(r"\n[ \t]*\n|\n(?=[ \t]*(?:[-*•#>|+]|\d{1,2}[.)])[ \t])")
_BULLET = re.compile(r"\s*(?:[-*•+>]|#{1,6}|\d{1,2}[.)])[ \t]+")
_THINKING = re.compile(r"<think(?:ing)?>(?!.*</think)", re.DOTALL)
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_IMAGE = re.compile(r"!\[[^\]\n]{0,400}\](?:\([^()\n]{0,4000}\)|\[[^\]\n]{0,400}\])?")
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?[a-zA-Z!][^<>]{0,2000}(?:>|\Z)", re.DOTALL)
_TIDY = re.compile(r"\s+(?=[.,;:!?])")
_BEGUN = 16  # characters of a next sentence from which on the one before it is sure to be whole
_CLOSING = 12  # characters of `</thinking>`, of which a piece may hold a part
_PATIENCE = 8_000  # characters without an end of a sentence: no prose


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence in plain text, and the numbers of the passages that it names, in its order."""

    text: str
    numbers: tuple[int, ...]


class Sentences:
    """Cuts a stream into sentences: `feed` pieces as they come, then `finish`."""

    def __init__(self) -> None:
        self._left = ""

    def feed(self, piece: str) -> Iterator[Written]:
        """The sentences that are whole with this piece."""
        self._left += piece
        if len(self._left) > _PATIENCE:
            open_ = f"<think>{self._left[-_CLOSING:]}" if _THINKING.search(self._left) else ""
            yield from self.finish()
            self._left = open_  # a long thought is still none of the answer
        elif any(mark in piece for mark in " \n"):  # an end of a sentence is known by what follows
            yield from self._cut()

    def finish(self) -> Iterator[Written]:
        """What is left, whole or not."""
        left, self._left = _THOUGHT.sub("", self._left), ""
        for block in _BREAK.split(left):
            yield from (written for _, written in _sentences(block))

    def _cut(self) -> Iterator[Written]:
        if _THINKING.search(self._left):
            return
        *blocks, growing = _BREAK.split(_THOUGHT.sub("", self._left))
        for block in blocks:
            yield from (written for _, written in _sentences(block))
        known = _OPEN.sub("", growing)
        found = list(_sentences(known))
        if len(found) > 1 and len(known) - found[-1][0] >= _BEGUN:
            yield from (written for _, written in found[:-1])
            growing = growing[found[-1][0] :]
        self._left = growing


def _sentences(block: str) -> Iterator[tuple[int, Written]]:
    """(where it begins, sentence) of each sentence of a block; markers belong to the sentence before them."""
    markers = list(_MARKER.finditer(block))
    masked = _MARKER.sub(lambda found: " " * len(found[0]), block)
    bullet = _BULLET.match(masked)
    first = bullet.end() if bullet else 0
    ranges = [(first + start, first + end) for start, end in sentences(masked[first:])]
    for i, (start, end) in enumerate(ranges):
        behind = ranges[i + 1][0] if i + 1 < len(ranges) else len(block)
        own = [m for m in markers if (start <= m.start() or i == 0) and m.start() < behind]
        yield start, Written(_plain(masked[start:end]), _numbers(own))


def _plain(text: str) -> str:
    """Markup gone, images with all that they name; white space folded."""
    text = fold(_TAG.sub("", _IMAGE.sub("", text)), markdown=True).text
    return _TIDY.sub("", " ".join(_TAG.sub("", text).split()))


def _numbers(markers: list[re.Match[str]]) -> tuple[int, ...]:
    found: list[int] = []
    for marker in markers:
        told = _RANGE.sub(lambda m: _spelled(int(m[1]), int(m[2])), marker.group("numbers"))
        found += [int(number) for number in re.findall(r"\d+", told)]
    return tuple(dict.fromkeys(found))


def _spelled(first: int, last: int) -> str:
    return ",".join(map(str, range(first, min(last, first + _LONGEST_RANGE) + 1)))
