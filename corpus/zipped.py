"""Files in a zip, with limits on their number, size and how far they blow up; and XML without entities."""

from __future__ import annotations

import io
import zipfile
import zlib
from lzma import LZMAError
from pathlib import PurePosixPath
from typing import TypeAlias

from lxml import etree

from corpus.errors import UnreadableError

Element: TypeAlias = "etree._Element"

MOST_ENTRIES = 5_000
MOST_BYTES = 200 * 1024 * 1024  # unpacked, of all files together
MOST_RATIO = 100  # of unpacked to packed; XML packs 1:10 to 1:30
_SMALL = 1024 * 1024  # bytes unpacked, below which any ratio is harmless
_MB = 1024 * 1024


class Zipped:
    """A zip whose files are read one by one; all are counted."""

    def __init__(self, data: bytes, source: str) -> None:
        """Raises UnreadableError for a damaged, encrypted or blown-up zip."""
        self.source = source
        if data.count(b"PK\x01\x02") > 2 * MOST_ENTRIES:  # before a list of them is made
            raise self.refusal(f"more than {MOST_ENTRIES:,} files in it")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise UnreadableError(
                f"{source}: a damaged zip ({error}); open it with its program and save it again"
            ) from error
        infos = self._zip.infolist()
        self._infos: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            self._infos.setdefault(info.filename, info)
        if len(infos) > MOST_ENTRIES:
            raise self.refusal(f"{len(infos):,} files in it, but at most {MOST_ENTRIES:,} are read")
        if any(info.flag_bits & 1 for info in infos):
            raise UnreadableError(f"{source}: encrypted; save it without a password")
        unpacked = sum(info.file_size for info in infos)
        if unpacked > MOST_BYTES:
            raise self.refusal(f"{unpacked // _MB:,} MB unpacked, but at most {MOST_BYTES // _MB:,} are read")
        if unpacked > _SMALL and unpacked > MOST_RATIO * max(1, len(data)):
            raise self.refusal(f"it unpacks to {unpacked // max(1, len(data)):,} times its size")
        self._left = MOST_BYTES

    def refusal(self, why: str) -> UnreadableError:
        """An error for a file that is too much."""
        return UnreadableError(f"{self.source}: {why}; this looks like a zip made to do harm")

    @property
    def names(self) -> list[str]:
        """The names of its files, in order."""
        return list(self._infos)

    def get(self, name: str) -> bytes | None:
        """A file's bytes; None where there is no such file. Raises UnreadableError."""
        info = self._infos.get(name.lstrip("/"))
        if info is None:
            return None
        try:
            with self._zip.open(info) as file:
                data = file.read(min(self._left, info.file_size) + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            LZMAError,
            EOFError,
            NotImplementedError,
            RuntimeError,
            OSError,
            ValueError,
        ) as e:
            raise UnreadableError(
                f"{self.source}: {name!r} in it cannot be unpacked ({e}); save it again with its program"
            ) from e
        self._left -= len(data)
        if self._left < 0:
            raise self.refusal(f"more than {MOST_BYTES // _MB:,} MB unpacked")
        return data

    def xml(self, name: str) -> Element | None:
        """A part's root element; None where there is no such part. Raises UnreadableError."""
        data = self.get(name)
        return None if data is None else parse_xml(data, f"{self.source}: {name!r} in it")


def parse_xml(data: bytes, where: str) -> Element:
    """The root of an XML file; entities of its own are not resolved, nothing is fetched. UnreadableError."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(f"{where}: XML that cannot be read ({error}); save it again") from error
    if root.getroottree().docinfo.internalDTD is not None and any(True for _ in root.iter(etree.Entity)):
        raise UnreadableError(f"{where}: XML with entities of its own, which no program writes; not read")
    return root


def resolved(base: str, target: str) -> str:
    """A path in a zip as another file of it names it; it never leaves the zip."""
    parts: list[str] = []
    start = "" if target.startswith("/") else str(PurePosixPath(base).parent)
    for part in PurePosixPath(start, target.lstrip("/")).parts:
        if part == "..":
            parts = parts[:-1]
        elif part not in (".", "/"):
            parts.append(part)
    return "/".join(parts)
