"""What this processor is good at: whether bfloat16 is done in silicon, and whether it pays."""

from __future__ import annotations

import platform
import re
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

# Without one of these bfloat16 is emulated, and disastrously slow.
_BFLOAT16_FLAGS = frozenset({"amx_bf16", "avx512_bf16", "bf16"})


def cpu_flags(cpuinfo: Path = Path("/proc/cpuinfo")) -> frozenset[str]:
    """The feature flags of the first core; empty where the system does not list them."""
    try:
        text = cpuinfo.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return frozenset()
    match = re.search(r"^(?:flags|Features)\s*:\s*(.*)$", text, re.MULTILINE)
    return frozenset(match.group(1).split()) if match else frozenset()


def has_bfloat16(flags: frozenset[str]) -> bool:
    """Whether the processor multiplies bfloat16 matrices itself."""
    return bool(flags & _BFLOAT16_FLAGS)


def faster(first: Callable[[], object], second: Callable[[], object], rounds: int = 3) -> bool:
    """Whether `first` takes less time than `second`: best of a few rounds each, in turns."""
    times = ([], [])  # type: tuple[list[float], list[float]]
    for _ in range(rounds):
        for kept, work in zip(times, (first, second), strict=True):
            start = perf_counter()
            work()
            kept.append(perf_counter() - start)
    return min(times[0]) < min(times[1])


def describe() -> str:
    """The processor in a few words, for reports."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
        name = re.search(r"^model name\s*:\s*(.*)$", text, re.MULTILINE)
    except OSError:
        name = None
    features = sorted(cpu_flags() & (_BFLOAT16_FLAGS | {"avx2", "avx512f"}))
    processor = name.group(1) if name else platform.processor() or platform.machine()
    return f"{processor} ({', '.join(features) or 'no vector flags known'})"
