"""Whether passages say what a sentence says: the gate between a language model and the reader.

A sentence passes when it stands in a passage to the letter; or when the best sentences of its passages hold
most of its words, something like each of the others, and every number, name, negation and quotation of it.
What passes says the same things; that it joins them in the same way is not proved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from index.reader import Snapshot
from index.records import StoredPassage
from rag.compare import negates
from rag.links import foreign_links
from rag.quotation import QUOTED
from rag.retrieve import Tools
from rag.support import windows
from rag.tokens import Kind, Token, tokens

_NUMERALS = {
    **{"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6"},
    **{"seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12"},
    **{"thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16", "seventeen": "17"},
    **{"eighteen": "18", "nineteen": "19", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50"},
    **{"sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90", "hundred": "100"},
    **{"thousand": "1000", "million": "1000000", "billion": "1000000000"},
}
_PREFIX = 5  # letters by which `Ukrainian` meets `Ukraine`
_MARKS = 0.3  # of a sentence's length that marks and white space may be
_NEAR = 3  # search terms: a negation may deny any of so many behind it


class Doubt(StrEnum):
    """Why a sentence is not backed; the first that applies."""

    EMPTY = "empty"  # nothing that could be checked
    LINK = "link"  # a link that stands in no source
    QUOTATION = "quotation"  # words in quotation marks that stand in no source
    WORDS = "words"  # too little of it is said
    NUMBER = "number"
    NAME = "name"
    NEGATION = "negation"


@dataclass(frozen=True, slots=True)
class BackingConfig:
    """How much of a sentence its passages must say; see docs/generation.md for how it was chosen."""

    held_from: float = 0.5  # of its words, weighted by rarity
    alike_from: float = 0.45  # cosine of each other word, in its place, with some word of these sentences
    own_from: float = 0.5  # of them, for a passage to be cited beside a better one
    adds_from: float = 0.15  # of them that no better passage holds, for the same
    short: int = 3  # search terms: a sentence of fewer must be about the question too
    about_from: float = 0.5  # of the words of the question, for a short one


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence is backed: `stored.passage.text[start:end]`."""

    stored: StoredPassage
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Backing:
    """What backs a sentence, best first; `verbatim` where it stands there so."""

    places: tuple[Place, ...]
    verbatim: bool


@dataclass(frozen=True, slots=True)
class _Window:
    """One or two sentences of a passage, and the terms of the claim that they hold."""

    place: Place
    held: frozenset[str]
    weight: float

    @property
    def text(self) -> str:
        """How it reads."""
        return self.place.stored.passage.text[self.place.start : self.place.end]


def backing(
    sentence: str,
    passages: Sequence[StoredPassage],
    question: Mapping[str, float],
    tools: Tools,
    config: BackingConfig | None = None,
) -> Backing | Doubt:
    """What backs a sentence in these passages, or why nothing does.

    `question` are the search terms of the question with their rarity.
    """
    config, snapshot = config or BackingConfig(), tools.snapshot
    said = [token for token in tokens(sentence) if token.says]
    terms = snapshot.terms(sentence)
    if not terms or not passages:
        return Doubt.EMPTY
    if foreign_links(sentence, [stored.passage.embedded for stored in passages]):
        return Doubt.LINK
    if any(not _stands(quoted, passages) for quoted in _quotations(sentence)):
        return Doubt.QUOTATION
    if len(terms) < config.short and not _about(terms, question, passages, snapshot, config):
        return Doubt.WORDS
    if exact := [place for stored in passages if (place := _verbatim(sentence, said, stored))]:
        return Backing(tuple(exact), verbatim=True)
    weights = dict(zip(terms, snapshot.rarity(terms).tolist(), strict=True))
    chosen = _chosen(weights, passages, snapshot, config)
    if doubt := _contradiction(said, sentence, chosen, snapshot):
        return doubt
    words = {
        term: weight for term, weight in weights.items() if not term.isdecimal()
    }  # numbers are all there
    held = frozenset[str]().union(*(window.held for window in chosen))
    if sum(words[term] for term in words.keys() & held) < config.held_from * sum(words.values()):
        return Doubt.WORDS
    if words.keys() - held and not _alike(sentence, said, held, chosen, tools, config):
        return Doubt.WORDS
    return Backing(tuple(window.place for window in chosen), verbatim=False)


def _chosen(
    weights: Mapping[str, float], passages: Sequence[StoredPassage], snapshot: Snapshot, config: BackingConfig
) -> list[_Window]:
    """The best window of each passage that says enough of it, or something that better ones do not."""
    best = [window for stored in passages if (window := _best_window(stored, weights, snapshot))]
    best.sort(key=lambda window: -window.weight)
    total, chosen, held = sum(weights.values()), list[_Window](), set[str]()
    for window in best:
        added = sum(weights[term] for term in window.held - held)
        if not chosen or window.weight >= config.own_from * total or added >= config.adds_from * total:
            chosen.append(window)
            held |= window.held
    return chosen


def _best_window(stored: StoredPassage, weights: Mapping[str, float], snapshot: Snapshot) -> _Window | None:
    """The sentence, or the two, that hold most; the shorter of equals."""
    passage, best = stored.passage, None
    around = weights.keys() & set(snapshot.terms(passage.header))  # of whom a section speaks
    for start, end in windows(passage.sentences):
        own = weights.keys() & set(snapshot.terms(passage.text[start:end]))
        if not own:
            continue
        held = frozenset(own | around)
        weight = sum(weights[term] for term in own) + 0.5 * sum(weights[term] for term in around - own)
        if best is None or (weight, start - end) > (best.weight, best.place.start - best.place.end):
            best = _Window(Place(stored, start, end), held, weight)
    return best


