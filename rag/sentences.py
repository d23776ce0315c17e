"""A question held against the sentences of the best passages, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.late import TokenMatches
from index.reader import Snapshot
from index.records import FloatArray, IntArray
from rag.offered import Range
from rag.records import RankedPassage, Ranking

PASSAGES = 3  # the best ones are looked at
_BEFORE = 0.95  # what a likeness counts that is with the sentence before, or with the header
_LIKE_WEIGHTS = 0.4, 0.6, 0.15  # of the sentence, its window, and the words held, where there are token codes
_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question that says what is asked: its search terms, and where its tokens are."""

    text: str
    start: int  # a character of the question
    terms: frozenset[str]
    rarity: float  # the highest of its terms, see `Snapshot.rarity`
    tokens: tuple[int, ...]  # places among the question's token vectors; none without late interaction

    @property
    def is_name(self) -> bool:
        """Whether it is written with a capital, though it does not begin the question."""
        return self.start > 0 and self.text[0].isupper()

    @property
    def is_number(self) -> bool:
        """Whether it has a digit."""
        return any(map(str.isdigit, self.text))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of one of the best passages, held against the words of the question: arrays are [words].

    The window of a sentence is the sentence, the one before it, and the passage's header.
    """

    seen: Seen
    place: Range  # of the passage's text
    text: str
    before: str
    held: FloatArray  # 1 where it has all terms of a word, .5 where it has some
    window: FloatArray  # 1 also where its window has them
    like: FloatArray  # similarity of the closest token to each word; 0 without late interaction
    like_window: FloatArray
    score: float = 0.0  # how well it meets the question


@dataclass(frozen=True, slots=True)
class Seen:
    """One of the best passages, whole, held against the words of the question."""

    ranked: RankedPassage
    held: FloatArray  # [words], as of a sentence
    like: FloatArray  # [words, tokens]; no tokens without late interaction
    starts: IntArray  # [tokens], characters of the passage's text; negative in the header

    def closest(self, start: int, end: int, but: Range = (0, 0)) -> FloatArray:
        """The similarity [words] of the closest token within a range of the text; 0 where there is none."""
        first, last, *gap = np.searchsorted(self.starts, (start, end, *but)).tolist()
        inside = self.like[:, first:last]
        if but[0] < but[1]:
            inside = np.delete(inside, slice(max(0, gap[0] - first), max(0, gap[1] - first)), axis=1)
        closest: FloatArray = inside.max(axis=1, initial=0.0)
        return closest


@dataclass(frozen=True, slots=True)
class Look:
    """What was looked at: the words of a question, the best passages, and their sentences, best first."""

    question: str
    words: tuple[Word, ...]
    weights: FloatArray  # [words] by rarity; their sum is 1
    passages: tuple[Seen, ...]
    sentences: tuple[Sentence, ...]


def look(ranking: Ranking, index: Snapshot) -> Look | None:
    """Hold a question against the best passages; None where it has no word, or they have no sentence."""
    best = ranking.passages[:PASSAGES]
    keys = np.asarray([one.stored.key for one in best], np.int64)
    matches = index.late_tokens(ranking.tokens, keys) if best and ranking.tokens.size else None
    words = question_words(ranking.question.text, index, ranking.starts.tolist())
    rarity = np.asarray([word.rarity for word in words], np.float32)
    weights = rarity / max(float(rarity.sum()), 1e-9)
    passages = tuple(_seen(ranked, place, words, index, matches) for place, ranked in enumerate(best))
    sentences = [
        replace(one, score=_score(one, weights))
        for seen in passages
        for one in _sentences(seen, words, index)
    ]
    sentences.sort(key=lambda one: (-one.score, one.seen.ranked.rank, one.place))
    if not words or not sentences:
        return None
    return Look(ranking.question.text, words, weights, passages, tuple(sentences))


def question_words(question: str, index: Snapshot, starts: Sequence[int] = ()) -> tuple[Word, ...]:
    """The words of a question that have search terms, all of its words where none has.

    `starts` are the characters at which its tokens start.
    """
    found = list(_WORD.finditer(question))
    terms = [frozenset(index.terms(match.group())) for match in found]
    every = sorted(frozenset().union(*terms))
    rarity = dict(zip(every, index.rarity(every).tolist(), strict=True))
    return tuple(
        Word(
            text=match.group(),
            start=match.start(),
            terms=own or frozenset([match.group().casefold()]),
            rarity=max((rarity[term] for term in own), default=1.0),
            tokens=tuple(i for i, start in enumerate(starts) if match.start() <= start < match.end()),
        )
        for match, own in zip(found, terms, strict=True)
        if own or not every
    )


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return [word.casefold() for word in _WORD.findall(text)]


def held(words: Sequence[Word], terms: frozenset[str]) -> FloatArray:
    """How much of each word [words] is among terms: 1 for all of its terms, .5 for some."""
    shares = [1.0 if word.terms <= terms else 0.5 if word.terms & terms else 0.0 for word in words]
    return np.asarray(shares, np.float32)


def _seen(
    ranked: RankedPassage, place: int, words: Sequence[Word], index: Snapshot, matches: TokenMatches | None
) -> Seen:
    passage = ranked.stored.passage
    like, starts = np.zeros((len(words), 0), np.float32), np.zeros(0, np.int64)
    if matches:
        rows = slice(*matches.bounds[place : place + 2].tolist())
        like = _of_words(words, matches.similarities.shape[1]) @ matches.similarities[rows].T
        starts = matches.starts[rows].astype(np.int64) - (len(passage.embedded) - len(passage.text))
    return Seen(ranked, held(words, frozenset(index.terms(passage.embedded))), like, starts)


def _of_words(words: Sequence[Word], tokens: int) -> FloatArray:
    """What takes the mean over the tokens of each word [words, tokens]; 0 for one behind what was encoded."""
    taken = np.zeros((len(words), tokens), np.float32)
    for row, word in zip(taken, words, strict=True):
        row[list(word.tokens)] = 1 / max(1, len(word.tokens))
    return taken


def _sentences(seen: Seen, words: Sequence[Word], index: Snapshot) -> Iterator[Sentence]:
    """The sentences of a passage in their order; the whole text where it has none."""
    passage = seen.ranked.stored.passage
    in_header = seen.closest(-len(passage.embedded), 0)
    header = frozenset(index.terms(passage.header))
    before, like_before, terms_before = "", np.zeros(len(words), np.float32), frozenset[str]()
    for start, end in passage.sentences or ((0, len(passage.text)),):
        text = passage.text[start:end]
        terms, like = frozenset(index.terms(text)), seen.closest(start, end)
        own, window = held(words, terms), held(words, terms | terms_before | header)
        yield Sentence(
            seen=seen,
            place=(start, end),
            text=text,
            before=before,
            held=own,
            window=np.maximum(own, window == 1),
            like=like,
            like_window=np.maximum(like, _BEFORE * np.maximum(in_header, like_before)),
        )
        before, like_before, terms_before = text, like, terms


def _score(sentence: Sentence, weights: FloatArray) -> float:
    """How well a sentence meets the question: by what is like it, and the words held decide what is close."""
    if not sentence.seen.like.size:
        return float(sentence.window @ weights) + 0.5 * float(sentence.held @ weights)
    own, window, words = _LIKE_WEIGHTS
    like = own * float(sentence.like @ weights) + window * float(sentence.like_window @ weights)
    return like + words * float(sentence.window @ weights)
