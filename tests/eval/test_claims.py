from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.claims import measure
from eval.errors import EvaluationError
from index.records import StoredPassage
from rag.testing import Collection

TEXT = """# The River Pact

The pact of the four states was signed in Morava in March 1998, after six years of patient talks.
The Republic of Ebal did not sign the agreement, and holds that it would have lost its northern harbours.
Observers of the lower valley attend each second year, and the members pay forty thousand crowns.
"""


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    """An empty collection."""
    made = Collection(tmp_path / "data")
    yield made
    made.close()


def passages(collection: Collection) -> list[StoredPassage]:
    store = collection.store
    return list(store.passages(store.next_keys().tolist()).values())


def test_what_is_not_said_any_more_does_not_pass(collection: Collection) -> None:
    collection.add({"pact.md": TEXT, "rain.txt": "It rains in the mountains, and the river rises then.\n"})
    seen: list[int] = []
    rows = measure(passages(collection), collection.tools(), 10, 1, lambda: seen.append(1))
    passed = {row.name: row.passed for row in rows}
    assert {passed[name] for name in ("another number", "another month", "a negation more or less")} == {0}
    assert len(seen) == 3
    kept = {row.name: row.passed / row.n for row in rows if row.said}
    assert kept["clauses in another order"] == 1.0


def test_equal_seeds_are_equal_sentences(collection: Collection) -> None:
    collection.add({"pact.md": TEXT})
    first, again = (
        [(row.name, row.n, row.passed) for row in measure(found, collection.tools(), 2, 7, lambda: None)]
        for found in (passages(collection), passages(collection))
    )
    assert first == again


def test_documents_without_sentences_are_told(collection: Collection) -> None:
    collection.add({"short.txt": "Too short.\n"})
    with pytest.raises(EvaluationError, match="no sentence of usual length"):
        measure(passages(collection), collection.tools(), 10, 1, lambda: None)
