"""Lines of a table of contents to entries: number, title, authors."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.records import Span
from corpus.structure.names import people
from corpus.structure.rows import Row
from corpus.structure.titles import key, numbered, plain
from corpus.structure.words import CLOSINGS, OPENINGS

_BULLET = re.compile(r"(?:[-*+\u2022\u00b7\u25aa]\s+|\|\s*)")
_IN_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]{3,200})[)\]]\s*\Z")
_BY = re.compile(r"\s*(?:,?\s[Bb]y\s|<(?:i|em)>|(?<=\s)[*_]{1,2}(?=\w))\s*")  # where an author surely begins
_DASH = re.compile(r"\s+[\u2013\u2014/|-]\s+|\t+|\s{3,}|,\s+")  # where one may begin
LEADER = "\t .\u2026\u00b7_|-\u00a0\u2024\u2025"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a table of contents; `page` is the page number as it is printed."""

    number: str | None
    title: str
    authors: tuple[str, ...]
    page: str | None
    span: Span


@dataclass(slots=True)
class Item:
    """The lines of one entry, without its page."""

    lines: list[str]
    page: str | None
    span: Span
    below: Row | None = None  # the line under the page, where it names people


def opens(text: str) -> bool:
    """Whether a line begins an entry of its own."""
    return _BULLET.match(text) is not None or numbered(text) is not None


def without_number(text: str) -> str:
    """A title without bullet, markup and number."""
    bullet = _BULLET.match(text)
    text = plain(text[bullet.end() :] if bullet else text)
    number = numbered(text)
    return number.rest if number and number.rest else text


def entries_of(items: Sequence[Item]) -> tuple[Entry, ...]:
    """The entries; a way of naming authors that could be part of a title counts only if most use it."""
    _settle(items)
    entries = [_sure(item) for item in items]
    named = [key(e.title) not in OPENINGS | CLOSINGS and e.page is not None for e in entries]
    ways: tuple[Callable[[Item, Entry], Entry | None], ...] = (_below, _above, _last, _dashed)
    for way in ways:
        tried = [
            None if entry.authors else way(item, entry) for item, entry in zip(items, entries, strict=True)
        ]
        count = sum(found is not None for found in tried)
        if count >= 2 and 2 * count >= sum(named):
            entries = [found or entry for found, entry in zip(tried, entries, strict=True)]
    return tuple(entries)


def _settle(items: Sequence[Item]) -> None:
    """Give lines that name people to the entry below where the first of them stands above its title."""
    if not items or len(items[0].lines) < 2 or not named(items[0].lines[0]):
        return
    for above, item in pairwise(items):
        if above.below:
            item.lines.insert(0, above.below.text)
            item.span = Span(above.below.start, item.span.end)
            above.below = None


def _sure(item: Item) -> Entry:
    """An entry with the authors that brackets, italics or a `by` set apart."""
    text = " ".join(item.lines)
    bullet = _BULLET.match(text)
    text = text[bullet.end() :] if bullet else text
    number = numbered(text.lstrip("*_"))
    text = number.rest if number and number.rest else text
    title, authors = _split_authors(text.strip().rstrip(LEADER))
    return Entry(number.number if number and number.rest else None, title, authors, item.page, item.span)


def _split_authors(text: str) -> tuple[str, tuple[str, ...]]:
    brackets = _IN_BRACKETS.search(text)
    if brackets and (names := named(brackets.group(1))):
        return plain(text[: brackets.start()]), names
    for match in _BY.finditer(text):
        if match.start() > 0 and (names := named(text[match.end() :])):
            return plain(text[: match.start()].rstrip(" ,\u2013\u2014-")), names
    return plain(text), ()


def named(text: str) -> tuple[str, ...]:
    """The authors that a text names and nothing else, with or without a `by`."""
    bare = plain(text.strip(" *_"))
    return people(bare[3:] if bare[:3].casefold() == "by " else bare)


def _below(item: Item, entry: Entry) -> Entry | None:
    if item.below is None:
        return None
    return replace(entry, authors=named(item.below.text), span=Span(entry.span.start, item.below.end))


def _above(item: Item, entry: Entry) -> Entry | None:
    return _of_lines(item.lines[1:], item.lines[0], entry) if len(item.lines) > 1 else None


def _last(item: Item, entry: Entry) -> Entry | None:
    return _of_lines(item.lines[:-1], item.lines[-1], entry) if len(item.lines) > 1 else None


def _of_lines(title: Sequence[str], author: str, entry: Entry) -> Entry | None:
    names = named(author)
    return replace(entry, title=without_number(" ".join(title)), authors=names) if names else None


def _dashed(item: Item, entry: Entry) -> Entry | None:
    text = " ".join(item.lines)
    for match in _DASH.finditer(text):
        if match.start() > 0 and (names := named(text[match.end() :])):
            return replace(entry, title=without_number(text[: match.start()]), authors=names)
    return None
