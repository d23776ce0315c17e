"""What kind of thing a question wants to know, read off its words."""

from __future__ import annotations

import re
from enum import StrEnum


class Kind(StrEnum):
    """What a question wants; a sentence that offers none of it rarely answers (`rag.offered`)."""

    DATE = "date"
    DURATION = "duration"
    MEASURE = "measure"
    MONEY = "money"
    SHARE = "share"
    NUMBER = "number"
    PERSON = "person"
    PLACE = "place"
    REASON = "reason"
    NAME = "name"


def _which(things: str) -> str:
    return rf"\b(?:what|which) (?:\w+ )?(?:{things})\b"


_ASKS: tuple[tuple[Kind, str], ...] = (  # the first that is asked for counts
    (Kind.DATE, rf"\bwhen\b|{_which('years?|dates?|days?|months?|centur(?:y|ies)|decades?')}"),
    (
        Kind.SHARE,
        r"\bpercent(?:age)?\b|\bper cent\b|\bhow (?:large|big) a (?:share|part)\b"
        rf"|{_which('share|proportion|fraction')}",
    ),
    (
        Kind.MONEY,
        r"\bhow much (?:money\b|.*\b(?:cost|pay|paid|spen[dt]|earn|invest|worth))|\bin dollars\b"
        r"|\bwhat .*\b(?:cost|price|budget|salary|revenue)\b",
    ),
    (
        Kind.DURATION,
        r"\bhow (?:long (?:did|has|have|had|was|were|will|would|ago|before|after)|old"
        r"|many (?:more )?(?:years|months|days|weeks|hours|minutes|decades))\b",
    ),
    (
        Kind.MEASURE,
        r"\bhow (?:long|far|tall|high|wide|deep|big|large|heavy|hot|fast)\b"
        r"|\bhow many (?:square |cubic )?(?:kilomet|met(?:er|re)|mile|feet|ton|hectare|acre|barrel|degree)"
        r"|\b(?:what|which)\b.{0,20}\b(?:length|height|depth|width|distance|area|capacity|volume|speed"
        r"|temperature|weight)\b",
    ),
    (Kind.NUMBER, r"\bhow (?:many|much|often)\b|\bwhat (?:number|amount|population|rate|age)\b"),
    (
        Kind.PERSON,
        r"\bwho(?:m|se)?\b"
        "|"
        + _which(
            r"(?:author|editor|person|king|queen|president|minister|ambassador|scientist|general|leader|scholar"
            r"|man|woman|emperor|pope|official|poet|writer|architect|artist|physicist|philosopher|inventor"
            r"|speaker|expert|analyst|adviser|advisor|contributor|chairman|founder|head of state)s?"
        ),
    ),
    (
        Kind.PLACE,
        r"\bwhere\b|"
        + _which(
            r"(?:countr|cit|count|universit)(?:y|ies)|(?:state|place|region|town|river|continent|province|island"
            r"|school|location|area|district|village|capital|sea|port)s?"
        ),
    ),
    (Kind.REASON, rf"\bwhy\b|{_which('reasons?|causes?')}"),
    (
        Kind.NAME,
        r"\b(?:called|named)\b|\bwhat (?:is|was|were|are) the (?:\w+ ){0,3}names?\b|\bwhich\b|"
        + _which(r"(?:compan|agenc|part)y|organi[sz]ation|group|book|team|field|project|title|term"),
    ),
)
_ASKED = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _ASKS)


def wanted(question: str) -> Kind | None:
    """The kind of thing that a question asks for, by its words; None where they do not tell."""
    return next((kind for kind, pattern in _ASKED if pattern.search(question)), None)
