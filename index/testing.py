"""Fakes that ship: a deterministic encoder without a model, and an exact search to compare with."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from index.records import Embedding, EncoderIdentity, FloatArray, Hits, IntArray

_WORD = re.compile(r"\w+")


class HashEncoder:
    """Vectors from words alone: each word has a fixed random direction, a text is their sum."""

    def __init__(
        self, dimension: int = 64, max_tokens: int = 256, seed: str = "", *, tokens: bool = True
    ) -> None:
        """Without `tokens` it is one of those that make no vectors of tokens."""
        self._tokens = tokens
        self._seed = seed
        self._directions: dict[str, FloatArray] = {}
        self.encoded = 0  # texts embedded so far
        self._identity = EncoderIdentity(
            model=f"hash{seed}",
            weights=hashlib.sha256(seed.encode()).hexdigest(),
            dimension=dimension,
            max_tokens=max_tokens,
            pooling="sum of words",
        )

    @property
    def identity(self) -> EncoderIdentity:
        """What its vectors can be compared with."""
        return self._identity

    @property
    def token_dimension(self) -> int:
        """Components of a word's direction."""
        return self._identity.dimension if self._tokens else 0

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words, and a piece for every six characters of a long one."""
        return [sum(1 + len(word[0]) // 7 for word in _WORD.finditer(text)) for text in texts]

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors [n, dimension] float32."""
        self.encoded += len(texts)
        if not texts:
            return np.zeros((0, self._identity.dimension), np.float32)
        return np.stack([self.encode_question(text) for text in texts])

    def encode_question(self, text: str) -> FloatArray:
        """A unit vector [dimension] float32; a text without words has a direction too."""
        words = _WORD.findall(text.casefold()) or [""]
        total = np.sum([self._direction(word) for word in words], axis=0)
        unit: FloatArray = (total / max(float(np.linalg.norm(total)), 1e-12)).astype(np.float32)
        return unit

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """The vectors of `encode_passages`, each with the directions of its words."""
        self.encoded += len(texts)
        return [self.embed_question(text) for text in texts]

    def embed_question(self, text: str) -> Embedding:
        """The vector of `encode_question`, with the directions of its words."""
        if not self._tokens:
            return Embedding(self.encode_question(text), np.empty((0, 0), np.float32), np.empty(0, np.int64))
        found = list(_WORD.finditer(text))
        tokens = np.stack([self._direction(word[0].casefold()) for word in found] or [self._direction("")])
        tokens /= np.linalg.norm(tokens, axis=1, keepdims=True)
        starts = np.asarray([word.start() for word in found], np.int64)
        return Embedding(self.encode_question(text), tokens[: len(found)], starts)

    def _direction(self, word: str) -> FloatArray:
        if word not in self._directions:
            digest = hashlib.sha256(f"{self._seed}:{word}".encode()).digest()
            random = np.random.default_rng(int.from_bytes(digest[:8], "big"))
            self._directions[word] = random.standard_normal(self._identity.dimension).astype(np.float32)
        return self._directions[word]


def exact_search(keys: IntArray, vectors: FloatArray, vector: FloatArray, k: int) -> Hits:
    """The reference that dense engines are compared with: inner products, ties in the order of keys."""
    scores = vectors @ vector
    order = np.lexsort((keys, -scores))[:k]
    return Hits(keys[order], scores[order])
