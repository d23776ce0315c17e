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

from corpus.records import Span

_INVISIBLE = "\x00\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069"  # not ZWJ: scripts need it
_TAGS = (
    "a|abbr|b|big|blockquote|br|center|cite|code|div|em|font|h[1-6]|hr|i|img|li|mark|ol|p|pre|q|s|small|"
    "span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul"
)
_EOL = r"(?=\r?$)"
_EVERYWHERE = [
    r"(?P<mend>(?<=\w)[-\u2010\u2011\u00ad]\r?\n[ \t]*(?=\w))",  # a hyphen at the end of a line
    r"(?P<rule>^[ \t]*(?:(?:-[ \t]*){3,}|(?:=[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})" + _EOL + ")",
    r"(?P<bullet>^[ \t]*[-*+\u2022\u00b7][ \t]+)",
    r"(?P<space>\n+|[^\S\n]+)",  # stops at a line's start, where other rules look first
    rf"(?P<invisible>[{_INVISIBLE}]+)",
    r"(?P<hyphen>[\u2010\u2011])",
    r"(?P<escape>\\(?=[!-/:-@\[-`{-~]))",
    rf"(?P<tag></?(?:{_TAGS})\b[^<>\n]{{0,400}}>)",
    r"(?P<entity>&(?:\#\d{1,7}|\#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});)",
    r"(?P<star>(?<![\w*\\])\*{1,3}(?=[^\s*])|(?<=[^\s*\\])\*{1,3}(?![\w*]))",
]
_MARKDOWN = [
    r"(?P<heading>^[ ]{0,3}\#{1,6}[ \t]+|[ \t]+\#+[ \t]*" + _EOL + ")",
    r"(?P<tableline>^[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?)?[ \t]*" + _EOL + ")",
    r"(?P<pipe>^[ \t]*\|[ \t]*|[ \t]*\|[ \t]*" + _EOL + ")",
    r"(?P<quote>^[ ]{0,3}(?:>[ ]?)+)",
    r"(?P<fence>^[ \t]*(?:```|~~~)[^\n]*$)",
    r"(?P<note>^[ ]{0,3}\[\^[^\]\s]{1,40}\]:[ \t]*|\[\^[^\]\s]{1,40}\])",
    r"(?P<open>!?\[(?=[^\[\]\n]{0,400}\]\([^()\n]{0,1000}\)))",
    r"(?P<close>\]\([^()\n]{0,1000}\))",
    r"(?P<tick>`+|~~)",
    r"(?P<underscore>(?<![\w\\])_{1,3}(?=[^\s_])|(?<=[^\s_\\])_{1,3}(?!\w))",
]
_PLAIN_RULES = re.compile("|".join(_EVERYWHERE), re.MULTILINE)
_MARKDOWN_RULES = re.compile("|".join(_MARKDOWN + _EVERYWHERE), re.MULTILINE)
_WORD_BEFORE = re.compile(r"[^\W\d_]+$")
_WORD_AFTER = re.compile(r"[^\W\d_]+")
_LONGEST_WORD = 40  # characters looked at on each side of a line-end hyphen


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading text and its map: reading offset `i` in the run `(r, c)` stands at canonical `c + i - r`."""

    text: str
    runs: tuple[tuple[int, int], ...]

    def canonical(self, offset: int) -> int:
        """Where the character at reading `offset` stands in the canonical text."""
        r, c = self.runs[bisect_right(self.runs, offset, key=lambda run: run[0]) - 1]
        return c + offset - r

    def locate(self, start: int, end: int) -> Span:
        """The canonical span of the reading range `[start, end)`, which is not empty."""
        return Span(self.canonical(start), self.canonical(end - 1) + 1)

    def position(self, offset: int) -> int:
        """The first reading offset that stands at or behind the canonical `offset`."""
        i = bisect_right(self.runs, offset, key=lambda run: run[1]) - 1
        if i < 0:
            return 0
        r, c = self.runs[i]
        end = self.runs[i + 1][0] if i + 1 < len(self.runs) else len(self.text)
        return min(r + offset - c, end)

    def clip(self, start: int, end: int) -> Reading:
        """The part `[start, end)` of the reading text, as a reading of its own."""
        first = bisect_right(self.runs, start, key=lambda run: run[0]) - 1
        last = bisect_left(self.runs, end, key=lambda run: run[0])
        runs = [(max(r, start) - start, c + max(r, start) - r) for r, c in self.runs[first:last]]
        return Reading(self.text[start:end], tuple(runs))

    def strip(self) -> Reading:
        """Without white space at the ends."""
        start = len(self.text) - len(self.text.lstrip())
        return self.clip(start, max(start, len(self.text.rstrip())))


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
    writer = _Writer(text)
    at = 0
    for gap in (*furniture, Span(len(text), len(text))):
        _fold_part(writer, text, at, gap.start, _MARKDOWN_RULES if markdown else _PLAIN_RULES)
        writer.space(gap.start)
        at = gap.end
    return writer.reading()


def _fold_part(
    writer: _Writer, text: str, start: int, end: int, rules: re.Pattern[str]
) -> None:
    for match in rules.finditer(text, start, end):
        writer.keep(start, match.start())
        start = match.end()
        match match.lastgroup:
            case "space" | "rule" | "bullet" | "heading" | "pipe" | "tableline" | "quote" | "fence":
                writer.space(match.start())
            case "hyphen":
                writer.put("-", match.start())
            case "mend":
                if not _is_hyphenation(text, match.start(), match.end()):
                    writer.put("-", match.start())
            case "entity":
                _fold_entity(writer, match)
            case _:
                pass  # the rest is dropped
    writer.keep(start, end)


def _fold_entity(writer: _Writer, match: re.Match[str]) -> None:
    character = html.unescape(match.group())
    if len(character) != 1:  # no entity after all, such as `&co;`
        writer.keep(match.start(), match.end())
    elif character.isspace():
        writer.space(match.start())
    elif character.isprintable():
        writer.put(character, match.start())


def _is_hyphenation(text: str, start: int, end: int) -> bool:
    """Whether a hyphen at the end of a line cuts one word, and is not part of a compound.

    A soft hyphen does. Otherwise a lower-case letter must follow (`Euro-/Atlantic` keeps its
    hyphen), and the compound must not stand elsewhere in the text with its hyphen.
    """
    if text[start] == "\u00ad":
        return True
    before = _WORD_BEFORE.search(text, max(0, start - _LONGEST_WORD), start)
    after = _WORD_AFTER.match(text, end, end + _LONGEST_WORD)
    if not before or not after or not after.group()[0].islower():
        return False
    return f"{before.group()}-{after.group()}" not in text


class _Writer:
    """Collects the reading text; collapses white space, and never begins with any."""

    def __init__(self, text: str) -> None:
        self._source = text
        self._parts: list[str] = []
        self._runs: list[tuple[int, int]] = []
        self._length = 0
        self._pending: int | None = None  # canonical place of white space not written yet

    def keep(self, start: int, end: int) -> None:
        if start < end:
            self._write(self._source[start:end], start)

    def put(self, characters: str, at: int) -> None:
        for character in characters:
            self._write(character, at)

    def space(self, at: int) -> None:
        if self._parts and self._pending is None:
            self._pending = at

    def _write(self, characters: str, at: int) -> None:
        if self._pending is not None:
            self._append(" ", self._pending)
            self._pending = None
        self._append(characters, at)

    def _append(self, characters: str, at: int) -> None:
        if not self._runs or _end(self._runs, self._length) != at:
            self._runs.append((self._length, at))
        self._parts.append(characters)
        self._length += len(characters)

    def reading(self) -> Reading:
        return Reading("".join(self._parts), tuple(self._runs))
