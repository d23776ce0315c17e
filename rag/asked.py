"""What a question asks of the structure of documents: who wrote a part, what a note says, what backs it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_PART = re.compile(
    r"\b(?:chapter|section|part|article|essay|report|paper|piece|contribution|foreword|preface|introduction|"
    r"conclusion|afterword|epilogue|editorial|study|volume|book|bulletin)(?:s|'s|’s)?\b",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"\bwho(?:m|se)?\b|\b(?:which|what)\s+(?:author|contributor|writer|expert|scholar|person|analyst|speaker|"
    r"minister|president|official|adviser|advisor)s?\b|\bauthors?\s+of\b",
    re.IGNORECASE,
)
_AUTHOR = re.compile(
    r"\bwho(?:m|se)?\b|\b(?:which|what)\s+(?:author|contributor|writer|expert|scholar|person|analyst)s?\b"
    r"|\bauthors?\s+of\b",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"\b(?:wrote|writ(?:es?|ten|ing)|author\w*|contribut\w+|penned|sign(?:s|ed|ature)|by-?line|is behind)\b",
    re.IGNORECASE,
)
_WROTE_PART = re.compile(
    r"\b(?:wrote|writ(?:es?|ten|ing)|authored|authors?\s+of|penned)\b.{0,40}?"
    r"\b(?:chapter|section|part|article|essay|editorial|contribution)\b",
    re.IGNORECASE,
)
_OF_A_PART = re.compile(
    r"\b(?:wrote|writ(?:es?|ten)|authored|authors?\s+of|penned|signed)\b.{0,30}?"
    r"\b(?:chapter|section|part|introduction|foreword|preface|conclusion|afterword|epilogue|editorial)\b",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"\b(?:sources?|cit(?:e|es|ed|ations?)|footnotes?|endnotes?|note \d+|references?)\b"
    r"|\bwhat (?:backs|supports)\b|\b(?:taken|comes?|came) from\b"
    r"|\bwhere\b.{1,120}\b(?:published|printed|appear(?:s|ed)?)\b"
    r"|\b(?:from|in|on) (?:what|which|whose) "
    r"(?:book|work|article|paper|study|thesis|publication|journal|newspaper)\b"
    r"|\bwhich (?:\w+ ){0,3}(?:book|article|study|thesis|publication|newspaper|news agency|website)\b",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"\b(?:foot|end)?notes?\s+(?:no\.?\s*|nr\.?\s*|number\s+|#)?"
    r"(?P<number>\d{1,4}\b|[a-z](?=\s*(?:[?.,;)]|\Z)|\s+(?:cites?|says?|refers?|means?|gives?)\b))",
    re.IGNORECASE,
)
_ASKING = (  # words that tell where to look and how to speak, and say nothing of the subject
    "report reports bulletin article document documents text passage interview conversation talk "
    "say says said according mention mentioned many going main"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """`author` wants the author of a part: `surely` where a word says so, perhaps where a part is only named.

    `part` says that the part itself is what was written. `notes` are the numbers of notes asked about.
    """

    who: bool = False
    author: bool = False
    surely: bool = False
    part: bool = False
    source: bool = False
    notes: tuple[str, ...] = ()


def subject(question: str, terms: Callable[[str], list[str]]) -> list[str]:
    """The search terms of a question that say what it is about; all of them where none does."""
    found, asking = terms(question), set(terms(_ASKING))
    return [term for term in found if term not in asking] or found


def asked(question: str) -> Asked:
    """What a question asks, read off its words."""
    notes = tuple(dict.fromkeys(match.group("number") for match in _NOTE.finditer(question)))
    who, source = bool(_WHO.search(question)), bool(notes or _SOURCE.search(question))
    surely = bool(_WROTE.search(question))
    # Who wrote the piece that a chapter cites is told by a note.
    author = bool(_AUTHOR.search(question) and _PART.search(question)) and not source
    part = author and bool(_WROTE_PART.search(question))
    return Asked(who, author, surely, part, source, notes)


def asks_for_author_of_a_part(question: str) -> bool:
    """Whether it wants to know who wrote a chapter or a foreword: only a by-line of that part can tell."""
    return asked(question).author and bool(_OF_A_PART.search(question))
