"""What was folded away between a quotation and its source, by name: told, so that nobody need guess."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from corpus.records import Span
from index.readings import ReadDocument
from rag.quotation import Quotation
from rag.tokens import APOSTROPHES, DIRECTIONS, Kind, Token

FOLDS = (  # in the order in which they are told
    "white space",
    "quotation marks",
    "apostrophes",
    "hyphens",
    "dashes",
    "ellipsis",
    "character forms",
    "invisible characters",
    "markup",
    "note marks",
    "page break",
    "case at the start",
    "punctuation at the end",
    "insertion",
    "omission",
)
_HYPHENS = frozenset("-\u2010\u2011")
_INVISIBLE = dict.fromkeys(
    map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u202a\u202b\u202c\u202d\u202e" + DIRECTIONS)
)
_APOSTROPHES = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
_OF_KIND = {Kind.QUOTE: "quotation marks", Kind.ELLIPSIS: "ellipsis"}


def typography(
    quotation: Quotation,
    ours: Sequence[Token],
    read: ReadDocument,
    theirs: Sequence[Token],
    pairs: Sequence[tuple[int, int]],
) -> Iterator[str]:
    """The folds between the tokens that are equal (`pairs`), and between the gaps in front of them."""
    before: tuple[Span, Span] | None = None
    former = (-2, -2)
    canonical = read.stored.document.text
    for i, j in pairs:
        mine, stood = ours[i], theirs[j]
        if (i - 1, j - 1) != former:
            before = None
        former = (i, j)
        here = quotation.reading.locate(mine.start, mine.end)
        there = read.reading.locate(stood.start, stood.end) if _in_one(read, stood) else None
        if there is None:
            yield "page break"
            before = None
            continue
        text, stands = quotation.given[here.start : here.end], canonical[there.start : there.end]
        if text != stands:
            yield _of_token(mine.kind, text, stands)
        if before:
            yield from _of_gap(quotation, read, Span(before[0].end, here.start), before[1].end, there.start)
        before = here, there


def _in_one(read: ReadDocument, token: Token) -> bool:
    """Whether a word is not cut by the end of a page."""
    length = read.reading.canonical(token.end - 1) + 1 - read.reading.canonical(token.start)
    return length == token.end - token.start or len(read.spans(token.start, token.end)) == 1


def _of_token(kind: Kind, text: str, stands: str) -> str:
    if kind in _OF_KIND:
        return _OF_KIND[kind]
    if kind is Kind.DASH:
        return "hyphens" if {text, stands} <= _HYPHENS else "dashes"
    if text.translate(_INVISIBLE) == stands.translate(_INVISIBLE):
        return "invisible characters"
    if text.translate(_APOSTROPHES) == stands.translate(_APOSTROPHES):
        return "apostrophes"
    if any(c in "-\u2010\u2011\u00ad" for c in text + stands):
        return "hyphens"
    if unicodedata.normalize("NFKC", text) == unicodedata.normalize("NFKC", stands):
        return "character forms"
    return "case at the start" if text.startswith("[") else "markup"


def _of_gap(quotation: Quotation, read: ReadDocument, here: Span, start: int, end: int) -> Iterator[str]:
    if end < start:
        yield "page break"
        return
    text = quotation.given[here.start : here.end] if here.start <= here.end else ""
    stands = read.stored.document.text[start:end]
    if text == stands:
        return
    if text.split() or stands.split():
        yield _of_marks(read, text, Span(start, end))
    if [c for c in text if c.isspace()] != [c for c in stands if c.isspace()]:
        yield "white space"


def _of_marks(read: ReadDocument, text: str, gap: Span) -> str:
    structure = read.stored.document.structure
    if any(mark.overlap(gap) for mark in structure.marks):
        return "note marks"
    if read.reading.of(gap).strip() or any(span.overlap(gap) for span in structure.furniture):
        return "page break"
    stands = read.stored.document.text[gap.start : gap.end]
    if not (text + stands).translate(_INVISIBLE).strip():
        return "invisible characters"
    return "markup"
