"""Questions that lean on the conversation before, made to stand alone: by a generator, else by these rules.

Only the words of earlier turns are carried over, never their evidence: what answers is retrieved again.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.errors import PinciteError
from rag.offered import best_offered, offered
from rag.protocols import Rewriter
from rag.records import MAX_QUESTION, Question, Role, Turn
from rag.wanted import Kind, wanted

_log = logging.getLogger(__name__)
_TURNS = 6  # of the latest messages: what was said before is rarely meant
_NAMES = 4  # that are carried over at most
_WORDS = 3  # other words of an answer that are, or of a question
_LONG_WORD = 5  # letters of such words
_SHORT_WORD = 3  # letters of words that say little
_PIECE = 4  # words of a question that is a piece of one
_SAYS_ENOUGH = 3  # words with which a question has said what it is about
_SHORT = 12  # words; longer questions say themselves what they are about
_LEAD = re.compile(r"^(?:(?:and|but|or|so|also|then|ok(?:ay)?|well|yes|no|now)\b[,.!]?\s+)+", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:what|how) about\s+", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"^(?:for|about|in|of|with|to|from|by|on|at|during|after|before|under|since|until|between|against)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must"
    r"|tell|give|show|explain|list|describe|\w{3,}ed)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^(?:why|when|where|how|who|since when|until when|how (?:much|many|long|so))(?: not)?$", re.IGNORECASE
)
_ADVERB = re.compile(  # of a question that begins with it: another one may be put in its place
    r"^(?:why|when|where|how(?: (?:much|many|long|far|often|old))?|since when|until when"
    r"|(?:in|on) (?:which|what) \w+)"
    r"(?= (?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)\b)",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?P<subject>he|she|him)\b|\b(?P<owner>his|hers?)\b", re.IGNORECASE)
_THING = re.compile(
    r"\b(?:it|its|they|them|their|theirs|these|those|the (?:same|latter|former|two)|both|such"
    r"|th(?:is|at)(?= (?:\w+\s*)?(?:$|[?.,;]|(?:in|on|at|for|of|by|to|with|from|and|or|is|was|mean|happen"
    r"|work|help)\b))"
    r"|there(?! (?:is|are|was|were|has|have|any|a|an|been|be)\b)|then(?=\s*\?)"
    r"|(?:another|an?other|any other|the other) one|ones)\b",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    r"\b(?:is|was|are|were|does|did) there\b|\bit (?:possible|true|the case|worth)\b", re.IGNORECASE
)
_DEFINITE = re.compile(r"\b(?:the|this|that|these|those) (?P<thing>(?:[a-z]+ )?[a-z]{4,})\b")
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_TITLE = re.compile(r"“[^”]*”")
_BODY = re.compile(  # words that end the names of what is no person
    r"\b(?:Academy|Affairs|Agency|Agreement|Army|Assembly|Association|Bank|Bulletin|Bureau|Cent(?:er|re)|City"
    r"|Commission|Committee|Company|Conference|Corporation|Corridor|Council|Countr(?:y|ies)|Court|Declaration"
    r"|Dialogues?|District|Field|Force|Forum|Foundation|Fund|Government|Group|Institute|Island|Journal|League"
    r"|Ministry|Movement|Nations?|Office|Organi[sz]ation|Parliament|Party|Policy|Process|Project|Province|Region"
    r"|Relations|Report|Republic|Resources?|River|School|Sea|Service|Society|State|States|System|Times|Treaty"
    r"|Union|University|War)\Z"
)
_NO_PERSON = re.compile(r"\b(?:the|in|at|an?) \Z", re.IGNORECASE)  # in front of a name
_NOUN = re.compile(
    r" (?!(?:from|with|into|than|that|when|which|were|have|been|will|would|also|said)\b)[a-z]{4,}(?<!ed)\b"
)
_CARRIED = re.compile(r" \([^()]*\)\?\Z")  # as these rules put it behind a question
_THE = re.compile(r"\bthe \Z", re.IGNORECASE)
_WORD = re.compile(r"[^\W_][\w’'-]*")
_DULL = re.compile(
    r"(?:what|which|since|until|when|where|who|whom|whose|why|how|does|did|have|has|had|been|were|was|that|this|these|those|there"
    r"|with|from|into|about|than|then|they|them|their|your|yours|would|could|should|will|shall|must|might|some|any"
    r"|more|most|much|many|also|just|like|want|need|tell|know|mean|give|make|take|please|thanks?|okay|is|are|the"
    r"|for|and|not|you|can|it|its|i|we|do|to|of|in|on|a|an)",
    re.IGNORECASE,
)


def standalone(question: Question, rewriter: Rewriter | None = None) -> Question:
    """A question as it would be asked without its history; the same words where they stand alone already."""
    history = tuple(turn for turn in question.history if turn.content.strip())
    if question.asked or not history or not leans(question.text, history):
        return question
    text = _rewritten(question.text, history, rewriter) or resolved(question.text, history)
    if text == question.text or len(text) > MAX_QUESTION:
        return question
    return replace(question, text=text, asked=question.text)


def leans(text: str, history: Sequence[Turn]) -> bool:
    """Whether a question cannot be understood without the conversation."""
    bare = _bare(text)
    if _ABOUT.match(bare) or _BARE.match(bare) or _is_fragment(text):
        return True
    if pronoun := _pronoun(text):
        goes_on = bare != text.strip().rstrip(" ?!.")  # `And what does Huseynov think of it?`
        return len(bare.split()) <= _SHORT and (goes_on or not _is_named(text[: pronoun.start()], pronoun))
    return len(_contents(text)) <= _SAYS_ENOUGH and bool(_known_thing(text, history))


def resolved(text: str, history: Sequence[Turn]) -> str:
    """A leaning question with what it leaves out put in, by rules."""
    before, said = _last(history)
    bare = _bare(text)
    if _BARE.match(bare) and before:
        return _asked_again(bare, before)
    fragment = _ABOUT.sub("", bare) if _ABOUT.match(bare) or _is_fragment(text) else ""
    if fragment and (exchanged := _exchanged(fragment, _CARRIED.sub("?", before))):
        return exchanged
    bare = bare[0].upper() + bare[1:]
    person = _PERSON.search(bare)
    if person and (name := _who(before, said)):
        own = f"{name}’s" if person["owner"] and person[0].lower() != "hers" else name
        bare = bare[: person.start()] + own + bare[person.end() :]
        if not _THING.search(bare):
            return f"{bare}?"
    bare = fragment or bare
    carried = [name for name in _topic(history) if name.casefold() not in bare.casefold()]
    return f"{bare} ({', '.join(carried)})?" if carried else f"{bare}?"


def _rewritten(text: str, history: Sequence[Turn], rewriter: Rewriter | None) -> str | None:
    if rewriter is None:
        return None
    try:
        return rewriter.rewrite(text, history).strip() or None
    except PinciteError as error:  # the rules stand in: a slow generator must not cost the answer
        _log.warning("the question was rewritten by rules: %s", error)
        return None


def _last(history: Sequence[Turn]) -> tuple[str, str]:
    """The last question of the user, made to stand alone itself, and what was answered."""
    recent = history[-_TURNS:]
    asked = [i for i, turn in enumerate(recent) if turn.role is Role.USER]
    if not asked:
        return "", " ".join(turn.content for turn in recent)
    at = asked[-1]
    before = recent[at].content.strip()
    if recent[:at] and leans(before, recent[:at]):
        before = resolved(before, recent[:at])
    return before, " ".join(turn.content for turn in recent[at + 1 :])


def _bare(text: str) -> str:
    """A question without its end and what leads to it, unless that is all there is (`And then ?`)."""
    said = text.strip().rstrip(" ?!.")
    return _LEAD.sub("", text.strip()).rstrip(" ?!.") or said


def _is_fragment(text: str) -> bool:
    """Whether it is no sentence but a piece of one: `In 1991?`, `For Armenia?`, `And the Caspian Sea?`."""
    bare = _bare(text)
    goes_on = bare != text.strip().rstrip(" ?!.")
    words = re.sub(r"^the ", "", bare, flags=re.IGNORECASE).split()
    if not 0 < len(words) <= _PIECE or _VERB.search(bare):
        return False
    return bool(_PREPOSITION.match(bare)) or (goes_on and not _DULL.fullmatch(words[0]))


def _asked_again(asks: str, before: str) -> str:
    """`Why?` behind `When did he leave?`: `Why did he leave?`."""
    if _ADVERB.match(before):
        return _ADVERB.sub(asks[0].upper() + asks[1:].lower(), before, count=1)
    return f"{before.rstrip(' ?')}, and {asks.lower()}?"


def _exchanged(fragment: str, before: str) -> str | None:
    """`What about Armenia?` behind `What would it bring Turkey?`: the same with the other name, or year."""
    if (preposition := _PREPOSITION.match(fragment)) and not _YEAR.search(fragment):
        same = list(re.finditer(rf"\b{preposition[0]}\b", before, re.IGNORECASE))
        if same:
            return f"{before[: same[-1].start()]}{fragment}?"
    year, names = _YEAR.search(fragment), _names(f"about {fragment}")  # there a name begins no sentence
    if year and _YEAR.search(before):
        return _YEAR.sub(year[0], before, count=1)
    if names and (others := _names(before)):
        other = others[-1]
        at = before.rindex(other)
        return before[:at] + names[-1] + before[at + len(other) :]
    return None


def _pronoun(text: str) -> re.Match[str] | None:
    return _PERSON.search(text) or (None if _EMPTY.search(text) else _THING.search(text))


def _is_named(front: str, pronoun: re.Match[str]) -> bool:
    """Whether a question itself names, in front of a pronoun, what that stands for."""
    return bool(_names(front)) or (bool(_THING.match(pronoun[0])) and len(_contents(front)) >= _SAYS_ENOUGH)


def _contents(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if len(word) > _SHORT_WORD and not _DULL.fullmatch(word)]


def _known_thing(text: str, history: Sequence[Turn]) -> str | None:
    """What a question without a name calls `the agreement`, where the conversation spoke of one."""
    if _names(text) or _YEAR.search(text):
        return None
    before, said = _last(history)
    spoken = {word.casefold() for word in _WORD.findall(f"{before} {said}")}
    things = (word for match in _DEFINITE.finditer(text) for word in match["thing"].split())
    return next((thing for thing in things if thing.casefold() in spoken), None)


def _who(before: str, said: str) -> str | None:
    """Of whom they speak: a person that the answer names in full, else one of the question.

    Of several the one that answers, where the question was who; else the first one.
    """
    if wanted(before) is Kind.PERSON and (found := best_offered(Kind.PERSON, said, before)):
        start, end = found[0]
        if people := _people(said[start:end]):
            return people[-1]
    return next((name for text in (said, before) for name in _people(text)), None)


def _people(text: str) -> list[str]:
    """Full names in a text, but for those in titles of works and those of places and bodies."""
    text = _TITLE.sub(lambda match: " " * len(match[0]), text)
    names = ((start, text[start:end]) for start, end in offered(Kind.PERSON, text, ""))
    return [
        name
        for start, name in names
        if " " in name and not _NO_PERSON.search(text[:start]) and not _BODY.search(name)
    ]


def _topic(history: Sequence[Turn]) -> list[str]:
    """What they speak of: names of the last question and answer, or of earlier ones, and some words."""
    turns = list(history[-_TURNS:])
    before, said = _last(turns)
    words = [*_long_words(said), *_long_words(before)]
    names = _things(f"{before}\n{said}")
    while not names and len(turns) > 2:
        turns = turns[:-2]
        names = _things("\n".join(_last(turns)))
    held = " ".join(names).casefold()
    return [*names[:_NAMES], *[word for word in dict.fromkeys(words) if word.casefold() not in held][:_WORDS]]


def _things(text: str) -> list[str]:
    """Names in a text, with the noun that goes with one (`the Dostluq field`); none that is in another."""
    names = []
    for start, end in offered(Kind.NAME, text, ""):
        noun = _NOUN.match(text, end) if _THE.search(text[:start]) else None
        names.append(text[start:end].strip('“”"‘’') + (noun[0] if noun else ""))
    found = dict.fromkeys(names)
    return [name for name in found if not any(name != other and name in other for other in found)]


def _long_words(text: str) -> list[str]:
    return [
        word
        for word in _WORD.findall(text)
        if len(word) >= _LONG_WORD and word.islower() and not _DULL.fullmatch(word)
    ]


def _names(text: str) -> list[str]:
    return [text[slice(*range_)] for range_ in offered(Kind.NAME, text, "")]
