from __future__ import annotations

from pathlib import Path

from eval.cost import folder_bytes, latency, resident_mb


def test_percentiles_are_by_stage() -> None:
    timings = [{"search": float(ms), "total": 10.0 * ms} for ms in range(101)]
    assert latency(timings) == {
        "search": {"p50": 50.0, "p95": 95.0, "p99": 99.0},
        "total": {"p50": 500.0, "p95": 950.0, "p99": 990.0},
    }


def test_a_stage_that_some_questions_lack_is_measured_over_the_others() -> None:
    assert latency([{"total": 1.0}, {"encode": 4.0, "total": 5.0}])["encode"] == {
        "p50": 4.0,
        "p95": 4.0,
        "p99": 4.0,
    }
    assert latency([]) == {}


def test_bytes_are_those_of_all_files_below(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "x").write_bytes(b"12345")
    (tmp_path / "y").write_bytes(b"678")
    assert folder_bytes(tmp_path) == 8


def test_resident_memory_is_read_where_the_system_tells_it(tmp_path: Path) -> None:
    (tmp_path / "status").write_text("Name:\tx\nVmRSS:\t  123456 kB\n", encoding="utf-8")
    assert resident_mb(tmp_path / "status") == 123.5
    assert resident_mb(tmp_path / "nowhere") is None
