"""A server, started over an index and asked by one client on a kept-alive connection; prints one JSON object.

python scripts/visit.py INDEX [--starts N]
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from statistics import median

from eval.sets import read_set

PINCITE = Path(sys.executable).with_name("pincite")
WARM_UP, QUESTIONS = 20, 300
READY_WITHIN_S = 180  # after that a server is given up


@dataclass(frozen=True, slots=True)
class Server:
    """A server that is ready, and how long that took."""

    pid: int
    port: int
    ready_s: float


@contextmanager
def served(index: Path) -> Iterator[Server]:
    """Run `pincite serve` until the block ends, in a folder without a pincite.toml."""
    with tempfile.TemporaryDirectory() as work:
        log = Path(work, "serve.log")
        start = time.perf_counter()
        with log.open("wb") as output:
            process = subprocess.Popen(
                [PINCITE, "serve", "--port", "0", "--data", index], stdout=output, stderr=output, cwd=work
            )
        try:
            port = 0
            while not (port and is_ready(port)):
                if process.poll() is not None or time.perf_counter() - start > READY_WITHIN_S:
                    raise SystemExit(f"pincite serve did not get ready: {log.read_text()[-2000:]}")
                time.sleep(0.02)
                told = re.search(r"http://127\.0\.0\.1:(\d+)\s", log.read_text())
                port = int(told.group(1)) if told else 0
            yield Server(process.pid, port, time.perf_counter() - start)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def is_ready(port: int) -> bool:
    """Ask `/ready`; a server that does not listen yet is not."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/ready")
        return connection.getresponse().status == HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def ask(port: int) -> tuple[list[float], dict[str, float]]:
    """Ask whole rounds of the sample questions: wall milliseconds, and the server's own medians by stage."""
    questions = [json.dumps({"question": q.question}) for q in read_set("samples").questions]
    rounds = -(-QUESTIONS // len(questions))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    wall_ms: list[float] = []
    stages: dict[str, list[float]] = {}
    for number, body in enumerate(
        [*itertools.islice(itertools.cycle(questions), WARM_UP), *questions * rounds]
    ):
        start = time.perf_counter()
        connection.request("POST", "/v1/query", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        content = response.read()
        took_ms = (time.perf_counter() - start) * 1e3
        if response.status != HTTPStatus.OK:
            raise SystemExit(f"/v1/query answered {response.status} to {body}: {content.decode()[:500]}")
        if number >= WARM_UP:
            wall_ms.append(took_ms)
            for name, ms in json.loads(content)["timings_ms"].items():
                stages.setdefault(name, []).append(ms)
    connection.close()
    return wall_ms, {name: median(values) for name, values in stages.items()}


def resident(pid: int) -> dict[str, float]:
    """Read resident memory, now and at its highest, in MB of a million bytes; empty where /proc is not."""
    try:
        status = Path("/proc", str(pid), "status").read_text()
    except OSError:
        return {}
    return {name: int(kib) * 1024 / 1e6 for name, kib in re.findall(r"(VmRSS|VmHWM):\s+(\d+) kB", status)}


def main() -> None:
    """Start the server some times, and ask the last one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("index", type=Path, help="a data folder of Pincite")
    parser.add_argument("--starts", type=int, default=1, metavar="N")
    given = parser.parse_args()
    ready_s: list[float] = []
    for _ in range(given.starts - 1):
        with served(given.index.resolve()) as server:
            ready_s.append(server.ready_s)
    with served(given.index.resolve()) as server:
        ready_s.append(server.ready_s)
        wall_ms, stages_ms = ask(server.port)
        memory_mb = resident(server.pid)
    report = {"ready_s": ready_s, "wall_ms": wall_ms, "stages_ms": stages_ms, "memory_mb": memory_mb}
    print(json.dumps(report))


if __name__ == "__main__":
    main()
