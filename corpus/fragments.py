"""Text fragments (`#:~:text=…`): the words by which a browser finds a place on a web page.

A browser looks for words as they are shown, without regard to case and accents, and takes the first place
that has them. So the words of a link must stand once in the page's text, or be told apart by those beside
them. See https://wicg.github.io/scroll-to-text-fragment/.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from corpus.records import Block, BlockKind, Span

_LONGEST = 120  # characters of a quotation that is given whole
_ENDS = 4  # words at least of its beginning and of its end, where it is longer; a browser misses single ones
_SHORT = 24  # characters of a line
_FEWEST = 3  # words that are looked for: one or two stand in menus, too
_MOST = 24  # words that are added to tell a place from others
_LABEL = re.compile(r"(?:[\u2022\u25aa\u25e6*-]|\w{1,7}[.)])\s+")  # of an item: not in the page's own text
_IGNORED = re.compile(r"[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]")
_QUOTES = str.maketrans("“”„‟«»‘’‚‛", '""""""\'\'\'\'')
_MARKS = "“”„‟«»‘’‚‛\"'"
_UNSPACED = re.compile(  # scripts that put no space between words
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)


class Fragments:
    """Finds the words for places of one web page."""

    def __init__(self, text: str, blocks: Sequence[Block], bodies: Sequence[Span]) -> None:
        """Take the canonical text and its blocks in order; `bodies` are of notes, without their labels."""
        starts = {body.end: body.start for body in bodies}
        self._text = text
        self._lines = [line for block in blocks for line in _lines(text, block, starts)]
        self._page = " ".join(_folded(text[line.span.start : line.span.end]) for line in self._lines)

    def directive(self, places: Sequence[Span]) -> str | None:
        """`text=…` for the first of some places that a browser finds; None where it would find another."""
        touched = [
            (line, Span(max(line.span.start, place.start), min(line.span.end, place.end)))
            for place in places
            for line in self._lines
            if line.as_shown and line.span.overlap(place)
        ]
        # A heading stands in tables of contents, too, and what is cited is what it heads; a short line says
        # less than the next one.
        for line, place in sorted(touched, key=lambda found: (found[0].heads, len(found[1]) < _SHORT)):
            if told := self._told(line, place):
                return told
        return None

    def _told(self, line: _Line, place: Span) -> str | None:
        before, words, after = self._words(line.span, place)
        if not words or _weight([*before, *words, *after]) < _FEWEST:
            return None
        if len(" ".join(words)) <= _LONGEST or len(words) < 2 * _ENDS:
            return self._whole(before, words, after)
        return self._range(before, words)

    def _words(self, line: Span, place: Span) -> tuple[list[str], list[str], list[str]]:
        """The words before, in and behind a place of a line; those that it cuts are in it."""
        text, start, end = self._text, place.start, place.end
        while start > line.start and _one_word(text[start - 1], text[start]):
            start -= 1
        while end < line.end and _one_word(text[end - 1], text[end]):
            end += 1
        # Quotation marks may be those that a browser puts around <q>, which it does not find.
        while start < end and (text[start] in _MARKS or text[start].isspace()):
            start += 1
        while start < end and (text[end - 1] in _MARKS or text[end - 1].isspace()):
            end -= 1
        return text[line.start : start].split(), text[start:end].split(), text[end : line.end].split()

    def _whole(self, before: list[str], words: list[str], after: list[str]) -> str | None:
        """All the words; with so many before and behind them that they are found in one place."""
        for left, right in _context(len(before), len(after), max(0, _FEWEST - _weight(words))):
            prefix, suffix = before[len(before) - left :], after[:right]
            if self._first([*prefix, *words, *suffix]) is not None:
                parts = [f"{_encoded(prefix)}-"] * bool(prefix) + [_encoded(words)]
                return "text=" + ",".join(parts + [f"-{_encoded(suffix)}"] * bool(suffix))
        return None

    def _range(self, before: list[str], words: list[str]) -> str | None:
        """The first words and the last; the first ones stand once, the last ones once behind them."""
        most = len(words) - _ENDS
        for count in range(_ENDS, min(most, _MOST) + 1):
            if (found := self._first(words[:count])) is not None:
                return self._until(found, words, count, "")
        for left in range(1, min(len(before), _MOST) + 1):
            prefix = before[-left:]
            if (found := self._first([*prefix, *words[:_ENDS]])) is not None:
                return self._until(found + len(_folded(" ".join(prefix))) + 1, words, _ENDS, _encoded(prefix))
        return None

    def _until(self, start: int, words: list[str], count: int, prefix: str) -> str | None:
        begins, all_of_it = _folded(" ".join(words[:count])), _folded(" ".join(words))
        for last in range(_ENDS, min(len(words) - count, _MOST) + 1):
            ends = _folded(" ".join(words[-last:]))
            if self._page.find(ends, start + len(begins)) + len(ends) == start + len(all_of_it):
                parts = [f"{prefix}-"] * bool(prefix) + [_encoded(words[:count]), _encoded(words[-last:])]
                return "text=" + ",".join(parts)
        return None

    def _first(self, words: list[str]) -> int | None:
        """Where words stand that stand in one place only."""
        looked_for = _folded(" ".join(words))
        found = self._page.find(looked_for)
        once = found >= 0 and self._page.find(looked_for, found + 1) < 0
        return found if once else None


@dataclass(frozen=True, slots=True)
class _Line:
    """What a browser finds words in: a line of a block as the page breaks it, without the block's label."""

    span: Span
    heads: bool
    as_shown: bool  # a row of a table is not; its words count, lest others be taken for the only ones


def _lines(text: str, block: Block, starts: dict[int, int]) -> Iterator[_Line]:
    """Where the words of a block stand."""
    for span in block.spans:
        start = span.start
        if block.kind is BlockKind.FOOTNOTE:
            start = starts.get(span.end, start)
        elif block.kind is BlockKind.LIST_ITEM and (label := _LABEL.match(text, start, span.end)):
            start = label.end()
        for line in text[start : span.end].splitlines(keepends=True):
            if line.strip():
                place = Span(start, start + len(line))
                yield _Line(place, block.kind is BlockKind.HEADING, block.kind is not BlockKind.TABLE)
            start += len(line)


def _context(before: int, after: int, fewest: int) -> Iterator[tuple[int, int]]:
    """How many words to add before and behind: none, then more, in turn, as long as there are any."""
    for total in range(min(fewest, before + after), min(before + after, _MOST) + 1):
        left = min(before, (total + 1) // 2)
        right = min(after, total - left)
        yield min(before, total - right), right


def _weight(words: list[str]) -> int:
    """How many words these are; where no space parts them, two letters count as one."""
    return len(words) + len(_UNSPACED.findall("".join(words))) // 2


def _one_word(a: str, b: str) -> bool:
    return not (a.isspace() or b.isspace() or _UNSPACED.match(a) or _UNSPACED.match(b))


def _folded(text: str) -> str:
    """Text as browsers compare it: without case, accents and what is not seen, white space as one space."""
    plain = text if text.isascii() else _IGNORED.sub("", unicodedata.normalize("NFKD", text))
    return " ".join(plain.translate(_QUOTES).casefold().split())


def _encoded(words: list[str]) -> str:
    """Words for a link; signs that part the directive are encoded with the rest."""
    return quote(" ".join(words).replace("\u00ad", ""), safe="").replace("-", "%2D")
