from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from threading import Event, Thread
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.sources import FileSource, Source, walk
from index import generation
from index.errors import DamagedError, EncoderMismatchError, NoIndexError
from index.reader import Reader, Snapshot
from index.records import Filters
from index.store import Store
from index.testing import HashEncoder

if TYPE_CHECKING:
    from tests.index.conftest import Desk

QUESTIONS = ("treaty of place 1", "museum", "river number 4", "nothing of that")


def answers(desk: Desk, snapshot: Snapshot) -> list[tuple[list[object], ...]]:
    """Keys and scores of both searches."""
    found = []
    for question in QUESTIONS:
        dense = snapshot.dense(desk.encoder.encode_question(question), 10)
        lexical = snapshot.lexical(snapshot.terms(question), 10)
        found.append(tuple(part.tolist() for hits in (dense, lexical) for part in (hits.keys, hits.scores)))
    return found


@pytest.fixture
def full(desk: Desk) -> Desk:
    """Three documents, published."""
    for n in range(3):
        desk.write(f"{n}.txt", desk.prose(n, sentences=30))
    desk.add()
    return desk


def test_late_interaction_is_maxsim_with_the_tokens_of_a_passage(full: Desk) -> None:
    """By hand, from the text of every passage; the header is part of what is embedded."""
    index = full.reader().snapshot()
    question = full.encoder.embed_question("treaty of place 1").tokens
    keys = index.dense(question[0], 100).keys
    stored = index.passages(keys.tolist())
    expected = []
    for key in keys.tolist():
        tokens = full.encoder.embed_question(stored[key].passage.embedded).tokens
        kept = index.codec.decode(index.codec.encode(tokens))
        expected.append((question @ kept.T).max(axis=1).mean())
    np.testing.assert_allclose(index.late(question, keys), expected, atol=1e-5)
    maxima = index.late_tokens(question, keys).maxima()
    np.testing.assert_allclose(maxima.mean(axis=1), expected, atol=1e-5)


def test_tokens_of_removed_passages_are_gone(full: Desk) -> None:
    before = full.reader().snapshot()
    full.remove(full.reader().store.documents()[0].id)
    after = full.reader().snapshot()
    assert (before._generation.tokens and len(before._generation.tokens)) == 9
    assert (after._generation.tokens and len(after._generation.tokens)) == 6


def test_before_anything_was_published_there_is_no_index(desk: Desk) -> None:
    with desk.writer():
        pass
    with pytest.raises(
        NoIndexError, match="nothing was published here yet; add documents first: pincite add"
    ):
        Reader(desk.data)
    with pytest.raises(NoIndexError, match="no index here; add documents first"):
        Reader(desk.folder / "none")


def test_a_snapshot_tells_what_it_is(full: Desk) -> None:
    snapshot = full.reader().snapshot()
    assert (snapshot.number, snapshot.encoder, len(snapshot)) == (1, full.encoder.identity, 9)


def test_filters_narrow_both_searches(full: Desk) -> None:
    reader = full.reader()
    index, rows = reader.snapshot(), reader.store.documents()
    assert index.allowed(Filters()) is None
    allowed = index.allowed(Filters(document_id=(rows[1].id,)))
    assert allowed is not None
    dense = index.dense(full.encoder.encode_question("place"), 100, allowed)
    lexical = index.lexical(["place"], 100, allowed)
    assert sorted(dense.keys) == sorted(lexical.keys) == allowed.tolist()
    assert {s.document_id for s in index.passages(allowed.tolist()).values()} == {rows[1].id}


def test_cosines_of_given_passages_are_those_of_the_search(full: Desk) -> None:
    index, vector = full.reader().snapshot(), full.encoder.encode_question("treaty")
    hits = index.dense(vector, 9)
    np.testing.assert_allclose(index.cosine(vector, hits.keys), hits.scores, atol=1e-6)


