"""Orders to a language model in the text of a document: such a passage is not given to one.

A list of turns of phrase cannot know all of them. It spares the common ones; what a passage that is not
recognised makes a model write is still held against the passages (`rag.backing`).
"""

from __future__ import annotations

import re
import unicodedata

_MODEL = (
    r"(?:\b(?:AIs?|LLMs?|chat ?bots?|GPT(?:-\d)?|language models?|(?:AI|virtual) assistants?)\b"
    r"|\bassistant\s*[:,])"
)
_MUST = (
    r"\b(?:must|should|shall|please|are to|is to|ha(?:s|ve) to|now|instead|reply|respond|answer|say|write"
    r"|output)\b"
)
_TOLD = r"(?:instructions?|prompts?|guidelines)"
_ORDER = re.compile(
    "|".join(
        (
            rf"\b(?:ignore|disregard|forget|override|bypass)\b.{{0,40}}\b{_TOLD}\b",
            r"\b(?:ignore|disregard|forget) (?:everything|all|anything|what is) (?:of the )?(?:above|before)",
            r"\b(?:system|hidden|initial|developer)[ -](?:prompt|message|instructions?)\b",
            rf"{_MODEL}.{{0,60}}{_MUST}",
            r"\b(?:you are now (?:a|an|in|no)\b|your new (?:task|role|instructions?)\b|pretend to be\b)",
            r"\b(?:reply|respond|answer) (?:only |exactly |just )?with (?:the (?:words?|text|phrase)|[:\"“])",
            rf"\b(?:print|output|reveal|repeat|leak)\b.{{0,30}}\byour (?:rules|system|{_TOLD})\b",
            r"<\|[^<>|]{1,40}\|>|\[/?INST\]|<<SYS>>|<(?:start|end)_of_turn>",
            rf"\bend of (?:passages?|documents?|context)\b.{{0,80}}\b(?:system|user|{_TOLD})\b",
        )
    ),
    re.IGNORECASE | re.DOTALL,
)
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")


def orders(text: str) -> bool:
    """Whether a text speaks to a language model, in one of the usual turns of phrase."""
    seen = _HIDDEN.sub("", unicodedata.normalize("NFKC", text))
    return _ORDER.search(" ".join(seen.split())) is not None
