"""Generations: immutable snapshots of the engines, built beside the current one, checked when opened."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from corpus.load import reading
from index.codec import dumps
from index.codes import LateMode, TokenCodec
from index.dense import DenseIndex
from index.errors import DamagedError, EncoderMismatchError, LateMismatchError, StorageError
from index.late import TokenIndex
from index.lexical import LexicalIndex
from index.quotes import QuoteIndex
from index.records import EncoderIdentity, IntArray
from index.store import Store

FORMAT = 2
MANIFEST = "manifest.json"
_DENSE = "dense.faiss"
_LEXICAL = "lexical"
_QUOTES = "quotes"
TOKENS = "tokens"
_LOCKS = frozenset({".tantivy-writer.lock", ".tantivy-meta.lock"})  # tantivy's, not part of the index
FEW_PASSAGES = 5_000  # a lexical index of so few is built anew in a blink, and its statistics are exact


@dataclass(frozen=True, slots=True)
class Generation:
    """An open generation; while `lease` is held its files are not collected."""

    number: int
    dense: DenseIndex
    lexical: LexicalIndex
    quotes: QuoteIndex
    tokens: TokenIndex | None  # where those are kept
    encoder: EncoderIdentity
    codec: TokenCodec
    lease: IO[bytes]

    def close(self) -> None:
        """Give the lease back."""
        self.lease.close()


def folder(data: Path, number: int) -> Path:
    """Where a generation lies."""
    return data / "generations" / f"{number:06d}"


def build(
    data: Path, store: Store, number: int, encoder: EncoderIdentity, *, few_passages: int | None
) -> str:
    """Write the next generation from the store, durably; returns the sha256 of its manifest.

    With more than `few_passages` its lexical index starts from the one before; with None it never
    does. Nothing names the new generation until the store is told (`Staging.publish`). Raises StorageError.
    """
    target = folder(data, number)
    work = target.with_name(f"{target.name}.tmp")
    try:
        for leftover in (work, target):  # of an attempt that was interrupted
            shutil.rmtree(leftover, ignore_errors=True)
        work.mkdir(parents=True)
        keys = store.next_keys()
        DenseIndex.build(keys, store.vectors(keys, encoder)).save(work / _DENSE)
        if (codec := store.codec()).keeps:
            TokenIndex.write(work / TOKENS, keys, store.token_codes(keys, encoder, codec))
        former = None if few_passages is None or len(keys) <= few_passages else _former(data, store)
        try:
            _build_lexical(data, store, keys, work / _LEXICAL, former)
            _build_quotes(store, work / _QUOTES, former)
        finally:
            if former:
                former.close()
        return _seal(work, target, encoder, codec, number, len(keys))
    except OSError as error:
        raise StorageError(
            f"{target}: cannot be written ({error.strerror or error}); check the disk and the folder's "
            "permissions, then try again: what was staged is kept"
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _seal(
    work: Path, target: Path, encoder: EncoderIdentity, codec: TokenCodec, number: int, passages: int
) -> str:
    """Write the manifest, make everything durable and give the folder its name."""
    manifest = dumps(
        {
            "format": FORMAT,
            "generation": number,
            "encoder": encoder.to_json(),
            "codec": codec.to_json(),
            "passages": passages,
            "files": {
                path.relative_to(work).as_posix(): _sha256(path)
                for path in sorted(work.rglob("*"))
                if path.is_file() and path.name not in _LOCKS
            },
        }
    )
    (work / MANIFEST).write_text(manifest, encoding="utf-8")
    for path in [*work.rglob("*"), work]:
        _sync(path)
    work.rename(target)
    _sync(target.parent)
    return hashlib.sha256(manifest.encode()).hexdigest()


def _former(data: Path, store: Store) -> Generation | None:
    """The generation before, if it is there and whole."""
    try:
        return open_generation(data, store) if store.generation() else None
    except DamagedError:
        return None  # what it was made of is in the store


def _build_lexical(data: Path, store: Store, keys: IntArray, work: Path, former: Generation | None) -> None:
    """From nothing, or from the segments of the generation before, which tantivy never changes."""
    if former is None:
        LexicalIndex.create(work).change(store.texts(keys))
        return
    _inherit(folder(data, former.number) / _LEXICAL, work)
    index = LexicalIndex.open(work)
    held, wanted = index.keys(), set(keys.tolist())
    missing = np.asarray(sorted(wanted - held), np.int64)
    index.change(store.texts(missing), sorted(held - wanted))


def _build_quotes(store: Store, work: Path, former: Generation | None) -> None:
    """From nothing, or with the words of those documents that the generation before holds too."""

    def read(revision: int) -> str:
        return reading(store.revision(revision).document).text

    QuoteIndex.build(store.next_revisions(), read, former.quotes if former else None).save(work)


def _inherit(former: Path, work: Path) -> None:
    """Take the lexical segments of the generation before over."""
    work.mkdir()
    for path in former.iterdir():
        if path.name in ("meta.json", ".managed.json"):
            shutil.copy2(path, work / path.name)
        elif path.name not in _LOCKS:
            _link(path, work / path.name)


def _link(path: Path, target: Path) -> None:
    try:
        target.hardlink_to(path)
    except OSError:  # a file system without hard links
        shutil.copy2(path, target)


def open_generation(data: Path, store: Store) -> Generation:
    """Open the published generation after checking every file of it.

    Raises DamagedError when a file is missing or fails its checksum.
    """
    number = store.generation()
    place = folder(data, number)
    lease = _lease(place)
    try:
        manifest = _manifest(place, lease, store.meta("manifest") or "")
        for name, expected in manifest["files"].items():
            found = _sha256(place / name)
            if found != expected:
                raise DamagedError(
                    f"{place / name}: sha256 {found[:12]}…, the manifest says {expected[:12]}…; "
                    "the generation is rebuilt from the store"
                )
        dense = DenseIndex.open(place / _DENSE)
        lexical = LexicalIndex.open(place / _LEXICAL)
        quotes = QuoteIndex.open(place / _QUOTES)
        codec = TokenCodec.from_json(manifest["codec"])
        tokens = TokenIndex.open(place / TOKENS, codec) if codec.keeps else None
        if not len(dense) == len(lexical) == manifest["passages"]:
            raise DamagedError(
                f"{place}: {len(dense)} dense and {len(lexical)} lexical entries, "
                f"the manifest says {manifest['passages']}; the generation is rebuilt from the store"
            )
        return Generation(
            number,
            dense,
            lexical,
            quotes,
            tokens,
            EncoderIdentity.from_json(manifest["encoder"]),
            codec,
            lease,
        )
    except BaseException:
        lease.close()
        raise


def check_encoder(recorded: EncoderIdentity, given: EncoderIdentity, data: Path) -> None:
    """Refuse to mix the vectors of two encoders: EncoderMismatchError."""
    if recorded.fingerprint != given.fingerprint:
        raise EncoderMismatchError(
            f"{data}: this index was made by the encoder {recorded.model} (weights {recorded.weights[:12]}…, "
            f"{recorded.dimension} dimensions), but {given.model} (weights {given.weights[:12]}…, "
            f"{given.dimension} dimensions) is configured. Configure {recorded.model} again, use another "
            "--data folder, or embed everything anew: pincite rebuild --reencode"
        )


def check_late(recorded: TokenCodec, wanted: LateMode | None, data: Path) -> None:
    """Refuse to keep tokens otherwise than the index does: LateMismatchError. None wants what it does."""
    if wanted not in (None, recorded.mode):
        has, wants = recorded.mode.value, wanted.value
        raise LateMismatchError(
            f"{data}: this index keeps token codes {has!r}, but {wants!r} is configured. Configure {has!r} "
            "again (PINCITE_LATE, --late), use another --data folder, or embed everything anew: "
            f"pincite rebuild --reencode --late {wants}"
        )


def _lease(place: Path) -> IO[bytes]:
    """A shared lock that tells the collector that somebody reads."""
    try:
        file = (place / MANIFEST).open("rb")
    except OSError as error:
        raise DamagedError(
            f"{place}: missing or unreadable; the generation is rebuilt from the store"
        ) from error
    fcntl.flock(file, fcntl.LOCK_SH)
    return file


def _manifest(place: Path, lease: IO[bytes], expected: str) -> dict[str, Any]:
    text = lease.read()  # the path may be gone by now, if it was collected while we waited for the lease
    if hashlib.sha256(text).hexdigest() != expected:
        raise DamagedError(
            f"{place / MANIFEST}: not the one that was published; it is rebuilt from the store"
        )
    manifest: dict[str, Any] = json.loads(text)
    return manifest


def collect(data: Path, current: int) -> None:
    """Remove all generations but the current one that nobody reads."""
    for place in (data / "generations").glob("*"):
        if place == folder(data, current):
            continue
        try:
            with (place / MANIFEST).open("rb") as manifest:
                fcntl.flock(manifest, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(place, ignore_errors=True)
        except BlockingIOError:
            continue  # its turn comes with a later verb
        except OSError:
            shutil.rmtree(place, ignore_errors=True)  # never finished


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DamagedError(
            f"{path}: missing or unreadable; the generation is rebuilt from the store"
        ) from error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