def _alike(
    sentence: str,
    said: Sequence[Token],
    held: frozenset[str],
    chosen: Sequence[_Window],
    tools: Tools,
    config: BackingConfig,
) -> bool:
    """Whether each word that the windows do not have is like one of theirs, both in their contexts."""
    ours, *theirs = tools.encoder.embed_passages([sentence, *(window.text for window in chosen)])
    if not ours.tokens.size:
        return False  # an encoder without vectors of tokens cannot tell
    closest = (ours.tokens @ np.concatenate([one.tokens for one in theirs]).T).max(axis=1)
    for token in said:
        terms = tools.snapshot.terms(token.fold)
        if not terms or terms[0].isdecimal() or held.issuperset(terms):
            continue
        first, behind = np.searchsorted(ours.starts, (token.start, token.end))
        if first == behind or closest[first:behind].min() < config.alike_from:
            return False
    return True


def _contradiction(
    said: Sequence[Token], sentence: str, chosen: Sequence[_Window], snapshot: Snapshot
) -> Doubt | None:
    """A number, a name or a negation that the chosen windows do not have."""
    there = [token for window in chosen for token in tokens(window.text) if token.says]
    around = [
        token for window in chosen for token in tokens(window.place.stored.passage.header) if token.says
    ]
    known = {token.fold.casefold() for token in (*there, *around)}
    numbers = {_number(word) for word in known}
    if any(_number(token.fold) not in numbers for token in said if _is_number(token)):
        return Doubt.NUMBER
    if any(not _met(token.fold.casefold(), known) for token in _names(said, sentence)):
        return Doubt.NAME
    return Doubt.NEGATION if _denial_differs(said, chosen, snapshot) else None


def _denial_differs(said: Sequence[Token], chosen: Sequence[_Window], snapshot: Snapshot) -> bool:
    """Whether one side denies what the other one says: `did not sign`, `signed`."""
    sides = [said, *([t for t in tokens(window.text) if t.says] for window in chosen)]
    if not any(negates(token) for side in sides for token in side):
        return False
    ours, *theirs = [[(negates(t), "".join(snapshot.terms(t.fold)[:1])) for t in side] for side in sides]
    known = {term for side in theirs for _, term in side}
    denied_there = {term for side in theirs for term in _denied(side, _NEAR)}
    surely_there = {term for side in theirs for term in _denied(side, 1)}
    here = (_denied(ours, 1) & known) - denied_there
    there = (surely_there & {term for _, term in ours}) - _denied(ours, _NEAR)
    return bool(here or there)


def _denied(side: Sequence[tuple[bool, str]], near: int) -> set[str]:
    """The first search terms behind each negation of (whether it negates, its search term)."""
    found: set[str] = set()
    for i, (negation, _) in enumerate(side):
        if negation:
            found.update([term for other, term in side[i + 1 :] if term and not other][:near])
    return found


def _is_number(token: Token) -> bool:
    return token.kind is Kind.NUMBER or token.fold.casefold() in _NUMERALS


def _number(word: str) -> str:
    word = word.casefold()
    return _NUMERALS.get(word) or re.sub(r"[,\u202f](?=\d{3}\b)", "", word)


def _names(said: Sequence[Token], sentence: str) -> Iterator[Token]:
    """Words with a capital letter that does not begin the sentence."""
    for i, token in enumerate(said):
        begins = i == 0 or sentence[said[i - 1].end : token.start].strip(" ")[-1:] in (".", ":", "“", '"')
        if not begins and token.kind is Kind.WORD and len(token.fold) > 1 and token.fold[0].isupper():
            yield token


def _met(word: str, known: set[str]) -> bool:
    return word in known or (
        len(word) >= _PREFIX and any(len(o) >= _PREFIX and o[:_PREFIX] == word[:_PREFIX] for o in known)
    )


def _about(
    terms: Sequence[str],
    question: Mapping[str, float],
    passages: Sequence[StoredPassage],
    snapshot: Snapshot,
    config: BackingConfig,
) -> bool:
    """Whether the sentence of a passage that says this says what is asked about, too."""
    total = sum(question.values())
    for stored in passages:
        around = set(snapshot.terms(stored.passage.header))
        for start, end in windows(stored.passage.sentences):
            held = set(snapshot.terms(stored.passage.text[start:end]))
            met = sum(weight for term, weight in question.items() if term in held | around)
            if held.issuperset(terms) and met >= config.about_from * total:
                return True
    return False


def _quotations(sentence: str) -> Iterator[str]:
    for found in QUOTED.finditer(sentence):
        yield found.group(found.lastgroup or 0)


def _stands(quoted: str, passages: Sequence[StoredPassage]) -> bool:
    wanted = _folded(quoted)
    return any(f" {wanted} " in f" {_folded(stored.passage.text)} " for stored in passages)


def _verbatim(sentence: str, said: Sequence[Token], stored: StoredPassage) -> Place | None:
    """The whole sentence, or the two, with these words: a part of one may say the opposite of it."""
    wanted, text = [token.fold for token in said], stored.passage.text
    for start, end in windows(stored.passage.sentences):
        alike = abs(end - start - len(sentence)) <= _MARKS * len(sentence)
        if alike and [token.fold for token in tokens(text, start, end) if token.says] == wanted:
            return Place(stored, start, end)
    return None


def _folded(text: str) -> str:
    """Its words in a row, whatever stands between them."""
    return " ".join(token.fold for token in tokens(text) if token.says)