def test_rarity_is_the_idf_of_bm25(full: Desk) -> None:
    index = full.reader().snapshot()
    expected = [np.log(1 + 0.5 / 9.5), np.log(1 + 9.5 / 0.5)]  # in all of nine, in none
    np.testing.assert_allclose(index.rarity(["place", "zebra"]), expected, rtol=1e-6)
    assert index.rarity([]).shape == (0,)


# --- damage ----------------------------------------------------------------------------------------

HARM = [
    "manifest.json",
    "dense.faiss",
    "lexical/meta.json",
    "lexical/*.idx",
    "lexical/*.term",
    "lexical/*.fast",
]


@pytest.mark.parametrize("name", HARM)
@pytest.mark.parametrize("harm", ["a bit", "the file"])
def test_a_harmed_file_is_noticed_and_repaired_with_the_same_results(
    full: Desk, name: str, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = answers(full, full.reader().snapshot())
    full.open_readers.close()
    (path,) = generation.folder(full.data, 1).glob(name)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)
    if harm == "the file":
        path.unlink()
    full.encoder.encoded = 0
    snapshot = full.reader().snapshot()
    assert answers(full, snapshot) == before
    assert (snapshot.number, full.encoder.encoded) == (2, 0)
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert "rebuilt from the store" in caplog.messages[0]
    assert caplog.messages[1] == f"{full.data}: generation 2 was rebuilt from the store"
    caplog.clear()
    assert answers(full, full.reader().snapshot()) == before
    assert not caplog.records


