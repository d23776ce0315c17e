"""Files in a zip or a tar as sources: read in memory, with limits; nothing is written anywhere."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from lzma import LZMAError
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO, cast

from corpus.errors import UnreadableError
from corpus.zipped import MOST_BYTES, MOST_ENTRIES, Zipped

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
_MB = 1024 * 1024


def is_archive(name: str) -> bool:
    """Whether a file is called as an archive is."""
    return name.lower().endswith(SUFFIXES)


def files(data: bytes, source: str) -> Iterator[tuple[str, bytes]]:
    """The regular files of an archive with their paths in it. Raises UnreadableError.

    Names that lead out of it, links and devices are passed over.
    """
    if data.startswith(b"PK"):
        zipped = Zipped(data, source)
        for name in zipped.names:
            if not name.endswith("/") and is_safe(name):
                yield name, zipped.get(name) or b""
        return
    yield from _tar(data, source)


def _tar(data: bytes, source: str) -> Iterator[tuple[str, bytes]]:
    left = MOST_BYTES
    try:
        with tarfile.open(fileobj=_Unpacked(data, source), mode="r|") as archive:
            for n, member in enumerate(archive):
                left -= member.size
                if n >= MOST_ENTRIES or left < 0:
                    raise _too_much(source)
                file = archive.extractfile(member) if member.isreg() and is_safe(member.name) else None
                if file:
                    yield member.name, file.read()
    except (tarfile.TarError, zlib.error, LZMAError, EOFError, OSError, ValueError) as error:
        raise UnreadableError(f"{source}: no archive that can be read ({error}); pack it again") from error


def _too_much(source: str) -> UnreadableError:
    return UnreadableError(
        f"{source}: more than {MOST_ENTRIES:,} files or {MOST_BYTES // _MB:,} MB in it; "
        "unpack it and add the folder"
    )


class _Unpacked(io.RawIOBase):
    """A tar out of its packing, up to a limit: names and attributes of files, too, can be without end."""

    def __init__(self, data: bytes, source: str) -> None:
        packed = io.BytesIO(data)
        self._source = source
        self._left = MOST_BYTES + 1024 * MOST_ENTRIES  # with a head and the padding of each file
        self._file: IO[bytes] = packed
        if data.startswith(b"\x1f\x8b"):
            self._file = cast("IO[bytes]", gzip.GzipFile(fileobj=packed))
        elif data.startswith(b"BZh"):
            self._file = bz2.BZ2File(packed)
        elif data.startswith((b"\xfd7zXZ\0", b"]\0\0\x80")):
            self._file = lzma.LZMAFile(packed)  # noqa: SIM115 - it holds memory alone

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises UnreadableError behind the limit."""
        read = self._file.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(read)
        if self._left < 0:
            raise _too_much(self._source)
        return read


def is_safe(name: str) -> bool:
    """Whether a path stays inside of the archive, on any system."""
    paths = PurePosixPath(name), PureWindowsPath(name)
    return "\0" not in name and not any(
        path.is_absolute() or path.drive or path.root or ".." in path.parts for path in paths
    )
