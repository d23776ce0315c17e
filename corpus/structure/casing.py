"""Words in capitals as prose writes them."""

from __future__ import annotations

import re

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


def cased(title: str, text: str) -> str:
    """A title in capitals as the text writes it elsewhere, else with capitals for its main words."""
    if not title.isupper():
        return title
    pattern = re.compile(re.escape(title).replace("'", "['’]").replace("’", "['’]"), re.IGNORECASE)
    for match in pattern.finditer(text, 0, 300_000):
        if not match.group().isupper() and match.group()[0].isupper() and not match.group().istitle():
            return match.group()
    return " ".join(_word(word, i, text) for i, word in enumerate(title.split()))


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
