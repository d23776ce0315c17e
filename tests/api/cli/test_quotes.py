from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Protocol

import pytest

from api.__main__ import main


class Done(Protocol):
    status: int
    out: str
    err: str


Pincite = Callable[..., Done]


@pytest.fixture
def shelf(pincite: Pincite, docs: Path) -> Pincite:
    assert pincite("add", docs).status == 0
    return pincite


def test_find_shows_where_a_text_stands(shelf: Pincite) -> None:
    done = shelf("quote", "find", "The quay is 900 metres")
    assert done.status == 0
    first, second, last = done.out.splitlines()
    assert first == "exact quay.txt (quay.txt 0–22)"
    assert second.strip() == "The quay is 900 metres"
    assert last.startswith("1 place in 2 documents, ")


def test_find_shows_the_difference(shelf: Pincite) -> None:
    done = shelf("quote", "find", "The quay is 800 metres long")
    assert done.out.startswith("fuzzy 0.96 quay.txt")
    assert "The quay is {-900-} {+800+} metres long" in done.out


def test_what_stands_nowhere_is_found_wanting(shelf: Pincite) -> None:
    done = shelf("quote", "find", "The moon is made of green cheese")
    assert (done.status, done.out.startswith("It stands nowhere in 2 documents")) == (1, True)


def test_find_and_verify_speak_json(shelf: Pincite) -> None:
    found = json.loads(shelf("quote", "find", "The quay is 900 metres", "--json").out)
    assert [match["verdict"] for match in found["matches"]] == ["exact"]
    verified = json.loads(shelf("quote", "verify", "The quay is 900 metres", "--json").out)
    assert (verified["verdict"], verified["claimed"]) == ("exact", {})


def test_verify_holds_the_claim_against_what_is_found(shelf: Pincite) -> None:
    right = shelf("quote", "verify", "The tower was built in 1905.", "--author", "Lind", "--date", "2021")
    assert right.status == 0
    assert right.out.startswith("exact  It stands there to the letter.")
    wrong = shelf("quote", "verify", "The tower was built in 1905.", "--author", "Okoro")
    assert wrong.status == 1
    assert "The author is Ada Lind, not Okoro." in wrong.out
    assert "author  differs  Okoro found: Ada Lind" in wrong.out


def test_a_text_may_come_from_standard_input(shelf: Pincite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("The quay is 900 metres\n"))
    assert shelf("quote", "find", "-").status == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["find", "a mill"], "fewer than 12 characters"),
        (["verify", "the old mill", "--page", "here"], "names no page"),
    ],
)
def test_what_means_nothing_is_misuse(shelf: Pincite, arguments: list[str], told: str) -> None:
    done = shelf("quote", *arguments)
    assert (done.status, told in done.err) == (2, True)


def test_a_draft_is_checked(shelf: Pincite, tmp_path: Path) -> None:
    draft, page = tmp_path / "draft.md", tmp_path / "page.html"
    draft.write_text("# A draft\n\nAs told, “The quay is 800 metres long”.\n", encoding="utf-8")
    done = shelf("check", draft, "--html", page)
    assert done.status == 1
    assert "line 3  fuzzy          The quay is 800 metres long" in done.out
    assert "number: '800' instead of '900'" in done.out
    assert "quotations: 1 wrong" in done.out
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_draft_that_is_right_passes(shelf: Pincite, tmp_path: Path) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text("As told, “The quay is 900 metres long”.\n", encoding="utf-8")
    assert shelf("check", draft).status == 0
    assert json.loads(shelf("check", draft, "--json").out)["wrong"] is False


def test_strict_asks_for_support(shelf: Pincite, tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text("Penguins live on ice and eat little else than krill.\n", encoding="utf-8")
    assert (shelf("check", draft).status, shelf("check", draft, "--strict").status) == (0, 1)


def test_a_draft_comes_from_standard_input_too(shelf: Pincite, monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = SimpleNamespace(buffer=io.BytesIO("He says “The quay is 900 metres long”.".encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert shelf("check", "-").status == 0


def test_a_draft_that_is_not_there_is_missing_data(shelf: Pincite, tmp_path: Path) -> None:
    done = shelf("check", tmp_path / "none.md")
    assert (done.status, "cannot be read: No such file" in done.err) == (3, True)


def test_nothing_of_a_document_reaches_the_terminal_as_a_command(pincite: Pincite, tmp_path: Path) -> None:
    (tmp_path / "evil.txt").write_text("The quay \x1b[2J is [red]900[/red] metres long.\n", encoding="utf-8")
    assert pincite("add", tmp_path / "evil.txt").status == 0
    out = pincite("quote", "find", "The quay is 900 metres long").out
    assert "\x1b" not in out


def test_eval_quotes_prints_the_figures(shelf: Pincite, docs: Path) -> None:
    prose = (
        "The council of the mills met in May and decided, with the mayor, to sell the great mill at once. "
    )
    (docs / "prose.txt").write_text(prose * 3, encoding="utf-8")
    assert shelf("add", docs).status == 0
    done = shelf("eval", "quotes", "--cases", "60", "--seed", "2")
    assert done.status == 0
    assert done.out.splitlines()[0].split() == [
        *("kind", "n", "place", "right", "verdict", "right", "dangerous", "p50", "ms", "cpu"),
    ]
    assert "95 of 100 take" in done.out
    assert json.loads(shelf("eval", "quotes", "--cases", "60", "--json").out)["summary"]["all"]["n"] == 60


def test_looking_up_a_quotation_loads_no_model() -> None:
    heavy = ("torch", "sentence_transformers", "langchain_text_splitters")
    code = f"import sys, api.service, api.quotes; print(*[n for n in {heavy} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_main_is_the_same_door() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["quote", "--help"])
    assert ended.value.code == 0
