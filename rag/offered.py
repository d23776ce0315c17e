"""Where a sentence offers what a question wants: a date, a number, a name that the question does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.wanted import Kind

Range = tuple[int, int]  # [start, end) of a text, in code points

_DASH = "[-\u2013\u2014]"
_MONTH = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    "|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_YEAR = rf"(?:1\d|20)\d\ds?(?:\s?{_DASH}\s?(?:1\d|20)?\d\d)?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_CENTURY = (
    r"(?:(?:early|late|mid)[- ]|(?:\w+ half|end|beginning) of the )?"
    r"(?:\d+(?:st|nd|rd|th)|(?:eigh|nine|seven|six|fif|four|thir)?teenth|twelfth|twent(?:y-\w+|ieth))"
    r"(?: and \w+)?[- ]centur(?:y|ies)"
)
_WORDS = (
    "(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    "|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand"
    "|million|billion|trillion|dozens?)(?:[- ](?:and )?)?)+(?<![- ])"
)
_DIGITS = r"\d[\d.,]*(?<![.,])(?:[ -](?:hundred|thousand|million|billion|trillion))?"
_FIGURE = rf"(?:(?<![\w.,]){_DIGITS}(?!\w)|\b{_WORDS}\b)"
_UNIT = (
    r"(?:km|kilomet\w+|met(?:er|re)s?|m|miles?|mi|feet|foot|ft|inch(?:es)?|cm|mm|yards?|acres?|hectares?"
    r"|(?:square|cubic) \w+|tons?|tonnes?|kg|kilogram\w*|grams?|pounds?|lit(?:er|re)s?|barrels?|degrees?"
    r"|°\s?[CF]|[KMG]W\w*|(?:kilo|mega|giga)watt\w*|bcma?|bpd|hertz|[kMG]?Hz)"
)
_TIME = r"(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?|decades?|centur(?:y|ies))"
_CURRENCY = (
    r"(?:dollars?|euros?|pounds?|manats?|USD|EUR|GBP|AZN|cents?|rou?bles?|francs?|yen|yuan|lira|rupees?)"
)
_CAPITAL = r"(?:(?:Dr|Mr|Mrs|Ms|St|Gen|Col|Prof|Jr)\. )?(?:(?:[A-Z]\.)+|[^\W\d_a-z](?:[\w’'-]*\w)?)"
_INSIDE = r"(?:(?: (?:of|the|de|del|la|von|van|der|al|and|for|on|&))* )"  # of organisations and places
_LONG_NAME = rf"(?<!\w){_CAPITAL}(?:{_INSIDE}{_CAPITAL})*"
_QUOTED = r"“[^”]{2,80}”|(?<![^\s(])[\"‘][^\s\"’][^\"’]{1,80}[\"’]"
_OFFERS: dict[Kind, re.Pattern[str]] = {
    Kind.DATE: re.compile(
        rf"\b(?:(?:{_DAY}(?:\s?{_DASH}\s?\d{{1,2}})? )?{_MONTH}\.?(?: {_DAY}(?!\d))?,?(?: {_YEAR})?|{_YEAR}"
        rf"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)(?!\w)|\b{_CENTURY}\b"
    ),
    Kind.DURATION: re.compile(
        rf"{_FIGURE}[- ](?:\w+[- ])?{_TIME}\b|\b(?:since|until|till) {_YEAR}", re.IGNORECASE
    ),
    Kind.MEASURE: re.compile(rf"{_FIGURE}[- ]?(?:\w+[- ])?{_UNIT}(?!\w)", re.IGNORECASE),
    Kind.MONEY: re.compile(rf"[$€£¥₼]\s?{_FIGURE}|{_FIGURE} (?:\w+ )?{_CURRENCY}\b", re.IGNORECASE),
    Kind.SHARE: re.compile(
        rf"{_FIGURE}\s?(?:%|per ?cent(?:age points?)?\b)"
        r"|\b(?:one|two|three)[- ](?:half|thirds?|quarters?|fifths?)\b"
        r"|\b(?:half|a third|a quarter|(?:the )?majority|most) of\b",
        re.IGNORECASE,
    ),
    Kind.NUMBER: re.compile(
        rf"{_FIGURE}(?:\s?%| ?per ?cent\b)?|\b(?:none|both|single|twice|once|every \w+ {_TIME})\b",
        re.IGNORECASE,
    ),
    Kind.PERSON: re.compile(rf"(?<!\w){_CAPITAL}(?:(?: (?:de|del|la|von|van|der|al|bin|ibn))* {_CAPITAL})*"),
    Kind.PLACE: re.compile(_LONG_NAME),
    Kind.NAME: re.compile(f"{_QUOTED}|{_LONG_NAME}"),
    Kind.REASON: re.compile(
        r"\b(?:because|since|due to|owing to|thanks to|in order to|so that|so as to|given that|for fear"
        r"|as a result|caused by|on account of|in view of|(?:the|one|main) reasons?)\b[^.;:]*",
        re.IGNORECASE,
    ),
}
_NAMED = (Kind.PERSON, Kind.PLACE, Kind.NAME)
_CAPITALISED = re.compile(  # one word that opens a sentence, and is no subject: that says nothing
    r"\w+(?!\w)(?! [A-Z])(?!(?:[’']s)? (?:is|was|are|were|has|had|will|would|can|could|said|says|\w+ed)\b)"
)
_WORD = re.compile(r"\w+")
_LIST = re.compile(rf",? (?:and|or|to|&)(?: the)? |, |\s?{_DASH}\s?")
_IN = re.compile(
    rf"(?:\b(?:in|since|until|till|from|by|of|to|and|between|during|for|after|before) |{_DASH})\Z"
)
_AT = re.compile(r"\b(?:in|at|near|from|to|into|through|around|of)(?: the)? \Z")
_BEFORE = 12  # characters, in which the longest of the words that may stand in front has room
_LOCATED = 1.5  # what it counts that a word of place stands in front of a name
_STEM = 4  # letters by which words of a question and of a text are compared
_NEAR = 20  # characters within which it hardly matters how near
_OPENS = re.compile(  # a sentence may begin with them, and no name does
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Today|Mon|Tues"
    r"|Wednes|Thurs|Fri|Satur|Sun)(?:day)?\b\W*"
    r"|(?:the|an?|in|on|at|of|for|to|by|from|with|as|its?|he|she|they|his|her|their|this|that|these|those|there"
    r"|each|every|another|such|besides|is|are|was|were|do|does|did|has|have|had"
    r"|can|could|will|would|should|may|might|yes|and|but|or|so|if|when|while|after|before|since|during|although|however|moreover|thus|also|both|all|some"
    r"|many|most|no|not|one|we|i|you|our|my|your|who|what|which|where|why|how|according)\b\W*",
    re.IGNORECASE,
)


def offered(kind: Kind | None, text: str, question: str) -> list[Range]:
    """Where a text offers things of a kind, in reading order, but for those that the question holds."""
    if kind is None:
        return []
    held = {word.casefold() for word in _WORD.findall(question)}
    return [range_ for range_ in _found(kind, text) if _is_new(kind, text[slice(*range_)], held)]


def best_offered(kind: Kind | None, text: str, question: str) -> list[Range]:
    """Of what a text offers, what stands nearest to the question's words, with what is listed with it.

    Without a word of the question in the text, the first one.
    """
    found = _listed(offered(kind, text, question), text)
    if len(found) < 2:
        return found
    asked = {word.casefold()[:_STEM] for word in _WORD.findall(question) if len(word) >= _STEM}
    met = [match.start() for match in _WORD.finditer(text) if match.group().casefold()[:_STEM] in asked]

    def weight(range_: Range) -> float:
        near = sum(1 / (_NEAR + _gap(range_, at)) for at in met)
        return near * (_LOCATED if kind is Kind.PLACE and _AT.search(_front(text, range_)) else 1.0)

    return [max(found, key=weight)]


def _found(kind: Kind, text: str) -> Iterator[Range]:
    dates = list(_dated(text)) if kind is Kind.NUMBER else []
    for match in _OFFERS[kind].finditer(text):
        start, end = match.span()
        if any(start < behind and first < end for first, behind in dates):
            continue  # the day of a month counts nothing
        if kind in _NAMED:
            start = _behind_opener(text, start, end)
        if start < end:
            yield start, end


def _dated(text: str) -> Iterator[Range]:
    """Dates that are no count of anything: with a month, or behind a word as `in`."""
    for match in _OFFERS[Kind.DATE].finditer(text):
        if not match.group().isdigit() or _IN.search(_front(text, match.span())):
            yield match.span()


def _front(text: str, range_: Range) -> str:
    return text[max(0, range_[0] - _BEFORE) : range_[0]]


def _behind_opener(text: str, start: int, end: int) -> int:
    """Where a name begins behind words that sentences begin with; its end where nothing is left of it."""
    while start < end and (opener := _OPENS.match(text, start, end)):
        start = opener.end()
    if start == 0 and _CAPITALISED.match(text):
        return end
    return start


def _is_new(kind: Kind, candidate: str, held: set[str]) -> bool:
    """Whether a question does not hold it; of a name the last word tells (`Mr Hajiyev`, `Hikmat Hajiyev`)."""
    words = [word.casefold() for word in _WORD.findall(candidate)]
    if kind in _NAMED:
        words = words[-1:]
    return any(word not in held and word.removesuffix("s") not in held for word in words)


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
