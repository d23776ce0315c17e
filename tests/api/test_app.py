from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from httpx2 import Response
from starlette.testclient import TestClient

from api.routes import (
    citations,
    completions,
    demo,
    documents,
    health,
    home,
    pages,
    passages,
    query,
    quotes,
    sites,
    widget,
)
from api.schemas.problems import Problem
from index.testing import HashEncoder

MakeApp = Callable[..., FastAPI]
ReadProblem = Callable[[Response], tuple[int, str, str]]

METHODS = {
    "/": {"get", "post"},
    "/demo": {"get"},
    "/demo/{name}": {"get"},
    "/quote": {"get", "post"},
    "/s/{key}": {"get", "post"},
    "/s/{key}/quote": {"get", "post"},
    "/health": {"get"},
    "/ready": {"get"},
    "/v1/query": {"post"},
    "/v1/answers/{id}": {"get"},
    "/v1/search": {"post"},
    "/v1/chat/completions": {"post"},
    "/v1/models": {"get"},
    "/v1/models/{id}": {"get"},
    "/v1/quotes/find": {"post"},
    "/v1/quotes/verify": {"post"},
    "/v1/drafts/check": {"post"},
    "/v1/documents": {"get", "post"},
    "/v1/documents/{document_id}": {"get", "put", "delete"},
    "/v1/documents/{document_id}/text": {"get"},
    "/v1/passages/{passage_id}": {"get"},
    "/v1/site/{key}": {"get"},
    "/v1/conversations/{token}": {"delete"},
    "/w/{version}/pincite.js": {"get"},
    "/w/{version}/l/{lang}.json": {"get"},
    "/v1/citations": {"get"},
    "/v1/citations/{id}": {"get"},
    "/d": {"get"},
    "/d/{document_id}": {"get"},
    "/d/{document_id}/pages/{number}.png": {"get"},
    "/p/{id}": {"get"},
    "/static/{name}": {"get"},
    "/static/{bundle}/{name}": {"get"},
}


@pytest.fixture
def openapi(library: TestClient) -> dict[str, Any]:
    """The OpenAPI document as it is served."""
    document: dict[str, Any] = library.get("/openapi.json").json()
    return document


def operations(openapi: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(path, operation) of everything that can be asked."""
    for path, item in openapi["paths"].items():
        yield from ((path, operation) for operation in item.values())


def references(node: object) -> Iterator[str]:
    """Every `$ref` in a document."""
    if isinstance(node, dict):
        yield from ([node["$ref"]] if "$ref" in node else [])
        for below in node.values():
            yield from references(below)
    elif isinstance(node, list):
        for below in node:
            yield from references(below)


def test_the_openapi_document_has_every_route_and_nothing_else(openapi: dict[str, Any]) -> None:
    assert {path: set(item) for path, item in openapi["paths"].items()} == METHODS


def test_no_route_is_kept_out_of_the_openapi_document(openapi: dict[str, Any], make_app: MakeApp) -> None:
    rooms = [
        room.router
        for room in (
            *(citations, completions, demo, documents, health, home, pages),
            *(passages, query, quotes, sites, widget),
        )
    ]
    routed = {
        (route.path.replace(":path}", "}"), method.lower())
        for room in rooms
        for route in room.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    assert routed == {(path, method) for path, item in openapi["paths"].items() for method in item}
    assert [getattr(route, "path", None) for route in make_app().routes] == [
        "/openapi.json",
        *[None] * len(rooms),
        "/mcp",
    ]


def test_every_reference_leads_somewhere_and_every_schema_is_used(openapi: dict[str, Any]) -> None:
    used = set(references(openapi))
    assert used == {f"#/components/schemas/{name}" for name in openapi["components"]["schemas"]}


def test_operations_are_told_apart_and_described(openapi: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, operation in operations(openapi)]
    assert len(ids) == len(set(ids))
    assert all(operation["description"] for _, operation in operations(openapi))


def test_every_part_of_a_path_is_a_parameter(openapi: dict[str, Any]) -> None:
    for path, operation in operations(openapi):
        told = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path" and p["required"]}
        assert told == set(re.findall(r"{(\w+)}", path))


def test_every_change_and_question_has_a_body(openapi: dict[str, Any]) -> None:
    for path, item in openapi["paths"].items():
        for method in item.keys() & {"post", "put"}:
            content = item[method]["requestBody"]["content"]
            forms = "pages" in item[method]["tags"]
            kinds = {"application/x-www-form-urlencoded" if forms else "application/json"} | (
                {"multipart/form-data"} if "documents" in path else set()
            )
            assert content.keys() == kinds


def test_every_operation_tells_its_answer_and_its_problems(openapi: dict[str, Any]) -> None:
    schema = {"$ref": "#/components/schemas/Problem"}
    for _, operation in operations(openapi):
        responses = operation["responses"]
        assert responses.keys() & {"200", "201", "204", "302"}
        for status in ("400", "403", "404", "413", "415", "422", "500", "501", "503"):
            assert responses[status]["content"] == {"application/problem+json": {"schema": schema}}
    assert openapi["components"]["schemas"]["Problem"] == Problem.model_json_schema()


def test_a_filter_may_be_one_value_or_a_list(openapi: dict[str, Any]) -> None:
    author = openapi["components"]["schemas"]["FiltersIn"]["properties"]["author"]
    assert [choice["type"] for choice in author["anyOf"]] == ["string", "array"]


def test_no_pages_are_served_that_load_scripts_of_others(library: TestClient) -> None:
    assert [library.get(path).status_code for path in ("/docs", "/redoc")] == [404, 404]


def test_it_loads_in_the_background_and_closes_when_it_ends(
    make_app: MakeApp, read_problem: ReadProblem
) -> None:
    gate = threading.Event()

    def load(_config: object) -> HashEncoder:
        assert gate.wait(10)
        return HashEncoder()

    app = make_app(load)
    with TestClient(app, base_url="http://localhost") as client:
        (warming,) = [thread for thread in threading.enumerate() if thread.name == "warm"]
        loading = client.get("/ready")
        gate.set()
        warming.join(10)
        loaded = client.get("/ready")
    assert read_problem(loading)[:2] == (503, "not_ready")
    assert read_problem(loaded)[:2] == (503, "no_index")
    assert "shutting down" in str(app.state.service.obstacle())


def test_it_ends_in_order_while_it_is_still_loading(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    """It waits for what is loading, which opens no index behind the back of a service that was closed."""
    ended = threading.Event()

    def load(_config: object) -> HashEncoder:
        assert ended.wait(10)
        threading.Event().wait(0.2)  # so long does it go on when the service is closed
        return HashEncoder()

    app = make_app(load)
    close = app.state.service.close

    def close_and_tell() -> None:
        close()
        ended.set()

    app.state.service.close = close_and_tell
    with caplog.at_level(logging.WARNING), TestClient(app, base_url="http://localhost"):
        pass
    assert caplog.messages == ["not ready: shutting down"]
    assert not [thread for thread in threading.enumerate() if thread.name == "warm"]
