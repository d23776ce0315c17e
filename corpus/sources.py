"""Where documents come from: files and folders, each with its sidecar."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from corpus.bibliography import parse
from corpus.decode import MAX_BYTES
from corpus.errors import CorpusError, MetadataError, UnreadableError
from corpus.media import SUFFIXES

SIDECAR = ".meta.yaml"


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes with a name; `location` is the absolute path of a file, None for what was sent to us.

    `document_id` says which document the bytes are a new version of, where that is known.
    """

    name: str
    data: bytes
    location: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    media_type: str | None = None
    document_id: str | None = None


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file that has not been read yet; `name` is what citations call it."""

    path: Path
    name: str

    @property
    def location(self) -> str:
        """The absolute path."""
        try:
            return str(self.path.resolve())
        except RuntimeError:  # a symbolic link that leads to itself
            return str(self.path.absolute())

    def read(self, max_bytes: int = MAX_BYTES) -> Source:
        """The file's bytes and the metadata of its sidecar; UnreadableError or MetadataError."""
        try:
            if self.location != _readable(self.location):
                raise UnreadableError(f"{self.name}: its path is not valid UTF-8; rename it")
            if not self.path.is_file():
                raise UnreadableError(f"{self.name}: not a regular file; only files can be added")
            size = self.path.stat().st_size
            if size > max_bytes:
                raise UnreadableError(
                    f"{self.name}: {size:,} bytes, but at most {max_bytes:,} are read; split the file"
                )
            data = self.path.read_bytes()
        except OSError as error:
            raise UnreadableError(f"{self.name}: cannot be read: {error.strerror or error}") from error
        return Source(self.name, data, self.location, self._metadata())

    def _metadata(self) -> Mapping[str, Any]:
        for sidecar in sidecars(self.path):
            if sidecar.is_file():
                try:
                    return parse(sidecar.read_text(encoding="utf-8"), sidecar.name)
                except (OSError, UnicodeDecodeError) as error:
                    raise MetadataError(f"{sidecar.name}: cannot be read as UTF-8: {error}") from error
        return {}


def sidecars(path: Path) -> tuple[Path, Path]:
    """Where the metadata of a file may lie: `report.txt.meta.yaml`, else `report.meta.yaml`."""
    return path.with_name(path.name + SIDECAR), path.with_name(path.stem + SIDECAR)


def walk(paths: Iterable[Path]) -> Iterator[FileSource]:
    """The files that paths name: files as they are, folders with every text, Markdown and PDF file below.

    Hidden files and folders are passed over. Names are relative to the folder that was named.
    Raises CorpusError, before anything else, for paths that do not exist, and for a folder that cannot
    be listed: its files must not pass for deleted.
    """
    paths = list(paths)
    if missing := [_readable(str(path)) for path in paths if not _exists(path)]:
        raise CorpusError(f"{', '.join(missing)}: no such file or folder, or not open to you; check the path")
    for path in paths:
        if path.is_dir():
            yield from _walk_folder(path)
        else:
            yield FileSource(path, _readable(path.name))


def _walk_folder(root: Path) -> Iterator[FileSource]:
    for folder, names, files in os.walk(root, onerror=_refuse):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(files):
            path = Path(folder, name)
            if path.suffix.lower() in SUFFIXES and not name.startswith("."):
                yield FileSource(path, _readable(path.relative_to(root).as_posix()))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _refuse(error: OSError) -> None:
    folder = _readable(str(error.filename))
    raise CorpusError(f"{folder}: cannot be listed: {error.strerror}; check its permissions") from error


def _readable(name: str) -> str:
    """A name that can be printed and stored, whatever bytes the file system gave."""
    return os.fsencode(name).decode(errors="replace")
