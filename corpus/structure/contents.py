"""Tables of contents: where they stand, and the titles, authors and printed pages of their entries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.records import Span
from corpus.structure.names import people
from corpus.structure.rows import Row
from corpus.structure.titles import CLOSINGS, OPENINGS, key, numbered, plain

_HEADINGS = frozenset(
    "contents|table of contents|in this issue|inhalt|inhaltsverzeichnis|inhaltsübersicht|sommaire|table des matières|"
    "índice|indice|contenido|tabla de contenido|sumário|sommario|inhoud|inhoudsopgave|spis treści|obsah|tartalom|"
    "mündəricat|içindekiler|содержание|оглавление|зміст|innehåll|indhold|innhold|sisältö|cuprins|sadržaj|"
    "目录|目次|차례|περιεχόμενα".split("|")
)
_LONGEST_HEADING = 40  # characters
_LONGEST_ENTRY = 220  # characters; longer lines are prose
_FULL = 60  # characters; several lines in a row that are longer are prose
_MOST_LINES = 400  # of a table without page numbers
_BULLET = re.compile(r"(?:[-*+\u2022\u00b7\u25aa]\s+|\|\s*)")
_PAGE = re.compile(r"(?:\d{1,4}|[ivxl]{1,7})\Z")
_ANCHOR = re.compile(r"\[[^\[\]\n]{1,300}\]\(#[^()\s]{0,300}\)")
_IN_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]{3,200})[)\]]\s*\Z")
_BY = re.compile(r"\s*(?:,?\s[Bb]y\s|<(?:i|em)>|(?<=\s)[*_]{1,2}(?=\w))\s*")  # where an author surely begins
_DASH = re.compile(r"\s+[\u2013\u2014/|-]\s+|\t+|\s{3,}|,\s+")  # where one may begin
_PICTURES = ("figure ", "fig ", "table ", "map ", "chart ", "box ", "abb", "photo ")
_LEADER = "\t .\u2026\u00b7_|-\u00a0\u2024\u2025"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a table of contents; `page` is the page number as it is printed."""

    number: str | None
    title: str
    authors: tuple[str, ...]
    page: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Contents:
    """A table of contents, its heading (if it has one) included in the span."""

    heading: Span | None
    span: Span
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Tables in reading order, and what was left alone."""

    contents: tuple[Contents, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Item:
    """The lines of one entry, without its page."""

    lines: list[str]
    page: str | None
    span: Span
    below: Row | None = None  # the line under the page, where it names people


def detect(rows: Sequence[Row]) -> Found:
    """Tables of contents among the lines of a text.

    Without a heading, or without page numbers, the titles must stand again in the text behind it.
    """
    found: list[Contents] = []
    notes: list[str] = []
    done = 0
    lines = _Lines(rows)
    for i in _starts(rows):
        if rows[i].start < done:
            continue
        headed = _is_heading(rows[i].text)
        entries = _under_heading(lines, i + 1) if headed else _confirmed(lines, _entries(_read(rows, i)))
        if len(entries) < (2 if headed else 3):
            if headed:
                notes.append(f"no table of contents was recognised under {rows[i].text!r} (line {i + 1})")
            continue
        heading = rows[i].span if headed else None
        done = entries[-1].span.end
        found.append(Contents(heading, Span(rows[i].start if headed else entries[0].span.start, done), entries))
    return Found(tuple(found), tuple(notes))


class _Lines:
    """The lines of a text, and on demand where each short one, folded, stands last."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self._last: dict[str, int] | None = None

    def last(self, title: str) -> int:
        """Where a title stands last on a line of its own, or -1."""
        if self._last is None:
            self._last = {key(_bare(row.text)): row.start for row in self._edges()}
        return self._last.get(title, -1)


    def _edges(self) -> Iterator[Row]:
        """Short lines with a blank one above or below: inside paragraphs there are no titles."""
        above = True  # whether the line is blank
        for i, row in enumerate(self.rows):
            blank, below = not row.text, i + 1 == len(self.rows) or not self.rows[i + 1].text
            if not blank and (above or below) and len(row.text) <= _LONGEST_ENTRY:
                yield row
            above = blank


def _under_heading(lines: _Lines, at: int) -> tuple[Entry, ...]:
    entries = _entries(_read(lines.rows, at))
    if sum(entry.page is not None for entry in entries) >= 2:
        return entries
    items = _read_titles(lines.rows, at)
    anchors = [item for item in items if _ANCHOR.search(item.lines[0])]
    return _entries(anchors) if len(anchors) >= 2 else _confirmed(lines, _entries(items))


