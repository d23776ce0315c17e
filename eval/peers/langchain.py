"""What most guides build: LangChain, passages of 1,000 characters with 200 repeated, and FAISS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

_SIZE, _OVERLAP = 1_000, 200  # characters, as the tutorial on semantic search has them


class Peer:
    """RecursiveCharacterTextSplitter, HuggingFaceEmbeddings and a FAISS store of theirs."""

    def __init__(
        self, documents: Sequence[tuple[str, str]], weights: str, depth: int, embeddings: Any = None
    ) -> None:
        """`embeddings` stand in for those of the weights, in tests."""
        splitter = RecursiveCharacterTextSplitter(
            chunk_size=_SIZE, chunk_overlap=_OVERLAP, add_start_index=True
        )
        passages = splitter.split_documents(
            Document(page_content=text, metadata={"document": id_}) for id_, text in documents
        )
        made = embeddings or HuggingFaceEmbeddings(model_name=weights, model_kwargs={"device": "cpu"})
        self.passages = len(passages)
        self._depth = min(depth, len(passages))
        self._store = FAISS.from_documents(passages, made)

    def ask(self, question: str) -> list[tuple[str, int, int, float]]:
        """Search as `similarity_search` does; its distances are turned round."""
        return [_hit(*found) for found in self._store.similarity_search_with_score(question, k=self._depth)]


def _hit(passage: Any, distance: float) -> tuple[str, int, int, float]:
    start = passage.metadata["start_index"]
    return passage.metadata["document"], start, start + len(passage.page_content), -float(distance)
