from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from api.admission import Admission
from api.limits import Limits
from api.sites import Site
from rag.errors import GeneratorError
from rag.testing import Scripted

MakeApp = Callable[..., FastAPI]
Connect = Callable[[FastAPI], TestClient]
ReadProblem = Callable[[Response], tuple[int, str, str]]
ORIGIN = "https://docs.example"
HEADERS = {"origin": ORIGIN, "sec-fetch-site": "cross-site"}
HARBOUR = "Which harbour opened in 1905?"
CRANES = "How many tonnes do its cranes lift?"


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def site(library: TestClient) -> Iterator[Site]:
    """A site of the library."""
    yield from lent(library, "Docs")


@pytest.fixture
def other(library: TestClient) -> Iterator[Site]:
    """Another one, which the same origin may use."""
    yield from lent(library, "Other")


def lent(library: TestClient, name: str) -> Iterator[Site]:
    sites = library.app.state.admission.sites  # type: ignore[attr-defined]
    made = sites.add(name, [ORIGIN], per_address=1_000, per_minute=1_000)
    yield made
    sites.remove(made.key)


def ask(client: TestClient, site: Site, question: str, **fields: object) -> dict[str, Any]:
    """A whole answer for a page of a site."""
    asked = {"question": question, "site": site.key} | fields
    answer = client.post("/v1/query", json=asked, headers=HEADERS)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def stream(client: TestClient, site: Site, question: str, **fields: object) -> list[tuple[str, Any]]:
    """The events of an answer for a page of a site."""
    asked = {"question": question, "site": site.key, "stream": True} | fields
    text = client.post("/v1/query", json=asked, headers=HEADERS).text
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"origin": ORIGIN}, True),
        ({"origin": "http://localhost:8000"}, True),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
    ],
)
def test_any_page_learns_whether_it_may_ask(
    headers: dict[str, str], allowed: bool, library: TestClient, site: Site
) -> None:
    answer = library.get(f"/v1/site/{site.key}", headers=headers)
    assert answer.json() == {
        "key": site.key,
        "name": "Docs",
        "allowed": allowed,
        "page": f"http://localhost:8000/s/{site.key}",
    }
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["vary"] == "Origin"
    assert answer.headers["cache-control"] == "no-store"


def test_a_site_that_there_is_not_is_not_found_and_any_page_can_read_that(
    library: TestClient, read_problem: ReadProblem
) -> None:
    answer = library.get("/v1/site/pk_none", headers=HEADERS)
    assert read_problem(answer)[:2] == (404, "not_found")
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_question_leans_on_what_the_server_kept(library: TestClient, site: Site) -> None:
    token = ask(library, site, HARBOUR)["conversation"]
    body = ask(library, site, CRANES, conversation=token)
    assert body["conversation"] == token
    assert "Belmark" in body["standalone_question"]


def test_a_stream_tells_its_conversation_first(library: TestClient, site: Site) -> None:
    events = stream(library, site, HARBOUR)
    name, meta = events[0]
    assert (name, meta["conversation"][:4]) == ("meta", "cnv_")
    body = ask(library, site, CRANES, conversation=meta["conversation"])
    assert "Belmark" in body["standalone_question"]


def test_without_a_token_or_with_one_of_another_site_nothing_is_leant_on(
    library: TestClient, site: Site, other: Site
) -> None:
    token = ask(library, site, HARBOUR)["conversation"]
    assert ask(library, site, CRANES)["standalone_question"] == CRANES
    foreign = ask(library, other, CRANES, conversation=token)
    assert (foreign["standalone_question"], foreign["conversation"] != token) == (CRANES, True)


def test_programs_without_a_site_have_conversations_too(library: TestClient) -> None:
    token = library.post("/v1/query", json={"question": HARBOUR}).json()["conversation"]
    body = library.post("/v1/query", json={"question": CRANES, "conversation": token}).json()
    assert "Belmark" in body["standalone_question"]


