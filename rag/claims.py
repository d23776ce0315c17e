"""What is claimed of a quotation (document, author, speaker, date, page), held against where it stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property

from rapidfuzz import fuzz

from index.filters import fold
from index.store import Store
from rag.errors import QuoteError
from rag.people import same_person
from rag.quotes import Match
from rag.speech import Attribution, attribution

MAX_CLAIM = 500  # characters
_MOST_PAGES = 200  # of a range
_SHORTEST_NAME = 3  # characters
_TITLE_LIKE = 88  # similarity (0 to 100) of a title that is given with slips
_NUMBER = re.compile(r"\b(?:[ivxlcdm]+|\d+[a-z]?)\b", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = re.compile(r"\b(1[0-9]{3}|2[0-9]{3})\b")
_ISO = re.compile(r"\b([12][0-9]{3})-([01][0-9])(?:-([0-3][0-9]))?\b")
_DAY = re.compile(r"\b([0-3]?[0-9])(?:st|nd|rd|th)?\b(?!\d)")


@dataclass(frozen=True, slots=True)
class Claim:
    """Where a quotation is said to come from; any of it may be left out, and be given loosely."""

    document: str | None = None
    author: str | None = None
    speaker: str | None = None
    date: str | None = None
    page: str | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None and not value.strip():
                raise QuoteError(f"the {field.name} claimed is empty; leave it out, or name it")
            if value is not None and len(value) > MAX_CLAIM:
                raise QuoteError(f"the {field.name} claimed has {len(value)} characters; {MAX_CLAIM} at most")
        if self.date and not _date(self.date):
            raise QuoteError(
                f"the date claimed, {self.date!r}, names no year; give 2021, 2021-01-31 or January 2021"
            )
        if self.page and not _pages(self.page):
            raise QuoteError(f"the page claimed, {self.page!r}, names no page; give 14, xii or 14-16")

    def __bool__(self) -> bool:
        return self != Claim()


@dataclass(frozen=True, slots=True)
class Agreement:
    """One thing claimed and what was found instead; `agrees` is None where the document does not tell."""

    given: str
    found: str | None
    agrees: bool | None


class Shelf:
    """What the documents are called; they are listed when first asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @cached_property
    def _names(self) -> list[tuple[str, list[str]]]:
        """Each document's id with what it may be called, without case and punctuation."""
        return [
            (id_, [_plain(name) for name in _called(source, csl)]) for id_, source, csl in self._store.names()
        ]

    def named(self, name: str) -> frozenset[str]:
        """The documents that a name may mean: an id or its beginning, a file, a part of a title."""
        wanted, id_ = _plain(name), name.strip()
        if len(wanted) < _SHORTEST_NAME:
            return frozenset()
        ways: tuple[Callable[[str, list[str]], bool], ...] = (
            lambda own, names: own == id_ or wanted in names,
            lambda own, names: own.startswith(id_) or any(f" {wanted}" in f" {called}" for called in names),
            lambda own, names: any(_like(wanted, called) for called in names),
        )
        found = (frozenset(own for own, names in self._names if way(own, names)) for way in ways)
        return next(filter(None, found), frozenset())


def _called(source: str, csl: Mapping[str, object]) -> list[str]:
    file = source.rpartition("/")[2]
    titles = (csl.get(field) for field in ("title", "container-title", "title-short"))
    return [source, file, file.rpartition(".")[0], *(str(title) for title in titles if title)]


def _plain(name: str) -> str:
    """Words alone: file names write them with hyphens and underscores."""
    return " ".join(re.findall(r"[^\W_]+", fold(name) or ""))


def _like(wanted: str, name: str) -> bool:
    return len(wanted) > 5 and fuzz.token_sort_ratio(wanted, name) >= _TITLE_LIKE


def agreements(claim: Claim, match: Match, shelf: Shelf) -> Mapping[str, Agreement]:
    """Each thing claimed, held against one place where the quotation stands."""
    held: dict[str, Agreement] = {}
    if claim.document:
        held["document"] = _document(claim.document, match, shelf)
    if claim.author:
        held["author"] = _author(claim.author, match)
    if claim.speaker:
        held["speaker"] = _speaker(claim.speaker, match)
    if claim.date:
        issued = match.citation.stored.record.get("issued")
        held["date"] = _dated(claim.date, str(issued) if issued else None)
    if claim.page:
        held["page"] = _paged(claim.page, match.citation.locator.pages)
    return held


