"""Lines to blocks: paragraphs, list items, tables, code, headings and footnotes, each with its span.

One scanner for plain text and Markdown: real plain text is full of lists and asterisks, and real
Markdown of paragraphs that were wrapped by hand. In plain text, what is a heading or a footnote is
for the detectors to say, who see the whole of it: `place` puts what they found among the blocks.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, takewhile
from operator import attrgetter
from typing import NamedTuple

from corpus.records import Block, BlockKind, Span

_ATX = re.compile(r"[ ]{0,3}(#{1,6})[ \t]+\S")
_LONGEST_TITLE = 120  # characters; a longer line with a rule below is a paragraph
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_FENCE = re.compile(r"[ ]{0,3}(`{3,}(?=[^`]*\Z)|~{3,})")  # ```code``` within a line opens nothing
_LIST = re.compile(r"[ \t]*(?:[-*+\u2022\u00b7]|\(?\d{1,3}[.)]|(?!p\.[ \t]+\d)\(?[a-z][.)])[ \t]+\S")
_FIRST = re.compile(
    r"[ \t]*(?:[-*+\u2022\u00b7]|\(?[1ai][.)])[ \t]+\S"
)  # a wrapped line may begin with "12."
_NOTE = re.compile(r"[ ]{0,3}\[\^([^\]\s]{1,40})\]:")
_INDENT = re.compile(r"[ ]{4}|\t")
_TABLE = re.compile(r"[ \t]*\|.*\|[ \t]*\Z")
_RULE = re.compile(r"[ \t]*(?:([-=*_])[ \t]*)(?:\1[ \t]*){2,}\Z")
_UNDERLINE = re.compile(r"[ \t]*(?:={3,}|-{3,})[ \t]*\Z")


class Line(NamedTuple):
    """A line without its line end; `start` and `end` are its place in the canonical text.

    A tuple, not a dataclass, because a text has so many.
    """

    text: str
    start: int
    end: int

    @property
    def blank(self) -> bool:
        return not self.text.strip("\x00\ufeff\u200b \t").strip()


_start_of = attrgetter("start")


def lines(text: str, furniture: Sequence[Span] = ()) -> list[Line]:
    """The lines of a text, each form feed a blank one; those wholly in furniture (in order) read as blank."""
    found = list(_paged(_lines(text))) if "\f" in text else _lines(text)
    for span in furniture:
        first = bisect_left(found, span.start, key=_start_of)
        for i in range(first, bisect_left(found, span.end, key=_start_of)):
            if found[i].end <= span.end:
                found[i] = Line("", found[i].start, found[i].start)
    return found


def _lines(text: str) -> list[Line]:
    if "\r" in text:
        matches = (match for match in _LINE.finditer(text) if match.group())
        bare = ((match.group().rstrip("\r\n"), match.start()) for match in matches)
        return [Line(content, start, start + len(content)) for content, start in bare]
    found: list[Line] = []
    start = 0
    for content in text.removesuffix("\n").split("\n") if text else ():
        end = start + len(content)
        found.append(Line(content, start, end))
        start = end + 1
    return found


def _paged(found: Iterable[Line]) -> Iterator[Line]:
    """The lines with each form feed as a line of its own, which reads as blank."""
    for line in found:
        if "\f" not in line.text or any(_RULE.match(part) for part in line.text.split("\f")):
            yield line  # a rule is one only on a line of its own
            continue
        at = line.start
        *pages, last = line.text.split("\f")
        for page in pages:
            if page:
                yield Line(page, at, at + len(page))
            at += len(page) + 1
            yield Line("", at - 1, at)
        if last:
            yield Line(last, at, line.end)


def scan(text: str, *, markdown: bool, furniture: Sequence[Span] = ()) -> tuple[Block, ...]:
    """Blocks in reading order; every line that is not blank, a rule or furniture lies in exactly one."""
    blocks: list[Block] = []
    for code, group in _groups(lines(text, furniture), markdown=markdown):
        found = [Block(BlockKind.CODE, _span(group))] if code else _split(group, markdown=markdown)
        for block in found:
            if blocks and _goes_on_note(text, blocks[-1], block):
                blocks[-1] = replace(blocks[-1], span=Span(blocks[-1].span.start, block.span.end))
            else:
                blocks.append(block)
    return tuple(blocks)


def place(text: str, blocks: Sequence[Block], found: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with what detectors found in their places (sorted, disjoint); the rest of a block stays."""
    placed = list(found)
    ahead = 0
    for block in blocks:
        start = block.span.start
        while ahead < len(found) and found[ahead].span.end <= start:
            ahead += 1
        if ahead == len(found) or found[ahead].span.start >= block.span.end:
            placed.extend(_bare(text, block))
            continue
        for other in (*_touching(found, ahead, block.span.end), None):
            end = other.span.start if other else block.span.end
            if start < end:
                placed.extend(_bare(text, replace(block, span=Span(start, end))))
            start = other.span.end if other else end
    return tuple(sorted(placed, key=lambda block: block.span.start))


