"""How close each sentence of the ranked passages is to a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from index.reader import Snapshot
from index.records import FloatArray, IntArray
from rag.fuse import FusionConfig
from rag.records import RankedPassage, Ranking
from rag.search import token_weights

_SENTENCE, _HELPED, _PASSAGE = 0.55, 0.28, 0.17  # what the parts count: chosen on four collections
_LENT = 0.8  # what a similarity counts that only another sentence of the passage has
_SAME = 0.5  # of the terms make it the question that was asked in a talk
_ANSWERS = 0.9  # the same for the first words of an answer, which need not say what was asked


def closeness(passages: Sequence[RankedPassage], ranking: Ranking, index: Snapshot) -> list[FloatArray]:
    """How close the sentences of each passage are [sentences] float32, 1 at most; higher is closer.

    With token codes it is late interaction by sentence: the mean over the question's tokens of the most
    similar token of the sentence, of the sentence helped by its passage, and of the passage (MaxSim,
    Khattab and Zaharia, 2020, arXiv:2004.12832). Else it is the share of the question's terms.
    """
    if passages and ranking.tokens.size:
        return _late(passages, ranking, index)
    return [
        np.asarray(
            [share(ranked, i, ranking.terms, index) for i in range(len(ranked.stored.passage.sentences))]
        )
        for ranked in passages
    ]


def share(ranked: RankedPassage, sentence: int, terms: Mapping[str, float], index: Snapshot) -> float:
    """The share of the question's terms, weighted by rarity, that a sentence has.

    What the header says (title, section) counts half: a sentence of the section on a thing need not name it.
    The first words of an answer say what was asked.
    """
    passage = ranked.stored.passage
    own = set(index.terms(passage.text[slice(*passage.sentences[sentence])]))
    header = set(index.terms(passage.header)) if own & terms.keys() else set()
    met = sum(w if term in own else 0.5 * w if term in header else 0.0 for term, w in terms.items())
    said = met / (sum(terms.values()) or 1.0)
    return said if sentence else max(said, _ANSWERS * _answered(ranked, terms, index))


def _late(passages: Sequence[RankedPassage], ranking: Ranking, index: Snapshot) -> list[FloatArray]:
    keys = np.asarray([ranked.stored.key for ranked in passages], np.int64)
    weights = token_weights(ranking.question.text, ranking.starts, index, FusionConfig().weights.common)
    tokens = ranking.tokens * (weights / max(float(weights.mean()), 1e-9))[:, None]
    matches = index.late_tokens(tokens.astype(np.float32), keys)
    close = []
    for i, ranked in enumerate(passages):
        passage = ranked.stored.passage
        rows = slice(matches.bounds[i], matches.bounds[i + 1])
        similar = matches.similarities[rows]  # [tokens of the passage, tokens of the question]
        whole = similar.max(axis=0, initial=0.0)
        shift = len(passage.embedded) - len(passage.text)
        own = _by_sentence(similar, matches.starts[rows].astype(np.int64) - shift, passage.sentences)
        if _answered(ranked, ranking.terms, index) >= _SAME:
            own[:1] = np.maximum(own[:1], _ANSWERS * whole)
        helped = np.maximum(own, _LENT * whole)
        parts = _SENTENCE * own.mean(axis=1) + _HELPED * helped.mean(axis=1)
        close.append((parts + _PASSAGE * whole.mean()).astype(np.float32))
    return close


def _by_sentence(similar: FloatArray, starts: IntArray, sentences: Sequence[tuple[int, int]]) -> FloatArray:
    """The closest token of each sentence to each token of the question [sentences, q]."""
    found = np.zeros((len(sentences), similar.shape[1]), np.float32)
    for row, (start, end) in enumerate(sentences):
        first, behind = np.searchsorted(starts, (start, end))
        if first < behind:
            found[row] = similar[first:behind].max(axis=0)
    return found


def _answered(ranked: RankedPassage, terms: Mapping[str, float], index: Snapshot) -> float:
    """The share of the terms that the question has which a passage begins to answer; 0 where it does not.

    Where it does, the name of who speaks stands in front of the first sentence.
    """
    passage = ranked.stored.passage
    if not (passage.locator.question and passage.sentences and passage.sentences[0][0]):
        return 0.0
    asked = set(index.terms(passage.locator.question))
    return sum(weight for term, weight in terms.items() if term in asked) / (sum(terms.values()) or 1.0)
