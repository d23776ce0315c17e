"""The engines asked for one question: candidates with every signal of each, best first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from index.reader import Snapshot
from index.records import Embedding, FloatArray, IntArray
from rag.asked import subject
from rag.fuse import DENSE, LATE, LEXICAL, FusionConfig, Weights, candidates, lowered, min_max, spread
from rag.records import Question

_MOST = 2.2  # times its rarity: what BM25 gives a term at most, with tantivy's k1 of 1.2
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Sought:
    """A question as the engines take it."""

    vector: FloatArray  # [dimension] float32
    tokens: FloatArray  # [q, token dimension] float32, each as long as it counts, 1 on average
    terms: Mapping[str, float]  # with their rarity
    allowed: IntArray | None  # keys that pass the filters; None where there are none


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages in the order of their scores, with the signals that these were made of."""

    keys: IntArray  # [n] int64
    scores: FloatArray  # [n] float32, falling
    signals: Mapping[str, FloatArray]  # [n] float32 each

    def followed_by(self, others: Candidates) -> Candidates:
        """With others, none of which is among these, below them all."""
        return Candidates(
            np.concatenate([self.keys, others.keys]),
            np.concatenate([self.scores, lowered(others.scores, self.scores)]),
            {name: np.concatenate([own, others.signals[name]]) for name, own in self.signals.items()},
        )


def seek(question: Question, asked: Embedding, index: Snapshot, common: float) -> Sought:
    """A question with its embedding as the engines take it.

    Each of its tokens counts as much as its word is rare, and `common` more.
    """
    terms = list(dict.fromkeys(map(index.spelt, subject(question.text, index.terms))))
    rarity = dict(zip(terms, index.rarity(terms).tolist(), strict=True))
    weights = token_weights(question.text, asked.starts, index, common)
    lengths = weights / max(float(weights.mean()), 1e-9) if len(weights) else weights
    tokens = asked.tokens * lengths[:, None]
    return Sought(asked.vector, tokens.astype(np.float32), rarity, index.allowed(question.filters))


def token_weights(text: str, starts: IntArray, index: Snapshot, common: float) -> FloatArray:
    """What each token of a question counts [q] float32, by the characters at which they start."""
    words = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    terms = [[index.spelt(term) for term in index.terms(text[start:end])] for start, end in words]
    known = list(dict.fromkeys(term for own in terms for term in own))
    rarity = dict(zip(known, index.rarity(known).tolist(), strict=True))
    weights = np.full(len(starts), common, np.float32)
    for (start, end), own in zip(words, terms, strict=True):
        inside = (starts >= start) & (starts < end)
        weights[inside] += max((rarity[term] for term in own), default=0.0)
    return weights


def search(sought: Sought, index: Snapshot, config: FusionConfig, wanted: int) -> Candidates:
    """The union of the best of the dense and the lexical engine, ranked by all signals.

    Where that is less than `wanted`, engines are asked for twice as many, again and again, and what is new
    follows: what ranks high does not depend on how much is wanted.
    """
    depth = config.depth
    found = fuse(gather(sought, index, depth), config.weights)
    while len(found.keys) < wanted and depth < len(index):
        depth *= 2
        found = found.followed_by(fuse(gather(sought, index, depth, found.keys), config.weights))
    return found


def gather(sought: Sought, index: Snapshot, depth: int, known: IntArray | None = None) -> Candidates:
    """The `depth` best of each engine that are not `known`, by ascending key, with every signal of each.

    The signals are the cosine, the share of the most that BM25 could give, and the mean similarity of the
    question's tokens with the closest ones of the passage. All scores are 0.
    """
    terms = list(sought.terms)
    dense, lexical = (
        index.dense(sought.vector, depth, sought.allowed),
        index.lexical(terms, depth, sought.allowed),
    )
    keys = candidates(dense, lexical)
    if known is not None:
        keys = np.setdiff1d(keys, known, assume_unique=True)
    most = _MOST * sum(sought.terms.values()) or 1.0
    signals = {
        DENSE: index.cosine(sought.vector, keys),
        LEXICAL: spread(index.lexical(terms, len(keys), keys), keys) / np.float32(most),
    }
    if index.has_tokens:
        signals[LATE] = index.late(sought.tokens, keys)
    return Candidates(keys, np.zeros(len(keys), np.float32), signals)


def fuse(found: Candidates, weights: Weights) -> Candidates:
    """The same candidates, best first; equal ones in the order of keys."""
    scores = min_max(weights.total(found.signals))
    order = np.lexsort((found.keys, -scores))
    signals = {name: signal[order] for name, signal in found.signals.items()}
    return replace(found, keys=found.keys[order], scores=scores[order], signals=signals)
