from __future__ import annotations

from collections.abc import Callable

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

ReadProblem = Callable[[Response], tuple[int, str, str]]


def find(client: TestClient, text: str, **more: object) -> Response:
    return client.post("/v1/quotes/find", json={"text": text, **more})


def verify(client: TestClient, text: str, **claimed: str) -> Response:
    return client.post("/v1/quotes/verify", json={"text": text, **claimed})


def test_find_tells_where_a_text_stands(library: TestClient, shelf: dict[str, str]) -> None:
    body = find(library, "Its cranes lift 40 tonnes").json()
    assert body["searched"]["documents"] == 2
    assert body["searched"]["characters"] > 400
    assert body["took_ms"] > 0
    assert body["places"] == 1
    (match,) = body["matches"]
    citation = match.pop("citation")
    assert match == {"verdict": "exact", "score": 1.0, "folds": [], "diff": [], "changes": []}
    assert citation["document"]["id"] == shelf["ports.txt"]
    assert citation["quote"] == ["Its cranes lift 40 tonnes"]
    assert citation["spans"] == [{"start": 40, "end": 65}]


def test_find_tells_the_difference(library: TestClient) -> None:
    (match,) = find(library, "Its cranes lift 50 tonnes").json()["matches"]
    assert (match["verdict"], 0.9 < match["score"] < 1) == ("fuzzy", True)
    assert match["diff"] == [
        {"op": "equal", "text": "Its cranes lift", "source": "Its cranes lift"},
        {"op": "replace", "text": "50", "source": "40"},
        {"op": "equal", "text": "tonnes", "source": "tonnes"},
    ]
    assert match["changes"] == [{"kind": "number", "text": "50", "source": "40"}]


def test_find_takes_the_filters_of_a_search(library: TestClient, shelf: dict[str, str]) -> None:
    text = "The pact was signed in Morava"
    assert len(find(library, text, filters={"author": "Lind"}).json()["matches"]) == 1
    assert find(library, text, filters={"document_id": shelf["ports.txt"]}).json()["matches"] == []


def test_find_gives_as_many_as_asked_for(client: TestClient) -> None:
    for n in range(4):
        document = {"source": f"{n}.txt", "text": f"Paper {n}.\n\nThe mill stood on the hill."}
        assert client.post("/v1/documents", json=document).status_code == 201
    body = find(client, "The mill stood on the hill.", limit=2).json()
    assert (len(body["matches"]), body["places"]) == (2, 4)


def test_verify_gives_a_verdict_with_its_reasons(library: TestClient) -> None:
    body = verify(
        library, "The pact was signed in Morava in 1998", author="A. Lind", date="2021", page="3"
    ).json()
    assert body.pop("took_ms") > 0
    citation = body.pop("found")
    assert citation["quote"] == ["The pact was signed in Morava in 1998"]
    assert body == {
        "verdict": "exact",
        "words": "exact",
        "score": 1.0,
        "folds": [],
        "diff": [],
        "changes": [],
        "claimed": {
            "author": {"given": "A. Lind", "found": "Ada Lind; Ben Okoro", "agrees": True},
            "date": {"given": "2021", "found": "2021-05", "agrees": True},
            "page": {"given": "3", "found": None, "agrees": None},
        },
        "places": 1,
        "caution": None,
        "why": "It stands there to the letter. The document does not tell the page.",
    }


def test_verify_tells_what_stands_elsewhere_and_what_stands_nowhere(library: TestClient) -> None:
    wrong = verify(library, "The pact was signed in Morava in 1998", document="ports").json()
    assert (wrong["verdict"], wrong["words"], wrong["found"]["document"]["source"]) == (
        "misattributed",
        "exact",
        "pact.md",
    )
    nowhere = verify(library, "The moon is made of green cheese").json()
    assert (nowhere["verdict"], nowhere["words"], nowhere["found"]) == ("not_found", None, None)


def test_a_draft_is_checked_piece_by_piece(library: TestClient) -> None:
    text = "He wrote “The quay is 800 metres long”. Nobody has left it since the first day of all.\n"
    body = library.post("/v1/drafts/check", json={"text": text}).json()
    assert body["wrong"] is True
    (quotation,) = body["quotations"]
    assert text[quotation["start"] : quotation["end"]] == "The quay is 800 metres long"
    assert (quotation["status"], quotation["verified"]["verdict"]) == ("wrong", "fuzzy")
    assert [sentence["text"] for sentence in body["sentences"]] == [
        "Nobody has left it since the first day of all."
    ]
    assert body["summary"]["quotations wrong"] == 1
    assert sum(body["summary"].values()) == 2


@pytest.mark.parametrize(
    ("path", "body", "code", "told"),
    [
        ("quotes/find", {"text": "a mill"}, "quotation_invalid", "fewer than 12 characters"),
        ("quotes/verify", {"text": "a mill"}, "quotation_invalid", "fewer than 12 characters"),
        ("quotes/verify", {"text": "the old mill", "date": "soon"}, "quotation_invalid", "names no year"),
        ("quotes/verify", {"text": "the old mill", "who": "me"}, "request_invalid", "who: Extra inputs"),
        ("quotes/find", {"text": "x" * 20_001}, "request_invalid", "text: String should have at most 20000"),
        ("quotes/find", {"text": "the old mill", "limit": 0}, "request_invalid", "limit:"),
        ("drafts/check", {"text": " "}, "document_unreadable", "draft"),
        ("drafts/check", {"text": "x", "media_type": "text/html"}, "request_invalid", "media_type"),
    ],
)
def test_what_cannot_be_looked_up_is_refused_with_a_reason(
    library: TestClient, read_problem: ReadProblem, path: str, body: dict[str, object], code: str, told: str
) -> None:
    status, found, detail = read_problem(library.post(f"/v1/{path}", json=body))
    assert (status, found) == (422, code)
    assert told in detail


def test_without_an_index_there_is_a_reason(client: TestClient, read_problem: ReadProblem) -> None:
    status, code, _ = read_problem(find(client, "the old mill stood"))
    assert (status, code) == (503, "no_index")


def test_no_encoder_is_waited_for(
    make_app: Callable[..., object], connect: Callable[..., TestClient]
) -> None:
    def never(_config: object) -> object:
        raise AssertionError("no encoder is needed")

    assert find(connect(make_app(never)), "the old mill stood").json()["code"] == "no_index"
