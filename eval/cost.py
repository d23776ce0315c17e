"""What a benchmark cost: milliseconds, bytes, memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

PERCENTILES = (50, 95, 99)


def latency(timings: Iterable[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Milliseconds of each stage at each percentile, by linear interpolation; stages as they first come."""
    stages: dict[str, list[float]] = {}
    for timing in timings:
        for stage, ms in timing.items():
            stages.setdefault(stage, []).append(ms)
    return {
        stage: {f"p{p}": round(float(np.percentile(ms, p)), 3) for p in PERCENTILES}
        for stage, ms in stages.items()
    }


def folder_bytes(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def resident_mb(status: Path = Path("/proc/self/status")) -> float | None:
    """Resident memory of this process in megabytes; None where the system does not tell."""
    try:
        found = re.search(r"^VmRSS:\s+(\d+) kB", status.read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        return None
    return round(int(found.group(1)) / 1000, 1) if found else None
