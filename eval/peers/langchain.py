"""What most guides build: LangChain, passages of 1,000 characters with 200 repeated, and FAISS."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from corpus.records import Span
from eval.benchmark import Entry
from eval.indexing import whole_text
from eval.records import GoldQuestion, Hit, Response
from rag.timing import Stopwatch

_SIZE, _OVERLAP = 1_000, 200  # characters, as the tutorial on semantic search has them


class LangChain:
    """RecursiveCharacterTextSplitter, HuggingFaceEmbeddings and a FAISS store of theirs."""

    name = "langchain"
    answers = False

    def __init__(self, entries: Iterable[Entry], weights: Path, depth: int, embeddings: Any = None) -> None:
        """`embeddings` stand in for those of the weights, in tests."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the guides' imports are deprecated by turns
            from langchain_community.vectorstores import FAISS
            from langchain_core.documents import Document
            from langchain_huggingface import HuggingFaceEmbeddings
            from langchain_text_splitters import RecursiveCharacterTextSplitter
        splitter = RecursiveCharacterTextSplitter(
            chunk_size=_SIZE, chunk_overlap=_OVERLAP, add_start_index=True
        )
        passages = splitter.split_documents(
            Document(page_content=whole_text(entry), metadata={"document": entry.id}) for entry in entries
        )
        made = embeddings or HuggingFaceEmbeddings(model_name=str(weights), model_kwargs={"device": "cpu"})
        self.passages = len(passages)
        self._depth = min(depth, len(passages))
        self._embeddings = made
        self._store = FAISS.from_documents(passages, made)

    def ask(self, question: GoldQuestion) -> Response:
        """Search as `similarity_search` does; its distances are turned round."""
        watch = Stopwatch()
        with watch.stage("encode"):
            vector = self._embeddings.embed_query(question.question)
        with watch.stage("search"):
            found = self._store.similarity_search_with_score_by_vector(vector, k=self._depth)
        return Response(tuple(_hit(passage, distance) for passage, distance in found), None, watch.read())


def _hit(passage: Any, distance: float) -> Hit:
    start = passage.metadata["start_index"]
    span = Span(start, start + len(passage.page_content))
    return Hit(passage.metadata["document"], (span,), -float(distance), passage.page_content)
