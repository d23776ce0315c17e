from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.testing import HashEncoder
from rag.closeness import closeness, share
from rag.records import Question, Ranking
from rag.retrieve import retrieve
from rag.testing import Collection

_TEXT = "The harbour of Baku is deep. Ships wait there. The lamp burns."


def _ranked(collection: Collection, question: str) -> Ranking:
    return retrieve(Question(question), collection.tools())


def test_closeness_is_the_mean_of_the_closest_tokens_of_sentence_helped_sentence_and_passage(
    collection: Collection,
) -> None:
    """Worked by hand: words are alike or (nearly) not, so each maximum is about 1 or what noise gives."""
    collection.add({"a.txt": _TEXT})
    ranking = _ranked(collection, "lamp burns")
    (found,) = closeness(ranking.passages, ranking, collection.tools().snapshot)
    assert found[2] == pytest.approx(0.55 + 0.28 + 0.17, abs=0.02)
    assert found[0] < 0.8 * found[2]


def test_without_token_codes_closeness_is_the_share_of_the_terms(tmp_path: Path) -> None:
    plain = Collection(tmp_path, encoder=HashEncoder(tokens=False))
    plain.add({"a.txt": _TEXT})
    ranking = _ranked(plain, "lamp burns")
    (found,) = closeness(ranking.passages, ranking, plain.tools().snapshot)
    plain.close()
    assert found.tolist() == [0.0, 0.0, 1.0]


def test_a_term_of_the_header_counts_half_where_the_sentence_has_another_one(collection: Collection) -> None:
    collection.add({"a.md": "# Harbour\n\nThe lamp burns. The sea is cold.\n"})
    ranking = _ranked(collection, "harbour lamp")
    index = collection.tools().snapshot
    shares = [share(ranking.passages[0], at, ranking.terms, index) for at in range(2)]
    weights = dict(ranking.terms)
    lamp, harbour = weights["lamp"], weights["harbour"]
    assert shares == pytest.approx([(lamp + 0.5 * harbour) / (lamp + harbour), 0.0])


def test_of_no_passages_nothing_is_close(collection: Collection) -> None:
    collection.add({"a.txt": _TEXT})
    ranking = _ranked(collection, "lamp")
    assert closeness([], ranking, collection.tools().snapshot) == []


def test_each_sentence_has_a_closeness(collection: Collection) -> None:
    collection.add({"a.txt": _TEXT, "b.txt": "One. Two ships. Three ships wait."})
    ranking = _ranked(collection, "ships wait")
    found = closeness(ranking.passages, ranking, collection.tools().snapshot)
    assert [len(scores) for scores in found] == [len(r.stored.passage.sentences) for r in ranking.passages]
    assert all(np.isfinite(scores).all() for scores in found)
