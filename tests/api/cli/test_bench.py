from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import pytest

from api.cli.bench import cost_line
from eval.benchmark import Benchmark
from eval.errors import EvaluationError
from eval.results import Results
from eval.testing import results_of


class Done(Protocol):
    status: int
    out: str
    err: str


Pincite = Callable[..., Done]


def _lines(path: Path, *rows: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def quays(tmp_path: Path) -> Path:
    """A benchmark of twelve documents and a question about each, in BEIR's layout."""
    folder = tmp_path / "quays"
    names = [f"{a}{b}" for a in ("red", "blue", "green") for b in ("berg", "holm", "stad", "vik")]
    texts = [f"The quay of {name} is {i} metres long." for i, name in enumerate(names)]
    _lines(folder / "corpus.jsonl", *({"_id": f"d{i}", "title": "", "text": t} for i, t in enumerate(texts)))
    asked = [f"How long is the quay of {name}?" for name in names]
    _lines(folder / "queries.jsonl", *({"_id": f"q{i}", "text": text} for i, text in enumerate(asked)))
    judged = "".join(f"q{i}\td{i}\t1\n" for i in range(len(names)))
    _lines(folder / "answers.jsonl", *({"query_id": f"q{i}", "answers": [f"{i} metres"]} for i in range(12)))
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text(judged, encoding="utf-8")
    return folder


def _of(done: Done) -> Any:
    assert done.status == 0, done.err
    return json.loads(done.out)


def test_systems_are_shown_side_by_side_and_files_left(pincite: Pincite, quays: Path, tmp_path: Path) -> None:
    done = pincite("bench", quays, "--out", tmp_path / "out")
    assert done.status == 0
    title, header, first, *_ = done.out.splitlines()
    assert title == "quays 12 questions"
    assert header.split() == ["measure", "dense", "lexical", "hybrid"]
    assert first.split()[0] == "nDCG@10"
    names = {
        f"quays.passages.{system}.{end}"
        for system in ("dense", "lexical", "hybrid")
        for end in ("json", "run")
    }
    assert {path.name for path in (tmp_path / "out").iterdir()} == names
    assert done.err == f"runs and results: {tmp_path / 'out'}\n"


def test_a_peer_that_cannot_be_measured_is_told_and_the_others_are(
    pincite: Pincite, quays: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measure(name: str, benchmark: Benchmark, weights: Path, *_: object) -> Results:
        assert weights.is_dir()
        if name == "absent":
            raise EvaluationError("peer absent: not installed (no network)")
        found = results_of(name, {q.id: {"P@1": 0.5} for q in benchmark.questions})
        return replace(found, manifest={**found.manifest, "dataset": benchmark.name})

    monkeypatch.setattr("eval.peers.run.measure", measure)
    monkeypatch.setattr("eval.peers.run.NAMES", ("absent", "near"))
    done = pincite("bench", quays, "--systems", "lexical", "--peers", "--out", tmp_path / "out")
    assert done.status == 3
    assert done.out.splitlines()[1].split() == ["measure", "lexical", "near"]
    assert "peer absent: not installed (no network)" in " ".join(done.err.split())
    assert (tmp_path / "out" / "quays.passages.lexical.json").exists()


def test_results_can_be_printed_as_json(pincite: Pincite, quays: Path) -> None:
    [results] = _of(pincite("bench", quays, "--systems", "lexical", "--measures", "P@1,AP", "--json"))
    assert results["summary"]["all"] == {"n": 12, "P@1": 1, "AP": 1}
    assert results["manifest"]["command"].split()[0] == "pincite"


def test_only_each_nth_question_is_asked_under_a_name_that_says_so(pincite: Pincite, quays: Path) -> None:
    arguments = ("--systems", "lexical", "--measures", "P@1", "--each", "5", "--json")
    [results] = _of(pincite("bench", quays, *arguments))
    assert results["manifest"]["dataset"] == "quays-each-5"
    assert [q["id"] for q in results["questions"]] == ["q0", "q5", "q10"]


def test_a_run_of_another_system_is_scored(pincite: Pincite, quays: Path, tmp_path: Path) -> None:
    run = tmp_path / "other.run"
    run.write_text("q0 Q0 d0 1 2.5 x\nq1 Q0 d0 1 2.5 x\n", encoding="utf-8")
    [results] = _of(pincite("bench", quays, "--run", run, "--measures", "P@1", "--json"))
    assert results["manifest"]["system"] == "other"
    assert results["summary"]["all"]["P@1"] == pytest.approx(1 / 12)


def test_a_floor_fails_the_verb(pincite: Pincite, quays: Path) -> None:
    done = pincite("bench", quays, "--systems", "lexical", "--fail-under", "P@1=1.1", "--measures", "P@1")
    assert done.status == 1
    told = " ".join(done.err.split())
    assert told.endswith("too low quays, lexical: P@1 is 1.0000, under the floor of 1.1")


def test_a_significant_drop_below_a_baseline_fails_the_verb(
    pincite: Pincite, quays: Path, tmp_path: Path
) -> None:
    out, run = tmp_path / "out", tmp_path / "worse.run"
    pincite("bench", quays, "--systems", "lexical", "--out", out)
    run.write_text("".join(f"q{i} Q0 d{(i + 1) % 12} 1 1 x\n" for i in range(12)), encoding="utf-8")
    baseline = out / "quays.passages.lexical.json"
    done = pincite("bench", quays, "--run", run, "--baseline", baseline, "--max-drop", "0.01")
    assert done.status == 1
    assert "worse: nDCG@10 fell from 1.0000 to 0.0000" in " ".join(done.err.split())
    assert pincite("bench", quays, "--systems", "lexical", "--baseline", baseline).status == 0


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--unit", "pages"], 2, "expected passages or documents, found 'pages'"),
        (["--systems", "sparse"], 3, "no system 'sparse'; there are dense, lexical, hybrid, answer"),
        (["--measures", "bogus@3"], 3, "no measure 'bogus@3'; expected such as nDCG@10"),
        (["--split", "dev"], 3, "no qrels/dev.tsv; splits there: test"),
        (["--fail-under", "nonsense"], 3, "expected MEASURE=VALUE"),
        (["--baseline", "nowhere.json"], 3, "nowhere.json: there is no such file"),
        (["--run", "nowhere.run"], 3, "nowhere.run: there is no such file"),
        (["--url", "ftp://x"], 3, "expected the address of a service"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_written(
    pincite: Pincite, quays: Path, tmp_path: Path, arguments: list[str], status: int, said: str
) -> None:
    done = pincite("bench", quays, *arguments, "--out", tmp_path / "out")
    assert done.status == status
    assert said in " ".join(done.err.replace("│", " ").split())
    assert not (tmp_path / "out").exists()


def test_results_are_compared(pincite: Pincite, quays: Path, tmp_path: Path) -> None:
    out, run = tmp_path / "out", tmp_path / "worse.run"
    run.write_text("".join(f"q{i} Q0 d{i // 2} 1 1 x\n" for i in range(12)), encoding="utf-8")
    pincite("bench", quays, "--systems", "lexical", "--out", out)
    pincite("bench", quays, "--run", run, "--out", out)
    files = [out / "quays.passages.lexical.json", out / "quays.passages.worse.json"]
    [found] = _of(pincite("eval", "compare", *files, "--json"))
    assert (found["baseline"], found["system"], found["differences"][0]["losses"]) == ("lexical", "worse", 11)
    shown = pincite("eval", "compare", *files, "--measures", "P@1", "--top", "1").out
    assert "worse against lexical on quays" in shown
    assert "P@1 1.000 → 0.000" in shown
    assert pincite("eval", "compare", files[0]).status == 2


def test_a_report_is_written(pincite: Pincite, quays: Path, tmp_path: Path) -> None:
    pincite("bench", quays, "--systems", "dense,lexical", "--out", tmp_path / "out")
    files = sorted((tmp_path / "out").glob("*.json"))
    assert pincite("eval", "report", *files, "--out", tmp_path / "r.html").status == 0
    assert "lexical against dense" in (tmp_path / "r.html").read_text(encoding="utf-8")
    done = pincite("eval", "report", *files, "--out", tmp_path / "r.pdf")
    assert (done.status, "written as .html, .md or .json" in done.err) == (3, True)


def test_a_cost_is_told_as_far_as_it_is_known() -> None:
    latency = {"total": {"p50": 1.0, "p95": 2.0, "p99": 3.0}}
    assert cost_line({"latency_ms": latency, "passages": 1234}) == (
        "total p50 1.0, p95 2.0, p99 3.0 ms; 1,234 passages"
    )
    assert cost_line({"passages": 2, "bytes_a_passage": 1500, "passages_s": 80.4, "resident_mb": 610.2}) == (
        "2 passages of 1,500 bytes; 80 passages/s when it was indexed; 610 MB resident"
    )
    assert cost_line({}) == ""