@pytest.mark.parametrize("gone", ["generations/000001", "generations"])
def test_a_missing_generation_is_repaired_with_the_same_results(
    full: Desk, gone: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = answers(full, full.reader().snapshot())
    full.open_readers.close()
    shutil.rmtree(full.data / gone)
    assert answers(full, full.reader().snapshot()) == before
    assert "missing or unreadable; the generation is rebuilt from the store" in caplog.messages[0]


def test_an_open_reader_goes_on_with_what_it_holds_when_files_are_harmed(full: Desk) -> None:
    reader = full.reader()
    before = answers(full, reader.snapshot())
    (generation.folder(full.data, 1) / "dense.faiss").unlink()
    assert answers(full, reader.snapshot()) == before


def test_a_store_that_lost_its_vectors_cannot_repair_and_says_what_can(full: Desk) -> None:
    with full.writer() as ingest, ingest.store.transaction() as db:
        db.execute("DELETE FROM vectors")
    (generation.folder(full.data, 1) / "dense.faiss").unlink()
    with pytest.raises(DamagedError, match="9 passages have no vector; run `pincite rebuild --reencode`"):
        Reader(full.data)
    with full.writer() as ingest:
        ingest.reencode()
    assert len(full.reader().snapshot()) == 9


# --- while a writer writes -------------------------------------------------------------------------


def test_a_reader_swaps_to_a_new_generation_and_old_snapshots_still_answer(full: Desk) -> None:
    reader = full.reader()
    old = reader.snapshot()
    before = answers(full, old)
    full.write("new.txt", "The zebra.")
    full.add()
    new = reader.snapshot()
    assert (old.number, new.number, len(new)) == (1, 2, 10)
    assert len(new.lexical(["zebra"], 5)) == 1
    assert answers(full, old) == before
    keys = old.dense(full.encoder.encode_question("treaty"), 9).keys.tolist()
    assert len(old.passages(keys)) == 9


def test_a_reader_gives_the_old_generation_back_when_it_swaps(full: Desk) -> None:
    reader = full.reader()
    for n in range(3):
        full.write("more.txt", f"More text {n}.")
        full.add()
        reader.snapshot()
    assert sorted(path.name for path in (full.data / "generations").iterdir()) == ["000003", "000004"]


def test_what_is_staged_stays_invisible_to_an_open_reader(full: Desk) -> None:
    reader = full.reader()
    before = answers(full, reader.snapshot()), reader.store.documents()
    full.write("0.txt", full.prose(7, sentences=1500))
    full.write("new.txt", "The zebra.")

    def fail_at_the_end() -> Iterator[Source | FileSource]:
        yield from walk([full.docs])
        raise KeyboardInterrupt

    with full.writer() as ingest:
        with pytest.raises(KeyboardInterrupt):
            ingest.add(fail_at_the_end())
        assert ingest.store.pending()
        assert (answers(full, reader.snapshot()), reader.store.documents()) == before


def test_a_generation_that_is_collected_while_it_is_opened_gives_way_to_the_next(full: Desk) -> None:
    place = generation.folder(full.data, 1)
    numbers: list[int] = []
    waiting = Thread(target=lambda: numbers.append(full.reader().snapshot().number))
    with (place / "manifest.json").open("rb") as manifest:
        fcntl.flock(manifest, fcntl.LOCK_EX)  # as the collector does
        waiting.start()
        full.write("new.txt", "New.")
        full.add()
        shutil.rmtree(place)
    waiting.join()
    assert numbers == [2]


def test_a_removed_document_is_left_out_of_an_old_snapshot_too(full: Desk) -> None:
    reader = full.reader()
    old = reader.snapshot()
    gone = reader.store.documents()[0].id
    full.remove(gone)
    keys = old.dense(full.encoder.encode_question("treaty"), 9).keys.tolist()
    assert len(keys) == 9
    assert gone not in {stored.document_id for stored in old.passages(keys).values()}


def test_questions_are_answered_whole_while_documents_are_added_and_removed(desk: Desk) -> None:
    """Each document has the same number of passages: any other number would be a torn one."""
    desk.write("0.txt", desk.prose(0, sentences=30))
    (outcome,) = desk.add()
    reader, done = desk.reader(), Event()
    wrong: list[object] = []
    seen: set[int] = set()

    def ask() -> None:
        while not done.is_set():
            index = reader.snapshot()
            keys = index.dense(desk.encoder.encode_question("place"), 1000).keys
            seen.add(index.number)
            if len(keys) != len(index) or len(keys) % outcome.passages:
                wrong.append((index.number, len(keys)))
            if set(keys.tolist()) != set(index.lexical(["place"], 1000).keys.tolist()):
                wrong.append((index.number, keys))

    threads = [Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    with desk.writer() as ingest:
        for n in range(1, 9):
            desk.write(f"{n}.txt", desk.prose(n, sentences=30))
            ingest.add(walk([desk.docs]))
            ingest.remove([ingest.store.documents()[0].id])
    done.set()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(seen) > 2


# --- encoders --------------------------------------------------------------------------------------


def test_a_reader_refuses_another_encoder(full: Desk) -> None:
    reader = full.reader()
    reader.check(full.encoder)
    with pytest.raises(EncoderMismatchError, match="pincite rebuild --reencode"):
        reader.check(HashEncoder(seed="other"))


def test_a_reader_refuses_a_new_generation_of_another_encoder_than_it_was_checked_with(full: Desk) -> None:
    """The dimension may be the same: nothing else would tell that the answers are nonsense."""
    checked, unchecked = full.reader(), full.reader()
    checked.check(full.encoder)
    full.encoder = HashEncoder(seed="other")
    with full.writer() as ingest:
        ingest.reencode()
    with pytest.raises(EncoderMismatchError, match=r"made by the encoder hashother .* but hash "):
        checked.snapshot()
    assert unchecked.snapshot().encoder == full.encoder.identity


def test_a_repair_keeps_the_name_of_the_encoder(full: Desk) -> None:
    shutil.rmtree(full.data / "generations")
    assert full.reader().snapshot().encoder == full.encoder.identity


def test_closing_gives_the_store_and_the_generation_back(full: Desk) -> None:
    reader = Reader(full.data)
    reader.close()
    full.write("new.txt", "New.")
    full.add()
    assert [path.name for path in (full.data / "generations").iterdir()] == ["000002"]
    store = Store.open(full.data)
    assert store.generation() == 2
    store.close()
