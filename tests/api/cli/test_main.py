from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest


class Done(Protocol):
    status: int
    out: str
    err: str


Pincite = Callable[..., Done]

VERBS = {
    "add", "sync", "list", "show", "rm", "search", "ask", "chat", "cite", "quote", "check", "demo",
    "serve", "site", "widget", "mcp", "doctor", "rebuild", "config", "version", "eval", "bench",
}  # fmt: skip


def test_help_names_every_verb(pincite: Pincite) -> None:
    done = pincite("--help")
    told = {line.split()[0] for line in done.out.partition("Commands:")[2].splitlines() if line.strip()}
    assert (done.status, done.err, told) == (0, "", VERBS)


@pytest.mark.parametrize("verb", sorted(VERBS - {"version", "eval", "quote", "site", "bench"}))
def test_every_verb_over_data_takes_a_folder_and_most_take_json(verb: str, pincite: Pincite) -> None:
    out = pincite(verb, "--help").out
    assert "--data" in out
    assert ("--json" in out) == (verb not in {"demo", "serve", "mcp"})


def test_without_a_verb_help_is_shown_and_usage_is_the_status(pincite: Pincite) -> None:
    done = pincite()
    assert done.status == 2
    assert "Usage: pincite" in done.out + done.err


@pytest.mark.parametrize("arguments", [["--help"], ["version"], ["ask", "--help"], ["config"]])
def test_verbs_that_need_no_index_import_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    code = f"""
import sys
from api.__main__ import main
try:
    main({arguments})
finally:
    heavy = {{"torch", "faiss", "sentence_transformers", "fastapi", "numpy"}}
    print(*sorted(heavy & set(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stderr.split() == []


@pytest.mark.parametrize(
    "command",
    [[sys.executable, "-I", "-m", "api"], [str(Path(sys.executable).with_name("pincite"))]],
    ids=["module", "command"],
)
def test_the_module_and_the_command_are_the_same(command: list[str], tmp_path: Path) -> None:
    done = subprocess.run([*command, "sing"], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Usage: pincite [OPTIONS] COMMAND [ARGS]...")


def test_a_reader_that_goes_away_leaves_no_traceback(pincite: Pincite, docs: Path, tmp_path: Path) -> None:
    """As `head` does: the pipe is closed before the first line is written."""
    pincite("add", docs)
    for form in ([], ["--json"]):
        command = [sys.executable, "-I", "-m", "api", "list", "--data", str(tmp_path / "data"), *form]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
        ) as running:
            assert running.stdout
            assert running.stderr
            running.stdout.close()
            assert (running.wait(30), running.stderr.read()) == (1, "")


ROOT = Path(__file__).parents[3]
COMMAND = re.compile(r"(?:^|[$`/] ?)pincite ([a-z]+)([^`#\n|]*)", re.MULTILINE)


def commands() -> Iterator[tuple[str, list[str]]]:
    """(verb, options) of every command that the documentation and the Makefile show."""
    for path in [ROOT / "README.md", ROOT / "Makefile", *sorted((ROOT / "docs").glob("*.md"))]:
        for verb, rest in COMMAND.findall(path.read_text(encoding="utf-8")):
            if verb in ("eval", "quote", "site"):  # families of verbs
                verb = f"{verb} {rest.split()[0]}"
            yield verb, re.findall(r"(?<!\S)--?[a-z][a-z-]*", rest)


def test_the_documentation_shows_commands() -> None:
    assert {"add", "ask", "demo", "serve"} <= {verb for verb, _ in commands()}


@pytest.mark.parametrize("verb", sorted({verb for verb, _ in commands()}))
def test_commands_that_are_shown_can_be_typed(verb: str, pincite: Pincite) -> None:
    done = pincite(*verb.split(), "--help")
    known = set(re.findall(r"--?[a-z][a-z-]*", done.out))
    assert done.status == 0
    assert {option for name, options in commands() if name == verb for option in options} <= known
