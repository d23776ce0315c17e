from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

Connect = Callable[[FastAPI], TestClient]
MakeApp = Callable[..., FastAPI]
ReadProblem = Callable[[Response], tuple[int, str, str]]


def ask(client: TestClient, question: str, **fields: object) -> dict[str, Any]:
    answer = client.post("/v1/query", json={"question": question} | fields)
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


@pytest.fixture
def pact(library: TestClient, shelf: dict[str, str]) -> str:
    """The canonical text of pact.md."""
    return library.get(f"/v1/documents/{shelf['pact.md']}/text").text


def test_an_answer_has_the_fields_of_the_contract(library: TestClient, pact: str) -> None:
    said = "Four states are parties: Arland, Belmark, Corvia and Dunmore."
    body = ask(library, "Which four states are parties?", top_k=1)
    assert re.fullmatch(r"ans_[0-9a-f]{20}", body.pop("id"))
    assert re.fullmatch(r"cnv_[\w-]{32}", body.pop("conversation"))
    assert list(body.pop("timings_ms")) == ["encode", "search", "answer", "total"]
    assert 0.2 <= body.pop("confidence") <= 1
    (passage,), (citation,) = body.pop("passages"), body.pop("citations")
    assert body == {
        "question": "Which four states are parties?",
        "standalone_question": "Which four states are parties?",
        "generation": 2,
        "status": "answered",
        "answer": {
            "text": said,
            "claims": [
                {
                    "text": said,
                    "start": 0,
                    "end": len(said),
                    "citations": [1],
                    "verbatim": True,
                    "highlights": [{"start": 25, "end": 60}],
                }
            ],
        },
        "generator": None,
        "notices": [],
    }
    assert citation["quote"] == [said]
    assert citation["n"] == 1
    assert passage.pop("also_in") == []
    assert passage.keys() == {"rank", "score", "signals", "passage_id", "text", "citation"}
    assert (passage["rank"], passage["passage_id"]) == (1, passage["citation"]["passage_id"])
    assert passage["signals"].keys() == {"dense", "lexical", "late"}
    assert said in passage["text"]
    assert passage["citation"]["n"] is None


def test_a_citation_has_the_fields_of_the_contract(
    library: TestClient, shelf: dict[str, str], pact: str
) -> None:
    said = "Four states are parties: Arland, Belmark, Corvia and Dunmore."
    start = pact.index(said)
    end = start + len(said)
    version = sha256(pact.encode()).hexdigest()
    body = ask(library, "Which four states are parties?", top_k=1)
    assert body["citations"] == [
        {
            "n": 1,
            "id": f"cit_{version[:16]}_{start}-{end}",
            "document": {
                "id": shelf["pact.md"],
                "version": f"sha256:{version}",
                "source": "pact.md",
                "title": "The River Pact",
                "type": "report",
                "authors": ["Ada Lind", "Ben Okoro"],
                "publisher": "Institute of Rivers",
                "date": "2021-05",
                "superseded": False,
            },
            "passage_id": body["passages"][0]["passage_id"],
            "spans": [{"start": start, "end": end}],
            "quote": [said],
            "selector": {
                "type": "TextQuoteSelector",
                "exact": said,
                "prefix": pact[start - 32 : start],
                "suffix": pact[end : end + 32],
            },
            "positions": [{"type": "TextPositionSelector", "start": start, "end": end}],
            "locator": {
                "pages": [],
                "page_indices": [],
                "section": ["The River Pact", "Parties"],
                "section_authors": [],
                "author_variants": [],
                "speaker": None,
                "turn": None,
                "question": None,
                "time": None,
                "anchor": None,
                "footnotes": [],
            },
            "verification": {"verdict": "exact", "folds": [], "score": 1.0},
            "original": None,
            "url": f"/d/{shelf['pact.md']}?v={version[:16]}&c={start}-{end}#c={start}-{end}",
        }
    ]


def test_every_quote_is_the_canonical_text_at_its_spans(library: TestClient) -> None:
    texts = {
        d["version"]: library.get(f"/v1/documents/{d['id']}/text").text
        for d in library.get("/v1/documents").json()["documents"]
    }
    body = ask(library, "What was signed, opened, lifted and attended?", top_k=100)
    cited = body["citations"] + [passage["citation"] for passage in body["passages"]]
    assert len(cited) > 3
    for citation in cited:
        text = texts[citation["document"]["version"]]
        assert citation["quote"] == [text[s["start"] : s["end"]] for s in citation["spans"]]
        assert citation["selector"]["exact"] == "".join(citation["quote"])


def test_a_passage_that_calls_a_note_tells_the_note_and_what_reading_folded(library: TestClient) -> None:
    body = ask(library, "What does the pact govern?", filters={"section": "Origins"}, top_k=1)
    citation = body["passages"][0]["citation"]
    assert citation["locator"]["footnotes"] == [
        {"number": 1, "text": "Archive of Morava, folder 12.", "stands_for": None}
    ]
    assert citation["verification"]["verdict"] == "normalized"
    assert citation["verification"]["score"] == 1.0
    assert "[^1]" in "".join(citation["quote"])
    assert "[^1]" not in body["passages"][0]["text"]


