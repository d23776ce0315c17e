from __future__ import annotations

from pathlib import Path

import pytest

from index.hardware import cpu_flags, describe, faster, has_bfloat16

X86 = "processor\t: 0\nmodel name\t: A CPU\nflags\t\t: fpu {flags}\nbugs\t\t: amx_bf16\n\nprocessor\t: 1\n"
ARM = "processor\t: 0\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd {flags}\nCPU part\t: 0xd40\n"


@pytest.mark.parametrize(
    ("cpuinfo", "expected"),
    [
        (X86.format(flags="avx2 amx_bf16 amx_tile"), True),
        (X86.format(flags="avx512f avx512_bf16"), True),
        (X86.format(flags="avx2 avx512f"), False),
        (ARM.format(flags="bf16 i8mm"), True),
        (ARM.format(flags="asimdhp"), False),
        ("", False),
    ],
)
def test_bfloat16_is_told_from_the_flags_of_the_first_core(
    tmp_path: Path, cpuinfo: str, expected: bool
) -> None:
    path = tmp_path / "cpuinfo"
    path.write_text(cpuinfo)
    assert has_bfloat16(cpu_flags(path)) is expected


def test_flags_are_the_words_of_one_line(tmp_path: Path) -> None:
    path = tmp_path / "cpuinfo"
    path.write_text(X86.format(flags="avx2 sse"))
    assert cpu_flags(path) == {"fpu", "avx2", "sse"}


def test_a_system_without_cpuinfo_has_no_known_flags(tmp_path: Path) -> None:
    assert cpu_flags(tmp_path / "none") == frozenset()


def test_the_faster_of_two_is_told_by_time_and_both_get_the_same_number_of_turns() -> None:
    turns: list[str] = []

    def slow() -> None:
        turns.append("slow")
        sum(range(200_000))

    assert faster(lambda: turns.append("quick"), slow, rounds=2)
    assert not faster(slow, lambda: turns.append("quick"), rounds=2)
    assert turns == ["quick", "slow"] * 2 + ["slow", "quick"] * 2


def test_the_processor_is_described_with_what_matters_here() -> None:
    assert describe().endswith(")")
