from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.codes import LateMode, TokenCodec
from index.errors import DamagedError, NotFoundError, StorageError
from index.records import DocumentRow, Filters
from index.store import Store
from index.testing import HashEncoder

if TYPE_CHECKING:
    from tests.index.conftest import Shelf


@pytest.fixture
def store(shelf: Shelf, tmp_path: Path) -> Iterator[Store]:
    """The shelf's store, as a reader opens it."""
    store = Store.open(tmp_path)
    yield store
    store.close()


# --- documents -------------------------------------------------------------------------------------


def test_published_documents_are_listed_by_source(shelf: Shelf, store: Store) -> None:
    shelf.stage("b", "One.", "Two.", title="B")
    shelf.stage("a", "Three\x00\x00!", location="/docs/a.txt")
    shelf.publish()
    shelf.stage("c", "Not published.")
    rows = store.documents()
    (a, b) = ((row.version, row.added) for row in rows)
    assert rows == [
        DocumentRow("a", "a.txt", "/docs/a.txt", *a, 1, 8, {}),
        DocumentRow("b", "b.txt", None, *b, 2, 9, {"title": "B"}),
    ]


@pytest.mark.parametrize("name", ["doc_abc", "doc_a", "doc_abc.txt", "/docs/doc_abc.txt"])
def test_a_document_is_named_by_its_id_its_beginning_its_source_or_its_place(
    shelf: Shelf, store: Store, name: str
) -> None:
    shelf.stage("doc_abc", "One.", location="/docs/doc_abc.txt")
    shelf.stage("doc_xyz", "Two.")
    shelf.publish()
    assert store.find_document(name) == "doc_abc"


@pytest.mark.parametrize("name", ["nothing", "doc%", "doc_xy_", "\\", "\udcff", "doc_staged"])
def test_a_name_that_names_nothing_is_not_found(shelf: Shelf, store: Store, name: str) -> None:
    """`%` and `_` mean themselves."""
    shelf.stage("doc-xyz", "Two.")
    shelf.publish()
    shelf.stage("doc_staged", "Not yet.")
    with pytest.raises((NotFoundError, StorageError), match=r"`pincite list` shows them|not valid Unicode"):
        store.find_document(name)


def test_a_name_of_several_documents_is_refused_with_their_ids(shelf: Shelf, store: Store) -> None:
    shelf.stage("doc_1", "One.")
    shelf.stage("doc_2", "Two.")
    shelf.publish()
    expected = r"'doc' names 2 documents: doc_1 \(doc_1.txt\), doc_2 \(doc_2.txt\); give an id"
    with pytest.raises(NotFoundError, match=expected):
        store.find_document("doc")


def test_an_earlier_version_resolves_and_says_what_replaced_it(shelf: Shelf, store: Store) -> None:
    shelf.stage("doc", "First version.", title="Old")
    shelf.publish()
    old = store.document("doc")
    shelf.stage("doc", "Second version.", title="New")
    shelf.publish()
    new = store.document("doc")
    assert (new.document.text, new.superseded_by) == ("Second version.", None)
    again = store.document("doc", old.document.version)
    assert again.document == old.document
    assert again.superseded_by == new.document.version
    assert store.text(old.document.version) == "First version."


def test_a_version_that_is_only_staged_is_not_found(shelf: Shelf, store: Store) -> None:
    shelf.stage("doc", "First version.")
    shelf.publish()
    shelf.stage("doc", "Second version.")
    staged = shelf.store.next_document("doc").version
    assert store.document("doc").document.text == "First version."
    with pytest.raises(NotFoundError, match=f"no version {staged} of document doc in this index"):
        store.document("doc", staged)


def test_a_document_that_is_not_here_is_not_found(shelf: Shelf, store: Store) -> None:
    shelf.stage("doc", "Only staged.")
    for id_ in ("doc", "none"):
        with pytest.raises(NotFoundError, match=f"no document {id_} in this index"):
            store.document(id_)


def test_the_text_of_a_removed_document_is_gone_though_it_was_read_before(shelf: Shelf, store: Store) -> None:
    shelf.stage("doc", "Here today.")
    shelf.publish()
    version = store.documents()[0].version
    assert store.text(version) == "Here today."
    shelf.store.remove(["doc"])
    shelf.publish()
    with pytest.raises(NotFoundError, match="no version"):
        store.text(version)


def test_many_long_texts_are_read_without_all_being_kept(shelf: Shelf, store: Store) -> None:
    texts = [str(n) * 6_000_000 for n in range(3)]
    for n, text in enumerate(texts):
        shelf.stage(f"doc{n}", text)
    shelf.publish()
    versions = [row.version for row in store.documents()]
    assert [store.text(version)[:3] for version in versions * 2] == ["000", "111", "222"] * 2
    assert sum(map(len, store._texts.values())) <= 16_000_000


# --- passages --------------------------------------------------------------------------------------


def test_a_passage_comes_with_its_document(shelf: Shelf, store: Store) -> None:
    passages = shelf.stage("doc", "One.", "Two.", title="Title")
    shelf.publish()
    keys = store.keys(Filters()).tolist()
    stored = store.passages([*keys, 999])
    assert [stored[key].passage for key in keys] == list(passages)
    first = stored[keys[0]]
    assert (first.key, first.document_id, first.source, first.superseded, first.record) == (
        keys[0], "doc", "doc.txt", False, {"title": "Title"},
    )  # fmt: skip


