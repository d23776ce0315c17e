from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.sources import Source
from index.errors import DamagedError
from index.ingest import Ingest
from index.quotes import QuoteIndex
from index.reader import Reader
from index.records import Revision
from index.testing import HashEncoder
from index.words import Hasher
from rag.testing import Collection

Texts = dict[int, str]
_texts = st.dictionaries(
    st.integers(1, 9), st.lists(st.sampled_from("abcd"), max_size=12).map(" ".join), max_size=5
)


def build(
    texts: Texts, former: QuoteIndex | None = None, without: frozenset[int] = frozenset()
) -> QuoteIndex:
    def read(key: int) -> str:
        assert key not in without, "it is in the former index"
        return texts[key]

    return QuoteIndex.build([Revision(key, f"doc{key}", f"v{key}") for key in sorted(texts)], read, former)


def found(index: QuoteIndex, text: str) -> list[tuple[str, int]]:
    """(document, word of it) of each place of a text."""
    places = index.occurrences(Hasher()(text)).tolist()
    return [(d.id, at - d.start) for at in places for d in [index.document_at(at)]]


def by_scanning(texts: Texts, text: str) -> list[tuple[str, int]]:
    wanted = text.split()
    return [
        (f"doc{key}", i)
        for key in sorted(texts)
        for words in [texts[key].split()]
        for i in range(len(words) - len(wanted) + 1)
        if words[i : i + len(wanted)] == wanted
    ]


@settings(deadline=None, max_examples=60)
@given(_texts, st.lists(st.sampled_from("abcd"), min_size=1, max_size=11).map(" ".join))
def test_it_finds_what_a_scan_finds(texts: Texts, text: str) -> None:
    assert found(build(texts), text) == by_scanning(texts, text)


@settings(deadline=None, max_examples=60)
@given(_texts, _texts, st.lists(st.sampled_from("abcd"), min_size=1, max_size=4).map(" ".join))
def test_one_that_grew_from_another_finds_the_same(before: Texts, after: Texts, text: str) -> None:
    after = after | {key: words for key, words in before.items() if key % 2}
    kept = frozenset(before) & frozenset(after)
    after |= {key: before[key] for key in kept}  # a revision never changes
    grown = build(after, build(before), without=kept)
    assert found(grown, text) == by_scanning(after, text)


def test_a_place_is_counted_wherever_its_words_stand() -> None:
    index = build({1: "red sea red sea red", 2: "sea"})
    counts = np.diff(index.ranges(Hasher()("red sea red"), 2)).ravel().tolist()
    assert counts == [2, 2]
    assert np.diff(index.ranges(Hasher()("sea"), 1)).ravel().tolist() == [3]


def test_no_sequence_reaches_from_one_document_into_the_next() -> None:
    assert found(build({1: "a b", 2: "c d"}), "b c") == []


def test_what_was_saved_is_opened_again(tmp_path: Path) -> None:
    index = build({3: "one two three two three", 5: "two"})
    index.save(tmp_path / "quotes")
    opened = QuoteIndex.open(tmp_path / "quotes")
    assert opened.documents == index.documents
    assert len(opened) == 6
    assert found(opened, "two three") == [("doc3", 1), ("doc3", 3)]
    assert opened.words(opened.documents[1]).tolist() == Hasher()("two").tolist()


def test_an_empty_one_is_saved_and_finds_nothing(tmp_path: Path) -> None:
    build({}).save(tmp_path / "quotes")
    opened = QuoteIndex.open(tmp_path / "quotes")
    assert found(opened, "anything at all") == []
    assert opened.ranges(Hasher()("any thing"), 2).tolist() == [[0, 0]]


def test_one_that_is_not_there_is_told_as_damaged(tmp_path: Path) -> None:
    with pytest.raises(DamagedError, match="not a readable quote index; run `pincite rebuild`"):
        QuoteIndex.open(tmp_path)


@pytest.mark.parametrize("name", ["words.npy", "order.npy", "documents.json"])
def test_a_generation_without_its_quote_index_is_rebuilt_from_the_store(tmp_path: Path, name: str) -> None:
    collection = Collection(tmp_path / "data")
    collection.add({"a.txt": "One mill stood on the hill."})
    (place,) = (tmp_path / "data" / "generations").glob(f"*/quotes/{name}")
    place.unlink()
    assert found(collection.reader.snapshot().quotes, "on the hill") == [("a.txt", 3)]
    collection.close()


def test_what_is_added_is_found_with_what_was_there_and_what_is_removed_is_not(tmp_path: Path) -> None:
    """With more passages than few, the next index grows from the one before."""
    data = tmp_path / "data"
    texts = {f"{n}.txt": f"Mill number {n} stood on hill {n}." for n in range(4)}
    with Ingest(data, HashEncoder, few_passages=0) as ingest:
        ingest.add([Source(name, text.encode(), document_id=name) for name, text in texts.items()])
        ingest.remove(["1.txt"])
        ingest.add([Source("4.txt", b"Mill number 4 stood on hill 4.", document_id="4.txt")])
        ingest.add([Source("0.txt", b"Mill number 9 stood on hill 9.", document_id="0.txt")])
    reader = Reader(data)
    index = reader.snapshot().quotes
    assert sorted(d for d, _ in found(index, "stood on hill")) == ["0.txt", "2.txt", "3.txt", "4.txt"]
    assert [d for d, _ in found(index, "mill number 9")] == ["0.txt"]
    assert found(index, "mill number 1") == found(index, "hill 0") == []
    reader.close()
