from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from corpus.sources import walk
from index import generation
from index.codes import LateMode
from index.doctor import examine
from index.errors import NoIndexError
from index.testing import HashEncoder

if TYPE_CHECKING:
    from tests.index.conftest import Desk


def test_where_there_is_no_index_there_is_nothing_to_examine(desk: Desk) -> None:
    with pytest.raises(NoIndexError):
        examine(desk.data)


def test_an_index_in_order_is_described(desk: Desk) -> None:
    desk.write("a.txt", "One.")
    desk.write("b.txt", "Two.")
    desk.add()
    facts = examine(desk.data)
    files, codes = str(facts.pop("files")), str(facts.pop("token codes"))
    identity = desk.encoder.identity
    assert facts == {
        "index": "ok",
        "generation": 1,
        "documents": 2,
        "passages": 2,
        "embedded by": f"hash, float32, weights {identity.weights[:12]}…",
    }
    assert files.startswith("store ")
    assert files.endswith(" a passage)")
    assert re.fullmatch(
        r"default, 8 bytes a token, 1 tokens and \d+ bytes a passage; \d+ bytes, \d+% of the generation",
        codes,
    )


def test_what_token_codes_cost_is_reckoned_from_the_files(desk: Desk) -> None:
    """8 bytes a code and 2 for its place; keys and bounds are 8 each a passage, in npy files."""
    desk.write("a.md", "".join(f"# Part {n}\n\nThe gas flows through pipe {n}.\n\n" for n in range(40)))
    desk.add()
    stored = desk.reader().snapshot().passages(range(1, 41)).values()
    tokens = sum(len(desk.encoder.embed_question(s.passage.embedded).tokens) for s in stored)
    size = tokens * (8 + 2) + 40 * 8 + 41 * 8 + 2 * 128
    whole = sum(p.stat().st_size for p in generation.folder(desk.data, 1).rglob("*") if p.is_file())
    assert examine(desk.data)["token codes"] == (
        f"default, 8 bytes a token, {tokens / 40:,.0f} tokens and {size / 40:,.0f} bytes a passage; "
        f"{size:,} bytes, {size / whole:.0%} of the generation"
    )


def test_an_index_without_token_codes_says_why(desk: Desk) -> None:
    desk.write("a.txt", "One.")
    with desk.writer(late=LateMode.OFF) as ingest:
        ingest.add(walk([desk.docs]))
    assert examine(desk.data)["token codes"] == "off; `pincite rebuild --reencode --late default` makes them"
    desk.encoder = HashEncoder(tokens=False)
    with desk.writer(late=LateMode.DEFAULT) as ingest:
        ingest.reencode()
    assert examine(desk.data)["token codes"] == (
        "none: the encoder makes no vectors of tokens, so late interaction is off"
    )


def test_a_damaged_generation_is_told_and_left_as_it_is(desk: Desk) -> None:
    desk.write("a.txt", "One.")
    desk.add()
    path = generation.folder(desk.data, 1) / "dense.faiss"
    path.write_bytes(b"harmed")
    told = str(examine(desk.data)["index"])
    assert told.startswith(f"{path}: sha256 ")
    assert told.endswith(
        "the generation is rebuilt from the store when it is next opened, or by: pincite rebuild"
    )
    assert path.read_bytes() == b"harmed"


def test_a_damaged_store_is_told(desk: Desk) -> None:
    desk.write("a.txt", "One.")
    desk.add()
    with closing(sqlite3.connect(desk.data / "pincite.db")) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("DELETE FROM sqlite_master WHERE name = 'passages_id'")  # a page that nothing names
        db.commit()
    assert "the store is damaged" in str(examine(desk.data)["index"])


def test_a_folder_where_nothing_was_published_is_described(desk: Desk) -> None:
    with desk.writer():
        pass
    assert examine(desk.data)["index"] == "nothing was published yet; add documents: pincite add PATH"