@pytest.mark.parametrize(("around", "expected"), [(0, "c"), (1, "bcd"), (9, "abcde")])
def test_a_passage_has_neighbours_in_reading_order(
    shelf: Shelf, store: Store, around: int, expected: str
) -> None:
    passages = shelf.stage("doc", *"abcde")
    shelf.stage("other", *"xyz")
    shelf.publish()
    assert "".join(s.passage.text for s in store.passage(passages[2].id, around)) == expected


def test_a_passage_of_an_earlier_version_resolves_and_says_so(shelf: Shelf, store: Store) -> None:
    old = shelf.stage("doc", "Old words.")[0]
    shelf.publish()
    new = shelf.stage("doc", "New words.")[0]
    with pytest.raises(NotFoundError, match=f"no passage {new.id} in this index"):
        store.passage(new.id)
    shelf.publish()
    assert [(s.passage, s.superseded) for s in store.passage(old.id)] == [(old, True)]
    assert [(s.passage, s.superseded) for s in store.passage(new.id)] == [(new, False)]


def test_a_passage_that_several_documents_have_is_given_from_one_where_it_stands_now(
    shelf: Shelf, store: Store
) -> None:
    (shared,) = shelf.stage("a", "Shared words.")
    shelf.stage("b", "Other words.")
    shelf.publish()
    shelf.stage("a", "New words.")
    shelf.stage("b", "Shared words.")
    shelf.publish()
    shelf.stage("b", "Newer words.")
    assert [(s.document_id, s.superseded) for s in store.passage(shared.id)] == [("b", False)]


def test_a_document_that_came_back_to_an_earlier_version_is_not_superseded(
    shelf: Shelf, store: Store
) -> None:
    for text in ("First.", "Second.", "First."):
        passage = shelf.stage("doc", text)[0]
        shelf.publish()
    assert [s.superseded for s in store.passage(passage.id)] == [False]
    assert store.document("doc").superseded_by is None
    assert len(store.rows("SELECT 1 FROM revisions")) == 2


def test_passages_are_counted_for_each_version(shelf: Shelf, store: Store) -> None:
    shelf.stage("doc", "a", "b", "c")
    shelf.publish()
    old = store.document("doc").document.version
    shelf.stage("doc", "d")
    shelf.publish()
    new = store.document("doc").document.version
    assert [store.count_passages("doc", version) for version in (old, new, "none")] == [3, 1, 0]


def test_vectors_come_in_the_order_of_the_keys(shelf: Shelf, store: Store) -> None:
    texts = [f"passage number {n}" for n in range(600)]  # more than fit into one statement
    shelf.stage("doc", *texts)
    shelf.publish()
    keys = store.next_keys()
    vectors = store.vectors(keys[::-1], shelf.encoder.identity)
    np.testing.assert_array_equal(vectors, shelf.encoder.encode_passages(texts)[::-1])
    assert [(key, text) for key, text, _ in store.texts(keys)] == list(zip(keys, texts, strict=True))


def test_a_passage_without_a_vector_of_the_encoder_is_told(shelf: Shelf, store: Store) -> None:
    shelf.stage("doc", "a", "b")
    with pytest.raises(DamagedError, match="2 passages have no vector; run `pincite rebuild --reencode`"):
        store.vectors(store.next_keys(), type(shelf.encoder)(seed="other").identity)


def test_token_codes_come_in_the_order_of_the_keys(shelf: Shelf, store: Store) -> None:
    shelf.codec = TokenCodec(LateMode.DEFAULT, 64)
    shelf.store.set_codec(shelf.codec)
    texts = [f"passage number {n}" + " again" * (n % 3) for n in range(600)]
    shelf.stage("doc", *texts)
    shelf.publish()
    kept = list(store.token_codes(store.next_keys(), shelf.encoder.identity, shelf.codec))
    expected = map(shelf.encoder.embed_question, texts)
    for found, embedding in zip(kept, expected, strict=True):
        np.testing.assert_array_equal(found.codes, shelf.codec.encode(embedding.tokens))
        np.testing.assert_array_equal(found.starts, embedding.starts)


@pytest.mark.parametrize(
    ("seed", "codec"), [("other", TokenCodec(LateMode.DEFAULT, 64)), ("", TokenCodec(LateMode.FULL, 64))]
)
def test_a_passage_without_codes_of_the_encoder_and_the_codec_is_told(
    shelf: Shelf, store: Store, seed: str, codec: TokenCodec
) -> None:
    shelf.codec = TokenCodec(LateMode.DEFAULT, 64)
    shelf.stage("doc", "a", "b")
    expected = "2 passages have no token codes; run `pincite rebuild --reencode`"
    with pytest.raises(DamagedError, match=expected):
        list(store.token_codes(store.next_keys(), HashEncoder(seed=seed).identity, codec))


def test_an_empty_store_keeps_no_token_codes(store: Store) -> None:
    assert not store.codec().keeps


# --- one state -------------------------------------------------------------------------------------


def test_inside_steady_nothing_that_is_published_meanwhile_is_seen(shelf: Shelf, store: Store) -> None:
    shelf.stage("a", "one")
    shelf.publish()
    with store.steady():
        assert store.generation() == 1
        shelf.stage("b", "two")
        shelf.publish()
        assert (store.generation(), [row.id for row in store.documents()]) == (1, ["a"])
    assert (store.generation(), [row.id for row in store.documents()]) == (2, ["a", "b"])


def test_threads_may_share_a_store(shelf: Shelf, store: Store) -> None:
    shelf.stage("doc", *(f"passage {n}" for n in range(50)))
    shelf.publish()
    keys, wrong = store.keys(Filters()).tolist(), []

    def read() -> None:
        for key in keys:
            if store.passages([key])[key].key != key or store.generation() != 1:
                wrong.append(key)

    threads = [Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
