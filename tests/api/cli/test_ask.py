from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest

from api.testing import FakeEndpoint
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
def filled(pincite: Pincite, docs: Path) -> Pincite:
    """The command line over two documents."""
    assert pincite("add", docs).status == 0
    return pincite


def test_an_answer_is_shown_with_its_citations_and_passages(filled: Pincite) -> None:
    done = filled("ask", "When was the tower built?")
    answer, blank, citation, confidence, *_ = done.out.splitlines()
    assert (done.status, done.err, blank) == (0, "", "")
    assert answer.startswith("The tower was built in 1905. [1]")
    assert citation.startswith("  [1] The Tower › History (tower.md ")
    assert citation.endswith(", exact)")
    assert confidence.startswith("confidence 0.")
    assert "Passages" in done.out


def test_an_answer_as_json_has_the_form_of_the_http_api(filled: Pincite) -> None:
    body = of(filled("ask", "How long is the quay?", "--json"))
    assert body["answer"]["text"] == "The quay is 900 metres long."
    assert body["citations"][0]["spans"] == [{"start": 0, "end": 28}]
    assert body.keys() >= {"id", "question", "generation", "status", "confidence", "passages", "timings_ms"}


def test_what_the_documents_do_not_say_is_said(filled: Pincite) -> None:
    done = filled("ask", "zebra xylophone?")
    assert done.status == 0
    assert done.out.startswith("The documents do not support an answer (confidence 0.")


@pytest.mark.parametrize(("question", "status"), [("zebra xylophone?", 1), ("How long is the quay?", 0)])
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_strict_makes_an_abstention_a_status(
    question: str, status: int, form: list[str], filled: Pincite
) -> None:
    assert filled("ask", question, "--strict", *form).status == status


def test_a_search_shows_where_passages_stand_and_how_they_begin(filled: Pincite) -> None:
    place, text, *rest = filled("search", "quay", "-k", "1").out.splitlines()
    assert place.startswith(" 1 quay.txt quay.txt · ")
    assert (text.strip(), rest) == ("The quay is 900 metres long.", [])


def test_a_long_passage_is_cut_in_the_list_and_whole_in_json(pincite: Pincite, docs: Path) -> None:
    text = "word " * 200
    (docs / "long.txt").write_text(text, encoding="utf-8")
    pincite("add", docs / "long.txt")
    assert pincite("search", "word", "-k", "1").out.splitlines()[1].strip() == text[:360] + "…"
    (passage, *_) = of(pincite("search", "word", "--json"))["passages"]
    assert len(passage["text"]) > 360


@pytest.mark.parametrize(
    ("filters", "sources"),
    [
        (["--document", "quay.txt"], {"quay.txt"}),
        (["--author", "lind"], {"tower.md"}),
        (["--author", "nobody", "--author", "LIND"], {"tower.md"}),
        (["--section", "history"], {"tower.md"}),
        (["--type", "report"], {"tower.md"}),
        (["--from", "2021", "--to", "2021-12-31"], {"tower.md"}),
        (["--from", "2022"], set()),
    ],
    ids=str,
)
@pytest.mark.parametrize("verb", ["search", "ask"])
def test_filters_leave_only_what_passes_them(
    verb: str, filters: list[str], sources: set[str], filled: Pincite
) -> None:
    passages = of(filled(verb, "the long red tower quay", *filters, "--json"))["passages"]
    assert {passage["citation"]["document"]["source"] for passage in passages} == sources


