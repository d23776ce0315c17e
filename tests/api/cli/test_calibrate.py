from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest


class Done(Protocol):
    status: int
    out: str
    err: str


Pincite = Callable[..., Done]
_NAMES = [
    f"{a}{b}" for a in ("Red", "Blue", "Green", "Gold") for b in ("berg", "holm", "stad", "vik", "by", "hus")
]


def _benchmark(folder: Path, thing: str, answerable: int = 24, unanswerable: int = 24) -> Path:
    """Documents that each tell how long something is; it is asked of all, and of all how old it is."""

    def write(name: str, rows: list[object]) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    texts = [f"The {thing} of {name} is {100 + i} metres long." for i, name in enumerate(_NAMES)]
    long = [f"How long is the {thing} of {name}?" for name in _NAMES[:answerable]]
    old = [f"Which emperor sold the {thing} of {name}?" for name in _NAMES[:unanswerable]]
    write("corpus.jsonl", [{"_id": f"d{i}", "title": "", "text": text} for i, text in enumerate(texts)])
    write("queries.jsonl", [{"_id": f"q{i}", "text": text} for i, text in enumerate([*long, *old])])
    write(
        "answers.jsonl",
        [
            {"query_id": f"q{i}", "answers": [f"{100 + i} metres"] if i < answerable else [],
             "answerable": i < answerable}
            for i in range(answerable + unanswerable)
        ],
    )  # fmt: skip
    judged = "".join(f"q{i}\td{i}\t1\n" for i in range(answerable))
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text(judged, encoding="utf-8")
    return folder


@pytest.fixture
def quays(tmp_path: Path) -> Path:
    return _benchmark(tmp_path / "quays", "quay")


def test_a_calibration_is_fitted_shown_written_and_used(
    pincite: Pincite, quays: Path, docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trains = _benchmark(tmp_path / "trains", "locomotive")
    out = tmp_path / "c.json"
    done = pincite(
        "eval", "calibrate", quays, trains, "--foreign", "samples", "--afresh", "--risk", "0.3", "--out", out
    )
    assert done.status == 0, done.err
    table = {line.split()[0]: line.split()[1:] for line in done.out.splitlines() if line.split()}
    assert table["set"][:2] == ["n", "AUROC"]
    assert table["quays"][0] == table["trains"][0] == "48"
    assert float(table["quays"][1]) > 0.9  # an emperor is offered nowhere, a length everywhere
    body = json.loads(out.read_text(encoding="utf-8"))
    assert body["risk"] == 0.3
    assert set(body["fitted"]["sets"]) == {"quays", "trains"}
    assert pincite("add", docs).status == 0
    monkeypatch.setenv("PINCITE_CALIBRATION", str(out))
    own, near = (
        json.loads(pincite("ask", question, "--json").out)["status"]
        for question in ("How long is the quay?", "Which emperor sold the quay?")
    )
    assert (own, near) == ("answered", "unsupported")


def test_a_users_own_set_starts_from_what_is_in_use(
    pincite: Pincite, quays: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What tells foreign questions is taken from there, so that none need be asked."""
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    made = pincite(
        "eval", "calibrate", quays, "--foreign", "samples", "--afresh", "--risk", "0.3", "--out", before
    )
    assert made.status == 0, made.err
    monkeypatch.setenv("PINCITE_CALIBRATION", str(before))
    done = pincite("eval", "calibrate", quays, "--out", after)
    assert done.status == 0, done.err
    old, new = (json.loads(path.read_text(encoding="utf-8")) for path in (before, after))
    assert new["risk"] == 0.3
    assert new["models"]["late"]["topic"] == old["models"]["late"]["topic"]
    assert new["models"]["late"]["holds"] != old["models"]["late"]["holds"]


@pytest.mark.parametrize(
    ("answerable", "unanswerable", "told"),
    [
        (12, 24, "quays: 12 questions with an answer, at least 20 are needed"),
        (24, 0, "quays: 0 questions without one (kind: unanswerable), at least 20 are needed"),
    ],
)
def test_too_few_questions_are_told_and_nothing_is_written(
    pincite: Pincite, tmp_path: Path, answerable: int, unanswerable: int, told: str
) -> None:
    few = _benchmark(tmp_path / "quays", "quay", answerable, unanswerable)
    done = pincite("eval", "calibrate", few, "--out", tmp_path / "c.json")
    assert done.status == 3
    assert told in " ".join(done.err.split())
    assert not (tmp_path / "c.json").exists()


def test_another_encoder_needs_questions_that_are_foreign(pincite: Pincite, quays: Path) -> None:
    done = pincite("eval", "calibrate", quays, "--afresh")
    assert done.status == 3
    assert "name a set with --foreign SET" in " ".join(done.err.split())


def test_json_holds_the_calibration_and_the_curve(pincite: Pincite, quays: Path) -> None:
    done = pincite("eval", "calibrate", quays, "--foreign", "samples", "--afresh", "--json")
    assert done.status == 0, done.err
    body = json.loads(done.out)
    assert body["calibration"]["format"] == 1
    covered = [row["answered"] for row in body["curve"]]
    assert covered == sorted(covered)


@pytest.mark.parametrize("text", ["", '{"format": 99}'])
def test_a_calibration_in_use_that_is_none_is_told(
    pincite: Pincite, docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    assert pincite("add", docs).status == 0
    path = tmp_path / "broken.json"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("PINCITE_CALIBRATION", str(path))
    done = pincite("ask", "How long is the quay?")
    assert done.status == 3
    assert "not a calibration of this version" in " ".join(done.err.split())


def test_risk_decides_what_is_answered(pincite: Pincite, docs: Path) -> None:
    assert pincite("add", docs).status == 0
    never, always = (
        json.loads(pincite("ask", "How long is the quay?", "--risk", risk, "--json").out)
        for risk in ("0", "1")
    )
    assert (never["status"], always["status"]) == ("unsupported", "answered")
    assert never["confidence"] == always["confidence"]
    assert never["passages"] == always["passages"] != []


def test_a_risk_that_is_no_probability_is_refused(pincite: Pincite, docs: Path) -> None:
    assert pincite("ask", "How long?", "--risk", "2").status == 2


def test_risk_decides_in_a_talk_too(pincite: Pincite, docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pincite("add", docs).status == 0
    told = []
    for risk in ("0", "1"):
        monkeypatch.setattr("sys.stdin", io.StringIO("How long is the quay?\n"))
        done = pincite("chat", "--risk", risk, "--json")
        assert done.status == 0, done.err
        told.append(json.loads(done.out.splitlines()[0])["status"])
    assert told == ["unsupported", "answered"]
