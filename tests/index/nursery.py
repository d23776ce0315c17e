"""Raises writers for `test_ingest_killed.py`, and says what they did until they were killed.

A script that forks a process for each line on its standard input, after everything is imported, so that
a life is spent on the work:

    add DATA DOCS SECONDS   adds the files of DOCS, some at a time, and is killed after so many seconds;
                            it says, one a line, what was acknowledged
    sync DATA DOCS STEP     makes DATA hold what DOCS holds, and kills itself at that step: before a
                            statement of SQL, or as it touches a file

At its end the line `dead STATUS` follows.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from corpus.sources import Source, walk
from index.ingest import Ingest
from index.testing import HashEncoder

PER_ADD = 15
TOUCHES = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}


def say(line: str) -> None:
    """At once, and whole: the next moment may be the last."""
    os.write(1, f"{line}\n".encode())


def add(data: Path, docs: Path) -> None:
    """What a user does: each verb opens the data folder anew."""
    with Ingest(data, HashEncoder) as ingest:
        (passing,) = ingest.add([Source("passing.txt", b"A passing zebra.")])
    with Ingest(data, HashEncoder) as ingest:
        ingest.remove([passing.document_id or ""])
    say("removed passing.txt")
    files = list(walk([docs]))
    for start in range(0, len(files), PER_ADD):
        some = files[start : start + PER_ADD]
        with Ingest(data, HashEncoder) as ingest:
            ingest.add(some)
        say("added " + " ".join(file.name for file in some))


def sync(data: Path, docs: Path, last_step: int) -> None:
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1
        if steps == last_step:
            os.kill(os.getpid(), signal.SIGKILL)

    def touched(event: str, arguments: tuple[object, ...]) -> None:
        if event in TOUCHES and str(arguments[0]).startswith(str(data)):
            step()

    with Ingest(data, HashEncoder) as ingest:
        with ingest.store.transaction() as db:
            db.set_trace_callback(lambda _: step())
        sys.addaudithook(touched)
        ingest.sync(docs)


def main() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])  # it is waited for
    for line in sys.stdin:
        verb, data, docs, number = line.split()
        child = os.fork()
        if child == 0:
            if verb == "add":
                add(Path(data), Path(docs))
            else:
                sync(Path(data), Path(docs), int(number))
            os._exit(0)
        seconds = float(number) if verb == "add" else 600
        if signal.sigtimedwait([signal.SIGCHLD], seconds) is None:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        signal.sigtimedwait([signal.SIGCHLD], 0)
        say(f"dead {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main()
