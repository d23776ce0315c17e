"""Haystack: passages of 200 words, vectors and BM25 in memory, joined by reciprocal rank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)


class Peer:
    """Their hybrid pipeline without the model that ranks again: nobody else here has one."""

    def __init__(self, documents: Sequence[tuple[str, str]], weights: str, depth: int) -> None:
        splitter = DocumentSplitter()
        splitter.warm_up()
        given = [Document(content=text, meta={"document": id_}) for id_, text in documents]
        passages = splitter.run(documents=given)["documents"]
        cpu = ComponentDevice.from_str("cpu")
        embedder = SentenceTransformersDocumentEmbedder(model=weights, device=cpu, progress_bar=False)
        embedder.warm_up()
        store = InMemoryDocumentStore()
        store.write_documents(embedder.run(documents=passages)["documents"])
        self.passages = len(passages)
        most = min(depth, len(passages))
        asked = SentenceTransformersTextEmbedder(model=weights, device=cpu, progress_bar=False)
        self._pipeline = Pipeline()
        for name, component in {
            "embedder": asked,
            "vectors": InMemoryEmbeddingRetriever(store, top_k=most),
            "words": InMemoryBM25Retriever(store, top_k=most),
            "joiner": DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=most),
        }.items():
            self._pipeline.add_component(name, component)
        self._pipeline.connect("embedder.embedding", "vectors.query_embedding")
        self._pipeline.connect("vectors", "joiner")
        self._pipeline.connect("words", "joiner")
        self._pipeline.warm_up()

    def ask(self, question: str) -> list[tuple[str, int, int, float]]:
        """Run the pipeline."""
        found = self._pipeline.run({"embedder": {"text": question}, "words": {"query": question}})
        return [_hit(passage) for passage in found["joiner"]["documents"]]


def _hit(passage: Any) -> tuple[str, int, int, float]:
    start = passage.meta["split_idx_start"]
    return passage.meta["document"], start, start + len(passage.content), float(passage.score or 0.0)
