"""Files in a zip or a tar as sources: read in memory, with limits; nothing is written anywhere."""

from __future__ import annotations

import io
import tarfile
import zlib
from collections.abc import Iterator
from lzma import LZMAError
from pathlib import PurePosixPath, PureWindowsPath

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
        with tarfile.open(fileobj=io.BytesIO(data), mode="r|*") as archive:
            for n, member in enumerate(archive):
                left -= member.size
                if n >= MOST_ENTRIES or left < 0:
                    raise UnreadableError(
                        f"{source}: more than {MOST_ENTRIES:,} files or {MOST_BYTES // _MB:,} MB in it; "
                        "unpack it and add the folder"
                    )
                file = archive.extractfile(member) if member.isreg() and is_safe(member.name) else None
                if file:
                    yield member.name, file.read()
    except (tarfile.TarError, zlib.error, LZMAError, EOFError, OSError, ValueError) as error:
        raise UnreadableError(f"{source}: no archive that can be read ({error}); pack it again") from error


def is_safe(name: str) -> bool:
    """Whether a path stays inside of the archive, on any system."""
    paths = PurePosixPath(name), PureWindowsPath(name)
    return "\0" not in name and not any(
        path.is_absolute() or path.drive or path.root or ".." in path.parts for path in paths
    )
