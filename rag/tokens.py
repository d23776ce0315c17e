"""Tokens of a quotation and of what it is held against: words, numbers and marks, each with its fold.

Two tokens with equal folds say the same; typography is folded away, case, accents and numbers are not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_LETTER = r"(?:[^\W\d_\u00b2\u00b3\u00b9\u2070-\u209c][\u0300-\u036f]*)"
APOSTROPHES = "'\u2018\u2019\u02bc\u2032`\u00b4"
QUOTES = f'{APOSTROPHES}"\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u2033\u300c-\u300f'
DASHES = r"\-\u2010-\u2015\u2212"
DIRECTIONS = "\u061c\u200e\u200f"  # they say nothing but which way the text runs
_TOKEN = re.compile(
    "|".join(
        (
            rf"(?P<altered>\[{_LETTER}{{1,2}}\]{_LETTER}+)",  # an editor's `[T]he`
            r"(?P<number>\d+(?:[.,:\u202f]\d+)*)",
            rf"(?P<word>{_LETTER}+(?:[{APOSTROPHES}](?!s\b){_LETTER}+)*)",
            rf"(?P<owned>[{APOSTROPHES}]s\b)",  # apart, for a quotation may end in front of it
            r"(?P<raised>[\u00b2\u00b3\u00b9\u2070-\u209c]+)",
            r"(?P<ellipsis>\u2026|\.(?:[ \u00a0]?\.){2,})",
            rf"(?P<dash>--+|[{DASHES}])",
            rf"(?P<quote>``|''|,,|[{QUOTES}])",
            rf"(?P<mark>[^\s{DIRECTIONS}])",
        )
    )
)
_SAME_MARK = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))


class Kind(StrEnum):
    """What a token is."""

    NUMBER = "number"
    WORD = "word"
    RAISED = "raised"  # superscripts and subscripts
    ELLIPSIS = "ellipsis"
    DASH = "dash"
    QUOTE = "quote"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Token:
    """A token at `[start, end)` of its text."""

    kind: Kind
    fold: str
    start: int
    end: int

    @property
    def says(self) -> bool:
        """Whether it is a word or a number."""
        return self.kind is Kind.WORD or self.kind is Kind.NUMBER


_FIXED = {Kind.ELLIPSIS: "…", Kind.DASH: "-", Kind.QUOTE: '"'}


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The tokens of `text[start:end]`; offsets count from the beginning of `text`."""
    found = []
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        if match.lastgroup == "altered":
            word = _fold(match.group().replace("[", "").replace("]", ""))
            found.append(Token(Kind.WORD, word, match.start(), match.end()))
            continue
        if match.lastgroup == "owned":
            found.append(Token(Kind.WORD, "'s", match.start(), match.end()))
            continue
        kind = Kind(match.lastgroup or "")
        # A raised digit is none of the line: 10² is not 102.
        fold = match.group() if kind is Kind.RAISED else _FIXED.get(kind) or _fold(match.group())
        found.append(Token(kind, fold, match.start(), match.end()))
    return found


def folds(of: Sequence[Token]) -> list[str]:
    """What tokens are compared by."""
    return [token.fold for token in of]


def _fold(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_SAME_MARK)
