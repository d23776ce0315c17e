"""Sentences that lean on the one before: without it nobody knows who or what they are about."""

from __future__ import annotations

import re

_QUOTE = r"[\"“‘'(\[]*"
_LINK = (  # words that may stand in front of the one that leans
    r"(?:(?:And|But|Or|So|Yet|Also|Thus|Hence|Then|Now|Still|However|Moreover|Furthermore|Therefore|Besides"
    r"|Nevertheless|Nonetheless|Meanwhile|Instead|Indeed|Similarly|Likewise|Consequently|Accordingly|Later"
    r"|Afterwards?|Finally|Additionally|In addition|In fact|In turn|In other words|As a result|Of course"
    r"|At the same time|For example|For instance|On the other hand),? )*"
)
_PREPOSITION = (
    r"(?:(?:in|on|at|by|for|from|of|with|to|under|after|before|during|since|despite|through) (?!that,))?"
)
_OWN = (  # what a document says of itself names its subject
    r"(?:chapter|section|article|report|paper|essay|study|document|book|bulletin|interview|page|volume|time)s?\b"
)
_PRONOUN = (
    r"(?:he|she|they|his|hers?|their|theirs|him|them|these|those|such(?! as)|(?:the )?(?:latter|former)s?)\b"
)
_DEMONSTRATIVE = rf"(?:this|that|these|those|the same|such an?) (?!{_OWN})(?!said\b)"
_EMPTY = (  # an `it` that means nothing: `it is clear that`
    r" (?:is|was|has been|would be|will be|may be|might be|can be|should be|must be|became|becomes|remains)"
    r" (?:\w+ ){0,3}(?:that|to|whether|who|which|because)\b| (?:seems|appears|follows|turns out)\b"
)
_AMONG = r"(?:one|both|each|all|some|many|most|none|neither|either|two|three) of (?:them|these|those|which)\b"
_PLACE = (
    r"(?:Among|Both|Neither|Here|There(?! (?:is|are|was|were|has|have|can|will|may|must|should|would)\b))"
    r"(?: (?:them|these|those|sides|of them))?[ ,](?!of|the|in )"
)
_LEANS = re.compile(
    rf"{_QUOTE}(?:{_LINK}{_PREPOSITION}(?:{_PRONOUN}|{_DEMONSTRATIVE}|its?\b(?!{_EMPTY})|{_AMONG})|{_PLACE})",
    re.IGNORECASE,
)
_UNNAMED = re.compile(r"\W*\w[^A-Z“\"]*?\b(?:he|she|his|her)\b")  # `Few projects, he claimed, …`


def leans(sentence: str) -> bool:
    """Whether a sentence opens with a word for what the one before names: `It`, `The latter`, `This pact`.

    Or says `he` or `she` and has named nobody.
    """
    return bool(_LEANS.match(sentence) or _UNNAMED.match(sentence))
