"""What runs in a confined child process: jobs come in, manuscripts and pictures go out.

A frame is a line of JSON, whose `size` says how many bytes follow. Nothing is pickled in either direction:
what comes out of a parser that was taken over is data.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, BinaryIO

from corpus import loaders
from corpus.confinement import allow_cpu, confine
from corpus.errors import ScanError, UnreadableError


def main() -> None:
    """Work off jobs from standard input until it ends; the first line says how much memory there is."""
    jobs, results = _streams()
    kernel = False
    head = json.loads(jobs.readline())
    loaders.prepare()  # what is imported now needs no file later
    kernel = confine(head["memory_bytes"])
    _send(results, {"ready": True, "kernel": kernel}, b"")
    while line := jobs.readline():
        job = json.loads(line)
        data = jobs.read(job.pop("size"))
        allow_cpu(job.pop("cpu_s"))
        try:
            _send(results, {"done": True}, _work(data, **job))
        except ScanError as error:
            _send(results, {"scan": error.pages}, b"")
        except UnreadableError as error:
            _send(results, {"refused": str(error)}, b"")
        except (MemoryError, RecursionError) as error:
            _send(results, {"failed": type(error).__name__}, b"")
        except Exception as error:  # a loader's defect costs this file alone
            _send(results, {"failed": f"{type(error).__name__}: {error}"[:300]}, b"")


def _work(data: bytes, job: str, source: str, **arguments: Any) -> bytes:
    if job == "picture":
        from corpus.pdf.pictures import picture

        return picture(data, source, **arguments)
    return loaders.read_text(data, source, **arguments).dump()


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """Where jobs come from and results go to; what else writes to standard output goes nowhere."""
    results = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return sys.stdin.buffer, results


def _send(results: BinaryIO, head: dict[str, Any], data: bytes) -> None:
    results.write(json.dumps({**head, "size": len(data)}).encode() + b"\n" + data)
    results.flush()


if __name__ == "__main__":
    main()
