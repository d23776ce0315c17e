"""Words in capitals as prose writes them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from corpus.records import Span

_REACH = 300_000  # characters of a text in which its title may stand again
_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "de",
        "der",
        "des",
        "die",
        "du",
        "et",
        "for",
        "from",
        "in",
        "la",
        "le",
        "of",
        "on",
        "or",
        "the",
        "to",
        "und",
        "von",
        "with",
        "y",
    ]
)


class Casing:
    """How a text writes words that a title page has in capitals."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _lower(self) -> str:
        """The text in lower case, as long as it is: `İ` alone would become two characters."""
        return self._text[:_REACH].replace("İ", "I").lower().replace("’", "'")

    def places(self, words: str, start: int = 0) -> Iterator[Span]:
        """Where words stand behind `start`, whatever their case and their apostrophes."""
        wanted = words.replace("İ", "I").lower().replace("’", "'")
        at = self._lower.find(wanted, start)
        while at >= 0:
            yield Span(at, at + len(wanted))
            at = self._lower.find(wanted, at + len(wanted))

    def cased(self, title: str) -> str:
        """A title in capitals as the text writes it elsewhere, else with capitals for its main words."""
        if not title.isupper():
            return title
        for place in self.places(title):
            found = self._text[place.start : place.end]
            if not found.isupper() and found[0].isupper() and not found.istitle():
                return "".join(own if own in "'’" else c for own, c in zip(title, found, strict=True))
        return " ".join(_word(word, i, self._text) for i, word in enumerate(title.split()))


def _word(word: str, i: int, text: str) -> str:
    """A word in capitals as prose writes it: acronyms stay, small words are small."""
    lower = word.lower()
    if i and lower in _SMALL:
        return lower
    title = "-".join(part[:1] + part[1:].lower() for part in word.split("-"))
    known = f" {lower} " in text or title in text
    if word.isalpha() and len(word) <= 6 and not known and text.count(f" {word} ") > 1:
        return word
    return title
