from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from api.version import VERSION
from index.errors import EncoderError
from index.testing import HashEncoder

MakeApp = Callable[..., FastAPI]
Connect = Callable[[FastAPI], TestClient]
ReadProblem = Callable[[Response], tuple[int, str, str]]

LOADING = (503, "not_ready", "the encoder is loading; try again in a moment")
NO_INDEX = (503, "no_index", "nothing has been added yet; POST /v1/documents adds a document")


def test_the_process_is_alive_before_anything_is_loaded(make_app: MakeApp, connect: Connect) -> None:
    answer = connect(make_app()).get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "version": VERSION})


def test_it_is_ready_when_a_document_is_there(client: TestClient, read_problem: ReadProblem) -> None:
    assert read_problem(client.get("/ready")) == NO_INDEX
    client.post("/v1/documents", json={"source": "a.txt", "text": "A word."})
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "status": "ready",
            "generation": 1,
            "passages": 1,
            "encoder": "hash",
            "late": "default",
            "reranker": None,
        },
    )


def test_it_is_not_ready_while_the_encoder_loads(
    make_app: MakeApp, connect: Connect, read_problem: ReadProblem
) -> None:
    assert read_problem(connect(make_app()).get("/ready")) == LOADING


def test_an_encoder_that_cannot_be_loaded_is_the_reason(
    make_app: MakeApp, connect: Connect, read_problem: ReadProblem
) -> None:
    def load(_config: object) -> HashEncoder:
        raise EncoderError("/models/x/model.safetensors: cannot be read")

    app = make_app(load)
    app.state.service.warm()
    assert read_problem(connect(app).get("/ready"))[:2] == (503, "encoder_unavailable")


def test_an_index_of_another_encoder_is_the_reason(
    make_app: MakeApp, connect: Connect, read_problem: ReadProblem
) -> None:
    first = connect(make_app(lambda _: HashEncoder(seed="a")))
    first.post("/v1/documents", json={"source": "a.txt", "text": "A word."})
    app = make_app(lambda _: HashEncoder(seed="b"))
    app.state.service.warm()
    second = connect(app)
    asked = second.post("/v1/query", json={"question": "word"})
    for answer in (second.get("/ready"), asked, second.get("/ready")):
        assert read_problem(answer)[:2] == (503, "encoder_mismatch")
