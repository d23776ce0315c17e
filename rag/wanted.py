"""What kind of thing a question wants to know, and where a sentence offers one that the question does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

Range = tuple[int, int]  # [start, end) of a text, in code points


class Kind(StrEnum):
    """What a question wants; a sentence that offers none of it rarely answers."""

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


_MONTH = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    "|Nov(?:ember)?|Dec(?:ember)?"
)
_YEAR = r"(?:1[0-9]|20)\d\ds?(?:\s?[-–—/]\s?(?:(?:1[0-9]|20)?\d\d))?"  # noqa: RUF001 - as ranges are printed
_WORDS = (
    "(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    "|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand"
    "|million|billion|trillion|dozens?)(?:[- ](?:and )?)?)+(?<![- ])"
)
_DIGITS = r"\d[\d.,]*(?<![.,])(?:[ -](?:hundred|thousand|million|billion|trillion))?"
_FIGURE = rf"(?:(?<![\w.,]){_DIGITS}(?!\w)|\b{_WORDS}\b)"
_ORDINAL = r"(?:\d+(?:st|nd|rd|th)|(?:eigh|nine|seven|six|fif|four|thir)?teenth|twelfth|twent(?:y-\w+|ieth))"
_UNIT = (
    r"(?:km|kilomet\w+|met(?:er|re)s?|m|miles?|mi|feet|foot|ft|inch(?:es)?|cm|mm|yards?|acres?|hectares?|"
    r"(?:square|cubic) \w+|tons?|tonnes?|kg|kilogram\w*|grams?|pounds?|lit(?:er|re)s?|barrels?|degrees?|°\s?[CF]|"
    r"[KMG]W\w*|(?:kilo|mega|giga)watt\w*|bcma?|bpd|hertz|[kMG]?Hz)"
)
_TIME = r"(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?|decades?|centur(?:y|ies))"
_CURRENCY = r"(?:dollars?|euros?|pounds?|manats?|USD|EUR|GBP|AZN|cents?|rubles?|roubles?|francs?|yen|yuan|lira)"
_PARTICLE = r"(?:of|the|de|del|la|von|van|der|al|and|for|bin|ibn|&)"
_CAPITAL = r"(?:[A-Z]\.)+|[^\W\d_a-z][\w’'.-]*\w|[A-Z]"
_OFFERS: dict[Kind, re.Pattern[str]] = {
    Kind.DATE: re.compile(
        rf"\b(?:(?:\d{{1,2}}(?:st|nd|rd|th)?(?:\s?[-–—]\s?\d{{1,2}})? )?(?:{_MONTH})\.?"  # noqa: RUF001
        rf"(?: \d{{1,2}}(?:st|nd|rd|th)?(?!\d))?,?(?: {_YEAR})?|{_YEAR})(?!\w)"
        rf"|\b(?:(?:early|late|mid)[- ]|(?:the )?(?:\w+ half|end|beginning) of the )?{_ORDINAL}[- ]centur(?:y|ies)\b"
    ),
    Kind.DURATION: re.compile(rf"{_FIGURE}[- ](?:\w+[- ])?{_TIME}\b|\b(?:since|until|till) {_YEAR}", re.IGNORECASE),
    Kind.MEASURE: re.compile(rf"{_FIGURE}[- ]?(?:\w+[- ])?{_UNIT}(?!\w)", re.IGNORECASE),
    Kind.MONEY: re.compile(rf"[$€£¥₼]\s?{_FIGURE}|{_FIGURE} (?:\w+ )?{_CURRENCY}\b", re.IGNORECASE),
    Kind.SHARE: re.compile(
        rf"{_FIGURE}\s?(?:%|per ?cent(?:age points?)?\b)|\b(?:one|two|three)[- ](?:half|thirds?|quarters?|fifths?)\b"
        r"|\b(?:half|a third|a quarter|(?:the )?majority|most) of\b",
        re.IGNORECASE,
    ),
    Kind.NUMBER: re.compile(rf"{_FIGURE}(?:\s?%| ?per ?cent\b)?|\b(?:none|both|single|twice|once)\b", re.IGNORECASE),
    Kind.NAME: re.compile(rf"\b(?:{_CAPITAL})(?:(?: {_PARTICLE})* (?:{_CAPITAL}))*|[“\"‘][^”\"’]{{2,80}}[”\"’]"),
    Kind.REASON: re.compile(
        r"\b(?:because|since|due to|owing to|thanks to|in order to|so that|so as to|given that|for fear|as a result"
        r"|caused by|on account of|in view of|(?:the|one|main) reasons?)\b[^.;:]*",
        re.IGNORECASE,
    ),
}
_OFFERS[Kind.PERSON] = _OFFERS[Kind.PLACE] = _OFFERS[Kind.NAME]
_WHO = (
    "author|editor|person|king|queen|president|minister|ambassador|scientist|general|leader|scholar|man|woman|emperor"
    "|pope|official|poet|writer|architect|artist|physicist|philosopher|inventor|speaker|expert|analyst|chairman|founder"
)
_WHERE = (
    "country|countries|city|cities|state|place|region|town|river|continent|province|county|island|university|school"
    "|location|area|district|village|capital|sea|port"
)
_ASKS: tuple[tuple[Kind, str], ...] = (
    (Kind.DATE, r"\bwhen\b|\b(?:what|which) (?:\w+ )?(?:years?|dates?|days?|months?|centur(?:y|ies)|decades?)\b"),
    (Kind.SHARE, r"\bpercent(?:age)?\b|\bper cent\b|\b(?:what|which|how (?:large|big) a) (?:share|proportion|fraction)\b"),
    (Kind.MONEY, r"\bhow much (?:money\b|.*\b(?:cost|pay|paid|spen[dt]|earn|invest|worth))|\bin dollars\b"
        r"|\bwhat .*\b(?:cost|price|budget|salary|revenue)\b"),
    (Kind.DURATION, r"\bhow (?:long (?:did|has|have|had|was|were|will|would|ago|before|after)|many \w*(?:years|months|days|weeks|hours|minutes|decades)|old)\b"),
    (Kind.MEASURE, r"\bhow (?:long|far|tall|high|wide|deep|big|large|heavy|hot|fast)\b"
        r"|\b(?:what|which)\b.{0,20}\b(?:length|height|depth|width|distance|area|capacity|volume|speed|temperature|weight)\b"),
    (Kind.NUMBER, r"\bhow (?:many|much|often)\b|\bwhat (?:number|amount|population|rate|age)\b"),
    (Kind.PERSON, rf"\bwho(?:m|se)?\b|\b(?:which|what) (?:\w+ )?(?:{_WHO})s?\b"),
    (Kind.PLACE, rf"\bwhere\b|\b(?:what|which) (?:\w+ )?(?:{_WHERE})s?\b"),
    (Kind.REASON, r"\bwhy\b|\b(?:for )?(?:what|which) (?:\w+ )?(?:reasons?|causes?)\b"),
    (Kind.NAME, r"\b(?:called|named)\b|\bwhat (?:is|was|were|are) the (?:\w+ )*?names?\b"
        r"|\bwhich\b|\bwhat (?:\w+ )?(?:company|organi[sz]ation|group|party|book|team|agency|field|project|title|term)\b"),
)
_ASKED = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _ASKS)
_WORD = re.compile(r"\w+")
_LIST = re.compile(r",? (?:and|or|to|&)(?: the)? |, |\s?[-–—]\s?")  # noqa: RUF001
_STEM = 4  # letters by which words of a question and of a text are compared
_NEAR = 20  # characters within which it hardly matters how near
# Words that a sentence may begin with, and no name does.
_OPENERS = frozenset(
    "the a an in on at of for to by from with as it its he she they his her their this that these those there and but"
    " or so if when while after before since during although however moreover thus also both all some many most no not"
    " one we i you our my your who what which where why how according".split()
)


def wanted(question: str) -> Kind | None:
    """The kind of thing that a question asks for, by its words; None where they do not tell."""
    return next((kind for kind, pattern in _ASKED if pattern.search(question)), None)


def offered(kind: Kind | None, text: str, question: str) -> list[Range]:
    """Where a text offers things of a kind, in reading order, but for those that the question holds itself."""
    if kind is None:
        return []
    held = {word.casefold() for word in _WORD.findall(question)}
    return [range_ for range_ in _found(kind, text) if _is_new(text[slice(*range_)], held)]


def _found(kind: Kind, text: str) -> Iterator[Range]:
    names = _OFFERS[kind] is _OFFERS[Kind.NAME]
    for match in _OFFERS[kind].finditer(text):
        start, end = match.span()
        while names and (word := _WORD.match(text, start, end)) and word.group().casefold() in _OPENERS:
            after = _WORD.search(text, word.end(), end)
            start = after.start() if after else end
        if start < end:
            yield start, end


def _is_new(candidate: str, held: set[str]) -> bool:
    """Whether a question does not name it: its last word tells (`Mr Hajiyev` for `Hikmat Hajiyev`)."""
    words = [word.casefold() for word in _WORD.findall(candidate)]
    return bool(words) and words[-1].removesuffix("s") not in held and words[-1] not in held


def best_offered(kind: Kind | None, text: str, question: str) -> list[Range]:
    """Of what a text offers, the thing that stands nearest to the question's words, with what is listed with it.

    Without a word of the question in the text, the first one.
    """
    found = _listed(offered(kind, text, question), text)
    if len(found) < 2:
        return found
    asked = {word.casefold()[:_STEM] for word in _WORD.findall(question) if len(word) >= _STEM}
    met = [match.start() for match in _WORD.finditer(text) if match.group().casefold()[:_STEM] in asked]
    return [max(found, key=lambda range_: sum(1 / (_NEAR + _gap(range_, at)) for at in met))]


def _listed(found: list[Range], text: str) -> list[Range]:
    """Things with nothing but a comma or an `and` between them as one."""
    joined: list[Range] = []
    for start, end in found:
        if joined and _LIST.fullmatch(text, joined[-1][1], start):
            start = joined.pop()[0]
        joined.append((start, end))
    return joined


def _gap(range_: Range, at: int) -> int:
    return max(range_[0] - at, at - range_[1], 0)
