"""Deciding what a source is to the documents that are known: new, changed, renamed, or nothing new."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import file_digest, sha256
from pathlib import Path

from corpus.sources import Source
from index.codec import dumps
from index.twins import Twin


class Change(StrEnum):
    """What becomes of a source."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    RENAMED = "renamed"
    DUPLICATE = "duplicate"
    REMOVED = "removed"
    REFUSED = "refused"
    PASSED_OVER = "passed over"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source; `detail` is the reason of a refusal, or what it duplicates or is like.

    `twins` are the documents of the same text, nearly the same, or of one that is part of the other's, the
    nearest first; `characters` are those of the canonical text, 0 of what is refused.
    """

    change: Change
    source: str
    document_id: str | None = None
    passages: int = 0
    detail: str | None = None
    notes: tuple[str, ...] = ()
    characters: int = 0
    twins: tuple[Twin, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds of a document after the next publication."""

    id: str
    source: str
    location: str | None
    version: str
    recipe: str
    characters: int = 0


class Plan:
    """The documents that the next generation will hold, by id, location and content."""

    def __init__(self, known: Iterable[Known], settings: Mapping[str, object]) -> None:
        self._settings = settings
        self._by_id: dict[str, Known] = {}
        self._by_location: dict[str, str] = {}
        self._by_version: dict[str, str] = {}
        for item in known:
            self._put(item)

    def is_news(self, source: Source) -> bool:
        """Whether the source must be processed: a new document, or a changed one."""
        return self._judge(source)[0].change in (Change.ADDED, Change.CHANGED)

    def decide(self, source: Source, characters: int = 0) -> Outcome:
        """What the source is; the plan then counts it in, so that a second one is a duplicate.

        `characters` are those of one that is news.
        """
        outcome, known = self._judge(source)
        known = replace(known, characters=characters or known.characters)
        self._put(known)
        return replace(outcome, characters=known.characters)

    def _judge(self, source: Source) -> tuple[Outcome, Known]:
        version, recipe = sha256(source.data).hexdigest(), self.recipe(source)
        known = self._by_id.get(source.document_id or "") or self._find(self._by_location, source.location)
        if known is None and (twin := self._find(self._by_version, version)):
            if not (twin.location and source.location) or _holds(twin.location, version):
                detail = f"same content as {twin.source}"
                return Outcome(Change.DUPLICATE, source.name, twin.id, detail=detail), twin
            if is_gone(twin.location) and twin.recipe == recipe:
                moved = replace(twin, source=source.name, location=source.location)
                return Outcome(Change.RENAMED, source.name, twin.id, detail=f"was {twin.source}"), moved
            known = twin if is_gone(twin.location) else None  # else its file has other content by now
        if known and known.version == version and known.recipe == recipe:
            return Outcome(Change.UNCHANGED, source.name, known.id), known
        id_ = known.id if known else source.document_id or self._new_id(version)
        change = Change.CHANGED if known else Change.ADDED
        return Outcome(change, source.name, id_), Known(id_, source.name, source.location, version, recipe)

    def recipe(self, source: Source) -> str:
        """Everything but the bytes that decides how a document is processed."""
        recipe = [self._settings, dict(source.metadata), source.media_type]
        return sha256(dumps(recipe).encode()).hexdigest()[:16]

    def _find(self, index: Mapping[str, str], value: str | None) -> Known | None:
        """A document that still is where, or what, the index says."""
        known = self._by_id.get(index.get(value or "", ""))
        return known if known and value in (known.location, known.version) else None

    def _put(self, known: Known) -> None:
        self._by_id[known.id] = known
        self._by_version[known.version] = known.id
        if known.location:
            self._by_location[known.location] = known.id

    def _new_id(self, version: str) -> str:
        """Content-addressed by the first version, so the same everywhere; numbered only where it is taken."""
        base = f"doc_{version[:16]}"
        taken = (f"{base}-{n}" if n > 1 else base for n in range(1, len(self._by_id) + 2))
        return next(id_ for id_ in taken if id_ not in self._by_id)


def is_gone(location: str) -> bool:
    """Whether there is no such file any more; one that cannot be looked at is taken to be there.

    So is what came from the web: only who asks there knows.
    """
    if is_address(location):
        return False
    try:
        return not stat.S_ISREG(Path(location).stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False


def is_address(location: str) -> bool:
    """Whether a location is an address of the web; those of files begin with a slash."""
    return location.startswith(("http://", "https://"))


def _holds(location: str, version: str) -> bool:
    """Whether a file still has that content; one that cannot be read is taken at its word."""
    if is_gone(location):
        return False
    try:
        with Path(location).open("rb") as file:
            return file_digest(file, "sha256").hexdigest() == version
    except OSError:
        return True
