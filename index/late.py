"""Late interaction: the codes of all tokens of the collection, and how a question's tokens meet them.

`codes.bin` holds a row for each token, passage after passage, `bounds.npy` where each passage begins and
`keys.npy` whose it is, `starts.bin` the character of the embedded text at which each token starts. They
are mapped into memory: of a large collection only the candidates are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from index.codes import CodeArray, StartArray, TokenCodec, TokenCodes
from index.errors import DamagedError
from index.records import FloatArray, IntArray

_CODES, _STARTS, _KEYS, _BOUNDS = "codes.bin", "starts.bin", "keys.npy", "bounds.npy"
_PART_TOKENS = 65_536  # scored at once: their similarities are some megabytes


@dataclass(frozen=True, slots=True)
class TokenMatches:
    """Each token of some passages against each of a question's."""

    similarities: FloatArray  # [t, q] float32, passage after passage
    bounds: IntArray  # [passages + 1] int64: rows of passage i are [bounds[i], bounds[i + 1])
    starts: StartArray  # [t] uint16: characters of the embedded text

    def maxima(self) -> FloatArray:
        """For each passage and each token of the question the closest token's similarity [passages, q]."""
        return _maxima(self.similarities, self.bounds)


class TokenIndex:
    """Token codes under the keys of their passages."""

    def __init__(
        self, codec: TokenCodec, keys: IntArray, bounds: IntArray, codes: CodeArray, starts: StartArray
    ) -> None:
        self.codec = codec
        self._keys = keys  # [n] int64, ascending
        self._bounds = bounds  # [n + 1] int64
        self._codes = codes  # [t, bytes] uint8
        self._starts = starts  # [t] uint16

    @classmethod
    def write(cls, folder: Path, keys: IntArray, kept: Iterable[TokenCodes]) -> None:
        """Write the files, from what is kept of the passages in the order of their ascending keys.

        The caller syncs. Raises OSError.
        """
        folder.mkdir(parents=True)
        bounds = [0]
        with (folder / _CODES).open("wb") as codes, (folder / _STARTS).open("wb") as starts:
            for passage in kept:
                codes.write(passage.codes.tobytes())
                starts.write(passage.starts.tobytes())
                bounds.append(bounds[-1] + len(passage.starts))
        assert len(bounds) == len(keys) + 1, "codes of every passage"
        np.save(folder / _KEYS, keys)
        np.save(folder / _BOUNDS, np.asarray(bounds, np.int64))

    @classmethod
    def open(cls, folder: Path, codec: TokenCodec) -> TokenIndex:
        """Map the files of a folder whose checksums have been checked. Raises DamagedError."""
        _calm_blas()
        try:
            keys, bounds = np.load(folder / _KEYS), np.load(folder / _BOUNDS)
            tokens = int(bounds[-1])
            codes = _mapped(folder / _CODES, np.uint8, (tokens, codec.bytes_per_token))
            starts = _mapped(folder / _STARTS, np.uint16, (tokens,))
        except (OSError, ValueError, LookupError) as error:
            raise DamagedError(f"{folder}: no readable token codes; run `pincite rebuild`") from error
        return cls(codec, keys, bounds, codes, starts)

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def tokens(self) -> int:
        """How many tokens all passages have together."""
        return len(self._starts)

    def scores(self, question: FloatArray, keys: IntArray) -> FloatArray:
        """How well passages [n] meet a question's token vectors [q, dimension] float32, by their keys.

        The mean over the question's tokens of the closest token's similarity, which is the MaxSim of
        Khattab and Zaharia (2020), arXiv:2004.12832, over the number of those tokens. Where some of them
        should count for more, give them longer vectors.
        """
        if not len(question):
            return np.zeros(len(keys), np.float32)
        parts = [self.match(question, part).maxima().mean(axis=1) for part in self._parts(keys)]
        return np.concatenate([np.empty(0, np.float32), *parts])

    def match(self, question: FloatArray, keys: IntArray) -> TokenMatches:
        """Every token of passages held against every one of a question [q, dimension] float32."""
        first, lengths = self._extent(keys)
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        rows = np.repeat(first - bounds[:-1], lengths) + np.arange(bounds[-1])
        found = self.codec.similarities(question, self._codes.take(rows, axis=0))
        return TokenMatches(found, bounds, self._starts.take(rows))

    def _extent(self, keys: IntArray) -> tuple[IntArray, IntArray]:
        """Where the rows of passages begin, and how many they are."""
        places = np.searchsorted(self._keys, keys)
        assert np.array_equal(self._keys[places], keys), "keys of this generation"
        first = self._bounds[places]
        return first, self._bounds[places + 1] - first

    def _parts(self, keys: IntArray) -> Iterator[IntArray]:
        """Keys in parts of a bounded number of tokens."""
        _, lengths = self._extent(keys)
        cuts = np.flatnonzero(np.diff(np.cumsum(lengths) // _PART_TOKENS)) + 1
        yield from np.split(keys, cuts)


def cost(folder: Path) -> tuple[int, int]:
    """How many tokens the files of a folder keep, and in how many bytes; nothing where there is none."""
    sizes = {path.name: path.stat().st_size for path in folder.glob("*")}
    return sizes.get(_STARTS, 0) // np.dtype(np.uint16).itemsize, sum(sizes.values())


@cache
def _calm_blas() -> None:
    """From now on NumPy multiplies with the calling thread alone, in all of this process.

    Products here are small: a second thread gains nothing, and on a busy machine waits for that one,
    spinning (170 ms in place of 15 for a hundred candidates). Encoders bring their own threads.
    """
    threadpool_limits(limits=1, user_api="blas")


def _maxima(similarities: FloatArray, bounds: IntArray) -> FloatArray:
    """The largest of each column between bounds; 0 where there is nothing."""
    found = np.zeros((len(bounds) - 1, similarities.shape[1]), np.float32)
    held = bounds[:-1] < bounds[1:]
    if held.any():
        found[held] = np.maximum.reduceat(similarities, bounds[:-1][held], axis=0)
    return found


def _mapped(path: Path, kind: type[np.generic], shape: tuple[int, ...]) -> NDArray[Any]:
    """A file as an array; nothing can be mapped of an empty one."""
    if not shape[0]:
        return np.empty(shape, kind)
    return np.memmap(path, kind, "r", shape=shape).view(np.ndarray)
