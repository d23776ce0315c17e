"""A quotation as somebody wrote it: parted at its ellipses, its insertions known, its marks peeled off."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from corpus.fold import Reading, fold
from rag.errors import QuoteError
from rag.tokens import QUOTES, Kind, Token, tokens

MIN_CHARACTERS = 12  # letters and digits in a row of words: less stands everywhere
MAX_CHARACTERS = 20_000
MAX_ELLIPSES = 100  # each part is looked for by itself
QUOTED = re.compile(  # in prose: the group that matched is the quotation without its marks
    r"“(?P<a>[^“”]{2,})”|«(?P<b>[^«»]{2,})»|„(?P<c>[^„“”]{2,})[“”]|(?<![\w\"])\"(?P<d>[^\"]{2,})\"(?!\w)"
    r"|(?<!\w)‘(?P<e>[^‘]{2,}?)’(?!\w)"
)
_ELLIPSIS = re.compile(
    r"\[\s*(?:\u2026|\.(?:\s?\.){1,3})\s*\]|\(\s*(?:\u2026|\.(?:\s?\.){1,3})\s*\)|\u2026\.?"
    r"|(?<!\.)\.(?:[ \u00a0]?\.){2,3}(?!\.)"
)
_BRACKET = re.compile(r"\[(?P<inside>[^\[\]]{0,200})\]")
_OUTER = re.compile(rf"^[{QUOTES}]+|[{QUOTES}]+$")


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a quotation without an ellipsis: `reading.text[start:end]`."""

    start: int
    end: int
    tokens: tuple[Token, ...]


@dataclass(frozen=True)
class Quotation:
    """What somebody says is quoted; `reading` is it without markup and line ends, mapped to what was given.

    `literal`: ellipses and brackets are the source's own, not an editor's.
    """

    given: str
    reading: Reading
    literal: bool = False

    @classmethod
    def of(cls, text: str) -> Quotation:
        """Read a quotation. Raises QuoteError when there is too little of it, or too much."""
        text = text.encode("utf-8", "replace").decode()  # lone surrogates
        if len(text) > MAX_CHARACTERS:
            raise QuoteError(
                f"the quotation has {len(text):,} characters, at most {MAX_CHARACTERS:,} are looked up; "
                "give a page at a time"
            )
        made = cls(text, fold(text, markdown=True))
        if len(made.segments) > MAX_ELLIPSES + 1:
            raise QuoteError(
                f"the quotation has {len(made.segments) - 1:,} ellipses, at most {MAX_ELLIPSES} are "
                "looked up; give a part of it"
            )
        said = [token for segment in made.segments for token in segment.tokens if token.says]
        letters = sum(token.end - token.start for token in said)
        if letters + max(0, len(said) - 1) < MIN_CHARACTERS:
            raise QuoteError(
                f"the quotation holds {letters} letters and digits; fewer than {MIN_CHARACTERS} characters "
                "stand in too many places to mean anything: give more of it"
            )
        return made

    @property
    def taken_literally(self) -> Quotation | None:
        """The same, had the source its ellipses and brackets; None where there are none."""
        if self.literal or not (self.inserted or _ELLIPSIS.search(self.reading.text)):
            return None
        return Quotation(self.given, self.reading, literal=True)

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """Its parts between ellipses that hold a word."""
        text, at, found = self.reading.text, 0, list[Segment]()
        left_out = [] if self.literal else [match.span() for match in _ELLIPSIS.finditer(text)]
        for start, end in [*left_out, (len(text), len(text))]:
            inside = tuple(tokens(text, at, start))
            while not found and inside and inside[0].kind is Kind.QUOTE:
                inside = inside[1:]
            while start == len(text) and inside and inside[-1].kind is Kind.QUOTE:
                inside = inside[:-1]
            if any(token.says for token in inside):
                found.append(Segment(inside[0].start, inside[-1].end, inside))
            at = end
        return tuple(found)

    @cached_property
    def inserted(self) -> tuple[tuple[int, int], ...]:
        """Where brackets stand that an editor may have put there, in the reading."""
        return () if self.literal else tuple(match.span() for match in _BRACKET.finditer(self.reading.text))

    def is_inserted(self, token: Token) -> bool:
        """Whether a token stands in brackets, or is one."""
        i = bisect_right(self.inserted, token.start, key=itemgetter(0)) - 1
        return i >= 0 and token.end <= self.inserted[i][1]

    def raw(self, start: int, end: int) -> str:
        """What was given for a range of the reading."""
        place = self.reading.locate(start, end)
        return self.given[place.start : place.end]

    def cores(self) -> Iterator[str]:
        """What may stand to the letter in a document: what was given, and that without its outer marks."""
        core = self.given.strip()
        yield core
        bare = _OUTER.sub("", core)
        if bare != core:
            yield bare
