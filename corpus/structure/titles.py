"""Titles of sections: cleaned of markup, folded for comparing, their numbers read, the usual ones known."""

from __future__ import annotations

import html
import re
from typing import NamedTuple

_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,500}\)")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>")
_EMPHASIS = re.compile(r"(?<![\w\\])[*_]{1,3}(?=[^\s*_])|(?<=[^\s*_\\])[*_]{1,3}(?!\w)")
_NOTE_MARK = re.compile(r"(?:[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+|\[\^[^\]\s]{1,40}\])$")
_NOTE_ENDS = tuple("]\u00b9\u00b2\u00b3\u2070\u2074\u2075\u2076\u2077\u2078\u2079")
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_NOT_WORD = re.compile(r"[\W_]+")
_ROMAN = re.compile(r"(?:X{0,4})(?:IX|IV|V?I{0,3})")
_KINDS = (
    "chapter|part|section|appendix|annex|book|article|lesson|unit|kapitel|teil|abschnitt|anhang|chapitre|partie|annexe|"
    "capítulo|parte|sección|capitolo|capitulo|fəsil|bölüm|глава|часть|раздел|розділ|rozdział|hoofdstuk|deel"
)
_NUMBER = re.compile(
    rf"(?:(?P<kind>{_KINDS})\s+)?"
    r"(?P<number>\d{1,3}(?:\.\d{1,2}){0,3}|[IVXivx]{1,7}|[A-Z]|one|two|three|four|five|six|seven|eight|nine|ten)"
    r"(?P<end>[.):]|\s*[\u2013\u2014:-](?=\s)|(?=\s)|$)\s*",
    re.IGNORECASE,
)
_ONE_TO_TEN = "one two three four five six seven eight nine ten"
_SPELLED = {word: str(n) for n, word in enumerate(_ONE_TO_TEN.split(), 1)}


class Numbered(NamedTuple):
    """A number in front of a title; `kind` is `roman`, `arabic`, `letter` or the word (`chapter`)."""

    kind: str
    number: str
    value: tuple[int, ...]
    rest: str
    closed: bool  # a mark or a word shows that it is a number: `I.`, `Chapter I`, but not `I` alone


def plain(text: str) -> str:
    """A title as people read it: without tags, emphasis, links, note marks, and with single spaces."""
    text = text.strip()
    if "<" in text:
        text = _TAG.sub("", text)
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "&" in text:
        text = html.unescape(text)
    if text[-1:] in _NOTE_ENDS:
        text = _NOTE_MARK.sub("", text)
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub("", text)
    if "\\" in text:
        text = _ESCAPE.sub("", text)
    return " ".join(text.lstrip("#").split())


def key(title: str) -> str:
    """A title for comparing: lower case, words only, so that quotes, dashes and markup do not count."""
    return _NOT_WORD.sub(" ", plain(title).casefold().replace("i\u0307", "i")).strip()


def alike(one: str, other: str) -> bool:
    """Whether two folded titles are one, printed with small differences: most words in common."""
    if one == other:
        return True
    a, b = one.split(), other.split()
    common = len(set(a) & set(b))
    return common >= 2 and common >= 0.75 * max(len(set(a)), len(set(b)))


def roman(text: str) -> int | None:
    """The value of a Roman number up to 49, or None."""
    upper = text.upper()
    if not upper or not _ROMAN.fullmatch(upper):
        return None
    total = 0
    values = [{"I": 1, "V": 5, "X": 10}[c] for c in upper]
    for i, value in enumerate(values):
        total += -value if i + 1 < len(values) and value < values[i + 1] else value
    return total


def numbered(text: str) -> Numbered | None:
    """The number that a line begins with, and what follows; None where there is none.

    Arabic numbers may stand bare (`3 Results`); Roman ones and letters need a mark or a word.
    """
    match = _NUMBER.match(text)
    if match is None:
        return None
    kind = (match.group("kind") or "").casefold()
    number, end = match.group("number"), match.group("end")
    closed = bool(end.strip()) or bool(kind)
    rest = text[match.end() :]
    if number[0].isdigit():
        value = tuple(int(part) for part in number.split("."))
        return Numbered(kind or "arabic", number, value, rest, closed or len(value) > 1)
    if number.casefold() in _SPELLED:
        spelled = _SPELLED[number.casefold()]
        return Numbered(kind, spelled, (int(spelled),), rest, True) if kind else None
    if not closed or not (kind or number.isupper()):
        return None
    if value_ := roman(number):
        return Numbered(kind or "roman", number.upper(), (value_,), rest, True)
    if len(number) == 1:
        return Numbered(kind or "letter", number.upper(), (ord(number.upper()) - 64,), rest, True)
    return None
