"""How tight the gate of a language model is: changed sentences of the documents against their passages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from time import perf_counter

from eval import damage
from eval.errors import EvaluationError
from index.records import StoredPassage
from rag.backing import Backing, backing
from rag.records import MAX_QUESTION, Question
from rag.retrieve import Tools, retrieve

_BESIDE = 7  # passages that are given besides the sentence's own, the nearest ones
_LENGTH = (60, 260)  # characters of a sentence: less says little, more is mostly a list
_WORD = re.compile(r"\b[a-z]{5,}\b")
_CLAUSE = re.compile(r"(?<=,) ")
# Words that say nearly the same in this place, by hand; each stands in many documents.
_SYNONYMS = {
    **{"agreement": "accord", "war": "conflict", "large": "big", "began": "started", "help": "aid"},
    **{"chapter": "section", "report": "study", "oil": "petroleum", "country": "nation", "region": "area"},
    **{"members": "participants", "founded": "established", "policy": "strategy", "author": "writer"},
    **{"carries": "transports", "opened": "inaugurated", "meeting": "gathering", "leaders": "heads"},
    **{"important": "significant", "ended": "finished", "money": "funds", "joined": "entered"},
    **{"territory": "land", "describes": "depicts", "wants": "wishes", "states": "countries"},
    **{"state": "country", "holds": "argues", "says": "states", "writes": "notes", "given": "provided"},
}


@dataclass(frozen=True, slots=True)
class Change:
    """A way to change a sentence; `said` tells whether its passage still says it."""

    name: str
    said: bool
    make: Callable[[Random, str], str | None]


@dataclass(frozen=True, slots=True)
class Passed:
    """Of so many sentences that were changed in one way, how many passed the gate, and how long one takes."""

    name: str
    said: bool
    n: int
    passed: int
    p50_ms: float


def measure(
    passages: Sequence[StoredPassage], tools: Tools, cases: int, seed: int, seen: Callable[[], None]
) -> list[Passed]:
    """Change so many sentences in every way; equal seeds are equal sentences. Raises EvaluationError."""
    random = Random(seed)  # noqa: S311 - to draw a sample, and the same one again
    drawn = [
        (stored, stored.passage.text[start:end])
        for stored in passages
        if stored.passage.note is None
        for start, end in stored.passage.sentences
        if _LENGTH[0] < end - start < _LENGTH[1]
    ]
    if not drawn:
        raise EvaluationError("the documents hold no sentence of usual length; add some")
    random.shuffle(drawn)
    words = [word for stored in passages for word in _WORD.findall(stored.passage.text)]
    changes = _changes(words)
    times: dict[str, list[float]] = {change.name: [] for change in changes}
    passed = dict.fromkeys(times, 0)
    for stored, sentence in drawn[:cases]:
        near = _near(stored, sentence, tools)
        for change in changes:
            made = change.make(random, sentence)
            if made is None or (made == sentence and change.name != _ELSEWHERE):
                continue
            given = near if change.name == _ELSEWHERE else [stored, *near]
            start = perf_counter()
            passed[change.name] += isinstance(backing(made, given, {}, tools), Backing)
            times[change.name].append((perf_counter() - start) * 1e3)
        seen()
    return [_passed(change, times, passed) for change in changes if times[change.name]]


def _passed(change: Change, times: Mapping[str, Sequence[float]], passed: Mapping[str, int]) -> Passed:
    taken = sorted(times[change.name])
    return Passed(change.name, change.said, len(taken), passed[change.name], taken[len(taken) // 2])


def _near(stored: StoredPassage, sentence: str, tools: Tools) -> list[StoredPassage]:
    """The passages nearest to a sentence that share no character with its own."""
    ranking = retrieve(Question(sentence[:MAX_QUESTION], 2 * _BESIDE), tools)
    own = stored.passage.spans
    others = [ranked.stored for ranked in ranking.passages]
    apart = [
        one
        for one in others
        if one.version != stored.version or not any(a.overlap(b) for a in own for b in one.passage.spans)
    ]
    return apart[:_BESIDE]


_ELSEWHERE = "its own passage not given"


def _changes(words: Sequence[str]) -> list[Change]:
    return [
        Change("a synonym", said=True, make=_synonym),
        Change("a quarter of the words left out", said=True, make=_shortened),
        Change("clauses in another order", said=True, make=_turned),
        Change("another number", said=False, make=damage.number),
        Change("another month", said=False, make=damage.date),
        Change("another name", said=False, make=damage.name),
        Change("a negation more or less", said=False, make=damage.negation),
        Change("another word", said=False, make=lambda random, text: _other(random, text, words, 1)),
        Change("two other words", said=False, make=lambda random, text: _other(random, text, words, 2)),
        Change(_ELSEWHERE, said=False, make=lambda _random, text: text),
    ]


def _synonym(_random: Random, text: str) -> str | None:
    found = next((m for m in re.finditer(r"\b[a-z]+\b", text) if m[0] in _SYNONYMS), None)
    return text[: found.start()] + _SYNONYMS[found[0]] + text[found.end() :] if found else None


def _shortened(random: Random, text: str) -> str | None:
    words = text.split()
    if len(words) < 8:
        return None
    out = set(random.sample(range(1, len(words) - 1), len(words) // 4))
    return " ".join(word for i, word in enumerate(words) if i not in out)


def _turned(_random: Random, text: str) -> str | None:
    clauses = [clause.strip(" ,.") for clause in _CLAUSE.split(text)]
    return ", ".join(reversed(clauses)) + "." if len(clauses) > 1 else None


def _other(random: Random, text: str, words: Sequence[str], n: int) -> str | None:
    """So many words by others of the collection."""
    found = list(_WORD.finditer(text))
    if len(found) < n + 2:
        return None
    for match in sorted(random.sample(found, n), key=lambda match: -match.start()):
        text = text[: match.start()] + random.choice(words) + text[match.end() :]
    return text