def test_claims_stand_in_the_answer_where_they_say_and_cite_by_first_use(library: TestClient) -> None:
    body = ask(library, "How long is the quay and what do its cranes lift?")
    answer = body["answer"]
    assert answer["claims"]
    for claim in answer["claims"]:
        assert answer["text"][claim["start"] : claim["end"]] == claim["text"]
    used = list(dict.fromkeys(n for claim in answer["claims"] for n in claim["citations"]))
    assert used == [citation["n"] for citation in body["citations"]] == list(range(1, len(used) + 1))


def test_what_the_documents_do_not_say_is_not_answered(library: TestClient) -> None:
    body = ask(library, "zebra xylophone?")
    assert (body["status"], body["answer"], body["citations"]) == ("unsupported", None, [])


def test_an_answer_that_is_not_wanted_is_left_out(library: TestClient) -> None:
    body = ask(library, "Which four states are parties?", answer="none")
    assert (body["answer"], body["citations"]) == (None, [])
    assert body["passages"]


@pytest.mark.parametrize("fields", [{}, {"answer": None}, {"answer": "extractive", "stream": False}])
def test_the_answer_is_extractive_unless_told_otherwise(
    fields: dict[str, object], library: TestClient
) -> None:
    text = ask(library, "Which four states are parties?", **fields)["answer"]["text"]
    assert text == "Four states are parties: Arland, Belmark, Corvia and Dunmore."


def test_a_generated_answer_is_not_available(library: TestClient, read_problem: ReadProblem) -> None:
    answer = library.post("/v1/query", json={"question": "q", "answer": "generative"})
    assert read_problem(answer) == (
        501,
        "not_available",
        "no language model is set up; set PINCITE_GENERATOR_URL, or ask with answer: extractive",
    )


@pytest.mark.parametrize("path", ["/v1/query", "/v1/search"])
@pytest.mark.parametrize(("kind", "told"), [("text/plain", "text/plain"), ("", "missing")])
def test_a_body_that_is_not_called_json_is_refused(
    path: str, kind: str, told: str, library: TestClient, read_problem: ReadProblem
) -> None:
    answer = library.post(path, content='{"question": "q"}', headers={"content-type": kind})
    assert read_problem(answer) == (
        415,
        "media_type_unsupported",
        f"Content-Type is {told}; send application/json",
    )


def test_a_search_gives_the_ranking_alone(library: TestClient) -> None:
    body = library.post("/v1/search", json={"question": "harbour of Belmark", "top_k": 2}).json()
    assert body.keys() == {"question", "generation", "passages", "timings_ms"}
    assert (body["question"], body["generation"]) == ("harbour of Belmark", 2)
    assert [passage["rank"] for passage in body["passages"]] == [1, 2]
    assert body["passages"][0]["score"] >= body["passages"][1]["score"]
    assert body["passages"][0]["citation"]["document"]["source"] == "ports.txt"
    assert list(body["timings_ms"]) == ["encode", "search", "total"]


def test_query_and_search_rank_alike(library: TestClient) -> None:
    asked = {"question": "Which states have a harbour?", "top_k": 5}
    ranked = library.post("/v1/search", json=asked).json()["passages"]
    assert ask(library, **asked)["passages"] == ranked  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("filters", "sources"),
    [
        ({"author": "okoro"}, {"pact.md"}),
        ({"author": ["nobody", "LIND"]}, {"pact.md"}),
        ({"type": "report"}, {"pact.md"}),
        ({"section": "parties"}, {"pact.md"}),
        ({"date_from": "2021-05", "date_to": "2021"}, {"pact.md"}),
        ({"date_from": "2021-06"}, set()),
        ({"date_to": "2021-04"}, set()),
        ({"speaker": "anybody"}, set()),
        ({"document_id": []}, {"pact.md", "ports.txt"}),
    ],
)
def test_filters_leave_only_what_passes_them(
    filters: dict[str, object], sources: set[str], library: TestClient
) -> None:
    asked = {"question": "Belmark", "top_k": 100, "filters": filters}
    ranked = library.post("/v1/search", json=asked).json()["passages"]
    assert {passage["citation"]["document"]["source"] for passage in ranked} == sources


def test_a_document_can_be_asked_alone(library: TestClient, shelf: dict[str, str]) -> None:
    asked = {"question": "Belmark", "filters": {"document_id": shelf["ports.txt"]}}
    ranked = library.post("/v1/search", json=asked).json()["passages"]
    assert {passage["citation"]["document"]["id"] for passage in ranked} == {shelf["ports.txt"]}


