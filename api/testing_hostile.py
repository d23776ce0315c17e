"""A service that is given files made to do harm, and what it cost: `python -m api.testing_hostile FOLDER`.

It runs in a process of its own, so that memory and files are its own, and prints one JSON object. Needs what
`corpus.testing_hostile` needs.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import sys
import threading
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from api.service import Service
from api.settings import Settings
from corpus.media import EML
from corpus.sources import Source
from corpus.testing_hostile import hostile
from index.plan import Change
from index.testing import HashEncoder
from rag.records import Question

_EVERY = 10  # hostile files, after which comes a good one
_BASE = 40  # questions before anything hostile comes
_PAUSE_S = 0.02
_KILLED = ("was not done after", "s of processor time")  # what a refusal says of a parser that took too long
_NS = 1e9


@dataclass(frozen=True, slots=True)
class Cost:
    """What a service paid for hostile files; memory is resident, of the process that serves."""

    files: int
    read: int
    refused: int
    mails: int  # read as such
    overdue: list[str]  # whose parser was killed for the time it took
    good: int
    good_found: int
    connections: int
    stray: list[str]  # files outside of the data folder
    grown_mb: float
    peak_mb: float  # above what it had before
    slowest_s: float  # by the clock
    slowest: str
    busiest_s: float  # of processor time, of this thread and the parsers
    busiest: str
    idlest_s: float  # in which they neither ran nor waited for a processor
    idlest: str
    wall_s: float
    questions: int
    failed: int  # of the questions
    before_ms: float  # median
    meanwhile_ms: float  # median
    longest_ms: float


class Tripwire:
    """Listens on a port of this machine and counts who comes."""

    def __init__(self) -> None:
        self.connections = 0
        self.came = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._wait, daemon=True).start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def _wait(self) -> None:
        while True:
            try:
                self._socket.accept()[0].close()
            except OSError:
                return
            self.connections += 1
            self.came.set()

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()


class _Asker:
    """Asks one question again and again."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.took_ms = array("d")  # in one piece: thousands of numbers would keep what lies around them
        self.failed = 0

    def ask(self) -> None:
        start = time.perf_counter()
        try:
            found, _ = self._service.search(Question("What governs the water?", top_k=3))
            self.failed += not found.passages
        except Exception:  # whatever it is, the question has failed
            self.failed += 1
        self.took_ms.append(1000 * (time.perf_counter() - start))

    @contextmanager
    def meanwhile(self) -> Iterator[None]:
        """Ask until the block ends."""
        over = threading.Event()

        def go_on() -> None:
            while not over.wait(_PAUSE_S):
                self.ask()

        thread = threading.Thread(target=go_on)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def measure(folder: Path) -> Cost:
    """Have a service over `folder/data` read hostile files, good ones among them, and answer meanwhile."""
    tripwire = Tripwire()
    files = hostile(tripwire.url)
    service = Service(Settings(data=folder / "data"), lambda _: HashEncoder())
    before = set(_everything(folder))
    service.add([_good(0), _long()])  # what is loaded once is loaded before memory is looked at
    asker = _Asker(service)
    for _ in range(_BASE):
        asker.ask()
    base, asker.took_ms = median(asker.took_ms), array("d")
    clock = _Clock()
    resident = _resident_mb("VmRSS")
    _forget_peak()
    start = time.perf_counter()
    with asker.meanwhile():
        outcomes = service.add(clock.timed(_sources({name: data for name, (data, _) in files.items()})))
    wall_s = time.perf_counter() - start
    peak, now = _resident_mb("VmHWM"), _resident_mb("VmRSS")
    good = [o for o in outcomes if o.source.startswith("good")]
    found = sum(_finds(service, n) for n in range(1, len(good) + 1))
    store = service.tools()[1]
    mails = sum(store.media_type(row.version) == EML for row in store.documents())
    service.close()
    tripwire.close()
    stray = [name for name in _everything(folder) if name not in before and not name.startswith("data")]
    slowest = max(clock.took, key=lambda one: one.wall_s)
    busiest = max(clock.took, key=lambda one: one.cpu_s)
    idlest = max(clock.took, key=lambda one: one.idle_s)
    return Cost(
        files=len(files),
        read=sum(o.change is Change.ADDED for o in outcomes) - len(good),
        refused=sum(o.change is Change.REFUSED for o in outcomes),
        mails=mails,
        overdue=[o.source for o in outcomes if any(words in (o.detail or "") for words in _KILLED)],
        good=len(good),
        good_found=found,
        connections=tripwire.connections,
        stray=stray,
        grown_mb=round(now - resident, 1),
        peak_mb=round(peak - resident, 1),
        slowest_s=round(slowest.wall_s, 1),
        slowest=slowest.name,
        busiest_s=round(busiest.cpu_s, 1),
        busiest=busiest.name,
        idlest_s=round(idlest.idle_s, 1),
        idlest=idlest.name,
        wall_s=round(wall_s, 1),
        questions=len(asker.took_ms),
        failed=asker.failed,
        before_ms=round(base, 1),
        meanwhile_ms=round(median(asker.took_ms), 1),
        longest_ms=round(max(asker.took_ms), 1),
    )


