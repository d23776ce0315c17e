"""Examining a data folder: the store's own check, the generation's checksums, what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from index import generation
from index.codes import LateMode
from index.errors import DamagedError
from index.late import cost
from index.store import Store


def examine(data: Path) -> dict[str, object]:
    """Facts of an index by name; `index` is "ok" or says what is wrong. Nothing is repaired.

    Raises NoIndexError when there is no index.
    """
    store = Store.open(data)
    try:
        facts: dict[str, object] = {"index": "ok", "generation": store.generation()}
        documents = store.documents()
        passages = sum(document.passages for document in documents)
        facts["documents"], facts["passages"] = len(documents), passages
        identity = store.encoder()
        if identity:
            facts["embedded by"] = (
                f"{identity.model}, {identity.precision.value}, weights {identity.weights[:12]}…"
            )
            facts["token codes"] = _token_codes(data, store, passages)
        folder = generation.folder(data, store.generation())
        size = _bytes(folder)
        facts["files"] = f"store {store.path.stat().st_size:,} bytes, generation {size:,} bytes"
        if passages:
            facts["files"] = f"{facts['files']} ({size / passages:,.0f} a passage)"
        facts["index"] = "; ".join(_faults(data, store)) or "ok"
        return facts
    finally:
        store.close()


def _token_codes(data: Path, store: Store, passages: int) -> str:
    """What is kept of tokens for late interaction, and what it costs."""
    codec = store.codec()
    if codec.mode is LateMode.OFF:
        return "off; `pincite rebuild --reencode --late default` makes them"
    if not codec.keeps:
        return "none: the encoder makes no vectors of tokens, so late interaction is off"
    told = f"{codec.mode.value}, {codec.bytes_per_token} bytes a token"
    folder = generation.folder(data, store.generation())
    tokens, size = cost(folder / generation.TOKENS)
    if not passages or not size:
        return told
    return (
        f"{told}, {tokens / passages:,.0f} tokens and {size / passages:,.0f} bytes a passage; "
        f"{size:,} bytes, {size / _bytes(folder):.0%} of the generation"
    )


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _faults(data: Path, store: Store) -> Iterator[str]:
    found = store.rows("PRAGMA quick_check")
    if found != [("ok",)]:
        yield f"the store is damaged: {found[0][0]}; restore it from a backup or add again"
    if not store.generation():
        yield "nothing was published yet; add documents: pincite add PATH"
        return
    try:
        generation.open_generation(data, store).close()
    except DamagedError as error:
        yield f"{error} when it is next opened, or by: pincite rebuild"