def test_characters_beyond_the_basic_plane_are_counted_as_one(client: TestClient) -> None:
    text = "𝄞𝄞𝄞 opens the score. The clef is a treble clef.\n"
    client.post("/v1/documents", json={"source": "clef.txt", "text": text})
    (span,) = ask(client, "Which clef is the treble clef?")["citations"][0]["spans"]
    assert text[span["start"] : span["end"]] == "The clef is a treble clef."


@pytest.mark.parametrize("path", ["/v1/query", "/v1/search"])
def test_without_an_index_there_is_a_reason_until_a_document_comes(
    path: str, client: TestClient, read_problem: ReadProblem
) -> None:
    assert read_problem(client.post(path, json={"question": "word"}))[:2] == (503, "no_index")
    client.post("/v1/documents", json={"source": "a.txt", "text": "A word."})
    assert client.post(path, json={"question": "word"}).status_code == 200


def test_while_the_encoder_loads_a_question_does_not_wait(
    make_app: MakeApp, connect: Connect, read_problem: ReadProblem
) -> None:
    answer = connect(make_app()).post("/v1/query", json={"question": "word"})
    assert read_problem(answer) == (503, "not_ready", "the encoder is loading; try again in a moment")


def test_a_search_explains_each_passage_when_asked(library: TestClient) -> None:
    asked = {"question": "How long is the quay?", "top_k": 1}
    [plain] = library.post("/v1/search", json=asked).json()["passages"]
    [explained] = library.post("/v1/search", json=asked | {"explain": True}).json()["passages"]
    why = explained.pop("explain")
    assert explained == plain
    assert "explain" not in plain
    assert {part["signal"]: part["value"] for part in why["parts"]} == plain["signals"]
    for part in why["parts"]:
        assert part["gave"] == pytest.approx(part["value"] * part["weight"], abs=1e-4)
    [quay] = [met for met in why["met"] if met["asked"] == "quay"]
    assert plain["text"][quay["start"] : quay["end"]] == quay["word"] == "quay"
    assert quay["exact"] is True
    assert set(why) == {"parts", "met", "missed"}


def test_an_explanation_is_asked_for_with_a_truth_value(
    library: TestClient, read_problem: ReadProblem
) -> None:
    status, code, _ = read_problem(
        library.post("/v1/search", json={"question": "quay", "explain": "perhaps"})
    )
    assert (status, code) == (422, "request_invalid")


def test_a_follow_up_is_asked_as_it_stands_alone(library: TestClient) -> None:
    history = [
        {"role": "user", "content": "Which harbour opened in 1905?"},
        {"role": "assistant", "content": "The harbour of Belmark opened in 1905."},
    ]
    body = ask(library, "How many tonnes do its cranes lift?", history=history)
    assert body["question"] == "How many tonnes do its cranes lift?"
    assert body["standalone_question"].startswith("How many tonnes do its cranes lift (")
    assert "Belmark" in body["standalone_question"]


def test_what_was_said_before_answers_nothing_by_itself(library: TestClient) -> None:
    """The assistant's words are no document: every quotation is of one."""
    history = [
        {"role": "user", "content": "Who chairs it?"},
        {"role": "assistant", "content": "Zora Quist of Zembla chairs it."},
    ]
    body = ask(library, "Where does she live?", history=history)
    assert body["standalone_question"] == "Where does Zora Quist live?"
    assert all("Quist" not in "".join(citation["quote"]) for citation in body["citations"])


def test_what_was_asked_for_is_marked_in_the_text_of_the_answer(library: TestClient) -> None:
    answer = ask(library, "When did the harbour of Belmark open?", top_k=1)["answer"]
    (first, *_) = answer["claims"]
    assert [answer["text"][mark["start"] : mark["end"]] for mark in first["highlights"]] == ["1905"]


@pytest.mark.parametrize("question", ["harbour", "⚓🚢", "Limanın dərinliyi nə qədərdir?", "x" * 2_000])
def test_odd_questions_get_a_reply(library: TestClient, question: str) -> None:
    assert ask(library, question)["status"] in ("answered", "unsupported")


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"question": "x" * 2_001}, "question"),
        ({"question": ""}, "question"),
        ({"question": "q", "history": "before"}, "history"),
        ({"question": "q", "history": [["user", "before"]]}, "history.0"),
        ({"question": "q", "history": [{"role": "oracle", "content": "c"}]}, "history.0.role"),
        ({"question": "q", "history": [{"role": "user", "content": None}]}, "history.0.content"),
        ({"question": "q", "history": [{"role": "user", "content": "c", "at": 1}]}, "history.0.at"),
        ({"question": "q", "history": [{"role": "user", "content": "c"}] * 101}, "history"),
    ],
)
def test_a_question_or_a_history_of_a_wrong_shape_is_refused(
    library: TestClient, body: dict[str, object], named: str
) -> None:
    answer = library.post("/v1/query", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")
    assert named in answer.json()["detail"]