def _starts(rows: Sequence[Row]) -> list[int]:
    """Lines where a table may begin: a heading, or the first of three entries with leaders and pages."""
    starts: list[int] = []
    run: list[int] = []
    for i, (_, text) in enumerate(rows):
        if not text:
            continue
        if len(text) <= _LONGEST_HEADING and _is_heading(text):
            starts.append(i)
        elif len(text) > _LONGEST_ENTRY:
            run = []
        elif text[-1].isdigit() and (split := _split_page(text)) and split[2]:
            run.append(i)
            if len(run) == 3:
                starts.append(run[0])
        elif run and i - run[-1] > 4:  # room for the lines of a long title
            run = []
    return starts


def _is_heading(text: str) -> bool:
    return text.strip("#*_: \t=-").casefold() in _HEADINGS


def _split_page(text: str) -> tuple[str, str, bool] | None:
    """A line's title and the page at its end, and whether more than one space stands between them."""
    text = text.rstrip("| ")
    at = max(text.rfind(c) for c in _LEADER) + 1
    page = text[at:]
    if at < 2 or not _PAGE.match(page):
        return None
    head = text[:at].rstrip(_LEADER)
    leader = text[len(head) : at]
    if leader == "-" or not any(c.isalpha() for c in head):  # `Agenda-21`
        return None
    return head, page, "\t" in leader or "\u2026" in leader or len(leader) > 2 or leader == "  "


def _value(page: str) -> int:
    """Roman pages come in front of Arabic ones."""
    return int(page) if page.isdigit() else 0


class _Reader:
    """Reads entries that have pages, line by line; of others, only what stands between them."""

    def __init__(self) -> None:
        self.items: list[_Item] = []
        self._pending: list[Row] = []  # lines of a title whose page has not come yet
        self._strong: bool | None = None
        self._gaps: bool | None = None  # whether blank lines part the entries
        self._page = 0

    def take(self, row: Row, gap: bool) -> bool:
        """Whether the line belongs to the table; `gap` says that a blank line stands above it."""
        if len(row.text) > _LONGEST_ENTRY:
            return False
        if _PAGE.match(row.text):
            return bool(self._pending) and self._add(self._pending, row.end, row.text)
        split = _split_page(row.text)
        if split is None:
            return self._wait(row, gap)
        head, page, strong = split
        if not strong and (self._strong or (gap and self._gaps is False)):
            return False
        self._strong = strong if self._strong is None else self._strong
        if self._pending and not gap and not _opens(row.text):
            return self._add([*self._pending, Row(row.start, head)], row.end, page)
        parts, self._pending = self._pending, []
        kept = len(self.items)
        self.items.extend(_Item([part.text], None, part.span) for part in parts)
        if self._gaps is None and self.items:
            self._gaps = gap
        if not self._add([Row(row.start, head)], row.end, page):
            del self.items[kept:]
            return False
        return True

    def _wait(self, row: Row, gap: bool) -> bool:
        last = self.items[-1] if self.items else None
        if last and not gap and not self._pending and not last.below and _names(row.text):
            last.below = row
            return True
        if len(self._pending) >= 3 or (len(row.text) > 80 and row.text.endswith(".")):
            return False
        self._pending.append(row)
        return True

    def _add(self, lines: Sequence[Row], end: int, page: str) -> bool:
        """Put an entry down; False where pages run backwards or the first title comes again."""
        texts = [line.text for line in lines]
        again = bool(self.items) and key(" ".join(texts)) == key(" ".join(self.items[0].lines))
        if _value(page) < self._page or again:
            return False
        self._page = _value(page)
        self.items.append(_Item(texts, page, Span(lines[0].start, end)))
        self._pending = []
        return True


def _read(rows: Sequence[Row], at: int) -> list[_Item]:
    reader = _Reader()
    blank = 0
    for i in range(at, len(rows)):
        row = rows[i]
        if not row.text:
            blank += 1
        elif blank > 3 and reader.items:
            break
        elif reader.take(row, blank > 0):
            blank = 0
        else:
            break
    return reader.items


def _read_titles(rows: Sequence[Row], at: int) -> list[_Item]:
    """Entries without pages: short lines, up to the one that says an earlier title again."""
    items: list[_Item] = []
    seen: set[str] = set()
    blank = full = 0
    for i in range(at, min(at + _MOST_LINES, len(rows))):
        text = rows[i].text
        blank = 0 if text else blank + 1
        full = full + 1 if len(text) > _FULL else 0
        if (blank > 2 and items) or full > 2:  # three full lines are prose
            break
        if not text:
            continue
        folded = key(_bare(text))
        if len(text) > _LONGEST_ENTRY or folded in seen or (len(text) > _FULL and text[-1] in ".;"):
            break
        seen.add(folded)
        items.append(_Item([text], None, rows[i].span))
    return items


