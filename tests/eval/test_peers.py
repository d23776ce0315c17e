"""Peers: the way to and from their processes over fakes; no model is loaded and nothing is installed."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from corpus.records import Span
from eval.benchmark import Benchmark
from eval.errors import EvaluationError
from eval.peers import environment as environments
from eval.peers import run
from eval.peers.environment import environment, last_line
from eval.results import Results, read_results
from index.testing import HashEncoder

_FAKE = """
import os
import sys

class Peer:
    passages = 4

    def __init__(self, documents, weights, depth):
        assert sys.flags.safe_path and "eval" not in sys.modules and "PYTHONPATH" not in os.environ
        assert (weights, depth, os.environ["HF_HUB_OFFLINE"]) == ("weights", 7, "1"), (weights, depth)
        self.given = dict(documents)

    def ask(self, question):
        given = self.given.items()
        found = [(id_, text.index("quay"), len(text), 2.0) for id_, text in given if "quay" in text]
        return [*found, ("d2", None, None, 1.0)]
"""


def _measure(tmp_path: Path, benchmark: Benchmark, script: str) -> Results:
    """A peer that is written here, run by the interpreter that runs the tests."""
    folder = tmp_path / "peers"
    folder.mkdir()
    (folder / "fake.py").write_text(script, encoding="utf-8")
    (folder / "fake.txt").write_text("fake==1.0\n", encoding="utf-8")

    def python(requirements: Path, cache: Path) -> Path:
        assert (requirements, cache) == (folder / "fake.txt", tmp_path / "cache")
        return Path(sys.executable)

    out, cache = tmp_path / "out", tmp_path / "cache"
    return run.measure("fake", benchmark, Path("weights"), out, 7, cache, folder=folder, python=python)


def test_what_a_peer_finds_is_judged_in_the_places_of_the_benchmark(
    tmp_path: Path, benchmark: Benchmark, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    results = _measure(tmp_path, benchmark, _FAKE)
    first, second = results.questions
    assert (results.system, [q.id for q in results.questions]) == ("fake", ["q1", "q2"])
    assert (first.found[0].document, first.found[0].spans) == ("d1", ((4, 55),))  # the title was in front
    assert first.found[0].text == "quay of the harbour is nine metres long. It is red."
    assert (first.values["hit@1"], first.values["P@1"], second.values["P@1"]) == (1.0, 1.0, 0.0)
    assert (second.values["hit@5"], second.values["RR@10"]) == (0.0, 0.5)  # a document without a place
    assert list(first.timings_ms) == ["total"]


def test_cost_and_requirements_of_a_peer_are_kept(tmp_path: Path, benchmark: Benchmark) -> None:
    results = _measure(tmp_path, benchmark, _FAKE)
    assert results.cost["passages"] == 4
    assert results.cost["resident_mb"] is None or 1 < results.cost["resident_mb"] < 500
    assert set(results.cost) == {"index_s", "passages_s", "passages", "resident_mb", "latency_ms"}
    assert results.manifest["config"]["requirements"] == ["fake==1.0"]
    assert read_results(tmp_path / "out" / "tiny.documents.fake.json").questions == results.questions


def test_a_peer_that_fails_is_told_by_its_last_words(tmp_path: Path, benchmark: Benchmark) -> None:
    with pytest.raises(EvaluationError, match=r"^peer fake: failed: ValueError: no such weights$"):
        _measure(tmp_path, benchmark, "def Peer(*_): raise ValueError('no such weights')")
    assert not (tmp_path / "out").exists()


class _Pip:
    """Notes the commands; makes the folders that `venv` makes; fails where it is told to."""

    def __init__(self, failing: str | None = None) -> None:
        self.commands: list[list[str]] = []
        self.failing = failing

    def __call__(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        self.commands.append(list(command))
        if "venv" in command:
            (Path(command[-1]) / "lib" / "python3.99" / "site-packages").mkdir(parents=True, exist_ok=True)
        failed = self.failing is not None and self.failing in command
        return subprocess.CompletedProcess(command, int(failed), "", "Retrying\nERROR: no network\n\n")


@pytest.fixture
def needs(tmp_path: Path) -> Path:
    path = tmp_path / "some.txt"
    path.write_text("some==1.0\n", encoding="utf-8")
    return path


def test_an_environment_is_made_once_for_equal_requirements(tmp_path: Path, needs: Path) -> None:
    pip = _Pip()
    python = environment(needs, tmp_path, pip)
    folder = python.parent.parent
    assert environment(needs, tmp_path, pip) == python
    assert [command[1:3] for command in pip.commands] == [["-m", "venv"], ["-m", "pip"]]
    assert pip.commands[1][-4:] == [
        "--constraint",
        str(folder / "constraints.txt"),
        "--requirement",
        str(needs),
    ]
    needs.write_text("some==2.0\n", encoding="utf-8")
    assert environment(needs, tmp_path, pip) != python


def test_an_environment_sees_the_packages_here_and_keeps_their_torch(tmp_path: Path, needs: Path) -> None:
    folder = environment(needs, tmp_path, _Pip()).parent.parent
    shared = (folder / "lib" / "python3.99" / "site-packages" / "shared.pth").read_text(encoding="utf-8")
    assert shared.splitlines() == [p for p in sys.path if p.endswith("site-packages")]
    kept = (folder / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line.partition("==")[0] for line in kept] == ["torch", "sentence-transformers", "transformers"]


def test_without_a_network_the_command_is_told_and_the_next_time_tries_again(
    tmp_path: Path, needs: Path
) -> None:
    pip = _Pip(failing="pip")
    with pytest.raises(EvaluationError) as caught:
        environment(needs, tmp_path, pip)
    said = str(caught.value)
    assert said.startswith("peer some: not installed (no network). It needs a network once; to try by hand: ")
    assert said.endswith(f"--requirement {needs}")
    pip.failing = None
    assert (environment(needs, tmp_path, pip).parent.parent / "ready").exists()


def test_the_line_that_says_most_is_the_last_error() -> None:
    assert last_line("a\nERROR: why\n\n[notice] upgrade\n") == "why"
    assert last_line("Traceback\nKeyError: 'x'\n") == "KeyError: 'x'"
    assert last_line("\n") == "no message"


def test_what_is_kept_is_told_only_as_far_as_it_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environments._version("no-such-package") is None


@pytest.mark.parametrize("name", run.NAMES)
def test_every_peer_has_a_program_and_requirements(name: str) -> None:
    script = (run.FOLDER / f"{name}.py").read_text(encoding="utf-8")
    assert "class Peer:" in script
    assert (run.FOLDER / f"{name}.txt").read_text(encoding="utf-8").strip()
    for room in ("corpus", "index", "rag", "eval", "api"):
        assert f"from {room}" not in script


def test_langchain_finds_passages_and_says_where_they_stand(benchmark: Benchmark) -> None:
    pytest.importorskip("langchain_community", reason="needs the extra `bench`")
    pytest.importorskip("langchain_huggingface", reason="needs the extra `bench`")
    made = importlib.import_module("eval.peers.langchain")
    documents = [(e.id, f"{e.title} {e.text}") for e in benchmark.entries.values()]
    peer = made.Peer(documents, "unused", 300, _Embeddings())
    found = peer.ask(benchmark.questions[0].question)
    document, start, end, _ = found[0]
    assert (peer.passages, len(found)) == (3, 3)
    assert (document, Span(start, end)) == ("d1", Span(0, 64))
    assert [hit[3] for hit in found] == sorted((hit[3] for hit in found), reverse=True)


class _Embeddings:
    """The fake encoder under the names that LangChain calls."""

    def __init__(self) -> None:
        self._encoder = HashEncoder()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        found: list[list[float]] = self._encoder.encode_passages(texts).tolist()
        return found

    def embed_query(self, text: str) -> list[float]:
        found: list[float] = self._encoder.encode_question(text).tolist()
        return found

    def __call__(self, text: str) -> list[float]:
        return self.embed_query(text)
