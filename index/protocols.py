"""What the rooms above ask of an engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from index.records import EncoderIdentity, FloatArray


class Encoder(Protocol):
    """Texts to unit vectors. Thread-safe."""

    @property
    def identity(self) -> EncoderIdentity:
        """What its vectors can be compared with."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, special ones not counted."""

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors [n, dimension] float32, in the order of the texts."""

    def encode_question(self, text: str) -> FloatArray:
        """The unit vector [dimension] float32 of a question."""