def test_a_conversation_and_a_history_are_not_taken_together(
    library: TestClient, site: Site, read_problem: ReadProblem
) -> None:
    history = [{"role": "user", "content": "Before"}]
    asked = {"question": CRANES, "site": site.key, "conversation": "cnv_1", "history": history}
    status, _, detail = read_problem(library.post("/v1/query", json=asked))
    assert (status, detail) == (
        422,
        "body: give conversation or history, not both: the server keeps what was said",
    )


def test_a_conversation_is_forgotten_when_told(library: TestClient, site: Site) -> None:
    token = ask(library, site, HARBOUR)["conversation"]
    answer = library.delete(f"/v1/conversations/{token}", headers=HEADERS)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert ask(library, site, CRANES, conversation=token)["standalone_question"] == CRANES
    assert library.delete(f"/v1/conversations/{token}", headers=HEADERS).status_code == 204


def test_a_conversation_is_not_forgotten_for_pages_that_may_not_ask(
    library: TestClient, site: Site, read_problem: ReadProblem
) -> None:
    token = ask(library, site, HARBOUR)["conversation"]
    answer = library.delete(f"/v1/conversations/{token}", headers={"origin": "https://evil.example"})
    assert read_problem(answer)[:2] == (403, "origin_denied")
    assert "Belmark" in ask(library, site, CRANES, conversation=token)["standalone_question"]


def test_a_kept_answer_is_for_the_site_that_asked_alone(
    library: TestClient, site: Site, other: Site, read_problem: ReadProblem
) -> None:
    body = ask(library, site, HARBOUR)
    found = library.get(f"/v1/answers/{body['id']}?site={site.key}", headers=HEADERS)
    assert (found.json(), found.headers["access-control-allow-origin"]) == (body, ORIGIN)
    for path in (f"/v1/answers/{body['id']}?site={other.key}", f"/v1/answers/{body['id']}"):
        assert read_problem(library.get(path))[:2] == (404, "not_found")


def test_the_same_key_of_two_sites_is_two_answers(library: TestClient, site: Site, other: Site) -> None:
    asked = {"idempotency_key": "the-same"}
    first = ask(library, site, HARBOUR, **asked)
    assert ask(library, site, HARBOUR, **asked)["id"] == first["id"]
    assert ask(library, other, HARBOUR, **asked)["id"] != first["id"]
    assert ask(library, other, CRANES.replace("its", "the"), idempotency_key="another")["id"] != first["id"]
    alone = library.post("/v1/query", json={"question": HARBOUR} | asked).json()
    assert alone["id"] != first["id"]


@pytest.mark.parametrize(
    "fields",
    [
        {"lang": "en"},
        {"lang": "zh-Hant-TW"},
        {"context": {"path": "/guide/start", "title": "Start"}},
        {"context": {}},
    ],
)
def test_where_and_in_which_language_is_asked_may_be_told(
    fields: dict[str, Any], library: TestClient, site: Site
) -> None:
    assert ask(library, site, HARBOUR, **fields)["status"] == "answered"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"lang": "english please"}, "lang"),
        ({"lang": ""}, "lang"),
        ({"lang": "a" * 36}, "lang"),
        ({"context": {"path": "/a?token=secret"}}, "context.path"),
        ({"context": {"path": "https://docs.example/a"}}, "context.path"),
        ({"context": {"url": "/a"}}, "context.url"),
        ({"site": ""}, "site"),
        ({"site": "x" * 101}, "site"),
        ({"conversation": ""}, "conversation"),
        ({"conversation": 7}, "conversation"),
    ],
)
def test_what_a_page_may_not_tell_is_refused(
    fields: dict[str, Any], named: str, library: TestClient, read_problem: ReadProblem
) -> None:
    asked = {"question": HARBOUR} | fields
    status, code, detail = read_problem(library.post("/v1/query", json=asked))
    assert (status, code, detail.split(":")[0]) == (422, "request_invalid", named)


