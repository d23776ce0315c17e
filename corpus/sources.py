"""Where documents come from: files and folders, each with its sidecar."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

from corpus.archives import files, is_archive
from corpus.bibliography import parse
from corpus.decode import MAX_BYTES
from corpus.errors import CorpusError, MetadataError, UnreadableError
from corpus.media import PLAIN, SUFFIXES
from corpus.tabular import LINES, TABLES, Columns, rows
from corpus.zipped import MOST_BYTES

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


@dataclass(frozen=True, slots=True)
class Refused(FileSource):
    """A file that was looked into and cannot be used."""

    error: CorpusError

    def read(self, max_bytes: int = MAX_BYTES) -> Source:
        """Raises why."""
        raise self.error


@dataclass(frozen=True, slots=True)
class Selection:
    """Which files of folders and archives are wanted, by patterns of their paths or names (`in/*`, `*.pdf`).

    `columns` is set where each row of a table is a document.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    columns: Columns | None = None

    def takes(self, path: PurePosixPath) -> bool:
        """Whether a path, relative to its folder, is wanted."""
        names = [path.as_posix(), path.name, *(f"{above.as_posix()}/" for above in path.parents)]

        def fits(patterns: Iterable[str]) -> bool:
            return any(fnmatchcase(name, pattern) for pattern in patterns for name in names)

        return not fits(self.exclude) and (not self.include or fits(self.include))

    def is_kind(self, path: PurePosixPath) -> bool:
        """Whether files of such a name are looked for in folders."""
        suffix = path.suffix.lower()
        return suffix in SUFFIXES or (self.columns is not None and suffix in LINES | TABLES)


def walk(paths: Iterable[Path], selection: Selection | None = None) -> Iterator[Source | FileSource]:
    """The files that paths name: files as they are, folders with every file of a known kind below.

    Hidden files and folders are passed over. Names are relative to the folder that was named. The files of
    an archive that was named are sources, too, and the rows of tables where `selection` tells their columns.
    A path that does not exist, and a folder that cannot be listed, are sources that are refused when read.
    """
    selection = selection or Selection()
    for path in paths:
        if not exists(path):
            yield Refused(path, _readable(str(path)), missing(path))
        elif path.is_dir():
            unlisted: list[OSError] = []
            for file in _files(path, selection, unlisted.append):
                yield from _opened(file, selection, named=False)
            for error in unlisted:
                folder = Path(error.filename)
                yield Refused(folder, _readable(str(folder)), _unlisted(error))
        else:
            yield from _opened(FileSource(path, _readable(path.name)), selection, named=True)


def _opened(file: FileSource, selection: Selection, *, named: bool) -> Iterator[Source | FileSource]:
    """A file, or what is in it."""
    suffix = file.path.suffix.lower()
    try:
        if suffix in LINES | TABLES and selection.columns:
            yield from _rows(file, suffix, selection.columns)
        elif suffix in LINES | TABLES and named:
            raise UnreadableError(
                f"{file.name}: a table; say which field holds the text of a document: --text-field NAME"
            )
        elif is_archive(file.path.name) and named:
            yield from _archived(file, selection)
        else:
            yield file
    except CorpusError as error:
        yield Refused(file.path, file.name, error)


def _rows(file: FileSource, suffix: str, columns: Columns) -> Iterator[Source]:
    whole = file.read()
    for row in rows(whole.data, file.name, suffix, columns):
        id_ = _id_in(file, row.name)
        yield Source(f"{file.name}#{row.name}", row.text.encode(), None, row.metadata, PLAIN, id_)


def _archived(file: FileSource, selection: Selection) -> Iterator[Source]:
    for name, data in files(file.read(MOST_BYTES).data, file.name):
        path = PurePosixPath(name)
        hidden = any(part.startswith(".") for part in path.parts)
        if path.suffix.lower() in SUFFIXES and not hidden and selection.takes(path):
            yield Source(f"{file.name}/{_printable(name)}", data, document_id=_id_in(file, name))


def _id_in(file: FileSource, name: str) -> str:
    """The id of a document that stands in a file: the same whenever that file is added again."""
    inside = f"{file.location}\0{name}".encode(errors="replace")
    return f"doc_{sha256(inside).hexdigest()[:16]}"


def _printable(name: str) -> str:
    return name.encode(errors="replace").decode()


def walk_folder(root: Path, selection: Selection) -> Iterator[FileSource]:
    """The files of a folder that are wanted.

    Raises CorpusError where there is no such folder, or where it or one below cannot be listed: its files
    must not pass for deleted.
    """

    def refuse(error: OSError) -> None:
        raise _unlisted(error) from error

    if not exists(root):
        raise missing(root)
    return _files(root, selection, refuse)


def _files(root: Path, selection: Selection, onerror: Callable[[OSError], None]) -> Iterator[FileSource]:
    top = root.resolve()
    for folder, names, inside in os.walk(root, onerror=onerror):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(inside):
            path = Path(folder, name)
            place = PurePosixPath(path.relative_to(root).as_posix())
            if selection.is_kind(place) and not name.startswith(".") and selection.takes(place):
                file = FileSource(path, _readable(str(place)))
                yield _led_out(file) if any(_leads_out(p, top) for p in (path, *sidecars(path))) else file


def passed_over(root: Path, selection: Selection) -> Iterator[str]:
    """The files of a folder of kinds that are not looked for in folders, but for hidden ones and sidecars."""
    for folder, names, inside in os.walk(root):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(inside):
            place = PurePosixPath(Path(folder, name).relative_to(root).as_posix())
            other = not selection.is_kind(place) and not name.startswith(".") and not name.endswith(SIDECAR)
            if other and selection.takes(place):
                yield _readable(str(place))


def _leads_out(path: Path, top: Path) -> bool:
    """Whether a file of a folder is a link to somewhere else: who named the folder did not name that."""
    try:
        return path.is_symlink() and path.exists() and not path.resolve().is_relative_to(top)
    except (OSError, RuntimeError):  # a link that leads to itself; reading it says so
        return False


def _led_out(file: FileSource) -> Refused:
    why = "it, or its sidecar, is a link that leads out of the folder; add what it leads to by its own path"
    return Refused(
        file.path, file.name, UnreadableError(f"{file.name}: {why}, or leave it out with --exclude")
    )


def missing(*paths: Path) -> CorpusError:
    """What to say of paths that do not exist."""
    names = ", ".join(_readable(str(path)) for path in paths)
    return CorpusError(f"{names}: no such file or folder, or not open to you; check the path")


def exists(path: Path) -> bool:
    """Whether there is something at a path, and it may be looked at."""
    try:
        return path.exists()
    except OSError:
        return False


def _unlisted(error: OSError) -> CorpusError:
    folder = _readable(str(error.filename))
    return CorpusError(f"{folder}: cannot be listed: {error.strerror}; check its permissions")


def _readable(name: str) -> str:
    """A name that can be printed and stored, whatever bytes the file system gave."""
    return os.fsencode(name).decode(errors="replace")
