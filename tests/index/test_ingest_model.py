"""Histories of edits, moves, syncs and interruptions, with the folder itself as the model of its index."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.reader import Reader
from index.records import Embedding, Filters
from index.testing import HashEncoder

if TYPE_CHECKING:
    from tests.index.conftest import Desk

NAMES = ("a.txt", "b.txt", "sub/c.txt", "d.txt")
TEXTS = ("The river speaks.\n", "The treaty speaks.\n", "The border speaks.\n")


class Stopped(Exception):  # noqa: N818
    """Somebody pulled the plug."""


class Plug(HashEncoder):
    """An encoder that can be stopped."""

    pulled = False

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        if self.pulled:
            raise Stopped
        return super().embed_passages(texts)


def edit(docs: Path, chance: random.Random) -> str:
    """One thing that people do to a file; what it was."""
    verb = chance.choice(("write", "write", "move", "move", "copy", "delete", "describe"))
    name, to, text = chance.choice(NAMES), chance.choice(NAMES), chance.choice(TEXTS)
    file = docs / name
    if verb == "write":
        file.write_text(text)
    elif verb == "describe":
        (docs / f"{name}.meta.yaml").write_text(f"title: {text}")
    elif file.exists() and name != to:
        if verb == "delete":
            file.unlink()
        else:
            (shutil.move if verb == "move" else shutil.copy)(file, docs / to)
    return f"{verb} {name} {to} {text.strip()!r}"


def live(desk: Desk, reader: Reader) -> dict[str, str]:
    """The published documents; both engines must know their passages, and no others."""
    index, store = reader.snapshot(), reader.store
    keys = store.keys(Filters()).tolist()
    assert sorted(index.dense(desk.encoder.encode_question("the"), 99).keys) == keys
    assert sorted(index.lexical(index.terms("speaks"), 99).keys) == keys
    return {row.source: store.text(row.version) for row in store.documents()}


def sync(desk: Desk, reader: Reader) -> dict[str, str]:
    """The folder wins: what a dry run foretold has happened."""
    with desk.writer() as ingest:
        foretold = {(o.change, o.source) for o in ingest.sync(desk.docs, dry_run=True)}
        assert {(o.change, o.source) for o in ingest.sync(desk.docs)} == foretold
    files = {path.relative_to(desk.docs).as_posix(): path.read_text() for path in desk.docs.rglob("*.txt")}
    found = live(desk, reader)
    assert set(found.values()) == set(files.values())
    assert found == {name: files[name] for name in found}
    titles = {row.source: row.record.get("title") for row in reader.store.documents()}
    assert titles == {name: title(desk.docs / name) for name in found}
    return found


def title(file: Path) -> str | None:
    sidecar = file.with_name(f"{file.name}.meta.yaml")
    return sidecar.read_text().removeprefix("title: ").strip() if sidecar.exists() else None


def sync_and_stop(desk: Desk, reader: Reader, before: dict[str, str]) -> dict[str, str]:
    """Nothing but names changes, unless there was nothing to embed."""
    assert isinstance(desk.encoder, Plug)
    desk.encoder.pulled = True
    try:
        with desk.writer() as ingest:
            ingest.sync(desk.docs)
    except Stopped:
        assert sorted(live(desk, reader).values()) == sorted(before.values())
    finally:
        desk.encoder.pulled = False
    return live(desk, reader)


def remove_one(desk: Desk, before: dict[str, str]) -> None:
    with desk.writer() as ingest:
        if before:
            ingest.remove([ingest.store.find_document(min(before))])


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 12))])
def test_the_index_holds_what_the_folder_holds_after_any_history(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)
    desk.encoder = Plug(dimension=8)
    (desk.docs / "sub").mkdir()
    (desk.docs / "a.txt").write_text(TEXTS[0])
    desk.add()
    reader = desk.reader()
    known = live(desk, reader)
    history: list[str] = []
    for _ in range(30):
        history += [edit(desk.docs, chance) for _ in range(chance.randint(1, 3))]
        then = chance.choice(("sync", "sync", "sync", "stop", "stop", "remove", "rebuild", "wait"))
        history.append(then)
        print(*history[-4:], sep="\n")  # noqa: T201 - shown when it fails
        if then == "sync":
            known = sync(desk, reader)
        elif then == "stop":
            known = sync_and_stop(desk, reader, known)
        elif then == "remove":
            remove_one(desk, known)
            known = live(desk, reader)
        elif then == "rebuild":
            with desk.writer() as ingest:
                ingest.rebuild()
            known = live(desk, reader)
        assert live(desk, reader) == known