def _document(name: str, match: Match, shelf: Shelf) -> Agreement:
    stored = match.citation.stored
    title = str(stored.record.get("title") or stored.source)
    return Agreement(name, title, stored.document_id in shelf.named(name))


def _author(name: str, match: Match) -> Agreement:
    """Who wrote a place, in any of the spellings that the document has."""
    known = authors(match)
    spelt = (*known, *match.citation.locator.author_variants)
    agrees = any(same_person(name, other) for other in spelt) if known else None
    return Agreement(name, "; ".join(known) or None, agrees)


def authors(match: Match) -> list[str]:
    """Who wrote a place: the authors of its section, else of the document, else who published it.

    Who speaks in an interview is an author of what he says.
    """
    record, locator = match.read.stored.document.record, match.citation.locator
    known = list(locator.section_authors or record.authors)
    if locator.speaker:
        known.append(locator.speaker)
    return known or ([record.publisher] if record.publisher else [])


def _speaker(name: str, match: Match) -> Agreement:
    """The speaker of a turn; or whom the text quotes or reports; or else who wrote it."""
    several = _speakers(match)
    if len(several) > 1:  # whoever is claimed, some of the words are another's
        return Agreement(name, " and ".join(several), agrees=False)
    told = spoken(match)
    own = match.citation.locator.speaker
    by_text = any(same_person(name, other) for other in told.names)
    if told.quoted and told.names:
        return Agreement(name, max(told.names[:2], key=lambda n: " " in n), by_text)
    if by_text:
        return Agreement(name, next(other for other in told.names if same_person(name, other)), agrees=True)
    if own:
        return Agreement(name, own, same_person(name, own))
    return _author(name, match)


def _speakers(match: Match) -> list[str]:
    """Who speaks in the turns that a place reaches into."""
    turns, spans = match.read.stored.document.structure.turns, match.citation.spans
    return list(dict.fromkeys(t.speaker for t in turns if any(t.span.overlap(span) for span in spans)))


def spoken(match: Match) -> Attribution:
    """Whom the text itself gives the words to, from the paragraph that they stand in."""
    read = match.read
    start, end = match.range
    blocks = read.stored.document.structure.blocks
    place = read.reading.canonical(start)
    i = bisect_right(blocks, place, key=lambda block: block.span.start) - 1
    first = read.reading.position(blocks[i].span.start) if i >= 0 else 0
    behind = read.reading.end(blocks[i].span.end) if i >= 0 else len(read.reading.text)
    first, behind = min(first, start), max(behind, end)
    return attribution(read.reading.text[first:behind], start - first, end - first)


def _dated(given: str, issued: str | None) -> Agreement:
    """Dates agree as far as both tell: 2021 with 2021-01-31."""
    if not issued:
        return Agreement(given, None, None)
    claimed = _date(given)
    return Agreement(given, issued, claimed.startswith(issued) or issued.startswith(claimed))


def _date(text: str) -> str:
    """A loosely given date as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; empty where there is no year."""
    if iso := _ISO.search(text):
        return "-".join(part for part in iso.groups() if part)
    year = _YEAR.search(text)
    if not year:
        return ""
    month = next((n for n, name in enumerate(_MONTHS, 1) if re.search(rf"\b{name}", text.lower())), 0)
    if not month:
        return year.group()
    day = _DAY.search(text.replace(year.group(), " "))
    return f"{year.group()}-{month:02}" + (f"-{int(day.group(1)):02}" if day else "")


def _paged(given: str, labels: tuple[str, ...]) -> Agreement:
    found = "–".join(dict.fromkeys((labels[0], labels[-1]))) if labels else None
    known = {label.casefold() for label in labels}
    return Agreement(given, found, bool(_pages(given) & known) if labels else None)


def _pages(text: str) -> set[str]:
    """The page labels of `p. 14`, `xii`, `14-16`, `14, 16`."""
    bare = re.sub(r"\b(?:pages?|pp?)\b\.?", " ", text.casefold())
    found: set[str] = set()
    for part in re.split(r"[,;&]|\band\b", bare):
        numbers = _NUMBER.findall(part)
        if len(numbers) == 2 and all(map(str.isdecimal, numbers)) and re.search(r"\d\s*[-–—]\s*\d", part):
            first, last = numbers
            if len(last) < len(first):  # 114-6
                last = first[: -len(last)] + last
            numbers = [str(n) for n in range(int(first), min(int(last), int(first) + _MOST_PAGES) + 1)]
        found.update(numbers)
    return found
