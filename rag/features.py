"""What tells whether the passages hold what a question asks: its features, measured at the best sentence.

A near miss has the right topic and lacks the one thing that was asked for. So the words of the question are
looked for in single sentences, not in passages: which are missing there, how rare they are, how like the
closest tokens are to them, whether something of the kind that is asked for is offered, and how near.
Of the question alone only the kind of thing is told that it asks for: a figure is missed more easily than
an explanation.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from index.reader import Snapshot
from index.records import FloatArray
from rag.offered import Range, offered
from rag.opposites import opposed
from rag.records import Ranking
from rag.sentences import PASSAGES, Look, Sentence, held, look, words_of
from rag.wanted import Kind, wanted

BoolArray = NDArray[np.bool_]

LEXICAL = (
    "terms of passage", "terms of sentence", "terms of window", "terms of all", "words of window",
    "missing words", "missing rarity", "missing from all", "rarest held", "sentences as good",
    "first held", "last held", "names held", "numbers held", "others held",
    "negation differs", "superlatives missing", "opposites", "offers", "offers nothing", "offered nearby",
    "asks for a figure", "asks for a date", "asks for a name", "asks for a reason",
)  # fmt: skip
DENSE = ("cosine", "dense rank", "lexical rank")
LATE = (
    "like passage", "like sentence", "like window", "like three", "like of all", "lost to the sentence",
    "least like passage", "least like sentence", "least like window", "least like three", "least like of all",
    "two least like", "missing least like", "missing like", "names least like", "others least like",
    "others like", "rarest like", "first like", "last like", "ahead of next", "ahead of fifth",
    "offered like", "offered least like", "offered first like",
)  # fmt: skip
FEATURES = LEXICAL + DENSE + LATE

NAN = float("nan")  # of what there is none: it tells nothing
_OFFERED = (
    "offers",
    "offers nothing",
    "offered nearby",
    "offered like",
    "offered least like",
    "offered first like",
)
_ASKS = {
    "asks for a figure": (Kind.NUMBER, Kind.MEASURE, Kind.MONEY, Kind.SHARE, Kind.DURATION),
    "asks for a date": (Kind.DATE,),
    "asks for a name": (Kind.PERSON, Kind.PLACE, Kind.NAME),
    "asks for a reason": (Kind.REASON,),
}
_AROUND = 90  # characters before and behind an offer within which the question's words are looked for
_BESIDE = 45  # the same for the word that is asked for
_AS_GOOD = 0.9
_LOOKED_FOR_OFFERS = 6  # sentences
_MOST_OFFERS = 6  # of a sentence; lists are long
_COUNTED = 4
_ASKING = re.compile(r"\b(?:how\s+\w+|what|which|who(?:m|se)?|when|where|why)\b", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(?:not|no|never|without|none|neither|nor|cannot|unable|except|unlike|fail(?:s|ed)?|refus\w+|lack\w*"
    r"|den(?:y|ied|ies)|prohibit\w*|reject\w*)\b|n['’]t\b",
    re.IGNORECASE,
)
_SUPERLATIVE = re.compile(
    r"\b(?:first|last|second|third|fourth|fifth|only|final|most|least|main|[a-z]{3,}est)\b", re.IGNORECASE
)


def features(ranking: Ranking, index: Snapshot) -> FloatArray | None:
    """The features [len(FEATURES)] float32 in their order; None where there is no sentence to look at.

    What there is nothing of is NaN; likenesses are 0 where the index keeps no token codes.
    """
    seen = look(ranking, index)
    if seen is None:
        return None
    kind = wanted(ranking.question.text)
    values = _of_terms(seen) | _of_words(seen) | _of_ranking(ranking) | _of_likeness(seen)
    values |= {name: float(kind in kinds) for name, kinds in _ASKS.items()} | _of_offers(seen, kind, index)
    return np.asarray([values[name] for name in FEATURES], np.float32)


def _of_terms(seen: Look) -> dict[str, float]:
    """How much of the question the best passage, sentence and window and all passages hold."""
    best, weights = seen.sentences[0], seen.weights
    rarity = np.asarray([word.rarity for word in seen.words], np.float32)
    everywhere = np.max([passage.held for passage in seen.passages], axis=0)
    missing = best.window < 1
    return {
        "terms of passage": float(seen.passages[0].held @ weights),
        "terms of sentence": float(best.held @ weights),
        "terms of window": float(best.window @ weights),
        "terms of all": float(everywhere @ weights),
        "words of window": float(best.window.mean()),
        "missing words": float(missing.sum()),
        "missing rarity": float((rarity * missing).max()),
        "missing from all": float((everywhere < 1).sum()),
        "rarest held": float(best.window[rarity.argmax()]),
        "sentences as good": float(sum(one.score > _AS_GOOD * best.score for one in seen.sentences)),
    }


def _of_words(seen: Look) -> dict[str, float]:
    """How the best sentence meets names, numbers, what is asked for, and what turns a meaning round."""
    best, window = seen.sentences[0], seen.sentences[0].window
    said = frozenset(words_of(f"{best.before} {best.text}"))
    superlatives = [match.group().casefold() for match in _SUPERLATIVE.finditer(seen.question)]
    return {
        "first held": float(window[_first(seen)]),
        "last held": float(window[-1]),
        "names held": _mean(window, _names(seen)),
        "numbers held": _mean(window, _numbers(seen)),
        "others held": _mean(window, _others(seen)),
        "negation differs": float(bool(_NEGATION.search(seen.question)) != bool(_NEGATION.search(best.text))),
        "superlatives missing": float(sum(word not in said for word in superlatives)),
        "opposites": float(sum(opposed(word.text.casefold(), said) for word in seen.words)),
    }


def _of_offers(seen: Look, kind: Kind | None, index: Snapshot) -> dict[str, float]:
    """Whether something of the kind that is asked for is offered, and how near to it the question stands."""
    best = seen.sentences[0]
    if kind is None:
        return dict.fromkeys(_OFFERED, NAN)
    offers = [
        (one, offer)
        for one in seen.sentences[:_LOOKED_FOR_OFFERS]
        for offer in offered(kind, one.text, seen.question)[:_MOST_OFFERS]
    ]
    here = sum(one is best for one, _ in offers)
    like = [_like_around(one, offer, _AROUND) for one, offer in offers]
    beside = [_like_around(one, offer, _BESIDE) for one, offer in offers]
    first = _first(seen)
    return {
        "offers": float(min(here, _COUNTED)),
        "offers nothing": float(not here),
        "offered nearby": max((_held_around(seen, one, offer, index) for one, offer in offers), default=0.0),
        "offered like": max((float(near @ seen.weights) for near in like), default=0.0),
        "offered least like": max((float(near.min()) for near in like), default=0.0),
        "offered first like": max((float(near[first]) for near in beside), default=0.0),
    }


def _held_around(seen: Look, sentence: Sentence, offer: Range, index: Snapshot) -> float:
    around = sentence.text[max(0, offer[0] - _AROUND) : offer[1] + _AROUND]
    return float(held(seen.words, frozenset(index.terms(around))) @ seen.weights)


def _like_around(sentence: Sentence, offer: Range, characters: int) -> FloatArray:
    """By the tokens around an offer: those of the offer are what the question lacks."""
    start, end = (sentence.place[0] + at for at in offer)
    return sentence.seen.closest(start - characters, end + characters, but=(start, end))


def _of_ranking(ranking: Ranking) -> dict[str, float]:
    """How near the nearest passage is, and whether the engines agree on the best one."""
    first = ranking.passages[0].signals
    better = {
        name: sum(one.signals.get(name, 0.0) > first.get(name, 0.0) for one in ranking.passages)
        for name in ("dense", "lexical")
    }
    return {"cosine": ranking.cosine} | {f"{name} rank": 1 / (1 + count) for name, count in better.items()}


def _of_likeness(seen: Look) -> dict[str, float]:
    """How like the closest tokens are to the words of the question; the least like may be what is missing."""
    if not seen.passages[0].like.size:
        return dict.fromkeys(LATE, 0.0)
    best, window, weights = seen.sentences[0], seen.sentences[0].like_window, seen.weights
    passage = seen.passages[0].like.max(axis=1)
    three = np.max([one.like_window for one in seen.sentences[:PASSAGES]], axis=0)
    everywhere = np.max([one.like for one in seen.sentences], axis=0)
    missing, names, others = best.window < 1, _names(seen), _others(seen)
    rarest = int(weights.argmax())
    scores = [one.score for one in seen.sentences]
    return {
        "like passage": float(passage @ weights),
        "like sentence": float(best.like @ weights),
        "like window": float(window @ weights),
        "like three": float(three @ weights),
        "like of all": float(everywhere @ weights),
        "lost to the sentence": float((passage - window) @ weights),
        "least like passage": float(passage.min()),
        "least like sentence": float(best.like.min()),
        "least like window": float(window.min()),
        "least like three": float(three.min()),
        "least like of all": float(everywhere.min()),
        "two least like": float(np.sort(window)[:2].mean()),
        "missing least like": _least(window, missing),
        "missing like": _mean(window, missing),
        "names least like": _least(window, names),
        "others least like": _least(window, others),
        "others like": _mean(window, others),
        "rarest like": float(window[rarest]),
        "first like": float(window[_first(seen)]),
        "last like": float(window[-1]),
        "ahead of next": scores[0] - scores[min(1, len(scores) - 1)],
        "ahead of fifth": scores[0] - scores[min(4, len(scores) - 1)],
    }


def _names(seen: Look) -> BoolArray:
    return np.asarray([word.is_name for word in seen.words])


def _numbers(seen: Look) -> BoolArray:
    return np.asarray([word.is_number for word in seen.words])


def _others(seen: Look) -> BoolArray:
    return np.asarray([not (word.is_name or word.is_number) for word in seen.words])


def _first(seen: Look) -> int:
    """The place of the word behind the question word: mostly what is asked for."""
    asking = _ASKING.search(seen.question)
    behind = asking.end() if asking else 0
    return next((place for place, word in enumerate(seen.words) if word.start >= behind), 0)


def _mean(values: FloatArray, of: BoolArray) -> float:
    """The mean over some words."""
    return float(values[of].mean()) if of.any() else NAN


def _least(values: FloatArray, of: BoolArray) -> float:
    """The least over some words."""
    return float(values[of].min()) if of.any() else NAN
