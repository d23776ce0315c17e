"""Answers as server-sent events, and answers that are asked for again."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from time import monotonic, sleep
from typing import Any

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from rag.errors import GeneratorError
from rag.protocols import Generator
from rag.testing import Scripted

MakeApp = Callable[..., FastAPI]
Connect = Callable[[FastAPI], TestClient]
ReadProblem = Callable[[Response], tuple[int, str, str]]
Event = tuple[str, dict[str, Any]]
WithModel = Callable[[Generator], TestClient]

TEXT = "🏛 The pact was signed in Morava in 1998. It governs water.\n\nFour states are parties to it.\n"
SIGNED = "The pact was signed in Morava in 1998."
ASKED = "When was the pact signed in Morava?"


def read(answer: Response) -> list[Event]:
    assert answer.status_code == 200
    events = []
    for block in answer.text.strip().split("\n\n"):
        name, data = block.split("\n")
        events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


def stream(client: TestClient, question: str = ASKED, **fields: object) -> list[Event]:
    return read(client.post("/v1/query", json={"question": question, "stream": True} | fields))


def names(events: list[Event]) -> list[str]:
    return [name for name, _ in events]


def only(events: list[Event], name: str) -> list[dict[str, Any]]:
    return [data for named, data in events if named == name]


@pytest.fixture
def with_model(make_app: MakeApp, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> WithModel:
    """A client of an application with one document and a language model."""

    def made(generator: Generator) -> TestClient:
        app = make_app()
        app.state.service._generator = generator
        app.state.service.encoder()
        client = connect(app)
        assert client.post("/v1/documents", json={"source": "pact.txt", "text": TEXT}).status_code == 201
        return client

    return made


def test_an_extractive_answer_comes_in_the_order_of_the_protocol(library: TestClient) -> None:
    answer = library.post("/v1/query", json={"question": "Which four states are parties?", "stream": True})
    events = read(answer)
    assert names(events) == [
        *("meta", "status", "status", "status"),
        *("source", "delta", "cite", "verdict", "done"),
    ]
    assert [data["stage"] for data in only(events, "status")] == ["retrieving", "reading", "writing"]
    assert only(events, "delta") == [
        {"seq": 1, "text": "Four states are parties: Arland, Belmark, Corvia and Dunmore."}
    ]
    assert only(events, "cite") == [{"seq": 2, "n": [1]}]
    (meta,) = only(events, "meta")
    assert (meta["protocol"], meta["model"]) == (1, "extractive")
    assert meta["limits"] == {"question": 2000, "top_k": 100}


def test_no_proxy_may_keep_or_hold_back_a_stream(library: TestClient) -> None:
    answer = library.post("/v1/query", json={"question": "Who?"}, headers={"accept": "text/event-stream"})
    assert {
        name: answer.headers[name] for name in ("content-type", "cache-control", "x-accel-buffering", "vary")
    } == {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store, no-transform",
        "x-accel-buffering": "no",
        "vary": "Origin",
    }


def test_the_text_is_whole_and_its_checksum_is_at_the_end(with_model: WithModel) -> None:
    client = with_model(Scripted(f"{SIGNED} [1] Four states are parties to it [1]."))
    events = stream(client)
    text = "".join(data["text"] for data in only(events, "delta"))
    assert text == f"{SIGNED} Four states are parties to it."
    (done,) = only(events, "done")
    assert done["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert done["state"] == "complete"
    assert (
        done["usage"]["total_tokens"] == done["usage"]["prompt_tokens"] + done["usage"]["completion_tokens"]
    )


def test_what_is_in_order_is_numbered_without_gaps(with_model: WithModel) -> None:
    events = stream(with_model(Scripted(f"{SIGNED} [1] Four states are parties to it [1].")))
    assert [data["seq"] for _, data in events if "seq" in data] == list(range(1, 8))


def test_a_source_stands_before_its_first_use_and_keeps_its_number(with_model: WithModel) -> None:
    client = with_model(
        Scripted(f"{SIGNED} [1] Four states are parties to it [1]. In 1998 it was signed [1].")
    )
    events = stream(client)
    told: set[int] = set()
    for name, data in events:
        if name == "source":
            assert data["n"] == len(told) + 1
            told.add(data["n"])
        elif name == "cite":
            assert set(data["n"]) <= told
    assert [data["n"] for data in only(events, "cite")] == [[1], [2], [1]]


def test_a_verdict_tells_what_backs_a_claim_in_code_points(with_model: WithModel) -> None:
    events = stream(with_model(Scripted(f"{SIGNED} [1] To it four states are parties [1].")))
    exact, supported = only(events, "verdict")
    assert (exact["state"], supported["state"]) == ("exact", "supported")
    assert exact["claim"] == {"index": 0, "start": 0, "end": len(SIGNED)}
    assert TEXT[exact["quote"]["start"] : exact["quote"]["end"]] == exact["quote"]["exact"] == f"🏛 {SIGNED}"


def test_an_abstention_says_so_and_tells_what_is_nearest(library: TestClient) -> None:
    events = stream(library, "Zebra xylophone quantum?")
    assert names(events) == ["meta", "status", "status", "status", "notice", "done"]
    assert [data["code"] for data in only(events, "notice")] == ["no_answer"]
    assert only(events, "done")[0]["state"] == "no_answer"
    (reading,) = [data for data in only(events, "status") if data["stage"] == "reading"]
    assert [near["passage_id"][:4] for near in reading["nearest"]] == ["psg_"] * 3


def test_a_stream_tells_what_the_whole_answer_tells(library: TestClient) -> None:
    events = stream(library, "Which four states are parties?")
    whole = library.get(f"/v1/answers/{events[0][1]['id']}").json()
    assert "".join(data["text"] for data in only(events, "delta")) == whole["answer"]["text"]
    assert [data["citation"] for data in only(events, "source")] == whole["citations"]
    assert only(events, "done")[0]["confidence"] == whole["confidence"]


def test_when_the_model_fails_the_documents_stand_in_with_a_notice(with_model: WithModel) -> None:
    events = stream(with_model(Scripted([GeneratorError("it is not there")])))
    assert only(events, "delta")[0]["text"].endswith(SIGNED)
    assert only(events, "notice") == [
        {
            "code": "model_unavailable",
            "detail": "it is not there; the answer is taken from the passages without it",
        }
    ]
    assert only(events, "done")[0]["state"] == "complete"


def test_what_fails_on_the_way_ends_the_stream_with_an_error(with_model: WithModel) -> None:
    events = stream(with_model(Scripted([RuntimeError("of ours")])))
    assert names(events)[-1] == "error"
    error = events[-1][1]
    assert (error["code"], error["retryable"], error["retry_after"]) == ("error", False, None)
    assert error["ref"].startswith("req_")
    assert "of ours" not in json.dumps(error)


def test_what_is_wrong_before_the_stream_is_told_by_the_status(
    client: TestClient, read_problem: ReadProblem
) -> None:
    asked = {"question": "Who?", "stream": True}
    assert read_problem(client.post("/v1/query", json=asked))[:2] == (503, "no_index")
    assert read_problem(client.post("/v1/query", json=asked | {"answer": "generative"}))[0] == 501
    assert read_problem(client.post("/v1/query", json=asked | {"question": ""}))[0] == 422
    assert read_problem(client.post("/v1/query", json=asked | {"protocol": 2}))[0] == 422


def test_an_answer_is_found_again_by_its_id(library: TestClient, read_problem: ReadProblem) -> None:
    whole = library.post("/v1/query", json={"question": "Which four states are parties?"}).json()
    assert library.get(f"/v1/answers/{whole['id']}").json() == whole
    status, code, detail = read_problem(library.get("/v1/answers/ans_none"))
    assert (status, code) == (404, "not_found")
    assert detail == "no answer ans_none here; answers are kept for 10 minutes"


def test_the_same_key_gives_the_same_answer_and_asks_once(with_model: WithModel) -> None:
    model = Scripted(f"{SIGNED} [1]")
    client = with_model(model)
    first = stream(client, idempotency_key="k")
    assert stream(client, idempotency_key="k") == first
    whole = client.post("/v1/query", json={"question": ASKED, "idempotency_key": "k"}).json()
    assert whole["id"] == first[0][1]["id"]
    assert len(model.sent) == 1


def test_another_key_and_no_key_ask_again(with_model: WithModel) -> None:
    model = Scripted(f"{SIGNED} [1]")
    client = with_model(model)
    fields: tuple[dict[str, str], ...] = ({"idempotency_key": "a"}, {"idempotency_key": "b"}, {}, {})
    for given in fields:
        stream(client, **given)
    assert len(model.sent) == 4


def test_the_same_key_with_another_question_is_a_conflict(
    library: TestClient, read_problem: ReadProblem
) -> None:
    stream(library, idempotency_key="conflict")
    asked = {"question": "Another?", "idempotency_key": "conflict"}
    assert read_problem(library.post("/v1/query", json=asked))[:2] == (409, "idempotency_conflict")
    deeper = {"question": ASKED, "idempotency_key": "conflict", "top_k": 3}
    assert read_problem(library.post("/v1/query", json=deeper))[0] == 409


class Endless:
    """A language model that never comes to an end, and tells when it was told to."""

    model = "endless"

    def __init__(self) -> None:
        self.ended = threading.Event()
        self.asked = 0

    def generate(self, _messages: object, stop: threading.Event) -> Iterator[str]:
        self.asked += 1
        try:
            yield f"{SIGNED} [1] And so it "
            while not stop.is_set():
                sleep(0.01)
                yield "goes on "
        finally:
            self.ended.set()


@pytest.fixture
def serve() -> Iterator[Callable[[TestClient], str]]:
    """The application of a client on a real socket; gives its address."""
    with ExitStack() as stack:

        def served(client: TestClient) -> str:
            server = uvicorn.Server(
                uvicorn.Config(client.app, port=0, log_level="error", lifespan="off", http="h11")
            )
            running = threading.Thread(target=server.run, daemon=True)
            running.start()
            while not server.started:
                sleep(0.005)

            def end() -> None:
                server.should_exit = True
                running.join(5)

            stack.callback(end)
            port = server.servers[0].sockets[0].getsockname()[1]
            return f"http://127.0.0.1:{port}"

        yield served


def test_when_the_client_goes_the_model_is_told_to_end(
    with_model: WithModel, serve: Callable[[TestClient], str]
) -> None:
    model = Endless()
    url = serve(with_model(model))  # type: ignore[arg-type]
    asked = {"question": ASKED, "stream": True}
    with httpx2.Client(base_url=url) as client, client.stream("POST", "/v1/query", json=asked) as answer:
        lines = answer.iter_lines()
        assert any(line == "event: delta" for line in lines)
        assert not model.ended.is_set()
    start = monotonic()
    assert model.ended.wait(2)
    assert monotonic() - start < 0.5


def test_when_a_page_of_a_site_goes_the_model_is_told_and_its_place_is_free(
    with_model: WithModel, serve: Callable[[TestClient], str]
) -> None:
    model = Endless()
    made = with_model(model)  # type: ignore[arg-type]
    app: Any = made.app
    site = app.state.admission.sites.add("Docs", ["https://docs.example"], at_once=1)
    asked = {"question": ASKED, "stream": True, "site": site.key}
    headers = {"origin": "https://docs.example"}
    url = serve(made)
    for _ in range(2):
        with (
            httpx2.Client(base_url=url, headers=headers) as client,
            client.stream("POST", "/v1/query", json=asked) as answer,
        ):
            assert answer.status_code == 200
            lines = answer.iter_lines()
            assert any(line == "event: delta" for line in lines)
        start = monotonic()
        assert model.ended.wait(2)
        assert monotonic() - start < 0.5
        model.ended.clear()
        while app.state.answers._running:
            sleep(0.005)


def test_a_key_whose_answer_was_given_up_asks_again(
    with_model: WithModel, serve: Callable[[TestClient], str]
) -> None:
    model = Endless()
    url = serve(with_model(model))  # type: ignore[arg-type]
    asked = {"question": ASKED, "stream": True, "idempotency_key": "k"}
    for n in (1, 2):
        with httpx2.Client(base_url=url) as client, client.stream("POST", "/v1/query", json=asked) as answer:
            assert any(line == "event: delta" for line in answer.iter_lines())
        assert model.ended.wait(2)
        model.ended.clear()
        assert model.asked == n


def test_a_second_reader_of_the_same_answer_keeps_it_alive(
    with_model: WithModel, serve: Callable[[TestClient], str]
) -> None:
    model = Endless()
    url = serve(with_model(model))  # type: ignore[arg-type]
    asked = {"question": ASKED, "stream": True, "idempotency_key": "k"}
    with httpx2.Client(base_url=url) as client, client.stream("POST", "/v1/query", json=asked) as second:
        lines = second.iter_lines()  # httpx ends a response whose lines nobody holds any more
        assert any(line == "event: delta" for line in lines)
        with httpx2.Client(base_url=url) as other, other.stream("POST", "/v1/query", json=asked) as first:
            assert any(line == "event: delta" for line in first.iter_lines())
        assert not model.ended.wait(0.2)
    assert model.ended.wait(2)
    assert model.asked == 1
