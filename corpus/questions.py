"""What the answers of a dialogue answer: the last words of whoever asked."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from corpus.fold import Reading
from corpus.records import Document, Role
from corpus.sentences import sentences

_LONGEST = 240  # characters
_FEWEST_WORDS = 6  # `And you?` says nothing without the sentence before it
_CLOSING = "\"'”’») "


def asked(document: Document, whole: Reading) -> Mapping[int, str]:
    """For each turn that answers, by its index, the question that it answers.

    A turn answers where the one before it asks: says so by its role, or where nobody's role is known ends
    with a question.
    """
    turns = document.structure.turns
    found: dict[int, str] = {}
    for i, (before, turn) in enumerate(pairwise(turns), 1):
        if turn.role is Role.INTERVIEWER or before.role is Role.INTERVIEWEE or turn.speaker == before.speaker:
            continue
        said = whole.text[whole.position(before.span.start) : whole.end(before.span.end)]
        if question := _question(said, document.language):
            found[i] = question
    return found


def _question(said: str, language: str) -> str | None:
    """The last question of what was said, with what it needs to be understood."""
    parts = [said[start:end] for start, end in sentences(said, language)]
    asks = [i for i, part in enumerate(parts) if part.rstrip(_CLOSING).endswith("?")]
    if not asks:
        return None
    first = last = asks[-1]
    while first and (len(parts[first].split()) < _FEWEST_WORDS or first - 1 in asks):
        if sum(map(len, parts[first - 1 : last + 1])) > _LONGEST:
            break
        first -= 1
    question = " ".join(parts[first : last + 1])
    return question if len(question) <= _LONGEST else "… " + question[-_LONGEST:].partition(" ")[2]
