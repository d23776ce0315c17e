from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.records import FloatArray
from rag.records import Question
from rag.rescore import Reranker
from rag.retrieve import retrieve
from rag.testing import Collection


class _Longest:
    """Finds the longest text best, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []

    def scores(self, question: str, texts: Sequence[str]) -> FloatArray:
        self.asked.append((question, list(texts)))
        return np.asarray([len(text) for text in texts], np.float32)


def test_a_second_model_reads_the_question_beside_each_passage_with_its_header(
    collection: Collection,
) -> None:
    collection.add(
        {"a.md": "# Gas\n\nThe field is deep.\n", "b.md": "# Wine\n\nThe cellar is old, and cold.\n"}
    )
    model = _Longest()

    ranking = retrieve(Question("Which field?"), collection.tools(Reranker(model)))

    [(question, texts)] = model.asked
    assert question == "Which field?"
    assert sorted(texts) == sorted(r.stored.passage.embedded for r in ranking.passages)
    assert [r.stored.source for r in ranking.passages] == ["b.md", "a.md"]
    assert [r.signals["reranker"] for r in ranking.passages] == [r.score for r in ranking.passages]
