from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.sources import walk
from index import generation
from index.errors import DamagedError
from index.generation import Generation
from index.store import Store

if TYPE_CHECKING:
    from tests.index.conftest import Desk

FILES = (
    "manifest.json",
    "dense.faiss",
    "tokens/codes.bin",
    "tokens/bounds.npy",
    "lexical/meta.json",
    "lexical/.managed.json",
)


def opened(desk: Desk) -> Generation:
    store = Store.open(desk.data)
    try:
        found = generation.open_generation(desk.data, store)
        desk.open_readers.callback(found.close)
        return found
    finally:
        store.close()


def numbers(desk: Desk) -> list[str]:
    return sorted(path.name for path in (desk.data / "generations").iterdir())


def segments(desk: Desk, number: int) -> list[Path]:
    """The lexical files that hold the postings of one generation."""
    folder = generation.folder(desk.data, number) / "lexical"
    return sorted(
        path for path in folder.iterdir() if path.suffix in (".idx", ".term", ".fast", ".fieldnorm")
    )


def test_a_manifest_names_every_file_the_encoder_and_the_passages(desk: Desk) -> None:
    desk.write("a.txt", desk.prose(1, sentences=30))
    (outcome,) = desk.add()
    folder = generation.folder(desk.data, 1)
    manifest = json.loads((folder / "manifest.json").read_text())
    present = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    locks = {name for name in present if name.endswith(".lock")}
    assert set(manifest.pop("files")) == present - locks - {"manifest.json"}
    assert manifest == {
        "format": 2,
        "generation": 1,
        "encoder": desk.encoder.identity.to_json(),
        "codec": {"mode": "default", "dimension": 64},
        "passages": outcome.passages,
    }


def test_the_same_documents_make_the_same_vectors_under_the_same_keys(desk: Desk) -> None:
    desk.write("a.txt", desk.prose(1, sentences=30))
    desk.add()
    names = ("dense.faiss", *(f"tokens/{name}" for name in ("codes.bin", "starts.bin", "keys.npy")))
    before = [(generation.folder(desk.data, 1) / name).read_bytes() for name in names]
    with desk.writer() as ingest:
        assert ingest.rebuild() == 2
    assert [(generation.folder(desk.data, 2) / name).read_bytes() for name in names] == before


def test_nothing_temporary_is_left(desk: Desk) -> None:
    for n in range(3):
        desk.write(f"{n}.txt", f"Text {n}.")
        desk.add()
    assert numbers(desk) == ["000003"]