@dataclass(frozen=True, slots=True)
class _Spent:
    """What this thread and its children have had of the processors, in seconds since they began."""

    ran: dict[str, float]  # by thread or process
    waited: dict[str, float]  # for a processor
    ended_ran: float  # of all children that have ended

    @classmethod
    def now(cls) -> _Spent:
        ran: dict[str, float] = {}
        waited: dict[str, float] = {}
        children = [id_ for path in Path("/proc/self/task").glob("*/children") for id_ in _told(path).split()]
        for id_ in ("thread-self", *children):
            if told := _told(Path(f"/proc/{id_}/schedstat")).split():
                ran[id_], waited[id_] = int(told[0]) / _NS, int(told[1]) / _NS
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        return cls(ran, waited, ended.ru_utime + ended.ru_stime)


@dataclass(frozen=True, slots=True)
class _Took:
    """What one file took until the next one was wanted.

    It takes `cpu_s` and `idle_s`, in which the other thread of this process may have run; the rest of the
    clock's time others had the processors.
    """

    name: str
    wall_s: float
    cpu_s: float
    idle_s: float

    @classmethod
    def between(cls, name: str, wall_s: float, before: _Spent, after: _Spent) -> _Took:
        """Of a child that ended over it, what it waited is not known and counts as idle."""
        ran = sum(after.ran.get(id_, 0.0) - before.ran.get(id_, 0.0) for id_ in before.ran | after.ran)
        ran += after.ended_ran - before.ended_ran
        waited = sum(after.waited[id_] - before.waited.get(id_, 0.0) for id_ in after.waited)
        return cls(name, wall_s, ran, wall_s - ran - waited)


class _Clock:
    """What each file took."""

    def __init__(self) -> None:
        self.took: list[_Took] = []

    def timed(self, sources: Iterator[Source]) -> Iterator[Source]:
        for source in sources:
            start, before = time.perf_counter(), _Spent.now()
            yield source
            wall_s = time.perf_counter() - start
            self.took.append(_Took.between(source.name, wall_s, before, _Spent.now()))


def _sources(files: dict[str, bytes]) -> Iterator[Source]:
    for n, (name, data) in enumerate(files.items(), 1):
        suffix = (
            "eml" if name.startswith("mail") else "html"
        )  # mails are told by it, too, others by their bytes
        yield Source(f"{name}.{suffix}", data)
        if n % _EVERY == 0:
            yield _good(n // _EVERY)


def _good(n: int) -> Source:
    text = f"<!doctype html><html><body><p>The water pact of town number{n}x governs water.</p></body></html>"
    return Source(f"good {n}.html", text.encode())


def _long() -> Source:
    """A sentence that is cut."""
    return Source("long.txt", ("The pact of a town without number governs its water, " * 60).encode())


def _finds(service: Service, n: int) -> bool:
    ranking, _ = service.search(Question(f"town number{n}x", top_k=1))
    return bool(ranking.passages) and f"number{n}x" in ranking.passages[0].stored.passage.text


def _everything(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        yield str(path.relative_to(folder))


def _told(path: Path) -> str:
    """What the kernel says of a thread or process; nothing of one that has ended meanwhile."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _resident_mb(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1024


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def main() -> None:
    """Measure in a folder that is this process's home, working and temporary folder, too."""
    folder = Path(sys.argv[1]).resolve()
    os.chdir(folder)
    print(json.dumps(asdict(measure(folder))))  # noqa: T201 - what it is run for


if __name__ == "__main__":
    main()
