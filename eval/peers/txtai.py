"""txtai: whole documents as its guides index them, vectors and BM25 in equal parts (`hybrid=True`)."""

from __future__ import annotations

from collections.abc import Sequence

from txtai import Embeddings


class Peer:
    """An Embeddings index of theirs; what the encoder does not read of a long document is not in it."""

    def __init__(self, documents: Sequence[tuple[str, str]], weights: str, depth: int) -> None:
        self._lengths = {id_: len(text) for id_, text in documents}
        self.passages = len(documents)
        self._depth = min(depth, len(documents))
        self._embeddings = Embeddings(path=weights, hybrid=True, gpu=False)
        self._embeddings.index(list(documents))

    def ask(self, question: str) -> list[tuple[str, int, int, float]]:
        """Search as documented."""
        found = self._embeddings.search(question, self._depth)
        return [(id_, 0, self._lengths[id_], float(score)) for id_, score in found]
