from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import pytest

from api.cli.evaluate import DEMO_QUESTIONS
from api.service import Mode, Service
from api.testing import FakeEndpoint
from rag.records import Question, Reply
from rag.testing import Scripted


class Done(Protocol):
    status: int
    out: str
    err: str


Pincite = Callable[..., Done]


def of(done: Done) -> Any:
    """What was printed as JSON, by a verb that succeeded."""
    assert (done.status, done.err) == (0, "")
    return json.loads(done.out)


@pytest.fixture
def gold(docs: Path, tmp_path: Path) -> Path:
    """A set of two questions over quay.txt, one of them without an answer."""
    data = (docs / "quay.txt").read_bytes()
    evidence = {"doc": "quay.txt", "start": 0, "end": 28}
    rows = [
        {"documents": {"quay.txt": sha256(data).hexdigest()}},
        {
            "id": "q1",
            "question": "How long is the quay?",
            "kind": "fact",
            "answers": ["900 metres"],
            "evidence": [evidence],
        },
        {"id": "q2", "question": "zebra xylophone?", "kind": "unanswerable", "answers": [], "evidence": []},
    ]
    path = tmp_path / "quays.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_a_set_is_measured_question_by_question(pincite: Pincite, docs: Path, gold: Path) -> None:
    pincite("add", docs)
    body = of(pincite("eval", "run", gold, "--json"))
    assert (body["manifest"]["dataset"], body["manifest"]["system"]) == ("quays", "pincite")
    said = [(q["id"], q["verdict"]["answered"]) for q in body["questions"]]
    assert said == [("q1", True), ("q2", False)]
    found = body["summary"]["all"]
    assert found.pop("n") == 1
    lower = {name for name, value in found.items() if value != 1}  # it answers in a sentence
    assert lower == {"EM", "F1", "span-P@5", "span-IoU@5"}


def test_measures_are_shown_by_kind(pincite: Pincite, docs: Path, gold: Path) -> None:
    pincite("add", docs)
    header, fact, total, abstention = pincite("eval", "run", gold).out.splitlines()
    assert header.split()[:3] == ["kind", "n", "hit@1"]
    assert fact.split()[:4] == ["fact", "1", "1.00", "1.00"]
    assert len(fact.split()) == len(header.split())
    assert total.split()[0] == "all"
    assert abstention.startswith("abstention: AUROC 1.00")


def test_results_are_kept_and_a_floor_is_held(
    pincite: Pincite, docs: Path, gold: Path, tmp_path: Path
) -> None:
    pincite("add", docs)
    done = pincite("eval", "run", gold, "--out", tmp_path / "r.json", "--fail-under", "hit@1=1")
    assert (done.status, json.loads((tmp_path / "r.json").read_text())["manifest"]["dataset"]) == (0, "quays")
    done = pincite("eval", "run", gold, "--fail-under", "hit@1=.5", "--fail-under", "EM=.5")
    assert done.status == 1
    assert " ".join(done.err.split()) == "too low quays, pincite: EM is 0.0000, under the floor of 0.5"
    assert pincite("eval", "run", gold, "--baseline", tmp_path / "r.json").status == 0


@pytest.mark.parametrize(
    ("option", "said"),
    [("hit@1", "expected MEASURE=VALUE, such as nDCG@10=.70"), ("AP=.5", "no measure AP; taken were hit@1")],
)
def test_a_floor_that_is_none_is_told(
    pincite: Pincite, docs: Path, gold: Path, option: str, said: str
) -> None:
    pincite("add", docs)
    done = pincite("eval", "run", gold, "--fail-under", option)
    assert done.status == 3
    assert said in done.err


def test_a_set_over_other_documents_is_refused_by_name(pincite: Pincite, docs: Path, gold: Path) -> None:
    pincite("add", docs / "tower.md")
    done = pincite("eval", "run", gold)
    assert (done.status, done.out) == (3, "")
    assert done.err.startswith("pincite: quays: quay.txt (sha256 ")


def test_a_set_that_is_not_there_is_told(pincite: Pincite, docs: Path) -> None:
    pincite("add", docs)
    done = pincite("eval", "run", "nowhere.jsonl")
    assert (done.status, done.out) == (3, "")
    assert "not a built-in evaluation set (samples, azerbaijan)" in done.err


def test_the_demonstration_asks_its_questions_of_the_samples(pincite: Pincite) -> None:
    done = pincite("demo")
    assert (done.status, done.err) == (0, "")
    for question in DEMO_QUESTIONS:
        assert question in done.out
    assert "Questions with known answers" in done.out
    assert " serve --data " in done.out


def test_the_demonstration_can_be_quiet_and_adds_the_samples_once(pincite: Pincite) -> None:
    assert pincite("demo", "--quiet").out == ""
    listed = of(pincite("list", "--json"))
    assert pincite("demo", "--quiet").out == ""
    assert len(listed) >= 10
    assert of(pincite("list", "--json")) == listed


def test_a_set_can_be_asked_of_a_language_model(
    pincite: Pincite, docs: Path, gold: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pincite("add", docs)
    with FakeEndpoint(Scripted("The quay is 900 metres long [1].")) as fake:
        monkeypatch.setenv("PINCITE_GENERATOR_URL", fake.url)
        extractive = of(pincite("eval", "run", gold, "--json"))
        assert fake.asked == []
        body = of(pincite("eval", "run", gold, "--answer", "generative", "--json"))
        assert len(fake.asked) == 1  # where the passages support no answer it is not asked
    assert body["manifest"]["system"] == "pincite with unnamed"
    assert body["summary"] == extractive["summary"]


def test_a_language_model_that_is_not_set_up_is_not_measured(
    pincite: Pincite, docs: Path, gold: Path
) -> None:
    pincite("add", docs)
    done = pincite("eval", "run", gold, "--answer", "generative")
    assert (done.status, done.out) == (3, "")
    assert done.err.startswith("pincite: no language model is set up")


@pytest.mark.parametrize("form", ["history", "standalone", "bare"])
def test_follow_ups_are_asked_in_the_form_wanted(
    form: str, pincite: Pincite, docs: Path, gold: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = gold.read_text(encoding="utf-8").splitlines()
    follow_up = json.loads(rows[1]) | {
        "question": "How long is it?",
        "standalone": "How long is the quay of Belmark?",
        "history": [{"role": "user", "content": "What is the Quay of Morava?"}],
    }
    gold.write_text("\n".join([rows[0], json.dumps(follow_up)]), encoding="utf-8")
    heard: list[tuple[str, int]] = []
    ask = Service.ask

    def listening(self: Service, question: Question, mode: Mode | None = None) -> Reply:
        heard.append((question.text, len(question.history)))
        return ask(self, question, mode)

    monkeypatch.setattr(Service, "ask", listening)
    assert pincite("add", docs).status == 0
    assert pincite("eval", "run", gold, "--follow-ups", form).status == 0
    assert (
        heard
        == {
            "history": [("How long is it?", 1)],
            "standalone": [("How long is the quay of Belmark?", 0)],
            "bare": [("How long is it?", 0)],
        }[form]
    )
