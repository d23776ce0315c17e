"""Changes of a folder as the operating system tells them, or as looking again and again finds them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event

import watchfiles

from index.errors import StorageError

_QUIET_MS = 500  # without a change: until then a file may be half written
_LONGEST_MS = 5_000  # that changes are gathered while more come
_TICK_MS = 1_000
_POLL_MS = 1_000


def changes(folder: Path, data: Path, stop: Event, *, poll: bool = False) -> Iterator[bool]:
    """True when something in a folder has changed, False about every second when nothing has; until `stop`.

    Hidden files and the index's own folder are passed over. A folder that is not there is waited for; that it
    went or came is a change. `poll` looks every second, for file systems that tell nothing. Raises
    StorageError where nothing can be watched.
    """
    root, own = folder.resolve(), data.resolve()
    while not stop.is_set():
        there = _identity(root)
        if there is None:
            yield True
            while _identity(root) is None and not stop.wait(_TICK_MS / 1000):
                yield False
            continue
        first = True  # what happened before it was watched is told by nothing else
        for found in _events(root, stop, poll=poll):
            if _identity(root) != there:
                break
            yield first or any(_counts(Path(path), root, own) for path in found)
            first = False


def _events(root: Path, stop: Event, *, poll: bool) -> Iterator[list[str]]:
    """Paths that changed, none of them when a second went by; ends where the folder is gone."""
    watching = watchfiles.watch(
        root,
        watch_filter=None,
        debounce=_LONGEST_MS,
        step=_QUIET_MS,
        stop_event=stop,
        rust_timeout=_TICK_MS,
        yield_on_timeout=True,
        raise_interrupt=False,
        force_polling=poll or None,
        poll_delay_ms=_POLL_MS,
        ignore_permission_denied=True,
    )
    try:
        with closing(watching):
            for found in watching:
                yield [path for _, path in found]
    except FileNotFoundError:
        stop.wait(_TICK_MS / 1000)
    except (OSError, RuntimeError) as error:
        raise StorageError(
            f"{root}: cannot be watched ({error}); try --poll, which looks every second"
        ) from error


def _counts(path: Path, root: Path, own: Path) -> bool:
    if path.is_relative_to(own):
        return False
    inside = path.relative_to(root).parts if path.is_relative_to(root) else ()
    return not any(part.startswith(".") for part in inside)


def _identity(folder: Path) -> tuple[int, int] | None:
    """Which folder it is that has this name now; None where there is none."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
