"""Parsers at arm's length: a pool of confined child processes, each with one file at a time.

A file that kills, hangs or bloats its parser costs that process; the file is refused with the reason, and the
next one gets a new process. Processes start when they are first needed and know nothing but parsers.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from corpus.errors import UnreadableError
from corpus.manuscript import Manuscript

_MB = 1024 * 1024
_KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")  # of the environment: nothing that is a secret
_JOBS = 200  # of one process: then a new one, in case a parser has kept something
_START_S = 60.0
_REMEMBERED = 1_000  # files that broke a parser
_COMMAND = (sys.executable, "-I", "-c", "from corpus.confined import main; main()")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: `cpu_s` and more for every MB of it, twice as long on the clock."""

    memory_bytes: int = 1024 * _MB
    cpu_s: float = 15.0
    cpu_s_per_mb: float = 2.0
    output_bytes: int = 256 * _MB
    scan_memory_bytes: int = 3 * 1024 * _MB
    cpu_s_per_scan: float = 40.0  # a page

    def cpu(self, size: int) -> float:
        """Processor time for a file of so many bytes, in seconds."""
        return self.cpu_s + self.cpu_s_per_mb * size / _MB

    def scan(self, pages: int) -> Limits:
        """The same for a file of which so many pages are to be recognised."""
        return replace(
            self,
            memory_bytes=max(self.memory_bytes, self.scan_memory_bytes),
            cpu_s=self.cpu_s + pages * self.cpu_s_per_scan,
        )


