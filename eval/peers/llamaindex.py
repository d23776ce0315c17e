"""LlamaIndex: passages of 256 tokens with 32 repeated, vectors and BM25, fused by reciprocal rank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.retrievers.bm25 import BM25Retriever

_SIZE, _OVERLAP = 256, 32  # tokens


class Peer:
    """SentenceSplitter, VectorStoreIndex and BM25Retriever behind a QueryFusionRetriever."""

    def __init__(self, documents: Sequence[tuple[str, str]], weights: str, depth: int) -> None:
        """No language model is asked: a question is searched as it stands."""
        splitter = SentenceSplitter(chunk_size=_SIZE, chunk_overlap=_OVERLAP)
        nodes = splitter.get_nodes_from_documents(
            [Document(doc_id=id_, text=text) for id_, text in documents]
        )
        index = VectorStoreIndex(nodes, embed_model=HuggingFaceEmbedding(model_name=weights, device="cpu"))
        self.passages = len(nodes)
        most = min(depth, len(nodes))
        self._retriever = QueryFusionRetriever(
            [
                index.as_retriever(similarity_top_k=most),
                BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=most),
            ],
            llm=MockLLM(),
            mode="reciprocal_rerank",
            similarity_top_k=most,
            num_queries=1,
            use_async=False,
        )

    def ask(self, question: str) -> list[tuple[str, int | None, int | None, float]]:
        """Search both and fuse; a passage that the splitter could not place has no place."""
        return [_hit(found) for found in self._retriever.retrieve(question)]


def _hit(found: Any) -> tuple[str, int | None, int | None, float]:
    node = found.node
    return node.ref_doc_id, node.start_char_idx, node.end_char_idx, float(found.score or 0.0)
