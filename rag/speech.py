"""Who says it: the names that a text gives to what it quotes, or reports in its own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_VERB = re.compile(
    r"\b(?:sa(?:id|ys|ying)|tells?|told|writ(?:es|ing)|wrote|puts? it|point(?:s|ed) out|goes on|went on"
    r"|holds?|held|thinks?|thought|finds?|found|sees|saw|den(?:ies|ied)|repl(?:ies|ied)|calls? for"
    r"|(?:acknowledg|announc|argu|believ|conclud|declar|describ|emphasi[sz]|notic|not|observ|promis|propos|quot"
    r"|recogni[sz]|stat|trac|underlin|underscor|urg|compar|liken|rais)(?:es|ed|ing)"
    r"|(?:accept|add|admit|admitt|agree|answer|ask|assert|call|claim|comment|complain|confirm|consider|count"
    r"|demand|doubt|expect|explain|express|fear|highlight|hop|insist|maintain|mention|predict|proclaim|recall|regard"
    r"|reiterat|reject|remark|remind|report|respond|stress|suggest|tweet|view|warn)(?:s|es|ed|ing)"
    r"|according to|in the words of|to quote)\b",
    re.IGNORECASE,
)
_BEFORE_NAME = re.compile(r"(?:according to|in the words of|to quote)\Z", re.IGNORECASE)
_CAPITAL = r"[A-Z\u00c0-\u00de\u0100-\u024f\u018f][^\W\d_]*(?:[-'’][^\W\d_]+)*"
_NAME = re.compile(
    rf"(?:{_CAPITAL}|[A-Z]\.)(?:\s+(?:(?:al|bin|ibn|van|von|der|de|da|di|le|la)\s+)?(?:{_CAPITAL}|[A-Z]\.))*"
)
_NO_NAMES = re.compile(
    "a|after|although|an|and|as|asked|at|because|before|both|despite|during|even|like|now|once|only|since|still"
    "|though|under|unlike|until|but|by|for|from|he|her|his|however|i|if|in|indeed|it|its|moreover|no|of|on|our|she|so|that"
    "|the|their|then|there|these|they|this|those|thus|to|we|what|when|where|which|while|who|with|yet|you|also"
    "|finally|furthermore|later|meanwhile|according|january|february|march|april|may|june|july|august"
    "|september|october|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)day",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…][\"”’»)\]]*(?:\d{1,3})?\s+(?=[\"“‘«(]?[A-Z\u00c0-\u00de])")
_ABBREVIATED = re.compile(
    r"\b(?:[A-Z]|Dr|Mr|Mrs|Ms|Prof|St|Gen|Sen|Gov|Col|Lt|No|vol|pp?|ed|eds|cf|e\.g|i\.e)\Z"
)
_ASIDE = re.compile(
    r"\W*(?:after|although|because|before|despite|once|since|though|unlike|until|when|while)\b[^,]*,",
    re.IGNORECASE,
)
_WHO = re.compile(r",?\s+who(?:\s+[a-z]+)?\s*\Z")  # `Ada met Ben, who said`
_QUOTED = re.compile(r"[“«„][^”»]*[”»]|\"[^\"]*\"")
_AROUND = 3_000  # characters of a paragraph that are looked at on each side
_OPENING, _CLOSING = "“«„‟", "”»"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Names that a text gives for a stretch of it, the likeliest first; `quoted`: in quotation marks."""

    names: tuple[str, ...]
    quoted: bool


def attribution(text: str, start: int, end: int) -> Attribution:
    """Who says `text[start:end]`, as the paragraph `text` tells; without names where it does not."""
    if start > _AROUND or len(text) - end > _AROUND:  # a very long paragraph
        cut = max(0, start - _AROUND)
        open_ = '"' * (text.count('"', 0, cut) % 2)
        text = open_ + text[cut : end + _AROUND]
        start, end = start - cut + len(open_), end - cut + len(open_)
    opening = _opened(text, start)
    if opening is None:
        sentence = text[_sentence_start(text, start) : _sentence_end(text, start)]
        return Attribution(tuple(_speakers(sentence)), quoted=False)
    closing = _closed(text, opening, end)
    first = _sentence_start(text, opening)
    tail_end = _sentence_end(text, closing)
    names = [*_speakers(_unquoted(text[first:opening])), *_behind(text[closing + 1 : tail_end])]
    if not names:
        names = [*_speakers(text[_sentence_start(text, max(0, first - 2)) : first])]
    return Attribution(tuple(dict.fromkeys(names)), quoted=True)


def reports(text: str) -> bool:
    """Whether a text says that somebody says something."""
    return _VERB.search(text) is not None


def _opened(text: str, start: int) -> int | None:
    """Where the quotation marks open that are still open at `start`; marks at `start` itself are."""
    before = text[: start + 1] if text[start : start + 1] in (*_OPENING, '"') else text[:start]
    opening = max(before.rfind(mark) for mark in _OPENING)
    if opening >= 0 and opening > max(before.rfind(mark) for mark in _CLOSING):
        return opening
    if before.count('"') % 2:
        return before.rfind('"')
    return None


def _closed(text: str, opening: int, end: int) -> int:
    marks = '"' if text[opening] == '"' else _CLOSING
    found = [at for mark in marks if (at := text.find(mark, max(opening + 1, end - 2))) >= 0]
    return min(found, default=len(text) - 1)


def _borders(text: str) -> Iterator[int]:
    """Where sentences begin, the first one left out."""
    for match in _SENTENCE_END.finditer(text):
        if not _ABBREVIATED.search(text, max(0, match.start() - 6), match.start()):
            yield match.end()


def _sentence_start(text: str, at: int) -> int:
    return max((border for border in _borders(text) if border <= at), default=0)


def _sentence_end(text: str, at: int) -> int:
    return min((border for border in _borders(text) if border > at + 1), default=len(text))


def _unquoted(lead: str) -> str:
    """What a lead says in its own words."""
    return _QUOTED.sub(" ", lead)


def _speakers(lead: str) -> Iterator[str]:
    """Names in front of the last verb of speech of a lead, or behind an `according to`.

    Who is named in a clause that only leads up to it (`After Ben had left, Ada said`) counts where nobody
    else is.
    """
    aside = _ASIDE.match(lead)
    yield from (aside and list(_sayers(lead[aside.end() :]))) or _sayers(lead)


def _sayers(lead: str) -> Iterator[str]:
    verbs = list(_VERB.finditer(lead))
    for verb in reversed(verbs):
        if _BEFORE_NAME.search(lead, 0, verb.end()):
            yield from _names(lead[verb.end() :])
        if who := _WHO.search(lead, 0, verb.start()):
            yield from list(_names(lead[: who.start()]))[-1:]
        else:
            yield from _names(lead[: verb.start()])
        return


def _behind(tail: str) -> Iterator[str]:
    """Names right behind a quotation: `said Ada Lind`, `Ada Lind said`."""
    verb = _VERB.search(tail)
    if verb and verb.start() < 120:
        yield from _names(tail[: verb.start()])
        yield from _names(tail[verb.end() : verb.end() + 80].split(",")[0])


def _names(text: str) -> Iterator[str]:
    for match in _NAME.finditer(text):
        words = match.group().split()
        while words and _NO_NAMES.fullmatch(words[0]):
            words = words[1:]
        if words and not (len(words) == 1 and len(words[0]) < 3):
            yield " ".join(words)
