"""Tables of contents: where they stand, and the titles, authors and printed pages of their entries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.records import Span
from corpus.structure.entries import LEADER, Entry, Item, entries_of, named, opens, without_number
from corpus.structure.rows import Row
from corpus.structure.titles import key
from corpus.structure.words import CONTENTS

_LONGEST_HEADING = 40  # characters
_LONGEST_ENTRY = 220  # characters; longer lines are prose
_FULL = 60  # characters; several lines in a row that are longer are prose
_MOST_LINES = 400  # of a table without page numbers
_PAGE = re.compile(r"(?:\d{1,4}|[ivxl]{1,7})\Z")
_ANCHOR = re.compile(r"\[[^\[\]\n]{1,300}\]\(#[^()\s]{0,300}\)")
_PICTURES = ("figure ", "fig ", "table ", "map ", "chart ", "box ", "abb", "photo ")


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
        entries = _under_heading(lines, i + 1) if headed else _confirmed(lines, entries_of(_read(rows, i)))
        if len(entries) < (2 if headed else 3):
            if headed:
                notes.append(f"no table of contents was recognised under {rows[i].text!r} (line {i + 1})")
            continue
        heading = rows[i].span if headed else None
        done = entries[-1].span.end
        found.append(
            Contents(heading, Span(rows[i].start if headed else entries[0].span.start, done), entries)
        )
    return Found(tuple(found), tuple(notes))


class _Lines:
    """The lines of a text, and on demand where each short one, folded, stands last."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self._last: dict[str, int] | None = None

    def last(self, title: str) -> int:
        """Where a title stands last on a line of its own, or -1."""
        if self._last is None:
            self._last = {key(without_number(row.text)): row.start for row in self._edges()}
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
    entries = entries_of(_read(lines.rows, at))
    if sum(entry.page is not None for entry in entries) >= 2:
        return entries
    items = _read_titles(lines.rows, at)
    anchors = [item for item in items if _ANCHOR.search(item.lines[0])]
    return entries_of(anchors) if len(anchors) >= 2 else _confirmed(lines, entries_of(items))


def _starts(rows: Sequence[Row]) -> list[int]:
    """Lines where a table may begin: a heading, or the first of three entries that show their pages.

    They do by a leader, or on the line below their number.
    """
    starts: list[int] = []
    run: list[int] = []
    for i, (_, text) in enumerate(rows):
        if not text:
            continue
        if len(text) <= _LONGEST_HEADING and _is_heading(text):
            starts.append(i)
        elif len(text) > _LONGEST_ENTRY:
            run = []
        elif (entry := _entry(rows, i)) >= 0:
            run.append(entry)
            if 3 <= len(run) <= 5:  # a line or two in front, such as a date, may look like entries
                starts.append(run[-3])
        elif run and i - run[-1] > 4:  # room for the lines of a long title
            run = []
    return starts


def _entry(rows: Sequence[Row], i: int) -> int:
    """Where the entry begins whose page a line ends with, or -1."""
    text = rows[i].text
    if not text[-1].isdigit():
        return -1
    if text.isdecimal():
        return i - 1 if i and len(text) < 5 and opens(rows[i - 1].text) else -1
    split = _split_page(text)
    return i if split and split[2] else -1


def _is_heading(text: str) -> bool:
    return text.strip("#*_: \t=-").casefold() in CONTENTS


def _split_page(text: str) -> tuple[str, str, bool] | None:
    """A line's title and the page at its end, and whether more than one space stands between them."""
    text = text.rstrip("| ")
    at = max(text.rfind(c) for c in LEADER) + 1
    page = text[at:]
    if at < 2 or not _PAGE.match(page):
        return None
    head = text[:at].rstrip(LEADER)
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
        self.items: list[Item] = []
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
        if self._pending and not gap and not opens(row.text):
            return self._add([*self._pending, Row(row.start, head)], row.end, page)
        parts, self._pending = self._pending, []
        kept = len(self.items)
        self.items.extend(Item([part.text], None, part.span) for part in parts)
        if self._gaps is None and self.items:
            self._gaps = gap
        if not self._add([Row(row.start, head)], row.end, page):
            del self.items[kept:]
            return False
        return True

    def _wait(self, row: Row, gap: bool) -> bool:
        last = self.items[-1] if self.items else None
        if last and not gap and not self._pending and not last.below and named(row.text):
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
        self.items.append(Item(texts, page, Span(lines[0].start, end)))
        self._pending = []
        return True


def _read(rows: Sequence[Row], at: int) -> list[Item]:
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


def _read_titles(rows: Sequence[Row], at: int) -> list[Item]:
    """Entries without pages: short lines, up to the one that says an earlier title again."""
    items: list[Item] = []
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
        folded = key(without_number(text))
        if len(text) > _LONGEST_ENTRY or folded in seen or (len(text) > _FULL and text[-1] in ".;"):
            break
        seen.add(folded)
        items.append(Item([text], None, rows[i].span))
    return items


def _confirmed(lines: _Lines, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The entries up to the last whose title stands alone on a line further on; none if most do not."""
    if len(entries) < 2 or any(key(entry.title).startswith(_PICTURES) for entry in entries):
        return ()
    end = entries[-1].span.end
    again = [i for i, entry in enumerate(entries) if lines.last(key(entry.title)) >= end]
    if len(again) < 2 or len(again) < 0.6 * (again[-1] + 1):
        return ()
    return entries[: again[-1] + 1]
