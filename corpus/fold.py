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
from itertools import islice, pairwise
from operator import itemgetter

from corpus.decode import line_feeds
from corpus.hyphens import HYPHENS, Hyphens
from corpus.records import Span

_INVISIBLE = "\x00\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069"  # not ZWJ: scripts need it
_BLOCK_TAGS = "blockquote|br|center|div|h[1-6]|hr|li|ol|p|pre|table|tbody|td|th|thead|tr|ul"
_INLINE_TAGS = "a|abbr|b|big|cite|code|em|font|i|img|mark|q|s|small|span|strong|sub|sup|u"
_MARKS = rf"\s*_+=\-\u2010\u2011\u2022\u00b7\\<>&#|:`~\[\]!{_INVISIBLE}"  # a rule begins with one of these
_WORDS = rf"(?P<words>[^{_MARKS}]++(?:[ \n][^{_MARKS}]++)*+)"  # the rest is passed over in one leap: speed
_MEND = (  # a hyphen at the end of a line, or of a page
    r"(?P<mend>(?<=\w)[-\u2010\u2011\u00ad](?:[ ]?\n[ \t]*|[^\S\f]*+\f\s*+)(?=[^\W_]))"
)
_CHARACTERS = [
    r"(?P<space>\n+|[^\S\n]+)",  # stops at a line's start, where other rules look first
    rf"(?P<invisible>[{_INVISIBLE}]+)",
    r"(?P<hyphen>[\u2010\u2011])",
]
_LITERAL = [_MEND, r"(?P<bullet>^[ \t]*\u2022[ \t]+(?=\S))", *_CHARACTERS]
_EVERYWHERE = [
    _MEND,
    r"(?P<rule>^[ \t]*(?:(?:-[ \t]*){3,}|(?:=[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$)",
    r"(?P<bullet>^[ \t]*[-*+\u2022\u00b7][ \t]+(?=\S))",
    *_CHARACTERS,
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
_LITERAL_RULES = re.compile("|".join([_WORDS, *_LITERAL]), re.MULTILINE)
_GLANCE = 400  # characters
_CLOSING = frozenset(".,;:!?)")
_reading_offset = _first = itemgetter(0)  # of a run, of a place


@dataclass(frozen=True)
class Reading:
    """A reading text and its map: reading offset `i` in the run `(r, c)` stands at canonical `c + i - r`.

    A character that stands for several (`&` for `&amp;`) has two runs: where those begin, and where
    the last of them is. Runs are in reading order: where a page's end cuts a paragraph, what stands
    between its parts comes behind it.
    """

    text: str
    runs: tuple[tuple[int, int], ...]

    @cached_property
    def _places(self) -> list[tuple[int, int, int]]:
        """Runs in canonical order: where they stand, and from where to where they read."""
        ends = map(_reading_offset, (*self.runs, (len(self.text), 0))[1:])
        return sorted((c, r, end) for (r, c), end in zip(self.runs, ends, strict=True))

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
        """The reading offset of the first character that stands at or behind the canonical `offset`."""
        i = bisect_right(self._places, offset, key=_first) - 1
        if i >= 0:
            c, r, end = self._places[i]
            if offset - c < end - r:
                return r + offset - c
        return self._places[i + 1][1] if i + 1 < len(self._places) else len(self.text)

    def end(self, offset: int) -> int:
        """The reading offset behind the last character that stands in front of the canonical `offset`."""
        i = bisect_left(self._places, offset, key=_first) - 1
        if i < 0:
            return 0
        c, r, end = self._places[i]
        return min(r + offset - c, end)

    def range(self, span: Span) -> tuple[int, int]:
        """From where to where a span reads; twice the same offset where nothing of it is read."""
        start = self.position(span.start)
        if start == len(self.text) or self.canonical(start) >= span.end:
            return start, start
        return start, self.end(span.end)

    def of(self, span: Span) -> str:
        """What is read of a span, put together as it stands there."""
        first = max(0, bisect_right(self._places, span.start, key=_first) - 1)
        behind = bisect_left(self._places, span.end, key=_first)
        return "".join(
            self.text[max(r, r + span.start - c) : min(end, r + span.end - c)]
            for c, r, end in self._places[first:behind]
        )

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


def fold(
    text: str,
    *,
    markdown: bool,
    literal: bool = False,
    furniture: Sequence[Span] = (),
    marks: Sequence[Span] = (),
    parted: Iterable[Sequence[Span]] = (),
) -> Reading:
    """The reading text of a whole canonical text.

    In a `literal` one, which a loader has written, asterisks and tags are what people read, not marks.
    It leaves out `furniture`, and the `marks` of notes, which stand in the middle of words; `parted` are
    the parts of the paragraphs that the end of a page cuts: they read as one. All are disjoint and in order.
    """
    rules = _LITERAL_RULES if literal else _MARKDOWN_RULES if markdown else _PLAIN_RULES
    folder = _Folder(line_feeds(text), rules, furniture=furniture, marks=marks)
    at = 0
    for parts in parted:
        at = folder.read_parts(at, parts)
    folder.read(at, len(text))
    return folder.writer.reading()


def is_blank(text: str, *, markdown: bool, literal: bool = False, furniture: Sequence[Span] = ()) -> bool:
    """Whether nothing is left to read of a text; the first lines that are no furniture mostly tell."""
    gaps = [Span(0, 0), *furniture, Span(len(text), len(text))]
    for before, after in pairwise(gaps):
        part = text[before.end : min(after.start, before.end + _GLANCE)]
        if len(fold(part, markdown=markdown, literal=literal).text) > _GLANCE // 10:
            return False
    return not fold(text, markdown=markdown, literal=literal, furniture=furniture).text


class _Folder:
    """Reads stretches of a text, one behind the other."""

    def __init__(
        self, text: str, rules: re.Pattern[str], *, furniture: Sequence[Span], marks: Sequence[Span]
    ) -> None:
        self.writer = _Writer(text)
        self._text = text
        self._rules = rules
        self._hyphens = Hyphens(text)
        self._gaps = sorted([(gap, True) for gap in furniture] + [(gap, False) for gap in marks])

    def read(self, start: int, end: int) -> None:
        """Read `[start, end)` without its gaps; furniture leaves a blank."""
        first = bisect_right(self._gaps, start, key=lambda gap: gap[0].end)
        for gap, parts in islice(self._gaps, first, None):
            if gap.start >= end:
                break
            self._read(start, gap.start)
            if parts:
                self.writer.space(gap.start)
            elif self._text[gap.end : gap.end + 1] in _CLOSING:
                self.writer.unspace()  # `May [1].` reads `May.`
            start = max(start, gap.end)
        self._read(start, end)

    def read_parts(self, start: int, parts: Sequence[Span]) -> int:
        """Read from `start` to the end of a parted paragraph, and then what stands between its parts."""
        for before, after in pairwise(parts):
            last = before.end - 1
            cut = self._text[last] in HYPHENS and self._text[last - 1 : last].isalnum()
            self.read(start, last if cut else before.end)
            if cut:
                self._hyphen(last, after.start)
            else:
                self.writer.space(before.end)
            start = after.start
        self.read(start, parts[-1].end)
        for before, after in pairwise(parts):
            if after.start - before.end > 1:  # a form feed alone was read above
                self.writer.space(
                    parts[-1].end
                )  # not `before.end`, which may lie within what was read as one
                self.read(before.end, after.start)
        self.writer.space(parts[-1].end)
        return parts[-1].end

    def _read(self, start: int, end: int) -> None:
        for match in self._rules.finditer(self._text, start, max(start, end)):
            if match.lastgroup != "words":
                self.writer.keep(start, match.start())
                self._apply(match)
                start = match.end()
        self.writer.keep(start, end)

    def _apply(self, match: re.Match[str]) -> None:
        """Write what a match reads as; the marks that are not named here read as nothing."""
        match match.lastgroup:
            case "space" | "rule" | "bullet" | "heading" | "pipe" | "tableline" | "quote" | "fence" | "block":
                self.writer.space(match.start())
            case "hyphen":
                self.writer.put("-", match.start(), match.start())
            case "mend":
                self._hyphen(match.start(), match.end())
            case "entity":
                _apply_entity(match, self.writer)
            case _:
                pass

    def _hyphen(self, at: int, following: int) -> None:
        """Write the hyphen at the end of a line or page, where it does not cut a word."""
        reads = self._hyphens.reads(at, following)
        if reads:
            self.writer.put("-", at, at)
        if reads.endswith(" "):
            self.writer.space(at + 1)


def _apply_entity(match: re.Match[str], writer: _Writer) -> None:
    character = html.unescape(match.group())
    if len(character) != 1:  # no entity after all, such as `&co;`
        writer.keep(match.start(), match.end())
    elif character.isspace():
        writer.space(match.start())
    elif character.isprintable():
        writer.put(character, match.start(), match.end() - 1)


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

    def unspace(self) -> None:
        """No white space, if none but that was to come."""
        self._pending = None

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