@pytest.fixture
def limited(make_app: MakeApp, connect: Connect) -> Callable[..., tuple[TestClient, Site, Clock]]:
    """An application with a document and a site with limits, and its clock."""

    def made(model: Any = None, settings: dict[str, object] | None = None, **limits: int) -> Any:
        app = make_app(**(settings or {}))
        clock = Clock(20_000 * 86_400.0)
        sites = app.state.admission.sites
        per_minute = int((settings or {}).get("address_per_minute", 0))  # type: ignore[call-overload]
        app.state.admission = Admission(sites, "", per_minute, Limits(clock, clock))
        app.state.service._generator = model
        app.state.service.encoder()
        client = connect(app)
        text = "The pact was signed in Morava in 1998. Four states are parties to it.\n"
        assert client.post("/v1/documents", json={"source": "a.txt", "text": text}).is_success
        return client, sites.add("Docs", [ORIGIN], **limits), clock

    return made


def post(client: TestClient, site: Site, **fields: object) -> Response:
    asked = {"question": "When was the pact signed?", "site": site.key} | fields
    return client.post("/v1/query", json=asked, headers=HEADERS)


@pytest.mark.parametrize("fields", [{}, {"stream": True}, {"idempotency_key": "k"}])
def test_questions_that_cannot_be_asked_take_no_place_of_those_that_can(
    fields: dict[str, object], limited: Callable[..., Any]
) -> None:
    client, site, _ = limited(at_once=1, per_day=1)
    assert [post(client, site, question=" ", **fields).status_code for _ in range(2)] == [422, 422]
    assert post(client, site).status_code == 200


def test_too_many_questions_in_a_minute_are_refused_until_later(
    limited: Callable[..., Any], read_problem: ReadProblem
) -> None:
    client, site, clock = limited(per_address=2)
    assert [post(client, site).status_code for _ in range(2)] == [200, 200]
    refused = post(client, site)
    assert read_problem(refused)[:2] == (429, "rate_limited")
    assert refused.headers["retry-after"] == "30"
    assert refused.headers["access-control-allow-origin"] == ORIGIN
    clock.now += 30
    assert post(client, site).status_code == 200


def test_forged_addresses_are_counted_as_one(limited: Callable[..., Any]) -> None:
    client, site, _ = limited(per_address=2)
    asked = {"question": "When was the pact signed?", "site": site.key}
    statuses = [
        client.post(
            "/v1/query", json=asked, headers=HEADERS | {"x-forwarded-for": f"192.0.2.{n}"}
        ).status_code
        for n in range(10)
    ]
    assert statuses == [200] * 2 + [429] * 8


def test_behind_a_proxy_of_ours_each_reader_has_an_address(limited: Callable[..., Any]) -> None:
    client, site, _ = limited(settings={"trusted_proxies": 1}, per_address=1)
    asked = {"question": "When was the pact signed?", "site": site.key}
    statuses = [
        client.post("/v1/query", json=asked, headers=HEADERS | {"x-forwarded-for": hops}).status_code
        for hops in ("192.0.2.1", "192.0.2.2", "192.0.2.9, 192.0.2.1")
    ]
    assert statuses == [200, 200, 429]


def test_a_day_has_its_budget(limited: Callable[..., Any], read_problem: ReadProblem) -> None:
    client, site, _ = limited(per_day=1)
    assert post(client, site, idempotency_key="k").status_code == 200
    refused = post(client, site)
    assert read_problem(refused)[:2] == (402, "budget")
    assert refused.headers["retry-after"] == "86400"
    again = post(client, site, idempotency_key="k")
    assert again.status_code == 200, "what was answered already costs nothing"


def test_a_refused_stream_is_told_by_its_status(
    limited: Callable[..., Any], read_problem: ReadProblem
) -> None:
    client, site, _ = limited(per_day=1)
    assert post(client, site, stream=True).text.count("event: done") == 1
    assert read_problem(post(client, site, stream=True))[:2] == (402, "budget")


