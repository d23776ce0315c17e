"""Sentences that lean on the one before: without it nobody knows who or what they are about."""

from __future__ import annotations

import re

_LINK = (  # words that may stand in front of the one that leans
    r"(?:(?:And|But|Or|So|Yet|Also|Thus|Hence|Then|Now|Still|However|Moreover|Furthermore|Therefore|Nevertheless"
    r"|Nonetheless|Meanwhile|Instead|Indeed|Similarly|Likewise|Consequently|Accordingly|Besides|Afterwards?|Later"
    r"|Finally|Additionally|In addition|In fact|In turn|In other words|As a result|At the same time|For example"
    r"|For instance|On the other hand|Of course),? )*"
)
# What a document says of itself names its subject.
_SELF = r"(?:chapter|section|article|report|paper|essay|study|document|book|bulletin|interview|page|volume|time)s?\b"
_PRONOUN = r"(?:he|she|they|his|hers?|their|theirs|him|them|these|those|such(?! as)|(?:the )?(?:latter|former)s?)\b"
_DEMONSTRATIVE = rf"(?:this|that|these|those|the same|such an?) (?!{_SELF})(?!said\b)"
_IT = (  # but for the one that means nothing: `it is clear that`
    r"its?\b(?! (?:is|was|has been|would be|will be|may be|might be|can be|should be|must be|seems?|appears?|became"
    r"|becomes|remains) (?:\w+ ){0,3}(?:that|to|whether|who|which|because)\b)(?! (?:seems|appears|follows|turns out))"
)
_AMONG = r"(?:one|both|each|all|some|many|most|none|neither|either|two|three) of (?:them|these|those|which)\b"
_LEANS = re.compile(
    rf"[\"“‘'(\[]*{_LINK}(?:(?:in|on|at|by|for|from|of|with|to|under|after|before|during|since|despite|through)"
    rf" (?!that,))?(?:{_PRONOUN}|{_DEMONSTRATIVE}|{_IT}|{_AMONG})"
    r"|[\"“‘'(\[]*(?:Among|Both|Neither|Here|There(?! (?:is|are|was|were|has|have|can|will|may|must|should|would)\b))"
    r"(?: (?:them|these|those|sides|of them))?[ ,](?!of|the|in )",
    re.IGNORECASE,
)


def leans(sentence: str) -> bool:
    """Whether a sentence opens with a word for what the one before it names: `It`, `The latter`, `This pact`."""
    return bool(_LEANS.match(sentence))