def test_an_attempt_that_was_interrupted_is_swept_away(desk: Desk) -> None:
    for name in ("000001", "000001.tmp", "000007.tmp"):
        (desk.data / "generations" / name).mkdir(parents=True)
        (desk.data / "generations" / name / "dense.faiss").write_text("half of it")
    desk.write("a.txt", "One.")
    desk.add()
    assert numbers(desk) == ["000001"]
    assert len(opened(desk).dense) == 1


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", ["a bit", "the end", "everything", "the file"])
def test_any_harm_to_any_file_is_noticed(desk: Desk, name: str, harm: str) -> None:
    desk.write("a.txt", "The pipeline.")
    desk.add()
    path = generation.folder(desk.data, 1) / name
    content = bytearray(path.read_bytes())
    if harm == "a bit":
        content[len(content) // 2] ^= 1
    elif harm == "the end":
        del content[-1:]
    elif harm == "everything":
        content.clear()
    path.write_bytes(content)
    if harm == "the file":
        path.unlink()
    with pytest.raises(DamagedError, match="rebuilt from the store"):
        opened(desk)


def test_any_bit_of_any_file_is_noticed(desk: Desk) -> None:
    """Seeded at random: FAISS and tantivy load most of these without a word."""
    desk.write("a.txt", desk.prose(1))
    desk.add()
    chance = np.random.default_rng(7)
    files = [p for p in generation.folder(desk.data, 1).rglob("*") if p.stat().st_size and p.is_file()]
    for path in chance.choice(np.asarray(files, object), 60):
        whole = path.read_bytes()
        bit = int(chance.integers(len(whole) * 8))
        path.write_bytes(whole[: bit // 8] + bytes([whole[bit // 8] ^ 1 << bit % 8]) + whole[bit // 8 + 1 :])
        with pytest.raises(DamagedError):
            opened(desk)
        path.write_bytes(whole)
    assert len(opened(desk).dense) == 1


def test_the_files_of_another_generation_are_noticed(desk: Desk) -> None:
    desk.write("a.txt", "One.")
    desk.add()
    first = generation.folder(desk.data, 1)
    old = {path.name: path.read_bytes() for path in first.iterdir() if path.is_file()}
    desk.write("b.txt", "Two.")
    desk.add()
    for name, content in old.items():
        (generation.folder(desk.data, 2) / name).write_bytes(content)
    with pytest.raises(DamagedError, match="not the one that was published"):
        opened(desk)


def test_a_generation_that_is_read_stays_and_goes_after(desk: Desk) -> None:
    desk.write("a.txt", "One.")
    desk.add()
    reading = opened(desk)
    for n in range(2):
        desk.write(f"{n}.txt", f"Text {n}.")
        desk.add()
    assert numbers(desk) == ["000001", "000003"]
    assert len(reading.lexical.search(["one"], 5)) == 1
    reading.close()
    desk.write("last.txt", "Last.")
    desk.add()
    assert numbers(desk) == ["000004"]


# --- a lexical index that is taken over ------------------------------------------------------------


def add_to(desk: Desk, *, few_passages: int) -> None:
    with desk.writer(few_passages=few_passages) as ingest:
        ingest.add(walk([desk.docs]))


def test_segments_are_taken_over_as_links_and_never_changed(desk: Desk) -> None:
    desk.write("a.txt", desk.prose(1, sentences=40))
    add_to(desk, few_passages=0)
    held = opened(desk)
    before = {path.name: (path.stat().st_ino, path.read_bytes()) for path in segments(desk, 1)}
    desk.write("b.txt", desk.prose(2))
    add_to(desk, few_passages=0)
    after = {path.name: (path.stat().st_ino, path.read_bytes()) for path in segments(desk, 2)}
    assert before.items() < after.items()
    assert len(held.lexical) < len(opened(desk).lexical)


def test_additions_to_a_taken_over_index_give_the_hits_of_a_fresh_one(desk: Desk) -> None:
    for n in range(6):
        desk.write(f"{n}.txt", desk.prose(n, sentences=40))
        add_to(desk, few_passages=0)
    grown = opened(desk).lexical
    with desk.writer() as ingest:
        ingest.rebuild()
    fresh = opened(desk).lexical
    assert grown.keys() == fresh.keys()
    for question in ("treaty", "river place 3", "museum number 7 spring", "zebra"):
        old, new = (index.search(index.terms(question), 1000) for index in (grown, fresh))
        np.testing.assert_array_equal(old.keys, new.keys)
        np.testing.assert_allclose(old.scores, new.scores, rtol=1e-6)


def test_what_was_changed_and_removed_is_gone_from_a_taken_over_index(desk: Desk) -> None:
    for n in range(6):
        desk.write(f"{n}.txt", desk.prose(n, sentences=40))
    add_to(desk, few_passages=0)
    desk.write("1.txt", "Now about a zebra.")
    (desk.docs / "2.txt").unlink()
    with desk.writer(few_passages=0) as ingest:
        ingest.sync(desk.docs)
        keys = set(ingest.store.next_keys().tolist())
    grown = opened(desk)
    assert grown.lexical.keys() == keys
    assert len(grown.lexical) == len(grown.dense) == len(keys)
    assert len(grown.lexical.search(["zebra"], 5)) == 1
    snapshot = desk.reader().snapshot()
    assert snapshot.rarity(["place"])[0] > 0  # the term is in every passage, and in removed ones


def test_a_damaged_index_is_not_taken_over(desk: Desk) -> None:
    desk.write("a.txt", desk.prose(1))
    add_to(desk, few_passages=0)
    segments(desk, 1)[0].write_bytes(b"harmed")
    desk.write("b.txt", desk.prose(2))
    add_to(desk, few_passages=0)
    assert len(opened(desk).lexical) == len(opened(desk).dense) == 2
