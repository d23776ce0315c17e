"""Token vectors in few bits: how they are kept for late interaction, and compared with a question's.

Each component of a unit vector becomes the nearest of a few levels. Nothing is fitted: one short document
is encoded as a whole library is, what is added later as what was there before, and equal vectors as equal
bytes. Questions stay in float32.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.records import FloatArray

CodeArray = NDArray[np.uint8]
# For components that are spread as in a random direction: Max (1960), doi:10.1109/TIT.1960.1057548, table I.
_TWO = (1.2533,)  # with which inner products are, on average, what they were: 1 / mean(|x|)
_SIXTEEN = (0.1284, 0.3881, 0.6568, 0.9424, 1.2562, 1.6181, 2.0691, 2.7326)


class LateMode(StrEnum):
    """How much is kept of each token."""

    OFF = "off"
    SMALL = "small"
    DEFAULT = "default"
    FULL = "full"


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
        return table.take(codes, axis=0).reshape(len(codes), -1)[:, : self.dimension]

    def similarities(self, question: FloatArray, codes: CodeArray) -> FloatArray:
        """Inner products [t, q] float32 of rows [t, bytes_per_token] with unit vectors [q, dimension]."""
        products: FloatArray = self.decode(codes) @ question.T
        return products

    def to_json(self) -> dict[str, object]:
        """Plain fields for the store and manifests."""
        return asdict(self)

    @classmethod
    def from_json(cls, fields: Mapping[str, object]) -> TokenCodec:
        """The inverse of `to_json`."""
        return cls(LateMode(str(fields["mode"])), int(str(fields["dimension"])))


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
