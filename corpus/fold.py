"""Canonical text to reading text, with the map back exact to the character.

The reading text is what people read and engines search: white space collapsed, line-end hyphens
mended, invisible characters and markup gone. It is made once for a whole document, so that every
rule sees its context; blocks, sentences and passages are clips of it.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from corpus.decode import line_feeds
from corpus.records import Span

_INVISIBLE = "\x00\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069"  # not ZWJ: scripts need it
_BLOCK_TAGS = "blockquote|br|center|div|h[1-6]|hr|li|ol|p|pre|table|tbody|td|th|thead|tr|ul"
_INLINE_TAGS = "a|abbr|b|big|cite|code|em|font|i|img|mark|q|s|small|span|strong|sub|sup|u"
_MARKS = rf"\s*_+=\-\u2010\u2011\u2022\u00b7\\<>&#|:`~\[\]!{_INVISIBLE}"  # a rule begins with one of these
_WORDS = rf"(?P<words>[^{_MARKS}]++(?:[ \n][^{_MARKS}]++)*+)"  # the rest is passed over in one leap: speed
_EVERYWHERE = [
    # A hyphen at the end of a line, or of a page.
    r"(?P<mend>(?<=\w)[-\u2010\u2011\u00ad](?:[ ]?\n[ \t]*|[^\S\f]*+\f\s*+)(?=[^\W_]))",
    r"(?P<rule>^[ \t]*(?:(?:-[ \t]*){3,}|(?:=[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$)",
    r"(?P<bullet>^[ \t]*[-*+\u2022\u00b7][ \t]+(?=\S))",
    r"(?P<space>\n+|[^\S\n]+)",  # stops at a line's start, where other rules look first
    rf"(?P<invisible>[{_INVISIBLE}]+)",
    r"(?P<hyphen>[\u2010\u2011])",
    r"(?P<escape>\\(?=[!-/:-@\[-`{-~]))",
    rf"(?P<block></?(?:{_BLOCK_TAGS})(?=[\s/>])[^<>\n]{{0,400}}>)",
    rf"(?P<tag></?(?:{_INLINE_TAGS})(?=[\s/>])[^<>\n]{{0,400}}>)",
    r"(?P<entity>&(?:\#\d{1,7}|\#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});)",
    r"(?P<star>(?<![\w*\\])\*{1,3}(?=[^\s*])|(?<=[^\s*\\])\*{1,3}(?![\w*]))",
]
_MARKDOWN = [
    r"(?P<heading>^[ ]{0,3}\#{1,6}[ \t]+(?=\S)|[ \t]+\#+[ \t]*$)",
    r"(?P<tableline>^[ \t]*+\|?(?:[ \t]*+:?-+:?[ \t]*+\|)+(?:[ \t]*:?-+:?)?[ \t]*$)",
    r"(?P<pipe>^[ \t]*\|[ \t]*|[ \t]*\|[ \t]*$)",
    r"(?P<quote>^[ ]{0,3}(?:>[ ]?)+)",
    r"(?P<fence>^[ \t]*(?:```[^`\n]*|~~~[^\n]*)$)",
    r"(?P<note>^[ ]{0,3}\[\^[^\]\s]{1,40}\]:[ \t]*|\[\^[^\]\s]{1,40}\])",
    r"(?P<open>!?\[(?=(?:[^\[\]\n]|\n(?![ \t]*\n)){0,400}\]\([^()\n]{0,1000}\)))",
    r"(?P<close>\]\([^()\n]{0,1000}\))",
    r"(?P<tick>`+|~~)",
    r"(?P<underscore>(?<![\w\\])_{1,3}(?=[^\s_])|(?<=[^\s_\\])_{1,3}(?!\w))",
]
_PLAIN_RULES = re.compile("|".join([_WORDS, *_EVERYWHERE]), re.MULTILINE)
_MARKDOWN_RULES = re.compile("|".join([_WORDS, *_MARKDOWN, *_EVERYWHERE]), re.MULTILINE)
_HYPHEN = re.compile(r"[-\u2010\u2011](?=[^\W\d_])")
_WORD_BEFORE = re.compile(r"[^\W\d_]+$")
_WORD_AFTER = re.compile(r"[^\W\d_]+")
_reading_offset, _canonical_offset = itemgetter(0), itemgetter(1)  # of a run
_LONGEST_WORD = 40  # characters looked at on each side of a line-end hyphen


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading text and its map: reading offset `i` in the run `(r, c)` stands at canonical `c + i - r`.

    A character that stands for several (`&` for `&amp;`) has two runs: where those begin, and where
    the last of them is.
    """

    text: str
    runs: tuple[tuple[int, int], ...]

    def canonical(self, offset: int) -> int:
        """Where the character at reading `offset` begins in the canonical text."""
        i = bisect_left(self.runs, offset, key=_reading_offset)
        r, c = self.runs[i if i < len(self.runs) and self.runs[i][0] == offset else i - 1]
        return c + offset - r

    def locate(self, start: int, end: int) -> Span:
        """The canonical span of the reading range `[start, end)`, which is not empty."""
        r, c = self.runs[bisect_right(self.runs, end - 1, key=_reading_offset) - 1]
        return Span(self.canonical(start), c + end - r)

    def position(self, offset: int) -> int:
        """The first reading offset that stands at or behind the canonical `offset`."""
        i = bisect_right(self.runs, offset, key=_canonical_offset) - 1
        if i < 0:
            return 0
        r, c = self.runs[i]
        end = self.runs[i + 1][0] if i + 1 < len(self.runs) else len(self.text)
        return min(r + offset - c, end)

    def clip(self, start: int, end: int) -> Reading:
        """The part `[start, end)` of the reading text, as a reading of its own; not empty."""
        first = bisect_left(self.runs, start, key=_reading_offset)
        last = bisect_left(self.runs, end, key=_reading_offset)
        runs = [(r - start, c) for r, c in self.runs[first:last]]
        if not runs or runs[0][0] > 0:
            runs.insert(0, (0, self.canonical(start)))
        return Reading(self.text[start:end], tuple(runs))


