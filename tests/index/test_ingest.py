from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from resource import RLIMIT_FSIZE, getrlimit, setrlimit
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from corpus.errors import CorpusError
from corpus.passages import PassageConfig
from corpus.sources import FileSource, Source, walk
from index.codes import LateMode, TokenCodec
from index.errors import BusyError, EncoderMismatchError, LateMismatchError, NotFoundError, StorageError
from index.ingest import Ingest
from index.plan import Change, Outcome
from index.records import Embedding, Filters
from index.testing import HashEncoder

if TYPE_CHECKING:
    from tests.index.conftest import Desk

NOBODY = 65534


class TornEncoder(HashEncoder):
    """Fails at the n-th text that it should embed."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.left = after

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        self.left -= len(texts)
        if self.left < 0:
            raise KeyboardInterrupt
        return super().embed_passages(texts)


@contextmanager
def small_files(limit: int) -> Iterator[None]:
    """No file can grow over so many bytes, as on a disk that is nearly full."""
    soft, hard = getrlimit(RLIMIT_FSIZE)
    setrlimit(RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        setrlimit(RLIMIT_FSIZE, (soft, hard))


def torn(files: Iterable[Source | FileSource]) -> Iterator[Source | FileSource]:
    """Interrupted when all have been read."""
    yield from files
    raise KeyboardInterrupt


def changes(outcomes: Sequence[Outcome]) -> dict[str, Change]:
    return {outcome.source: outcome.change for outcome in outcomes}


def state(desk: Desk) -> tuple[object, ...]:
    """All that a reader could see, and all that waits."""
    with desk.writer() as ingest:
        tables = ("documents", "revisions", "versions", "passages", "vectors", "meta")
        rows = [ingest.store.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]
    return (*rows, sorted(str(path) for path in desk.data.rglob("*") if path.is_file()))


# --- add -------------------------------------------------------------------------------------------


def test_added_files_are_found(desk: Desk) -> None:
    desk.write("a.txt", "Gas flows through the pipeline.")
    desk.write("sub/b.md", "# Title\n\nThe museum opened late.")
    outcomes = desk.add()
    assert changes(outcomes) == {"a.txt": Change.ADDED, "sub/b.md": Change.ADDED}
    assert [outcome.passages for outcome in outcomes] == [1, 1]
    assert desk.texts() == {
        "a.txt": "Gas flows through the pipeline.",
        "sub/b.md": "# Title\n\nThe museum opened late.",
    }
    dense, lexical = desk.found("pipeline gas", 1)
    assert dense == lexical


def test_everything_that_can_become_of_a_source(desk: Desk) -> None:
    for name in ("same", "edited", "moved"):
        desk.write(f"{name}.txt", f"The file {name} speaks.")
    desk.add()
    desk.write("edited.txt", "Edited words.")
    (desk.docs / "moved.txt").rename(desk.docs / "new name.txt")
    desk.write("copy.txt", "The file same speaks.")
    desk.write("fresh.txt", "A new file.")
    (desk.docs / "empty.txt").touch()
    outcomes = desk.add()
    assert changes(outcomes) == {
        "same.txt": Change.UNCHANGED,
        "edited.txt": Change.CHANGED,
        "new name.txt": Change.RENAMED,
        "copy.txt": Change.DUPLICATE,
        "fresh.txt": Change.ADDED,
        "empty.txt": Change.REFUSED,
    }
    details = {outcome.source: outcome.detail for outcome in outcomes if outcome.detail}
    assert details == {
        "copy.txt": "same content as same.txt",
        "new name.txt": "was moved.txt",
        "empty.txt": "empty.txt: the file is empty; there is nothing to add",
    }
    assert set(desk.texts()) == {"same.txt", "edited.txt", "new name.txt", "fresh.txt"}


def test_outcomes_are_heard_as_they_are_known(desk: Desk) -> None:
    desk.write("a.txt", "One.")
    (desk.docs / "b.txt").touch()
    heard: list[Outcome] = []
    with desk.writer() as ingest:
        outcomes = ingest.add(walk([desk.docs]), heard.append)
    assert sorted(heard, key=lambda o: o.source) == sorted(outcomes, key=lambda o: o.source)


def test_adding_nothing_new_publishes_nothing(desk: Desk) -> None:
    desk.write("a.txt", "One.")
    desk.add()
    before, encoded = state(desk), desk.encoder.encoded
    desk.add()
    assert (state(desk), desk.encoder.encoded) == (before, encoded)


def test_when_all_is_refused_nothing_is_published(desk: Desk) -> None:
    (desk.docs / "a.txt").write_bytes(b"\x00\x01\x02" * 100)
    assert changes(desk.add()) == {"a.txt": Change.REFUSED}
    with desk.writer() as ingest:
        assert ingest.store.generation() == 0


def test_a_name_that_is_not_utf8_is_refused_and_stops_nobody(desk: Desk) -> None:
    desk.write("a.txt", "One.")
    Path(os.fsdecode(bytes(desk.docs) + b"/caf\xe9.txt")).write_text("Two.")
    (refused,) = (outcome for outcome in desk.add() if outcome.change is Change.REFUSED)
    assert refused.detail == f"{refused.source}: its path is not valid UTF-8; rename it"
    assert set(desk.texts()) == {"a.txt"}


def test_a_sidecar_that_changes_processes_its_document_again_without_embedding_it(desk: Desk) -> None:
    desk.write("a.txt", "Words of one report.")
    desk.write("a.meta.yaml", "author: First Author")
    desk.add()
    encoded = desk.encoder.encoded
    desk.write("a.meta.yaml", "author: Second Author")
    assert changes(desk.add()) == {"a.txt": Change.CHANGED}
    store = desk.reader().store
    assert len(store.keys(Filters(author=("second",)))) == 1
    assert len(store.keys(Filters(author=("first",)))) == 0
    assert desk.encoder.encoded == encoded


def test_only_text_that_changed_is_embedded_again(desk: Desk) -> None:
    text = desk.prose(1, sentences=60)
    desk.write("a.txt", text)
    (outcome,) = desk.add()
    assert desk.encoder.encoded == outcome.passages > 4
    desk.write("a.txt", text + "\nOne more sentence of a new kind stands at the end.\n")
    desk.add()
    assert desk.encoder.encoded <= outcome.passages + 2


def test_the_same_text_in_two_documents_is_embedded_once(desk: Desk) -> None:
    desk.add(Source("a.txt", b"Same words."), Source("b.md", b"Same words.\n\n"))
    assert desk.encoder.encoded == 1
    assert len(desk.reader().snapshot()) == 2


def test_other_sizes_of_passages_process_everything_again(desk: Desk) -> None:
    desk.write("a.txt", desk.prose(1, sentences=40))
    (before,) = desk.add()
    with Ingest(desk.data, lambda: desk.encoder, PassageConfig(max_tokens=40, overlap_tokens=0)) as ingest:
        (after,) = ingest.add(walk([desk.docs]))
    assert after.change is Change.CHANGED
    assert after.passages > 2 * before.passages


def test_passages_fit_into_a_small_encoder(desk: Desk) -> None:
    """With their header and two special tokens, so that nothing is cut off silently."""
    desk.encoder = HashEncoder(max_tokens=32)
    desk.add(Source("a.md", b"# A long title of many words for a small encoder\n\n" + desk.prose(1).encode()))
    store = desk.reader().store
    stored = store.passages(store.keys(Filters()).tolist()).values()
    assert max(desk.encoder.count_tokens([s.passage.embedded for s in stored])) <= 30


def test_ids_are_the_same_on_every_machine_and_after_indexing_again(desk: Desk) -> None:
    def ids(machine: str, numbers: Sequence[int]) -> list[tuple[str, ...]]:
        with Ingest(desk.folder / machine, HashEncoder) as ingest:
            ingest.add(Source(f"{machine}{n}", desk.prose(n).encode()) for n in numbers)
            ingest.rebuild()
            return ingest.store.rows(
                """SELECT d.id, p.id FROM passages p JOIN documents d ON p.revision = d.live
                ORDER BY d.id, p.ordinal"""
            )

    first = ids("one", [1, 2, 3])
    assert first == ids("two", [3, 2, 1]) == ids("one", [])
    assert {(document[:4], passage[:4]) for document, passage in first} == {("doc_", "psg_")}


def test_a_document_that_is_named_is_replaced_and_keeps_its_id(desk: Desk) -> None:
    (first,) = desk.add(Source("a.txt", b"Version one."))
    (second,) = desk.add(Source("b.txt", b"Version two.", document_id=first.document_id))
    assert (second.change, second.document_id) == (Change.CHANGED, first.document_id)
    assert desk.texts() == {"b.txt": "Version two."}


def test_documents_are_staged_while_the_sources_are_still_being_read(desk: Desk) -> None:
    """A large ingest holds a batch of documents at a time, not all of them."""
    waiting: list[int] = []

    def sources(ingest: Ingest) -> Iterator[Source]:
        for n in range(400):
            staged = ingest.store.rows("SELECT COUNT(*) FROM documents WHERE staged IS NOT NULL")[0][0]
            waiting.append(n - staged)
            yield Source(f"{n}.txt", f"Document number {n}.".encode())

    with desk.writer() as ingest:
        ingest.add(sources(ingest))
    assert max(waiting) <= 128
    assert len(desk.reader().snapshot()) == 400


# --- interruption ----------------------------------------------------------------------------------


def test_an_ingest_that_is_interrupted_goes_on_where_it_stopped(desk: Desk) -> None:
    for n in range(12):
        desk.write(f"{n:02}.txt", desk.prose(n, sentences=300))
    desk.encoder = torn = TornEncoder(after=200)
    with pytest.raises(KeyboardInterrupt):
        desk.add()
    assert 100 < torn.encoded <= 200
    with desk.writer() as ingest:
        assert (ingest.store.documents(), ingest.store.generation()) == ([], 0)
        staged = len(ingest.store.known())
    desk.encoder = HashEncoder()
    outcomes = desk.add()
    assert [o.change for o in outcomes].count(Change.UNCHANGED) == staged > 0
    passages = len(desk.reader().snapshot())
    assert torn.encoded + desk.encoder.encoded == passages
    assert set(desk.texts()) == {f"{n:02}.txt" for n in range(12)}


@pytest.mark.parametrize("batches", [0, 1, 2])
def test_wherever_the_encoder_fails_old_documents_stay_as_they_were(desk: Desk, batches: int) -> None:
    desk.write("old.txt", "Old words.")
    desk.add()
    before = desk.texts()
    for n in range(3):
        desk.write(f"{n}.txt", desk.prose(n, sentences=1300))  # a batch each
    desk.encoder = torn = TornEncoder(after=batches * 150)
    with pytest.raises(KeyboardInterrupt):
        desk.add()
    assert batches * 128 <= torn.encoded <= batches * 150
    assert desk.texts() == before
    desk.encoder = HashEncoder()
    desk.add()
    assert set(desk.texts()) == {"old.txt", "0.txt", "1.txt", "2.txt"}


# --- sync ------------------------------------------------------------------------------------------


def test_a_sync_makes_the_index_hold_what_the_folder_holds(desk: Desk) -> None:
    for name in ("same", "edited", "moved", "deleted"):
        desk.write(f"{name}.txt", f"The file {name} speaks.")
    assert set(desk.sync().values()) == {Change.ADDED}
    desk.write("edited.txt", "Edited words.")
    desk.write("fresh.txt", "A new file.")
    (desk.docs / "moved.txt").rename(desk.docs / "new.txt")
    (desk.docs / "deleted.txt").unlink()
    expected = {
        "same.txt": Change.UNCHANGED,
        "edited.txt": Change.CHANGED,
        "fresh.txt": Change.ADDED,
        "new.txt": Change.RENAMED,
        "deleted.txt": Change.REMOVED,
    }
    before, encoded = state(desk), desk.encoder.encoded
    assert desk.sync(dry_run=True) == expected
    assert (state(desk), desk.encoder.encoded) == (before, encoded)
    assert desk.sync() == expected
    assert desk.texts() == {
        "same.txt": "The file same speaks.",
        "edited.txt": "Edited words.",
        "fresh.txt": "A new file.",
        "new.txt": "The file moved speaks.",
    }
    assert set(desk.sync().values()) == {Change.UNCHANGED}


def test_a_dry_run_says_what_would_be_refused_and_why(desk: Desk) -> None:
    for name in ("a.txt", "b.txt"):
        (desk.docs / name).write_bytes(b"\x00\x01\x02" * 100)
    desk.write("c.md", "---\ntitle: [\n---\nText.\n")
    dry = desk.sync(dry_run=True)
    assert dry == desk.sync() == dict.fromkeys(("a.txt", "b.txt", "c.md"), Change.REFUSED)


@pytest.mark.parametrize("dry_run", [True, False])
def test_every_outcome_of_a_sync_is_heard(desk: Desk, dry_run: bool) -> None:
    desk.write("a.txt", "One.")
    desk.write("b.txt", "Two.")
    desk.sync()
    (desk.docs / "a.txt").unlink()
    heard: list[Outcome] = []
    with desk.writer() as ingest:
        assert ingest.sync(desk.docs, dry_run=dry_run, seen=heard.append) == heard
    assert changes(heard) == {"b.txt": Change.UNCHANGED, "a.txt": Change.REMOVED}


def test_a_sync_leaves_alone_what_lies_elsewhere_was_sent_or_was_added_by_name(desk: Desk) -> None:
    elsewhere = desk.folder / "docs2" / "c.txt"
    elsewhere.parent.mkdir()
    elsewhere.write_text("Elsewhere.")
    by_name = desk.write("notes.log", "A log that was named.")
    desk.add(Source("sent.txt", b"Sent."), *walk([elsewhere, by_name]))
    elsewhere.unlink()
    assert desk.sync() == {}
    assert set(desk.texts()) == {"sent.txt", "c.txt", "notes.log"}


def test_a_file_that_moved_and_changed_its_sidecar_stays_one_document(desk: Desk) -> None:
    desk.write("a.txt", "Some words.")
    desk.sync()
    (desk.docs / "a.txt").rename(desk.docs / "b.txt")
    desk.write("b.meta.yaml", "title: New")
    for dry_run in (True, False):
        assert desk.sync(dry_run=dry_run) == {"b.txt": Change.CHANGED}
    assert desk.texts() == {"b.txt": "Some words."}


def test_two_files_may_swap_their_names(desk: Desk) -> None:
    a, b = desk.write("a.txt", "Alpha."), desk.write("b.txt", "Beta.")
    desk.sync()
    a.rename(desk.docs / "c.txt")
    b.rename(a)
    (desk.docs / "c.txt").rename(b)
    desk.sync()
    assert desk.texts() == {"a.txt": "Beta.", "b.txt": "Alpha."}


def test_a_copy_whose_original_was_edited_before_the_sync_is_not_lost(desk: Desk) -> None:
    original = desk.write("z.txt", "First words.")
    desk.sync()
    desk.write("a.txt", "First words.")
    original.write_text("Second words.")
    desk.sync()
    assert desk.texts() == {"a.txt": "First words.", "z.txt": "Second words."}


def test_a_file_that_cannot_be_read_any_more_keeps_its_last_version(desk: Desk) -> None:
    path = desk.write("a.txt", "Good words.")
    desk.sync()
    path.write_bytes(b"\x00\x01\x02" * 100)
    assert desk.sync() == {"a.txt": Change.REFUSED}
    assert desk.texts() == {"a.txt": "Good words."}


def test_a_folder_that_is_not_there_is_refused_and_nothing_removed(desk: Desk) -> None:
    desk.write("a.txt", "One.")
    desk.sync()
    with desk.writer() as ingest, pytest.raises(CorpusError, match="no such file or folder"):
        ingest.sync(desk.folder / "none")
    assert set(desk.texts()) == {"a.txt"}


# --- remove ----------------------------------------------------------------------------------------


def test_what_was_removed_is_gone_from_every_search_and_from_the_store(desk: Desk) -> None:
    desk.write("stays.txt", "The pipeline stays.")
    desk.write("goes.txt", "The pipeline goes.")
    ids = {outcome.source: outcome.document_id or "" for outcome in desk.add()}
    kept, gone = (desk.found(word, 1)[1] for word in ("stays", "goes"))
    desk.remove(ids["goes.txt"])
    assert set(desk.texts()) == {"stays.txt"}
    assert desk.found("pipeline goes") == (kept, kept)
    index, store = desk.reader().snapshot(), desk.reader().store
    assert len(index) == len(store.keys(Filters())) == 1
    with pytest.raises(NotFoundError):
        store.passage(gone[0])
    assert b"goes" not in b"".join(
        path.read_bytes() for path in desk.data.rglob("lexical/*") if path.is_file()
    )


def test_one_unknown_id_removes_nothing(desk: Desk) -> None:
    desk.write("a.txt", "One.")
    (outcome,) = desk.add()
    with pytest.raises(NotFoundError, match="no document none in this index; `pincite list` shows"):
        desk.remove(outcome.document_id or "", "none")
    assert set(desk.texts()) == {"a.txt"}


def test_a_removal_that_was_interrupted_is_finished_by_the_next(desk: Desk) -> None:
    desk.write("a.txt", "One.")
    (outcome,) = desk.add()
    with desk.writer() as ingest:
        ingest.store.remove([outcome.document_id or ""])  # and no publication
    assert set(desk.texts()) == {"a.txt"}
    desk.remove(outcome.document_id or "")
    assert desk.texts() == {}


def test_a_file_that_changed_after_its_removal_was_interrupted_is_added(desk: Desk) -> None:
    desk.write("a.txt", "One.")
    (outcome,) = desk.add()
    with desk.writer() as ingest:
        ingest.store.remove([outcome.document_id or ""])
    desk.write("a.txt", "Two.")
    assert changes(desk.add()) == {"a.txt": Change.ADDED}
    assert desk.texts() == {"a.txt": "Two."}


def test_an_index_may_be_emptied_and_filled_again(desk: Desk) -> None:
    desk.write("a.txt", "The pipeline.")
    (outcome,) = desk.add()
    desk.remove(outcome.document_id or "")
    assert (desk.texts(), desk.found("pipeline")) == ({}, ([], []))
    desk.add()
    assert len(desk.found("pipeline")[1]) == 1


# --- encoders --------------------------------------------------------------------------------------


def test_another_encoder_is_refused_and_the_message_says_what_to_do(desk: Desk) -> None:
    desk.write("a.txt", "One.")
    desk.add()
    before = state(desk)
    desk.write("b.txt", "Two.")
    desk.encoder = HashEncoder(dimension=32, seed="b")
    expected = (
        r"this index was made by the encoder hash \(weights \w{12}…, 64 dimensions\), but hashb "
        r"\(weights \w{12}…, 32 dimensions\) is configured. Configure hash again, use another --data "
        "folder, or embed everything anew: pincite rebuild --reencode"
    )
    with pytest.raises(EncoderMismatchError, match=expected):
        desk.add()
    assert state(desk) == before
    assert desk.encoder.encoded == 0


def test_tokens_are_kept_as_the_first_addition_says_and_not_otherwise(desk: Desk) -> None:
    desk.write("a.txt", "One two.")
    with desk.writer(late=LateMode.SMALL) as ingest:
        ingest.add(walk([desk.docs]))
    assert desk.reader().snapshot().codec == TokenCodec(LateMode.SMALL, 64)
    desk.write("b.txt", "Three four.")
    desk.add()
    assert desk.reader().snapshot().codec == TokenCodec(LateMode.SMALL, 64)
    before = state(desk)
    expected = (
        "this index keeps token codes 'small', but 'full' is configured. Configure 'small' again "
        r"\(PINCITE_LATE, --late\), use another --data folder, or embed everything anew: "
        "pincite rebuild --reencode --late full"
    )
    with desk.writer(late=LateMode.FULL) as ingest:
        for verb in (lambda: ingest.add(walk([desk.docs])), lambda: ingest.sync(desk.docs), ingest.rebuild):
            with pytest.raises(LateMismatchError, match=expected):
                verb()
    assert state(desk) == before


def test_encoding_again_may_keep_tokens_otherwise(desk: Desk) -> None:
    desk.write("a.txt", desk.prose(1))
    desk.add()
    for mode, tables in (
        (LateMode.FULL, [("full-64",)]),
        (LateMode.OFF, []),
        (LateMode.SMALL, [("small-64",)]),
    ):
        with desk.writer(late=mode) as ingest:
            ingest.reencode()
            assert ingest.store.rows("SELECT DISTINCT codec FROM token_codes") == tables
        index = desk.reader().snapshot()
        assert (index.codec.mode, index.has_tokens) == (mode, mode is not LateMode.OFF)
    with desk.writer() as ingest:
        ingest.reencode()
    assert desk.reader().snapshot().codec.mode is LateMode.SMALL


def test_an_encoder_without_tokens_makes_an_index_without_them(desk: Desk) -> None:
    desk.encoder = HashEncoder(tokens=False)
    desk.write("a.txt", "The pipeline.")
    desk.add()
    index = desk.reader().snapshot()
    assert (index.codec, index.has_tokens) == (TokenCodec(LateMode.DEFAULT, 0), False)
    assert len(desk.found("pipeline")[0]) == 1
    with desk.writer(late=LateMode.DEFAULT) as ingest:
        assert ingest.rebuild() == 2


def test_encoding_everything_again_makes_the_index_the_other_encoders(desk: Desk) -> None:
    desk.write("a.md", "# Title\n\nThe pipeline.\n\n## Part\n\nThe museum.")
    desk.write("a.meta.yaml", "author: Somebody")
    desk.add()
    before, found = desk.texts(), desk.found("museum")
    desk.encoder = HashEncoder(dimension=32, seed="b")
    with desk.writer() as ingest:
        assert ingest.reencode() == 2
    index = desk.reader().snapshot()
    assert index.encoder == desk.encoder.identity
    assert (desk.texts(), desk.found("museum")) == (before, found)
    assert len(desk.reader().store.keys(Filters(author=("somebody",)))) == 2
    assert changes(desk.add()) == {"a.md": Change.UNCHANGED}


def test_encoding_again_goes_on_where_it_was_interrupted_and_the_old_index_serves_until_then(
    desk: Desk,
) -> None:
    for n in range(6):
        desk.write(f"{n}.txt", desk.prose(n, sentences=40))
    desk.add()
    old = desk.encoder
    passages = len(desk.reader().snapshot())
    desk.encoder = torn = TornEncoder(after=passages // 2)
    torn._identity = HashEncoder(seed="b").identity
    with desk.writer() as ingest, pytest.raises(KeyboardInterrupt):
        ingest.reencode()
    reader = desk.reader()
    reader.check(old)
    assert len(reader.snapshot()) == passages
    torn.left = 10**6
    with desk.writer() as ingest:
        ingest.reencode()
    assert torn.encoded == passages
    desk.reader().check(torn)


# --- one writer ------------------------------------------------------------------------------------


def test_a_second_writer_is_told_that_another_is_writing(desk: Desk) -> None:
    with (
        desk.writer(),
        pytest.raises(BusyError, match="another pincite is writing here; wait for it to end, or use another"),
        desk.writer(lock_timeout_s=0),
    ):
        pass


def test_the_lock_is_free_after_a_writer_failed(desk: Desk) -> None:
    with pytest.raises(ZeroDivisionError), desk.writer():
        raise ZeroDivisionError
    with desk.writer(lock_timeout_s=0) as ingest:
        ingest.store.rows("PRAGMA user_version = 99")
    with pytest.raises(StorageError, match="store format 99"), desk.writer():
        pass
    with pytest.raises(StorageError, match="store format 99"), desk.writer(lock_timeout_s=0):
        pass


# --- disks and permissions -------------------------------------------------------------------------


def test_a_full_disk_while_a_generation_is_written_loses_nothing(desk: Desk) -> None:
    """At every size at which a file may hit the end of the disk."""
    desk.write("old.txt", "Old words.")
    desk.add()
    desk.write("new.txt", desk.prose(1, sentences=1300))
    with desk.writer() as ingest:
        with pytest.raises(KeyboardInterrupt):
            ingest.add(torn(walk([desk.docs])))  # staged, not published
        before = desk.texts()
        refused: list[str] = []
        for limit in (
            0,
            100,
            500,
            1_000,
            2_000,
            4_000,
            8_000,
            32_000,
            50_000,
            75_000,
            100_000,
            150_000,
            200_000,
            10**9,
        ):
            try:
                with small_files(limit):
                    ingest.publish()
            except StorageError as error:
                refused.append(str(error))
                assert desk.texts() == before
                assert not list(desk.data.glob("generations/*.tmp"))
    assert all("check the disk and the folder's permissions" in message for message in refused)
    assert {Path(message.split(":")[0]).name for message in refused} >= {"dense.faiss", "pincite.db"}
    assert set(desk.texts()) == {"old.txt", "new.txt"}


@pytest.mark.parametrize("in_the_way", ["data", "data/lock", "data/generations"])
def test_a_data_folder_that_cannot_be_made_is_told(desk: Desk, in_the_way: str) -> None:
    path = desk.folder / in_the_way
    path.parent.mkdir(exist_ok=True)
    if path.name == "lock":
        path.mkdir()
    else:
        path.write_text("in the way")
    desk.write("a.txt", "One.")
    with pytest.raises(StorageError, match=r"cannot be written.*check the"):
        desk.add()


def test_a_folder_that_may_not_be_written_is_told_and_left_as_it_is(desk: Desk) -> None:
    desk.write("a.txt", "One.")
    with TemporaryDirectory() as name:
        data = Path(name)
        with Ingest(data, HashEncoder) as ingest:
            ingest.add(walk([desk.docs]))
        before = {path: path.stat().st_mtime_ns for path in data.rglob("*")}
        with (
            _read_only(data),
            pytest.raises(StorageError, match=r"Permission denied.*check the folder's permis"),
        ):
            Ingest(data, HashEncoder).__enter__()
        assert {path: path.stat().st_mtime_ns for path in data.rglob("*")} == before


@contextmanager
def _read_only(folder: Path) -> Iterator[None]:
    """As it is for a user who is not root, and does not own the folder."""
    folder.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
        folder.chmod(0o755)