def _bare(text: str, block: Block) -> Iterator[Block]:
    """A block without the white space around its words, if it has any."""
    start, end = block.span.start, block.span.end
    if not (text[start].isspace() or text[end - 1].isspace()):
        yield block
    elif words := text[start:end].strip():
        left = start + len(text[start:end]) - len(text[start:end].lstrip())
        yield replace(block, span=Span(left, left + len(words)))


def _touching(found: Sequence[Block], first: int, end: int) -> Iterator[Block]:
    return takewhile(lambda block: block.span.start < end, islice(found, first, None))


def _goes_on_note(text: str, last: Block, block: Block) -> bool:
    """Whether a block is one more paragraph of a footnote; Markdown indents it."""
    if last.kind is not BlockKind.FOOTNOTE or block.kind is not BlockKind.PARAGRAPH:
        return False
    return _INDENT.match(text, block.span.start) is not None


def _groups(all_lines: Iterable[Line], *, markdown: bool) -> Iterator[tuple[bool, list[Line]]]:
    """Runs of lines that no blank line parts, and fenced code with its blank lines: (is code, lines)."""
    group: list[Line] = []
    gap = False
    fence: str | None = None
    for line in all_lines:
        mark = _fence(line, fence) if markdown else None
        if fence is not None:
            group.append(line)
            if mark:
                yield True, group
                group, fence = [], None
        elif mark:
            if group:
                yield False, group
            group, gap, fence = [line], False, mark
        elif line.blank:
            gap = True
        else:
            if group and gap:
                yield False, group
                group = []
            group.append(line)
            gap = False
    if group:
        yield fence is not None, group


def _fence(line: Line, opened: str | None) -> str | None:
    """The fence that this line opens, or closes when it is as long as the one `opened`."""
    match = _FENCE.match(line.text)
    if not match:
        return None
    mark = match.group(1)
    return mark if opened is None or (mark[0] == opened[0] and len(mark) >= len(opened)) else None


def _span(paragraph: Sequence[Line]) -> Span:
    return Span(paragraph[0].start, paragraph[-1].end)


def _split(paragraph: list[Line], *, markdown: bool) -> Iterator[Block]:
    """Blocks of lines that no blank line parts."""
    if all(_is_prose(line.text) for line in paragraph):
        yield Block(BlockKind.PARAGRAPH, _span(paragraph))
        return
    group: list[Line] = []
    kind = BlockKind.PARAGRAPH
    number: str | None = None

    def close() -> Iterator[Block]:
        if group:
            yield Block(kind, _span(group), number=number)
            group.clear()

    for i, line in enumerate(paragraph):
        if _RULE.match(line.text):
            yield from close()
            continue
        wrapped = bool(group) and kind is BlockKind.PARAGRAPH
        start = _start(line, markdown=markdown, wrapped=wrapped)
        below = paragraph[i + 1].text if i + 1 < len(paragraph) and not (group or start) else ""
        if markdown and (level := _level(line.text, below)):
            yield from close()
            yield Block(BlockKind.HEADING, Span(line.start, line.end), level)
            continue
        in_table = bool(group) and kind is BlockKind.TABLE
        is_row = start is not None and start[0] is BlockKind.TABLE
        if (start and not (in_table and is_row)) or (in_table and not is_row):
            yield from close()
        if not group:
            kind, number = start or (BlockKind.PARAGRAPH, None)
        group.append(line)
    yield from close()


def _is_prose(line: str) -> bool:
    """Whether a line's first characters already say that it begins nothing but a paragraph: most do."""
    return line[0].isalpha() and line[1:2] not in (".", ")")


def _level(line: str, below: str) -> int:
    """The level of the heading that a line of Markdown is (1 is the highest), or 0."""
    if atx := _ATX.match(line):
        return len(atx.group(1))
    underlined = _UNDERLINE.match(below) and 0 < len(line.strip()) <= _LONGEST_TITLE
    return (1 if below.strip()[0] == "=" else 2) if underlined else 0


def _start(line: Line, *, markdown: bool, wrapped: bool) -> tuple[BlockKind, str | None] | None:
    """The kind (and note number) of the block that a line begins; None when it goes on with the last.

    `wrapped` says that it stands in a paragraph, where only the first item of a list begins one.
    """
    if markdown and (note := _NOTE.match(line.text)):
        return BlockKind.FOOTNOTE, note.group(1)
    if markdown and _TABLE.match(line.text):
        return BlockKind.TABLE, None
    if (_FIRST if wrapped else _LIST).match(line.text):
        return BlockKind.LIST_ITEM, None
    return None
