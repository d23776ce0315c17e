"""Dates as title pages print them, in ISO form."""

from __future__ import annotations

import re

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero gennaio janeiro yanvar ocak января январь",
            "february feb februar février febrero febbraio fevereiro fevral şubat февраля февраль",
            "march mar märz mars marzo março mart марта март",
            "april apr avril abril aprile aprel nisan апреля апрель",
            "may mai mayo maggio maio mayıs мая май",
            "june jun juni juin junio giugno junho iyun haziran июня июнь",
            "july jul juli juillet julio luglio julho iyul temmuz июля июль",
            "august aug août agosto avqust ağustos августа август",
            "september sep sept septembre septiembre settembre setembro sentyabr eylül сентября сентябрь",
            "october oct oktober octobre octubre ottobre outubro oktyabr ekim октября октябрь",
            "november nov novembre noviembre novembro noyabr kasım ноября ноябрь",
            "december dec dezember décembre diciembre dicembre dezembro dekabr aralık декабря декабрь",
        ),
        1,
    )
    for name in names.split()
}
_SEASON = r"(?:spring|summer|autumn|fall|winter)"
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)"
_SAID = re.compile(
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:de\s+)?)?\b(?P<month>{_MONTH})\b\.?\s*(?:(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s*,\s*)?"
    rf"[\s,\u2013-]*(?:de\s+)?{_YEAR}\b",
    re.IGNORECASE,
)
_DAY = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th|\.)? (?:{_MONTH})|(?:{_MONTH})\.? \d{{1,2}}(?:st|nd|rd|th)?)\b",
    re.IGNORECASE,
)
_ISO = re.compile(r"\b(?P<iso>(?:1[5-9]|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?)\b")
_SEASONAL = re.compile(rf"\b{_SEASON}\s+{_YEAR}\b", re.IGNORECASE)
_PLACE = re.compile(r"[^\W\d_][^\W\d_'’.-]*(?:[ -][^\W\d_][^\W\d_'’.-]*){0,2}")
_SMALL = frozenset(
    ["of", "on", "in", "from", "the", "since", "until", "vom", "am", "du", "le", "del"]
)  # end no place
_LEAST = re.compile(r"\A(?:published(?:\s+(?:on|in))?|date|issued|first published)\s*:?\s*", re.IGNORECASE)


def said_date(text: str) -> tuple[str, int, int] | None:
    """The first date in running text that has at least a month and a year: (ISO, start, end)."""
    match = _SAID.search(text)
    return (_iso(match), match.start(), match.end()) if match else None


def says_day(text: str) -> bool:
    """Whether a text names a day of a month, with or without the year, as the heads of letters do."""
    return _DAY.search(text) is not None


def place_and_date(line: str) -> tuple[str | None, str] | None:
    """The place and the date of a line that holds nothing else: `BAKU - 2022`, `12 May 2021`."""
    lead = _LEAST.match(line)
    line = line[lead.end() :] if lead else line
    for pattern in (_SAID, _SEASONAL, _ISO):
        match = pattern.search(line)
        if match is None:
            continue
        if line[match.end() :].strip(" .)"):
            return None
        before = line[: match.start()].strip(" ,\u2013\u2014-(:|")
        if pattern is _SAID:
            iso = _iso(match)
        else:
            iso = match.group("year") if pattern is _SEASONAL else match.group("iso")
        if not before:
            return None, iso
        place = before[0].isupper() and before.split()[-1].casefold() not in _SMALL
        return (before, iso) if place and _PLACE.fullmatch(before) else None
    return None


def _iso(match: re.Match[str]) -> str:
    month = _MONTHS[match.group("month").lower()]
    day = int(match.group("day") or match.group("day2") or 0)
    text = f"{match.group('year')}-{month:02d}"
    return f"{text}-{day:02d}" if 1 <= day <= 31 else text
