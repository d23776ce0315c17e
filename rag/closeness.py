"""How close each sentence of the ranked passages is to a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from index.reader import Snapshot
from index.records import FloatArray
from rag.records import RankedPassage, Ranking

# What the parts count, chosen on four collections (docs/answers.md). They sum to about one, which makes
# closenesses comparable with cosines.
_SENTENCE, _PASSAGE_HELPS, _PASSAGE, _TERMS = 0.55, 0.28, 0.17, 0.085
_LENT = 0.8  # what a similarity counts for a sentence that only another one of its passage has
_ANSWERS = 0.9  # the same for the first words of an answer, which need not say what was asked


def closeness(passages: Sequence[RankedPassage], ranking: Ranking, index: Snapshot) -> list[FloatArray]:
    """Scores [sentences] float32 of each passage, higher is closer; 0 where a sentence shares nothing.

    With token codes it is late interaction by sentence: the mean over the question's tokens of the most
    similar token of the sentence, of the sentence helped by its passage, and of the passage (MaxSim,
    Khattab and Zaharia, 2020, arXiv:2004.12832). Else the question's terms decide, weighted by rarity.
    """
    shares = [_shares(ranked, ranking.terms, index) for ranked in passages]
    if not passages or not ranking.tokens.size:
        return [share * (1 + _TERMS) for share in shares]
    close = _late(passages, ranking, index)
    return [late + _TERMS * share for late, share in zip(close, shares, strict=True)]


def _late(passages: Sequence[RankedPassage], ranking: Ranking, index: Snapshot) -> list[FloatArray]:
    keys = np.asarray([ranked.stored.key for ranked in passages], np.int64)
    matches = index.late_tokens(ranking.tokens, keys)
    close = []
    for i, ranked in enumerate(passages):
        passage = ranked.stored.passage
        rows = slice(matches.bounds[i], matches.bounds[i + 1])
        similar = matches.similarities[rows]  # [tokens of the passage, tokens of the question]
        whole = similar.max(axis=0, initial=0.0)
        shift = len(passage.embedded) - len(passage.text)
        own = _by_sentence(similar, matches.starts[rows].astype(np.int64) - shift, passage.sentences)
        if _begins_answer(ranked):
            own[:1] = np.maximum(own[:1], _ANSWERS * whole)
        helped = np.maximum(own, _LENT * whole)
        parts = _SENTENCE * own.mean(axis=1) + _PASSAGE_HELPS * helped.mean(axis=1)
        close.append((parts + _PASSAGE * whole.mean()).astype(np.float32))
    return close


def _by_sentence(similar: FloatArray, starts: np.ndarray, sentences: Sequence[tuple[int, int]]) -> FloatArray:
    """The closest token of each sentence to each token of the question [sentences, q]."""
    found = np.zeros((len(sentences), similar.shape[1]), np.float32)
    for row, (start, end) in enumerate(sentences):
        first, behind = np.searchsorted(starts, (start, end))
        if first < behind:
            found[row] = similar[first:behind].max(axis=0)
    return found


def _shares(ranked: RankedPassage, terms: Mapping[str, float], index: Snapshot) -> FloatArray:
    """The rarity-weighted share [sentences] of the question's terms that each sentence has.

    What the header says (title, section) counts half: a sentence of the section on a thing need not name it.
    """
    passage = ranked.stored.passage
    total = sum(terms.values()) or 1.0
    header = set(index.terms(passage.header))
    shares = np.zeros(len(passage.sentences), np.float32)
    for row, (start, end) in enumerate(passage.sentences):
        own = set(index.terms(passage.text[start:end]))
        if own & terms.keys():
            met = (w if term in own else 0.5 * w if term in header else 0.0 for term, w in terms.items())
            shares[row] = sum(met) / total
    if _begins_answer(ranked) and len(shares):
        answered = set(index.terms(passage.locator.question or ""))
        said = sum(weight for term, weight in terms.items() if term in answered) / total
        shares[0] = max(shares[0], _ANSWERS * said)
    return shares


def _begins_answer(ranked: RankedPassage) -> bool:
    """Whether the first sentence begins an answer: the name of who speaks stands in front of it."""
    passage = ranked.stored.passage
    return bool(passage.locator.question and passage.sentences and passage.sentences[0][0])
