"""The bibliographic record that the first lines of a document support: CSL fields, each with its span."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from corpus.records import Role, Section, Span, Turn
from corpus.structure.bylines import Found as Bylines
from corpus.structure.bylines import opening_name, read_byline
from corpus.structure.casing import Casing
from corpus.structure.contents import Contents
from corpus.structure.dates import place_and_date, said_date, says_day
from corpus.structure.language import language
from corpus.structure.names import is_name
from corpus.structure.rows import Row, paragraphs
from corpus.structure.titles import key, plain
from corpus.structure.turns import introduced
from corpus.structure.words import CONTRIBUTORS, GENRES

_FRONT_LINES = 60  # lines looked at
_PROSE = 160  # characters; a longer paragraph is text
_LONGEST_TITLE = 200  # characters
_HOUSE = re.compile(
    r"\b(?:cent(?:er|re)|institut\w*|universit\w+|academy|foundation|press|publish\w+|ministry|agency|association|"
    r"society|council|committee|commission|department|verlag|éditions|stiftung|fundación|fondation|mərkəzi|"
    r"universiteti|nazirliyi|vakfı|merkezi|центр|институт|университет|издательство|министерство)\b",
    re.IGNORECASE,
)
_PERIODICAL = re.compile(
    r"\b(?:quarterly|journal|review|magazine|gazette|bulletin|weekly|monthly|daily|news|newspaper|times|tribune|"
    r"herald|chronicle)\b",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"@|www\.|https?:|\bISBN\b|\bISSN\b|\bDOI\b|©|\b(?:tel|phone|fax|e-?mail)\b|\+\d{2,3}", re.IGNORECASE
)
_EDITORS = re.compile(
    r"(?:edited\s+by|editors?(?:-in-chief)?\s*:|herausgegeben\s+von)\s*(?P<names>.+)", re.IGNORECASE
)
_SIGNED = re.compile(
    r"(?:conducted|interviewed|moderated|recorded|edited|translated|written)\s+by\b", re.IGNORECASE
)
_OFTEN = re.compile(r"\A(?:(?:an?|the|our)\s+)?(?:(?:annual|quarterly|monthly|weekly|daily)\s+)?(?=\w)")
_NUMBER = re.compile(
    r"\A(?:vol(?:ume)?\.?\s*(?P<volume>\d+)[\s,;\u2013-]*)?"
    r"(?:(?:no|nr|issue|number)\.?\s*(?P<issue>\d+)[\s,;\u2013-]*)?",
    re.IGNORECASE,
)
_SITE = re.compile(r"\s+(?:[-\u2013\u2014|\u00bb\u00b7])\s+(?P<site>[^|]{3,80})\Z")
_SITE_KIND = re.compile(r"\s+(?:journal|magazine|review|newspaper|online|website)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """CSL fields as in `corpus.records.Record`; `subtitle` and `interviewee` are ours.

    `doubts` say of a field what is not sure.
    """

    csl: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    support: Mapping[str, Span] = field(default_factory=lambda: MappingProxyType({}))
    doubts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the front matter; `group` counts its paragraphs."""

    text: str
    span: Span
    group: int


class _Draft:
    """Collects fields; the first that says something stays."""

    def __init__(self, text: str) -> None:
        self.casing = Casing(text)
        self.csl: dict[str, Any] = {}
        self.support: dict[str, Span] = {}
        self.doubts: dict[str, str] = {}

    def put(self, name: str, value: Any, span: Span | None) -> None:
        if value and name not in self.csl:
            self.csl[name] = value
            if span:
                self.support[name] = span


def detect(
    text: str,
    rows: Sequence[Row],
    *,
    contents: Sequence[Contents] = (),
    sections: Sequence[Section] = (),
    bylines: Bylines | None = None,
    turns: Sequence[Turn] = (),
) -> Found:
    """What the first lines say of the document; what they do not say surely is absent."""
    draft = _Draft(text)
    draft.put("language", language(text), None)
    front, prose = _front(rows, contents, sections, turns)
    site = _browser_title(front, text, draft)
    rest = [line for line in front if line is not site]
    rest = _take(rest, lambda line: _genre(line, draft))
    rest = _take(rest, lambda line: _editor(line, draft))
    rest = _take(rest, lambda line: _dated(line, text, draft))
    rest = _take(rest, lambda line: _house(line, text, rows, draft))
    _titles(rest, site, prose, text, sections, draft)
    _authors(rest, prose, sections, bylines, draft)
    if turns:
        _interview(text, front, prose, turns, draft)
    return Found(MappingProxyType(draft.csl), MappingProxyType(draft.support), MappingProxyType(draft.doubts))


def _take(lines: Iterable[Line], use: Callable[[Line], bool]) -> list[Line]:
    """The lines that have no use for this field."""
    return [line for line in lines if not use(line)]


