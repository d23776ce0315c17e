"""Whether a difference between systems could be chance: paired, by randomisation and by bootstrap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

SEED = 20_240
PERMUTATIONS = 10_000
RESAMPLES = 5_000
_AT_ONCE = 4_000_000  # random numbers held in memory


def randomisation(differences: Values, permutations: int = PERMUTATIONS, seed: int = SEED) -> Values:
    """Two-sided p [m] of the mean of paired differences [n, m] against random signs.

    Fisher's randomisation test as Smucker, Allan and Carterette (2007, doi:10.1145/1321440.1321528)
    recommend it for retrieval: exact for so few questions that all signs can be tried, else sampled,
    and then the observed signs count as one of the samples, so that p is never 0.
    """
    n = len(differences)
    observed = np.abs(differences.sum(axis=0))
    reached = np.zeros(differences.shape[1])
    exact = n < 63 and 2**n <= permutations
    tried = 2**n if exact else permutations
    for signs in _every_sign(n) if exact else _random_signs(n, permutations, seed):
        # Sums in another order differ in the last bits: equal ones must count as equal.
        reached += (np.abs(signs @ differences) >= observed - 1e-9).sum(axis=0)
    p: Values = reached / tried if exact else (reached + 1) / (tried + 1)
    return p


def _every_sign(n: int) -> Iterator[Values]:
    bits = np.arange(2**n)[:, None] >> np.arange(n) & 1
    yield (1 - 2 * bits).astype(np.float64)


def _random_signs(n: int, count: int, seed: int) -> Iterator[Values]:
    random = np.random.default_rng(seed)
    for size in _parts(n, count):
        yield (1 - 2 * random.integers(0, 2, (size, n))).astype(np.float64)


def bootstrap(
    values: Values, confidence: float = 0.95, resamples: int = RESAMPLES, seed: int = SEED
) -> Values:
    """Percentile interval [m, 2] of the means of values [n, m], whole questions drawn with replacement."""
    n, m = values.shape
    if not n:
        return np.full((m, 2), np.nan)
    random = np.random.default_rng(seed)
    means = np.empty((resamples, m))
    at = 0
    for size in _parts(n, resamples):
        drawn = random.integers(0, n, (size, n))
        for column in range(m):
            means[at : at + size, column] = values[:, column][drawn].mean(axis=1)
        at += size
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    return np.quantile(means, tails, axis=0).T


def _parts(n: int, count: int) -> Iterator[int]:
    """Numbers of samples of n that add up to `count`."""
    size = max(1, _AT_ONCE // max(1, n))
    yield from (min(size, count - start) for start in range(0, count, size))


def holm(p: Sequence[float]) -> list[float]:
    """Adjusted p of several tests: Holm (1979), https://www.jstor.org/stable/4615733."""
    order = sorted(range(len(p)), key=lambda i: p[i])
    adjusted = [0.0] * len(p)
    highest = 0.0
    for place, i in enumerate(order):
        highest = max(highest, min(1.0, (len(p) - place) * p[i]))
        adjusted[i] = highest
    return adjusted
