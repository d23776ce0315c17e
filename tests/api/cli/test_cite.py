from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest


class Done(Protocol):
    status: int
    out: str
    err: str


Pincite = Callable[..., Done]
TOWER_WORK = "Lind, Ada. The Tower. 2021. http://127.0.0.1:8000/d/"


@pytest.fixture
def filled(pincite: Pincite, docs: Path) -> Pincite:
    """The command line over two documents."""
    assert pincite("add", docs).status == 0
    return pincite


def _cited(filled: Pincite, question: str = "When was the tower built?") -> dict[str, Any]:
    citation: dict[str, Any] = json.loads(filled("ask", question, "--json").out)["citations"][0]
    return citation


def test_a_citation_is_given_in_chicago_with_its_place_and_link(filled: Pincite) -> None:
    cited = _cited(filled)
    done = filled("cite", cited["id"])
    work, blank, note, link = done.out.splitlines()
    assert (done.status, done.err, blank) == (0, "", "")
    assert work.startswith(TOWER_WORK)
    assert note.startswith("Ada Lind, The Tower (2021), sec. “History,” http://127.0.0.1:8000/d/")
    assert link == "http://127.0.0.1:8000" + cited["url"]


@pytest.mark.parametrize("given", ["tower.md", "doc", "passage"])
def test_documents_are_cited_by_name_or_id_and_passages_by_id(given: str, filled: Pincite) -> None:
    cited = _cited(filled)
    name = {"doc": cited["document"]["id"], "passage": cited["passage_id"]}.get(given, given)
    done = filled("cite", name, "--format", "bibtex")
    assert done.status == 0
    assert done.out.startswith("@techreport{lind2021tower,\n")
    assert ("sec. “History”" in done.out) == (given == "passage")


def test_several_make_one_bibliography(filled: Pincite) -> None:
    done = filled("cite", _cited(filled)["id"], "quay.txt", "-f", "ris")
    assert done.out.count("TY  - ") == done.out.count("ER  - ") == 2


@pytest.mark.parametrize("flag", [["--json"], ["--format", "json"]])
def test_as_json_it_is_what_http_gives(flag: list[str], filled: Pincite) -> None:
    cited = _cited(filled)
    body = json.loads(filled("cite", cited["id"], *flag).out)
    assert {name: body[name] for name in cited} == cited | {"n": None}
    assert body["reference"]["pinpoint"] == "sec. “History”"
    many = json.loads(filled("cite", cited["id"], "quay.txt", *flag).out)
    assert [one["id"] for one in many] == [cited["id"], many[1]["document"]["id"]]


def test_a_replaced_version_is_told_on_standard_error(filled: Pincite, docs: Path) -> None:
    cited = _cited(filled)
    tower = docs / "tower.md"
    tower.write_text(tower.read_text(encoding="utf-8").replace("in 1905", "in 1906"), encoding="utf-8")
    assert filled("add", docs).status == 0
    done = filled("cite", cited["id"], "-f", "mla")
    assert (done.status, done.out.startswith("Lind, Ada. The Tower.")) == (0, True)
    assert f"{cited['id']} is of a version that was replaced since" in done.err
    assert "(alike 0.96): The tower was built in 1906." in done.err


def test_what_was_removed_is_told_with_what_it_was(filled: Pincite) -> None:
    cited = _cited(filled)
    assert filled("rm", "tower.md").status == 0
    done = filled("cite", cited["id"])
    assert (done.status, done.out) == (3, "")
    assert done.err.startswith(
        "pincite: this is no longer here. It was: Ada Lind, The Tower, 2021, tower.md; rem"
    )


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["cite", "cit_nothing"], 3, "cit_nothing is not the id of a citation"),
        (["cite", "nothing.txt"], 3, "no document 'nothing.txt' in this index"),
        (["cite"], 2, "Missing argument"),
        (["cite", "tower.md", "-f", "word"], 2, "word"),
    ],
)
def test_what_cannot_be_cited_is_one_clear_error(
    arguments: list[str], status: int, told: str, filled: Pincite
) -> None:
    done = filled(*arguments)
    assert (done.status, done.out) == (status, "")
    assert told in done.err


def test_an_answer_comes_with_its_bibliography(filled: Pincite) -> None:
    done = filled("ask", "When was the tower built?", "--bibliography", "apa")
    assert done.status == 0
    _, _, references = done.out.partition("\nReferences\n")
    assert references.startswith("Lind, A. (2021). The Tower. http")
    assert "\n(Lind, 2021, Section “History”)\nhttp://127.0.0.1:8000/d/" in references


def test_an_answer_as_json_holds_its_bibliography(filled: Pincite) -> None:
    body = json.loads(filled("ask", "How long is the quay?", "--bibliography", "csl-json", "--json").out)
    assert [work["title"] for work in json.loads(body["bibliography"])] == ["quay.txt"]


def test_an_abstention_has_no_references(filled: Pincite) -> None:
    done = filled("ask", "zebra xylophone?", "--bibliography", "apa")
    assert (done.status, "References" in done.out) == (0, False)


def test_json_is_no_bibliography(filled: Pincite) -> None:
    done = filled("ask", "How long is the quay?", "--bibliography", "json")
    assert done.status == 2
    assert "json is no form of a bibliography" in " ".join(done.err.split())
