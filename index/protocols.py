"""What the rooms above ask of an engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from index.records import Embedding, EncoderIdentity, FloatArray


class Encoder(Protocol):
    """Texts to unit vectors: one for each text, and from the same pass one for each of its tokens.

    Thread-safe. A model that makes no token vectors gives embeddings without tokens.
    """

    @property
    def identity(self) -> EncoderIdentity:
        """What its vectors can be compared with."""

    @property
    def token_dimension(self) -> int:
        """Components of a token's vector; 0 for a model that makes none."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, special ones not counted."""

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors [n, dimension] float32, in the order of the texts."""

    def encode_question(self, text: str) -> FloatArray:
        """The unit vector [dimension] float32 of a question."""

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """The vectors that `encode_passages` gives, each with those of its tokens."""

    def embed_question(self, text: str) -> Embedding:
        """The vector that `encode_question` gives, with those of its tokens."""
