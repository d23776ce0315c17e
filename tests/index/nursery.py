"""Raises writers for `test_ingest_killed.py`, and says what they did until they were killed.

A script: for each line `DATA DOCS PER_ADD SECONDS` on its standard input it forks a process that adds the
files of DOCS to DATA, some at a time, and kills it after so many seconds. That process tells, one a
line, what was acknowledged; at its end the line `dead STATUS` follows. Everything is imported before the
forks, so that a life is spent on the work.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from corpus.sources import Source, walk
from index.ingest import Ingest
from index.testing import HashEncoder


def say(line: str) -> None:
    """At once, and whole: the next moment may be the last."""
    os.write(1, f"{line}\n".encode())


def live(data: Path, docs: Path, per_add: int) -> None:
    """What a user does: each verb opens the data folder anew."""
    with Ingest(data, HashEncoder) as ingest:
        (passing,) = ingest.add([Source("passing.txt", b"A passing zebra.")])
    with Ingest(data, HashEncoder) as ingest:
        ingest.remove([passing.document_id or ""])
    say("removed passing.txt")
    files = list(walk([docs]))
    for start in range(0, len(files), per_add):
        some = files[start : start + per_add]
        with Ingest(data, HashEncoder) as ingest:
            ingest.add(some)
        say("added " + " ".join(file.name for file in some))


def main() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])  # it is waited for
    for line in sys.stdin:
        data, docs, per_add, seconds = line.split()
        child = os.fork()
        if child == 0:
            live(Path(data), Path(docs), int(per_add))
            os._exit(0)
        if signal.sigtimedwait([signal.SIGCHLD], float(seconds)) is None:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        signal.sigtimedwait([signal.SIGCHLD], 0)
        say(f"dead {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main()