def _opens(text: str) -> bool:
    """Whether a line begins an entry of its own."""
    return _BULLET.match(text) is not None or numbered(text) is not None


def _bare(text: str) -> str:
    """A title without bullet, markup and number."""
    bullet = _BULLET.match(text)
    text = plain(text[bullet.end() :] if bullet else text)
    number = numbered(text)
    return number.rest if number and number.rest else text


def _confirmed(lines: _Lines, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The entries up to the last whose title stands alone on a line further on; none if most do not."""
    if len(entries) < 2 or any(key(entry.title).startswith(_PICTURES) for entry in entries):
        return ()
    end = entries[-1].span.end
    again = [i for i, entry in enumerate(entries) if lines.last(key(entry.title)) >= end]
    if len(again) < 2 or len(again) < 0.6 * (again[-1] + 1):
        return ()
    return entries[: again[-1] + 1]


def _entries(items: Sequence[_Item]) -> tuple[Entry, ...]:
    """The entries; a way of naming authors that could be part of a title counts only if most use it."""
    _settle(items)
    entries = [_sure(item) for item in items]
    named = [key(e.title) not in OPENINGS | CLOSINGS and e.page is not None for e in entries]
    ways: tuple[Callable[[_Item, Entry], Entry | None], ...] = (_below, _above, _last, _dashed)
    for way in ways:
        tried = [None if entry.authors else way(item, entry) for item, entry in zip(items, entries, strict=True)]
        count = sum(found is not None for found in tried)
        if count >= 2 and 2 * count >= sum(named):
            entries = [found or entry for found, entry in zip(tried, entries, strict=True)]
    return tuple(entries)


def _settle(items: Sequence[_Item]) -> None:
    """Give lines that name people to the entry below where the first of them stands above its title."""
    if not items or len(items[0].lines) < 2 or not _names(items[0].lines[0]):
        return
    for above, item in zip(items, items[1:], strict=False):
        if above.below:
            item.lines.insert(0, above.below.text)
            item.span = Span(above.below.start, item.span.end)
            above.below = None


def _sure(item: _Item) -> Entry:
    """An entry with the authors that brackets, italics or a `by` set apart."""
    text = " ".join(item.lines)
    bullet = _BULLET.match(text)
    text = text[bullet.end() :] if bullet else text
    number = numbered(text.lstrip("*_"))
    text = number.rest if number and number.rest else text
    title, authors = _split_authors(text.strip().rstrip(_LEADER))
    return Entry(number.number if number and number.rest else None, title, authors, item.page, item.span)


def _split_authors(text: str) -> tuple[str, tuple[str, ...]]:
    brackets = _IN_BRACKETS.search(text)
    if brackets and (names := _names(brackets.group(1))):
        return plain(text[: brackets.start()]), names
    for match in _BY.finditer(text):
        if match.start() > 0 and (names := _names(text[match.end() :])):
            return plain(text[: match.start()].rstrip(" ,\u2013\u2014-")), names
    return plain(text), ()


def _names(text: str) -> tuple[str, ...]:
    """The authors that a text names and nothing else, with or without a `by`."""
    bare = plain(text.strip(" *_"))
    return people(bare[3:] if bare[:3].casefold() == "by " else bare)


def _below(item: _Item, entry: Entry) -> Entry | None:
    if item.below is None:
        return None
    return replace(entry, authors=_names(item.below.text), span=Span(entry.span.start, item.below.end))


def _above(item: _Item, entry: Entry) -> Entry | None:
    return _of_lines(item.lines[1:], item.lines[0], entry) if len(item.lines) > 1 else None


def _last(item: _Item, entry: Entry) -> Entry | None:
    return _of_lines(item.lines[:-1], item.lines[-1], entry) if len(item.lines) > 1 else None


def _of_lines(title: Sequence[str], author: str, entry: Entry) -> Entry | None:
    names = _names(author)
    return replace(entry, title=_bare(" ".join(title)), authors=names) if names else None


def _dashed(item: _Item, entry: Entry) -> Entry | None:
    text = " ".join(item.lines)
    for match in _DASH.finditer(text):
        if match.start() > 0 and (names := _names(text[match.end() :])):
            return replace(entry, title=_bare(text[: match.start()]), authors=names)
    return None
