"""Dense search: FAISS, exact or with one byte a dimension, by inner product of unit vectors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import faiss
import numpy as np

from index.errors import DamagedError, StorageError
from index.records import FloatArray, Hits, IntArray

FLAT_LIMIT = 100_000  # vectors; above it one byte a dimension (SQ8) keeps memory and scan time down


class DenseIndex:
    """Vectors under the keys of their passages. Opened indexes are not changed."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, keys: IntArray, vectors: FloatArray, *, flat_limit: int = FLAT_LIMIT) -> DenseIndex:
        """An index of unit vectors [n, dimension] float32 under keys [n] int64."""
        dimension = vectors.shape[1]
        if len(vectors) <= flat_limit:
            inner: faiss.Index = faiss.IndexFlatIP(dimension)
        else:
            inner = faiss.IndexScalarQuantizer(
                dimension, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
            )
            inner.train(vectors)
        index = faiss.IndexIDMap2(inner)
        if len(vectors):
            index.add_with_ids(vectors, keys)
        return cls(index)

    @classmethod
    def open(cls, path: Path) -> DenseIndex:
        """Read an index whose checksum has been checked: FAISS itself notices little."""
        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError as error:
            raise DamagedError(f"{path}: not a readable FAISS index; run `pincite rebuild`") from error

    def save(self, path: Path) -> None:
        """Write the index; the caller syncs and renames. Raises StorageError."""
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise StorageError(
                f"{path}: cannot be written; check the disk and the folder's permissions"
            ) from error

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Components of a vector."""
        return int(self._index.d)

    def search(self, vector: FloatArray, k: int, allowed: IntArray | None = None) -> Hits:
        """The k passages of the highest cosine, among the `allowed` keys where they are given."""
        k = min(k, len(self) if allowed is None else len(allowed))
        if k <= 0:
            return Hits(np.empty(0, np.int64), np.empty(0, np.float32))
        params = None
        if allowed is not None:
            params = faiss.SearchParameters(sel=faiss.IDSelectorBatch(allowed))  # type: ignore[call-arg]
        with _one_thread():
            scores, keys = self._index.search(vector[None], k, params=params)
        found = keys[0] >= 0
        order = np.lexsort((keys[0][found], -scores[0][found]))
        return Hits(keys[0][found][order], scores[0][found][order])

    def scores(self, vector: FloatArray, keys: IntArray) -> FloatArray:
        """The cosine of `vector` with each of the keys, which are all in the index."""
        if not len(keys):
            return np.empty(0, np.float32)
        with _one_thread():
            stored = self._index.reconstruct_batch(keys)
        similarity: FloatArray = (stored * vector).sum(axis=1)  # BLAS scores equal vectors unequally
        return similarity


@contextmanager
def _one_thread() -> Iterator[None]:
    """Search with the calling thread alone.

    One question gains nothing from a second (100,000 vectors: 9 ms either way), and while other programs
    run it waits for that one: 60 ms in place of 1 over 14,000 vectors.
    """
    usual = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(usual)