def _front(
    rows: Sequence[Row], contents: Sequence[Contents], sections: Sequence[Section], turns: Sequence[Turn]
) -> tuple[list[Line], Line | None]:
    """The lines before the text begins, and the first paragraph of prose if one stands among them."""
    ends = [table.span.start for table in contents[:1]] + [turn.label_span.start for turn in turns[:1]]
    lines: list[Line] = []
    for group, paragraph in enumerate(paragraphs(rows[:_FRONT_LINES])):
        for section in sections[:2]:
            if section.heading.start == paragraph[0].start and (lines or section.number):
                ends.append(section.heading.start)
        if any(end <= paragraph[0].start for end in ends):
            break
        whole = " ".join(row.text for row in paragraph)
        if len(whole) > _PROSE and not _CONTACT.search(whole):
            return lines, Line(plain(whole), Span(paragraph[0].start, paragraph[-1].end), group)
        read = (Line(plain(row.text), row.span, group) for row in paragraph)
        lines.extend(line for line in read if any(c.isalnum() for c in line.text))
    return lines, None


def _browser_title(front: Sequence[Line], text: str, draft: _Draft) -> Line | None:
    """The first line where it is a browser's: the title, with the site's name behind it."""
    match = _SITE.search(front[0].text) if len(front) > 1 else None
    if match is None:
        return None
    page = key(front[0].text[: match.start()])
    if not any(len(line.text) > 8 and key(line.text) in page for line in front[1:4]):
        return None
    site = match.group("site").strip()
    short = _SITE_KIND.sub("", site)
    name = short if short != site and text.count(short) > text.count(site) else site
    at = text.find(site, front[0].span.start)
    draft.put("container-title", name, Span(at, at + len(site)) if at >= 0 else front[0].span)
    return front[0]


def _genre(line: Line, draft: _Draft) -> bool:
    name = key(line.text)
    name = _OFTEN.sub("", name)
    genre = next((csl for csl, names in GENRES.items() if name in names), None)
    if genre:
        draft.put("type", genre, line.span)
    return genre is not None


def _editor(line: Line, draft: _Draft) -> bool:
    match = _EDITORS.match(line.text)
    names = read_byline(match.group("names"))[0] if match else ()
    draft.put("editor", _literal(names), line.span)
    return match is not None


def _literal(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"literal": name} for name in names]


def _dated(line: Line, text: str, draft: _Draft) -> bool:
    number = _NUMBER.match(line.text)
    assert number is not None  # it matches the empty text
    found = place_and_date(line.text[number.end() :])
    for name in ("volume", "issue"):
        draft.put(name, number.group(name), line.span)
    if found is None:
        return 0 < number.end() == len(line.text)
    place, date = found
    issued = draft.csl.get("issued", date)
    if not (issued.startswith(date) or date.startswith(issued)):
        draft.doubts["issued"] = f"two dates in the first lines, {issued} and {date}: the first was taken"
    draft.put("issued", date, line.span)
    if place and _PERIODICAL.search(place):
        draft.put("container-title", place, line.span)
    elif place and not _HOUSE.search(place):
        at = text.find(place, line.span.start)
        draft.put(
            "publisher-place", draft.casing.cased(place), Span(at, at + len(place)) if at >= 0 else line.span
        )
    return True


def _house(line: Line, text: str, rows: Sequence[Row], draft: _Draft) -> bool:
    """Whether a line names the publisher: a house that stands elsewhere too, or above its address."""
    found = _HOUSE.search(line.text)
    if found is None or len(line.text) > 120 or line.text[-1] in ".?!:" or _CONTACT.search(line.text):
        return False
    own = next(i for i, row in enumerate(rows) if row.start == line.span.start)
    address = any(_CONTACT.search(row.text) for row in rows[own + 1 : own + 6])
    again = next(draft.casing.places(line.text, line.span.end), None)
    if not (address or again):
        return False
    name = text[again.start : again.end] if again else line.text
    name = draft.casing.cased(name)
    short = _short_name(name, found.group(), text, again.end if again else -1)
    draft.put("publisher", f"{name} ({short})" if short else name, line.span)
    return True


def _short_name(name: str, house: str, text: str, end: int) -> str | None:
    """What a house calls itself: in brackets behind its name, or its initials (`AB Institute`)."""
    brackets = re.compile(r"\s?\(([^()\n]{2,30})\)").match(text, end) if end >= 0 else None
    if brackets:
        return brackets.group(1)
    initials = "".join(w[0] for w in name.split() if w[0].isupper() and w.casefold() != house.casefold())
    short = f"{initials} {house.title() if house.isupper() else house}"
    return short if len(initials) > 1 and short in text else None