def join(readings: Iterable[Reading], separator: str) -> Reading:
    """Readings one after another; a separator stands at the canonical place behind what it follows."""
    parts: list[str] = []
    runs: list[tuple[int, int]] = []
    length = 0
    for reading in readings:
        if not reading.text:
            continue
        if parts:
            runs.append((length, _end(runs, length)))
            parts.append(separator)
            length += len(separator)
        runs.extend((length + r, c) for r, c in reading.runs)
        parts.append(reading.text)
        length += len(reading.text)
    return Reading("".join(parts), tuple(runs))


def _end(runs: Sequence[tuple[int, int]], length: int) -> int:
    r, c = runs[-1]
    return c + length - r


def fold(text: str, *, markdown: bool, furniture: Sequence[Span] = ()) -> Reading:
    """The reading text of a whole canonical text, without its furniture (disjoint spans in order)."""
    text = line_feeds(text)
    rules = _MARKDOWN_RULES if markdown else _PLAIN_RULES
    writer, hyphens = _Writer(text), _Hyphens(text)
    at = 0
    for gap in (*furniture, Span(len(text), len(text))):
        for match in rules.finditer(text, at, gap.start):
            if match.lastgroup != "words":
                writer.keep(at, match.start())
                _apply(match, writer, hyphens)
                at = match.end()
        writer.keep(at, gap.start)
        writer.space(gap.start)
        at = gap.end
    return writer.reading()


def _apply(match: re.Match[str], writer: _Writer, hyphens: _Hyphens) -> None:
    """Write what a match reads as; the marks that are not named here read as nothing."""
    match match.lastgroup:
        case "space" | "rule" | "bullet" | "heading" | "pipe" | "tableline" | "quote" | "fence" | "block":
            writer.space(match.start())
        case "hyphen":
            writer.put("-", match.start(), match.start())
        case "mend":
            if not hyphens.cuts_word(match.start(), match.end()):
                writer.put("-", match.start(), match.start())
        case "entity":
            _apply_entity(match, writer)
        case _:
            pass


def _apply_entity(match: re.Match[str], writer: _Writer) -> None:
    character = html.unescape(match.group())
    if len(character) != 1:  # no entity after all, such as `&co;`
        writer.keep(match.start(), match.end())
    elif character.isspace():
        writer.space(match.start())
    elif character.isprintable():
        writer.put(character, match.start(), match.end() - 1)


class _Hyphens:
    """Tells the hyphens of a text that cut a word from those that belong to a compound."""

    def __init__(self, text: str) -> None:
        self._text = text

    def cuts_word(self, start: int, end: int) -> bool:
        """Whether the hyphen (and line end) at `[start, end)` cuts one word.

        A soft hyphen does. Otherwise a lower-case letter must follow (`Euro-/Atlantic` keeps its
        hyphen), and the compound must not stand elsewhere in the text with its hyphen.
        """
        if self._text[start] == "\u00ad":
            return True
        compound = self._compound(start, end)
        if not compound or not compound.partition("-")[2][0].islower():
            return False
        i = bisect_left(self._compounds, compound)
        return not (i < len(self._compounds) and self._compounds[i].startswith(compound))

    @cached_property
    def _compounds(self) -> list[str]:
        found = (self._compound(*match.span()) for match in _HYPHEN.finditer(self._text))
        return sorted({compound for compound in found if compound})

    def _compound(self, start: int, end: int) -> str | None:
        before = _WORD_BEFORE.search(self._text, max(0, start - _LONGEST_WORD), start)
        after = _WORD_AFTER.match(self._text, end, end + _LONGEST_WORD)
        return f"{before.group()}-{after.group()}" if before and after else None


class _Writer:
    """Collects the reading text; collapses white space, and never begins with any."""

    def __init__(self, text: str) -> None:
        self._source = text
        self._parts: list[str] = []
        self._runs: list[tuple[int, int]] = []
        self._length = 0
        self._pending: int | None = None  # canonical place of white space not written yet

    def keep(self, start: int, end: int) -> None:
        """Write the source as it stands, line ends as blanks."""
        if start < end:
            self._flush()
            self._append(self._source[start:end].replace("\n", " "), start)

    def put(self, character: str, first: int, last: int) -> None:
        """Write one character that stands for those from `first` to `last`."""
        self._flush()
        if first < last:
            self._runs.append((self._length, first))
        self._append(character, last)

    def space(self, at: int) -> None:
        """White space, written only when something follows."""
        if self._parts and self._pending is None:
            self._pending = at

    def reading(self) -> Reading:
        """What was written."""
        return Reading("".join(self._parts), tuple(self._runs))

    def _flush(self) -> None:
        if self._pending is not None:
            self._append(" ", self._pending)
            self._pending = None

    def _append(self, characters: str, at: int) -> None:
        if not self._runs or _end(self._runs, self._length) != at:
            self._runs.append((self._length, at))
        self._parts.append(characters)
        self._length += len(characters)