def test_an_answer_that_is_done_makes_room_for_the_next(limited: Callable[..., Any]) -> None:
    client, site, _ = limited(at_once=1)
    for fields in ({}, {"stream": True}, {"idempotency_key": "k"}, {}):
        assert post(client, site, **fields).status_code == 200


def test_an_answer_that_failed_makes_room_too(limited: Callable[..., Any]) -> None:
    client, site, _ = limited(model=Scripted([RuntimeError("of ours")]), at_once=1)
    for _ in range(3):
        assert "event: error" in post(client, site, stream=True).text


def test_reading_passages_of_a_site_is_limited_too(
    limited: Callable[..., Any], read_problem: ReadProblem
) -> None:
    client, site, _ = limited(per_address=1)
    passage = post(client, site).json()["passages"][0]["passage_id"]
    path = f"/v1/passages/{passage}?site={site.key}"
    statuses = [client.get(path, headers=HEADERS).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]


@pytest.mark.parametrize("path", ["/v1/query", "/v1/search"])
def test_without_a_site_nothing_is_limited_but_where_that_is_set(
    path: str, limited: Callable[..., Any], read_problem: ReadProblem
) -> None:
    free, _, _ = limited()
    asked = {"question": "pact"}
    assert {free.post(path, json=asked).status_code for _ in range(30)} == {200}
    bound, _, _ = limited(settings={"address_per_minute": 2})
    assert [bound.post(path, json=asked).status_code for _ in range(3)] == [200, 200, 429]


def test_messages_of_agents_count_as_questions(
    limited: Callable[..., Any], read_problem: ReadProblem
) -> None:
    client, _, _ = limited(settings={"address_per_minute": 1})
    assert client.post("/v1/search", json={"question": "pact"}).is_success
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    assert read_problem(client.post("/mcp", json=body))[:2] == (429, "rate_limited")


def test_the_search_beside_a_question_of_our_own_page_is_limited_where_questions_are(
    limited: Callable[..., Any],
) -> None:
    client, _, _ = limited(settings={"address_per_minute": 1})
    asked = {"q": "pact", "part": "passages"}
    assert [client.get("/", params=asked).status_code for _ in range(11)] == [200] * 10 + [429]


@pytest.mark.parametrize(
    "model",
    [
        Scripted(
            [
                "The pact was signed in Morava in 1998 [1].",
                " And now I say that it was",
                GeneratorError("it broke"),
            ]
        ),
        Scripted([RuntimeError("of ours")]),
    ],
    ids=["broken off", "failed"],
)
def test_what_was_not_answered_whole_is_not_leant_on(model: Any, limited: Callable[..., Any]) -> None:
    client, site, _ = limited(model=model)
    events = post(client, site, stream=True).text
    token = json.loads(events.split("data: ", 1)[1].split("\n", 1)[0])["conversation"]
    _, turns = client.app.state.conversations.resume(token, site.key)
    assert turns == ()


def test_no_cookie_is_set_and_no_question_is_logged(
    library: TestClient, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for fields in ({}, {"stream": True}, {"idempotency_key": "private"}):
            asked = {"question": "Does Xanthippe know the harbour?", "site": site.key} | fields
            answer = library.post("/v1/query", json=asked, headers=HEADERS)
            assert "set-cookie" not in answer.headers
    assert [line for line in caplog.messages if "Xanthippe" in line] == []


def test_every_answer_says_no_referrer_and_is_kept_by_nobody(library: TestClient, site: Site) -> None:
    answer = library.post("/v1/query", json={"question": HARBOUR, "site": site.key}, headers=HEADERS)
    assert {name: answer.headers[name] for name in ("referrer-policy", "cache-control")} == {
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
    }
    assert answer.headers["permissions-policy"] == "camera=(), geolocation=(), microphone=()"
