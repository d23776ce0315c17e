"""Lines that could be headings, each judged alone; `headings` decides with the whole text in view."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.records import Span
from corpus.structure.names import is_name
from corpus.structure.rows import Row, paragraphs, span_of
from corpus.structure.titles import Numbered, alike, key, numbered, plain
from corpus.structure.words import CLOSINGS, OPENINGS

_LONGEST = 160  # characters of a heading, all its lines together
_ATX = re.compile(r"#{1,6}(?=[ \t]+\S)")
_ITALIC = re.compile(r"(?:\*[^*]+\*|_[^_]+_)\Z")
_BOLD = re.compile(r"(?:\*\*[^*]+\*\*|__[^_]+__)\Z")
_OPEN_END = re.compile(r"[.:;,…][\"'”’)*_]*\Z")  # the end of a sentence, or of what goes on below
_SENTENCE = re.compile(r"[.!?…][\"'”’)\]*_\u00b9\u00b2\u00b3\u2070-\u2079\d]*\Z")
_CITATION = re.compile(
    r"https?:|www\.|\bpp?\.\s?\d|\b[Vv]ol\.|\b[Nn]o\.\s?\d|\b[Ii]bid|\bop\. ?cit|\beds?\.|[Aa]ccessed|"
    r"[Aa]vailable at|"
    r",[”\"’]|[”\"’],|\*,|\(\d{4}\)|,\s\d{4}\b"
)
_NUMBER_AND = re.compile(r"\A[\w.]{1,9}[.):]?\s+")
_USUAL = OPENINGS | CLOSINGS
_SHORT = 60  # characters; a longer paragraph, or one that ends as a sentence does, is prose


class Style(StrEnum):
    """How a heading is set apart from the text around it."""

    MARKED = "marked"  # `#`, or an underline
    NUMBERED = "numbered"
    WORD = "word"  # a usual title such as Foreword
    LISTED = "listed"  # stands in the table of contents
    CAPITALS = "capitals"
    BOLD = "bold"
    ITALIC = "italic"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What could be a heading; `strong` says that more than its words speak for it."""

    style: Style
    span: Span
    key: str
    number: Numbered | None = None
    level: int = 0  # where the mark tells it
    listed: bool = False
    strong: bool = False
    prose: bool = False  # prose stands between it and the next candidate


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles in the table of contents, folded, with their numbers."""

    numbers: Mapping[str, str | None]
    lengths: frozenset[int] = frozenset()  # of lines that could be one of them

    def __contains__(self, title: str) -> bool:
        return title in self.numbers

    def lists(self, title: str, number: Numbered | None) -> bool:
        """Whether a heading is in the table, much alike at least where the number is the same."""
        if title in self.numbers:
            return True
        return number is not None and any(
            own == number.number and alike(title, listed) for listed, own in self.numbers.items()
        )


def _atx(row: Row) -> Candidate | None:
    match = _ATX.match(row.text)
    if match is None:
        return None
    return _marked(row.span, row.text, len(match.group()))


def _marked(span: Span, text: str, level: int) -> Candidate:
    title = plain(text)
    number = numbered(title)
    if number is None or not (number.closed and number.rest):
        return Candidate(Style.MARKED, span, key(title), level=level, strong=True)
    return Candidate(Style.MARKED, span, key(number.rest), number, level, strong=True)


def _underlined(rows: Sequence[Row], i: int) -> Candidate | None:
    """A line with nothing above it and a row of `=` or `-` below."""
    below = rows[i + 1].text if i + 1 < len(rows) else ""
    if len(below) < 3 or below[0] not in "=-" or below.strip(below[0]):
        return None
    text = rows[i].text
    if (i and rows[i - 1].text) or len(text) > _LONGEST or "|" in text or "  " in text or "\t" in text:
        return None  # `  ` and `|` part the columns of a table
    if not any(c.isalpha() for c in text):
        return None
    if below[0] == "-" and _SENTENCE.search(text):  # a rule below a paragraph
        return None
    return _marked(rows[i].span, text, 1 if below[0] == "=" else 2)


def unmarked(rows: Sequence[Row], titles: Titles) -> Iterator[Candidate | Span]:
    """Candidates of plain text in reading order, and between them the spans of prose."""
    bare = False  # whether the heading above is a number without a title
    for group in paragraphs(rows):
        first = group[0].text
        found: Candidate | None = None
        if len(first) <= _LONGEST:
            found = _judge(group, titles) or (_titles_number(group) if bare else None)
        bare = found is not None and found.number is not None and not found.number.rest
        if found:
            yield found
            if found.span.end < group[-1].start:
                yield Span(found.span.end, group[-1].end)
        elif (len(group) > 2 or len(first) > _SHORT or _SENTENCE.search(group[-1].text)) and not _imprint(
            group
        ):
            yield span_of(group)


def _titles_number(group: Sequence[Row]) -> Candidate | None:
    """The title on the line below `CHAPTER TWO`."""
    text = group[0].text
    if len(group) > 1 or len(text) > _SHORT or _OPEN_END.search(text) or not text[0].isupper():
        return None
    return Candidate(Style.BOLD, group[0].span, key(text))


def _imprint(group: Sequence[Row]) -> bool:
    """Whether a paragraph gives an address or rights, as title pages do."""
    if len(group) > 5 or len(group[0].text) > _LONGEST:
        return False
    text = "\n".join(row.text for row in group)
    return any(mark in text for mark in ("@", "www.", "ISBN", "ISSN", "©"))


def _judge(group: Sequence[Row], titles: Titles) -> Candidate | None:
    if group[0].text[0] == "#":
        return _atx(group[0])
    if len(group) > 1 and (found := _underlined(group, 0)):
        return found
    if len(group) > 3:
        return _on_top(group[0], titles)
    text = " ".join(row.text for row in group)
    if len(text) <= _LONGEST and (found := _whole(text, span_of(group), len(group), titles)):
        return found
    return _on_top(group[0], titles) if len(group) > 1 else None


def _on_top(row: Row, titles: Titles) -> Candidate | None:
    """A heading with its text right below: only a usual title, or a number and capitals."""
    if len(row.text) > _SHORT and not row.text.isupper():
        return None
    found = _whole(row.text, row.span, 1, titles)
    if found is None or row.text[-1] in ".,;":
        return None
    if found.style is Style.NUMBERED:
        return found if found.listed or capitals(row.text) else None
    return found if found.style in (Style.WORD, Style.LISTED) and row.text[0].isupper() else None


def _whole(text: str, span: Span, lines: int, titles: Titles) -> Candidate | None:
    """A paragraph as a heading, or None."""
    wrapped, shouts = _wrapped(text), capitals(text)
    number = numbered(text.lstrip("*_"))
    usual = text.strip("*_: ").casefold() in _USUAL
    if not (wrapped or shouts or usual or number or len(text) in titles.lengths):
        return None  # most lines: the rest costs more
    title = plain(text)
    if not title or not (title[0].isalnum() or title[0] in "“\"'‘«„¿¡("):
        return None
    number = numbered(title)
    folded = key(number.rest if number else title)
    entire = key(title) in titles
    listed = entire or titles.lists(folded, number)
    if number and not entire:
        strong = shouts or listed or wrapped or _wrapped(_NUMBER_AND.sub("", text))
        if _is_numbered(number, text, listed, strong, lines):
            return Candidate(Style.NUMBERED, span, folded, number, listed=listed, strong=strong)
        if number.closed or not (shouts or listed):
            return None
    if usual:
        return Candidate(Style.WORD, span, folded, listed=listed, strong=True) if lines == 1 else None
    style = _style(text, title, listed=listed, shouts=shouts, wrapped=wrapped and lines == 1)
    return Candidate(style, span, folded, listed=listed, strong=listed) if style else None


def _style(text: str, title: str, *, listed: bool, shouts: bool, wrapped: bool) -> Style | None:
    """How words without a number are set apart, or None where they are not."""
    if _OPEN_END.search(text) or _signs(title):
        return None
    if listed:
        return Style.LISTED
    if shouts and len(title.split()) > 1 and "@" not in title and "www." not in title:
        return Style.CAPITALS
    if wrapped and not is_name(title):
        return Style.BOLD if _BOLD.match(text) else Style.ITALIC
    return None


def _signs(title: str) -> bool:
    """Whether a line is a by-line."""
    return title[:3].casefold() == "by " and is_name(title[3:].split(",")[0])


def _wrapped(text: str) -> bool:
    """Whether emphasis marks enclose a whole line."""
    return text[0] in "*_" and bool(_BOLD.match(text) or _ITALIC.match(text)) if text else False


def _is_numbered(number: Numbered, text: str, listed: bool, strong: bool, lines: int) -> bool:
    """Whether a number and what follows it look like a heading and not like an item or a note."""
    rest = number.rest
    if not rest:
        return number.kind not in ("arabic", "letter") and number.closed
    if listed:
        return True
    if number.kind == "letter" and number.number == "Q":  # asks; no list has so many items
        return False
    if rest[0].islower() or not any(c.isalpha() for c in rest) or _OPEN_END.search(text):
        return False
    if not strong and (lines > 1 or _CITATION.search(rest)):
        return False
    return number.closed or strong


def capitals(text: str) -> bool:
    """Letters all capital, at least six: `SELECTED DATES`, but not `NATO` nor `A 1`."""
    if not text.isupper():
        return False
    return sum(c.isalpha() for c in text) >= 6


def levels_of(chosen: Sequence[Candidate]) -> list[int]:
    """The level of each heading: marks tell their own, numbers nest where they start again."""
    kinds = list(dict.fromkeys(c.number.kind for c in chosen if c.number))
    ones = Counter(c.number.kind for c in chosen if c.number and c.number.value == (1,))
    kinds.sort(key=lambda kind: (kind != "part", kind != "chapter", ones[kind] > 1))
    capitals = sum(c.style is Style.CAPITALS for c in chosen)
    base = 2 if kinds and ones[kinds[0]] > 1 and capitals > 1 else 1
    depth = base + len(kinds) if kinds else (2 if capitals else 1)
    words = Counter(c.key for c in chosen if c.style is Style.WORD)
    marked = {
        c.number.kind: c.level - len(c.number.value) + 1
        for c in chosen
        if c.style is Style.MARKED and c.number
    }
    levels: list[int] = []
    for candidate in chosen:
        if candidate.style is Style.MARKED:
            levels.append(candidate.level)
        elif candidate.number:
            first = marked.get(candidate.number.kind, base + kinds.index(candidate.number.kind))
            levels.append(first + len(candidate.number.value) - 1)
        elif candidate.style in (Style.BOLD, Style.ITALIC):
            levels.append(depth)
        else:
            levels.append(2 if words[candidate.key] > 1 and kinds else 1)
    return levels