class Sandbox:
    """Reads files and draws their pages in child processes; safe for threads."""

    def __init__(
        self,
        processes: int | None = None,
        limits: Limits | None = None,
        command: Sequence[str] = _COMMAND,
    ) -> None:
        """As many processes as there are processors, four at most, unless it is said.

        `command` starts one; it works as `corpus.confined` does.
        """
        self._command = command
        self._limits = limits or Limits()
        self._free = threading.BoundedSemaphore(processes or min(4, os.cpu_count() or 1))
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._broke: dict[str, str] = {}  # by sha256 of a file, why its parser did not survive it
        self._closed = False

    def read(self, data: bytes, source: str, kind: str) -> Manuscript:
        """What the loader of a media type makes of a file. Raises UnreadableError."""
        try:
            head, result = self._run(data, source, {"job": "read", "kind": kind})
            if pages := head.get("scan"):
                job = {"job": "read", "kind": kind, "recognise": True}
                _, result = self._run(data, source, job, self._limits.scan(int(pages)))
            return Manuscript.parse(result)
        except (ValueError, KeyError, TypeError, AssertionError) as error:
            raise UnreadableError(
                f"{source}: its parser gave no document back; the file was not added"
            ) from error

    def picture(self, data: bytes, source: str, page: int, width: int) -> bytes:
        """A page, counted from 0, as PNG of so many pixels across. Raises UnreadableError."""
        return self._run(data, source, {"job": "picture", "page": page, "width": width})[1]

    def close(self) -> None:
        """End the processes."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def _run(
        self, data: bytes, source: str, job: dict[str, Any], limits: Limits | None = None
    ) -> tuple[dict[str, Any], bytes]:
        """What a job gives, in a process of the pool; under other limits in one of its own."""
        sha256 = hashlib.sha256(data).hexdigest()
        if reason := self._broke.get(sha256):  # trying again would cost the same again
            raise _refusal(source, reason)
        with self._free:
            child = self._new(source, limits) if limits else self._child(source)
            try:
                head, result = child.work({**job, "source": source}, data)
            except _BrokenError as error:
                child.end()
                with self._lock:
                    self._broke[sha256] = str(error)
                    while len(self._broke) > _REMEMBERED:
                        del self._broke[next(iter(self._broke))]
                raise _refusal(source, str(error)) from error
            except BaseException:
                child.end()
                raise
            if limits:
                child.end()
            else:
                self._put_back(child)
        if "refused" in head:
            raise UnreadableError(head["refused"])
        if "failed" in head:
            raise _refusal(source, _failure(str(head["failed"]), limits or self._limits))
        return head, result

    def _child(self, source: str) -> _Child:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return self._new(source, self._limits)

    def _new(self, source: str, limits: Limits) -> _Child:
        child = _Child(self._command, limits)
        try:
            child.start()
        except _BrokenError as error:
            child.end()
            raise UnreadableError(
                f"{source}: no process for its parser ({error}); see how much memory is free, and try again"
            ) from error
        return child

    def _put_back(self, child: _Child) -> None:
        with self._lock:
            if not self._closed and child.jobs < _JOBS:
                self._idle.append(child)
                return
        child.end()


class _BrokenError(Exception):
    """A process ended, or had to be ended, over a file; the message says why."""


class _Child:
    """One process."""

    def __init__(self, command: Sequence[str], limits: Limits) -> None:
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self.jobs = 0
        self._limits = limits
        self._late = False
        self._process = subprocess.Popen(  # noqa: S603 - our own module, by our own interpreter
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=environment,
            start_new_session=True,  # an interrupt at the keyboard is for us
        )

    def start(self) -> None:
        """Wait until it is confined and ready. Raises _BrokenError."""
        self._exchange({"memory_bytes": self._limits.memory_bytes}, b"", _START_S, 0)

    def work(self, job: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
        """The answer to a job: what it says of itself, and its bytes. Raises _BrokenError."""
        self.jobs += 1
        cpu_s = self._limits.cpu(len(data))
        return self._exchange({**job, "size": len(data), "cpu_s": cpu_s}, data, 2 * cpu_s, cpu_s)

    def end(self) -> None:
        """End the process, whatever it is at."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(BrokenPipeError):  # what it did not read any more
                    pipe.close()

    def _exchange(
        self, head: dict[str, Any], data: bytes, wall_s: float, cpu_s: float
    ) -> tuple[dict[str, Any], bytes]:
        assert self._process.stdin
        assert self._process.stdout
        watch = threading.Timer(wall_s, self._overdue)
        watch.start()
        try:
            self._process.stdin.write(json.dumps(head).encode() + b"\n" + data)
            self._process.stdin.flush()
            line = self._process.stdout.readline(65_536)
            answer = json.loads(line)
            size = int(answer["size"])
            if size > self._limits.output_bytes:
                raise _BrokenError(f"makes more than {self._limits.output_bytes // _MB:,} MB of it")
            if size < 0:  # read(-1) would take whatever comes, without end
                raise ValueError(size)
            result = self._process.stdout.read(size)
            if len(result) < size:
                raise EOFError
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            raise _BrokenError(self._fate(wall_s, cpu_s)) from error
        finally:
            watch.cancel()
        return answer, result

    def _overdue(self) -> None:
        self._late = True
        self._process.kill()

    def _fate(self, wall_s: float, cpu_s: float) -> str:
        """How the process came to its end."""
        if self._late:
            return f"was not done after {wall_s:.0f} s"
        try:
            code = self._process.wait(1)
        except subprocess.TimeoutExpired:
            return "gave an answer that is none"
        if code == -signal.SIGXCPU:
            return f"took more than {cpu_s:.0f} s of processor time"
        if code < 0:
            return f"crashed ({signal.Signals(-code).name}), for want of memory perhaps"
        return f"ended by itself (exit status {code})"


def _failure(name: str, limits: Limits) -> str:
    """What a parser could not do that lived on."""
    if name == "MemoryError":
        return f"needs more than {limits.memory_bytes // _MB:,} MB of memory"
    if name == "RecursionError":
        return "finds it nested too deeply"
    return f"failed ({name})"


def _refusal(source: str, reason: str) -> UnreadableError:
    return UnreadableError(
        f"{source}: its parser {reason}; only this file is refused. Open it, save it anew and add that"
    )