def test_nothing_found_is_said(filled: Pincite) -> None:
    assert filled("search", "tower", "--from", "2022").out == "  none\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask"], "Missing argument 'QUESTION'"),
        (["ask", ""], "pincite: the question is empty; ask with at least one word"),
        (
            ["ask", "q" * 2_001],
            "pincite: the question has 2,001 characters, at most 2,000 are read; shorten it",
        ),
        (["ask", "q", "-k", "0"], "Input should be greater than or equal to 1"),
        (["search", "q", "-k", "101"], "Input should be less than or equal to 100"),
        (["search", "q", "--from", "yesterday"], "expected YYYY, YYYY-MM or YYYY-MM-DD, found 'yesterday'"),
        (["search", "q", "--to", "2021\n"], "expected YYYY, YYYY-MM or YYYY-MM-DD, found '2021\\n'"),
        (["search", "q", "--colour", "red"], "No such option: --colour"),
        (["sing"], "No such command 'sing'"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_asked_is_a_matter_of_usage(arguments: list[str], told: str, filled: Pincite) -> None:
    done = filled(*arguments)
    assert (done.status, done.out) == (2, "")
    assert told in done.err


def test_a_document_that_is_not_here_cannot_be_asked(filled: Pincite) -> None:
    done = filled("ask", "q", "--document", "spire.md")
    assert (done.status, done.out) == (3, "")
    assert done.err.startswith("pincite: no document 'spire.md' in this index")


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeEndpoint]:
    """Set a server up as the language model."""

    def made(fake: FakeEndpoint) -> FakeEndpoint:
        monkeypatch.setenv("PINCITE_GENERATOR_URL", fake.url)
        monkeypatch.setenv("PINCITE_GENERATOR_KEY", "sk-s3cret")
        return fake

    return made


def test_a_language_model_answers_where_one_is_set_up(
    filled: Pincite, model: Callable[[FakeEndpoint], FakeEndpoint]
) -> None:
    said = "In 1905 the tower was built [1]. It was built by giants [1]."
    with model(FakeEndpoint(Scripted(said))) as fake:
        done = filled("ask", "When was the tower built?")
        assert fake.keys == ["Bearer sk-s3cret"]
    lines = done.out.splitlines()
    assert (done.status, lines[0]) == (0, "In 1905 the tower was built. [1]")
    assert lines[3].endswith(" · fake-1")
    assert "note 1 sentence that no passage says left out" in lines


def test_without_its_wish_no_language_model_is_asked(
    filled: Pincite, model: Callable[[FakeEndpoint], FakeEndpoint]
) -> None:
    with model(FakeEndpoint(Scripted("The tower was built in 1905."))) as fake:
        body = of(filled("ask", "When was the tower built?", "--answer", "extractive", "--json"))
        assert (body["generator"], fake.asked) == (None, [])


def test_when_the_language_model_fails_the_documents_answer_and_it_is_said(
    filled: Pincite, model: Callable[[FakeEndpoint], FakeEndpoint]
) -> None:
    with model(FakeEndpoint(None, lambda request: request.start(401))):
        done = filled("ask", "When was the tower built?")
    assert done.out.startswith("The tower was built in 1905. [1]")
    assert "note the language model's server refuses the key (401); " in done.out
    assert "s3cret" not in done.out + done.err


def test_a_language_model_that_is_not_set_up_cannot_be_wished_for(filled: Pincite) -> None:
    done = filled("ask", "When was the tower built?", "--answer", "generative")
    assert (done.status, done.out) == (3, "")
    assert done.err == (
        "pincite: no language model is set up; set PINCITE_GENERATOR_URL, or ask with answer: extractive\n"
    )


def test_a_search_tells_why_with_the_matched_words_marked(filled: Pincite) -> None:
    done = filled("search", "How long is the quay?", "-k", "1", "--explain")
    place, added, head, *_ = lines = done.out.splitlines()
    assert (done.status, done.err) == (0, "")
    assert place.startswith(" 1 quay.txt")
    assert re.fullmatch(
        r" +dense [\d.]+ × [\d.]+ \+ lexical [\d.]+ × [\d.]+ \+ late [\d.]+ × [\d.]+ = [\d.]+; score 1\.000",
        added.rstrip(),
    )
    assert head.split() == ["asked", "share", "met", "how"]
    [quay] = [line for line in lines if line.startswith("quay")]
    assert re.fullmatch(r"quay +\d+% +quay +the same word, similarity [\d.]+", quay.rstrip())
    assert lines[-2].strip() == "The quay is 900 metres long."


def test_an_explained_search_as_json_has_the_form_of_the_http_api(filled: Pincite) -> None:
    [passage] = of(filled("search", "quay", "-k", "1", "--explain", "--json"))["passages"]
    assert set(passage["explain"]) == {"parts", "met", "missed"}
    [plain] = of(filled("search", "quay", "-k", "1", "--json"))["passages"]
    assert "explain" not in plain
