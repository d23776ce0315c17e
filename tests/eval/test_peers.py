"""Peers over embeddings of our own, where they are installed; no model is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.records import Span
from eval.benchmark import Benchmark
from eval.errors import EvaluationError
from eval.peers import run
from index.testing import HashEncoder


class _Embeddings:
    """The fake encoder under the names that LangChain calls."""

    def __init__(self) -> None:
        self._encoder = HashEncoder()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        found: list[list[float]] = self._encoder.encode_passages(texts).tolist()
        return found

    def embed_query(self, text: str) -> list[float]:
        found: list[float] = self._encoder.encode_question(text).tolist()
        return found

    def __call__(self, text: str) -> list[float]:
        return self.embed_query(text)


def test_langchain_finds_passages_and_says_where_they_stand(benchmark: Benchmark) -> None:
    pytest.importorskip("langchain_community", reason="needs the extra `bench`")
    pytest.importorskip("langchain_huggingface", reason="needs the extra `bench`")
    from eval.peers.langchain import LangChain

    peer = LangChain(benchmark.entries.values(), Path("unused"), 300, _Embeddings())
    response = peer.ask(benchmark.questions[0])
    best = response.hits[0]
    assert (peer.passages, len(response.hits)) == (3, 3)
    assert (best.document, best.spans) == ("d1", (Span(0, 64),))
    assert best.text == "The Quay The quay of the harbour is nine metres long. It is red."
    assert [hit.score for hit in response.hits] == sorted((hit.score for hit in response.hits), reverse=True)
    assert list(response.timings_ms) == ["encode", "search", "total"]


def test_what_is_not_installed_is_told_with_the_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "_NEEDS", {"langchain": ("langchain_of_nowhere",)})
    with pytest.raises(
        EvaluationError, match=r"langchain_of_nowhere not installed; pip install 'pincite\[bench"
    ):
        run.check()