def _titles(
    lines: Sequence[Line],
    site: Line | None,
    prose: Line | None,
    text: str,
    sections: Sequence[Section],
    draft: _Draft,
) -> None:
    """Title and subtitle: what a browser's title confirms, what comes twice, or the first line alone."""
    candidates = [
        line
        for line in _whole_titles(lines)
        if not _CONTACT.search(line.text)
        and any(c.isalpha() for c in line.text)
        and len(line.text) <= _LONGEST_TITLE
        and line.text[-1] not in ".,;:"
        and not line.text[0].islower()
        and not _SIGNED.match(line.text)
        and not read_byline(line.text)[1]
    ]
    page = key(site.text) if site else ""
    keys = [key(line.text) for line in candidates]
    chosen = next((i for i, k in enumerate(keys) if page and k in page), None)
    if chosen is None:
        chosen = next((i for i, k in enumerate(keys) if keys.count(k) > 1), None)
    if chosen is None:
        unnamed = [i for i, line in enumerate(candidates) if not is_name(line.text)]
        chosen = (
            unnamed[0]
            if unnamed and (len(candidates[unnamed[0]].text.split()) > 1 or len(unnamed) == 1)
            else None
        )
        loose = [line for line in lines if _CONTACT.search(line.text) is None]
        if chosen is not None and len(loose) > len(candidates) + 3:
            draft.doubts["title"] = "the first lines have no clear title"
            return
    if chosen is None:
        return
    title = candidates[chosen]
    draft.put("title", draft.casing.cased(title.text), title.span)
    others = [c for c, k in zip(candidates, keys, strict=True) if k != keys[chosen] and not is_name(c.text)]
    below = [c for c in others if c.group > title.group or c.span.start > title.span.end]
    below = [c for c in below if said_date(c.text) is None and not says_day(c.text)]
    sure = [c for c in below if page and key(c.text) in page] or (below if len(others) == 1 else [])
    if sure and sure[0].group <= title.group + 1:
        draft.put("subtitle", draft.casing.cased(sure[0].text), sure[0].span)


def _whole_titles(lines: Sequence[Line]) -> list[Line]:
    """Lines of one paragraph put together: a long title is printed on several."""
    whole: list[Line] = []
    for line in lines:
        last = whole[-1] if whole else None
        signed = _SIGNED.match(line.text)
        if last and last.group == line.group and last.text.isupper() == line.text.isupper() and not signed:
            whole[-1] = Line(f"{last.text} {line.text}", Span(last.span.start, line.span.end), line.group)
        else:
            whole.append(line)
    return whole


def _authors(
    lines: Sequence[Line],
    prose: Line | None,
    sections: Sequence[Section],
    bylines: Bylines | None,
    draft: _Draft,
) -> None:
    """The by-line under the title, or the contributors where each signs a part."""
    opening = opening_name(prose.text) if prose else None
    for line in lines:
        names, marked = read_byline(line.text)
        if names and (marked or opening in names):
            draft.put("author", _literal(names), line.span)
            return
    if bylines is None or not bylines.contributors:
        return
    signed = {name for section, names in zip(sections, bylines.authors, strict=True) for name in names}
    if set(bylines.contributors) <= signed:
        heading = next(s.heading for s in sections if key(s.title) in CONTRIBUTORS)
        draft.put("author", _literal(bylines.contributors), heading)


def _interview(
    text: str, front: Sequence[Line], prose: Line | None, turns: Sequence[Turn], draft: _Draft
) -> None:
    """What makes a dialogue an interview: who asks, who is asked, and when they talked."""
    asked = list(dict.fromkeys(t.speaker for t in turns if t.role is Role.INTERVIEWEE and is_name(t.speaker)))
    asks = list(dict.fromkeys(t.speaker for t in turns if t.role is Role.INTERVIEWER))
    told = any("interview" in line.text.casefold() for line in (*front, *([prose] if prose else [])))
    if not asked or not asks or not (len(asked) == 1 or told):  # a panel is no interview
        return
    draft.put("type", "interview", turns[0].label_span)
    if draft.csl.get("type") != "interview":
        return
    draft.put("interviewee", _literal(asked), next(t.label_span for t in turns if t.speaker == asked[0]))
    top = text[: turns[0].label_span.start]
    asking, _ = introduced(top)
    asking = asking or [name for name in asks if is_name(name) and name != draft.csl.get("container-title")]
    if asking:
        at, end = top.find(asking[0]), top.find(asking[-1])
        known = at >= 0 and end >= at
        draft.put("interviewer", _literal(asking), Span(at, end + len(asking[-1])) if known else None)
    date = said_date(prose.text) if prose else None
    if date and prose and "issued" not in draft.csl:
        at = text.find(prose.text[date[1] : date[2]], prose.span.start)
        draft.put("issued", date[0], Span(at, at + date[2] - date[1]) if at >= 0 else prose.span)
        draft.doubts["issued"] = "issued is when the interview was held; when it was published is not said"
