"""Token vectors in few bits: how they are kept for late interaction, and compared with a question's.

Each component of a unit vector becomes the nearest of a few levels. Nothing is fitted: one short document
is encoded as a whole library is, what is added later as what was there before, and equal vectors as equal
bytes. Questions stay in float32.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.records import Embedding, FloatArray, IntArray

CodeArray = NDArray[np.uint8]
StartArray = NDArray[np.uint16]
# Levels of components with a variance of 1, without their signs. Of two: with it inner products are on
# average what they were, 1 / mean(|x|). Of sixteen: Max (1960), doi:10.1109/TIT.1960.1057548, table I.
_TWO = (1.2533,)
_SIXTEEN = (0.1284, 0.3881, 0.6568, 0.9424, 1.2562, 1.6181, 2.0691, 2.7326)
# What every passage says: Lucene's list for English, and the commonest pronouns and auxiliaries.
_COMMON = (
    "a an and are as at be been but by for from had has have he her his if in into is it its no not of on or "
    "she such that the their then there these they this to was were which who will with"
)
_STOP_WORDS = frozenset(_COMMON.split())
_WORD = re.compile(r"\w+")
_LAST_START = np.iinfo(np.uint16).max  # a token behind it counts as there
_BLOCK_TOKENS = 128  # decoded at once: they are still in the cache when they are multiplied


class LateMode(StrEnum):
    """How much is kept of the tokens of a passage."""

    OFF = "off"
    SMALL = "small"  # one vector for each word that says something, one bit a component
    DEFAULT = "default"  # every token, one bit a component
    FULL = "full"  # every token, four bits


_BITS = {LateMode.SMALL: 1, LateMode.DEFAULT: 1, LateMode.FULL: 4}  # a component


@dataclass(frozen=True, slots=True)
class TokenCodec:
    """From unit vectors of `dimension` components to rows of bytes; 0 components for an encoder without."""

    mode: LateMode
    dimension: int

    @property
    def keeps(self) -> bool:
        """Whether anything is kept: not where it is off, or the encoder makes no vectors of tokens."""
        return self.mode is not LateMode.OFF and self.dimension > 0

    @property
    def name(self) -> str:
        """Equal for codecs whose rows may be mixed."""
        return f"{self.mode.value}-{self.dimension}"

    @property
    def bytes_per_token(self) -> int:
        """The length of a row."""
        return -(-self.dimension * _BITS[self.mode] // 8)

    def encode(self, vectors: FloatArray) -> CodeArray:
        """Rows [t, bytes_per_token] of unit vectors [t, dimension] float32."""
        levels = _levels(_BITS[self.mode])
        scaled = vectors * np.float32(np.sqrt(self.dimension))
        return _pack(
            np.searchsorted((levels[1:] + levels[:-1]) / 2, scaled).astype(np.uint8), _BITS[self.mode]
        )

    def decode(self, codes: CodeArray) -> FloatArray:
        """About the vectors [t, dimension] float32 that rows were made of."""
        table = _table(_BITS[self.mode], self.dimension)
        components = table.take(codes, axis=0).reshape(len(codes), codes.shape[1] * table.shape[1])
        return components[:, : self.dimension]

    def similarities(self, question: FloatArray, codes: CodeArray) -> FloatArray:
        """Inner products [t, q] float32 of rows [t, bytes_per_token] with vectors [q, dimension]."""
        products = np.empty((len(codes), len(question)), np.float32)
        columns = np.ascontiguousarray(question.T)
        for start in range(0, len(codes), _BLOCK_TOKENS):
            block = slice(start, start + _BLOCK_TOKENS)
            np.matmul(self.decode(codes[block]), columns, out=products[block])
        return products

    def to_json(self) -> dict[str, object]:
        """Plain fields for the store and manifests."""
        return asdict(self)

    @classmethod
    def from_json(cls, fields: Mapping[str, object]) -> TokenCodec:
        """The inverse of `to_json`."""
        return cls(LateMode(str(fields["mode"])), int(str(fields["dimension"])))


@dataclass(frozen=True, slots=True)
class TokenCodes:
    """What is kept of the tokens of one passage."""

    codes: CodeArray  # [t, bytes] uint8
    starts: StartArray  # [t] uint16: characters of the embedded text

    @classmethod
    def of(cls, text: str, embedding: Embedding, codec: TokenCodec) -> TokenCodes:
        """What `codec` keeps of the embedding of a text."""
        tokens, starts = embedding.tokens, embedding.starts
        if codec.mode is LateMode.SMALL:
            tokens, starts = _by_word(text, tokens, starts)
        return cls(codec.encode(tokens), np.minimum(starts, _LAST_START).astype(np.uint16))

    @classmethod
    def from_bytes(cls, codes: bytes, starts: bytes, codec: TokenCodec) -> TokenCodes:
        """What was kept as bytes."""
        rows = np.frombuffer(codes, np.uint8).reshape(-1, codec.bytes_per_token)
        return cls(rows, np.frombuffer(starts, np.uint16))


def _by_word(text: str, tokens: FloatArray, starts: IntArray) -> tuple[FloatArray, IntArray]:
    """The mean direction of the pieces of each word, without stop words and what stands between words.

    A text that has no other words keeps all its tokens.
    """
    words = [word.span() for word in _WORD.finditer(text) if word[0].casefold() not in _STOP_WORDS]
    first, end = np.asarray(words, np.int64).reshape(-1, 2).T
    word = np.searchsorted(first, starts, side="right") - 1
    inside = np.flatnonzero((word >= 0) & (starts < np.append(end, 0)[word]))
    if not len(inside):
        return tokens, starts
    found, at = np.unique(word[inside], return_index=True)
    sums = np.add.reduceat(tokens[inside], at, axis=0)
    return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12), first[found]


def _levels(bits: int) -> FloatArray:
    """The values that a component can become, ascending, for a variance of 1."""
    positive = _TWO if bits == 1 else _SIXTEEN
    return np.asarray([*(-level for level in reversed(positive)), *positive], np.float32)


def _pack(levels: CodeArray, bits: int) -> CodeArray:
    """Numbers of levels [t, n], several in a byte, the first one in its highest bits."""
    if bits == 1:
        return np.packbits(levels, axis=1)
    even = np.pad(levels, ((0, 0), (0, levels.shape[1] % 2)))
    packed: CodeArray = even[:, ::2] * np.uint8(16) + even[:, 1::2]
    return packed


@lru_cache(maxsize=4)
def _table(bits: int, dimension: int) -> FloatArray:
    """The levels [256, 8 / bits] float32 that each byte stands for."""
    numbers = np.arange(256, dtype=np.uint8)[:, None]
    numbers = np.unpackbits(numbers, axis=1) if bits == 1 else np.hstack([numbers >> 4, numbers & 15])
    return _levels(bits)[numbers] / np.float32(np.sqrt(dimension))
