"""Sites: the pages that may ask this server, each with a public key, its origins and its limits."""

from __future__ import annotations

import json
import os
import secrets
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from api.errors import SitesError
from api.origins import fits, normal
from index.errors import BusyError, NotFoundError

FILE = "sites.json"
_LOCK = "sites.lock"
_PATIENCE_S = 10
_LONGEST_NAME = 100
_MOST = 1_000_000  # of anything a minute or a day
_Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Site:
    """A site: `origins` may ask with its `key`, none is the server's own pages alone.

    Questions a minute with the key and from one address; a day (UTC) with the key; answers at once.
    """

    key: str
    name: str
    origins: tuple[str, ...] = ()
    added: str = ""
    per_minute: int = 60
    per_address: int = 12
    per_day: int = 2_000
    at_once: int = 8

    def allows(self, origin: str) -> bool:
        """Whether pages of an origin, as browsers send it, may ask."""
        return any(fits(origin, allowed) for allowed in self.origins)


class Sites:
    """The sites of a data folder; what another process changes is seen with the next question."""

    def __init__(self, data: Path, patience_s: float = _PATIENCE_S) -> None:
        """`patience_s` is how long a change waits for another process that is making one."""
        self._path = data / FILE
        self._patience_s = patience_s
        self._reading = threading.Lock()
        self._read: tuple[_Stamp | None, dict[str, Site]] = (None, {})

    def all(self) -> tuple[Site, ...]:
        """All sites, oldest first. Raises SitesError."""
        return tuple(self._current().values())

    def find(self, key: str) -> Site:
        """The site of a key. Raises NotFoundError, SitesError."""
        site = self._current().get(key)
        if site is None:
            raise NotFoundError(f"no site {key[:80]} here; `pincite site list` shows those there are")
        return site

    def allow(self, origin: str) -> bool:
        """Whether any site lets in pages of an origin. Raises SitesError."""
        return any(site.allows(origin) for site in self._current().values())

    def add(self, name: str, origins: Iterable[str], **limits: int) -> Site:
        """A new site with a new key. Raises OriginError and SitesError for what does not fit, BusyError."""
        made = Site(
            key=f"pk_{secrets.token_hex(12)}",
            name=name.strip(),
            origins=tuple(dict.fromkeys(map(normal, origins))),
            added=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        made = replace(made, **limits)  # type: ignore[arg-type]
        _check(made)
        self._change(lambda sites: {**sites, made.key: made})
        return made

    def remove(self, key: str) -> Site:
        """Remove a site; its key opens nothing from now on. Raises NotFoundError, SitesError, BusyError."""
        gone = self.find(key)
        self._change(lambda sites: {kept: site for kept, site in sites.items() if kept != key})
        return gone

    def _current(self) -> dict[str, Site]:
        stamp = self._stamp()
        known, sites = self._read
        if stamp == known:
            return sites
        with self._reading:
            sites = self._load() if stamp else {}
            self._read = stamp, sites
        return sites

    def _stamp(self) -> _Stamp | None:
        """What a change changes: every one makes a new file. None where there is no file."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise SitesError(f"{self._path} cannot be read: {error.strerror}") from error
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _load(self) -> dict[str, Site]:
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))["sites"]
            read = [_site(one) for one in told]
        except FileNotFoundError:  # between two looks
            return {}
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise SitesError(
                f"{self._path} is not what `pincite site add` writes ({error}); mend it or remove it"
            ) from error
        return {site.key: site for site in read}

    def _change(self, change: Callable[[dict[str, Site]], dict[str, Site]]) -> None:
        """Another whole file in place of the one there is: a reader finds the one or the other."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self._path.with_name(_LOCK), timeout=self._patience_s):
                sites = change(self._load())
                text = json.dumps({"sites": [asdict(site) for site in sites.values()]}, indent=2)
                work = self._path.with_name(f"{FILE}.tmp")
                with work.open("w", encoding="utf-8") as file:
                    file.write(text + "\n")
                    file.flush()
                    os.fsync(file.fileno())
                work.replace(self._path)
        except Timeout as error:
            raise BusyError(f"{self._path} is being changed by another process; try again") from error


def _site(told: dict[str, Any]) -> Site:
    site = Site(**{**told, "origins": tuple(map(normal, told["origins"]))})
    _check(site)
    return site


def _check(site: Site) -> None:
    """Raise SitesError for what no site can be."""
    if not (0 < len(site.name) <= _LONGEST_NAME and site.name.isprintable()):
        raise SitesError(f"a name is a line of 1 to {_LONGEST_NAME} characters, found {site.name!r}")
    for limit in ("per_minute", "per_address", "per_day", "at_once"):
        number = getattr(site, limit)
        if type(number) is not int or not 1 <= number <= _MOST:
            raise SitesError(f"{limit} is {number!r}; it must be 1 to {_MOST:,}")
