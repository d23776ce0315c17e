"""Documents that a client names by their address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from api.fetch import Fetcher
from api.service import Service
from api.testing_web import PUBLIC, FakeNames, FakeNetwork, FakeSite, redirect, respond
from index.testing import HashEncoder

MakeApp = Callable[..., FastAPI]
Connect = Callable[[FastAPI], TestClient]
ReadProblem = Callable[[Response], tuple[int, str, str]]
PAGE = (
    b"<!doctype html><title>The Quay</title><h1>The Quay</h1><p>The quay of Belmark is 900 metres long.</p>"
)


@pytest.fixture
def network() -> Iterator[FakeNetwork]:
    """A network in which docs.example serves pages."""
    pages = {
        "/quay": respond(PAGE, "text/html"),
        "/in": redirect("http://10.0.0.1/"),
        "/big": respond(b"x" * 2**21),
    }
    with FakeSite(pages) as site:
        yield FakeNetwork(site)


@pytest.fixture
def fetching(
    make_app: MakeApp, connect: Connect, network: FakeNetwork
) -> Iterator[Callable[..., TestClient]]:
    """A client of a server with that network."""
    ending = ExitStack()

    def made(**settings: object) -> TestClient:
        app = make_app(**settings)
        names = FakeNames({"docs.example": [PUBLIC], "wiki.example": ["10.0.0.1"]})
        inside: Service = app.state.service
        inside.close()
        app.state.service = Service(
            inside.settings,
            lambda _: HashEncoder(),
            fetcher=lambda config: Fetcher(config, resolve=names, dial=network),
        )
        ending.callback(app.state.service.close)
        return connect(app)

    with ending:
        yield made


def test_nothing_is_fetched_unless_it_is_allowed(
    fetching: Callable[..., TestClient], network: FakeNetwork, read_problem: ReadProblem
) -> None:
    answer = fetching().post("/v1/documents", json={"url": "http://docs.example/quay"})
    assert read_problem(answer) == (
        403,
        "url_sources_off",
        "this server fetches no addresses; send the document itself, or set url_sources to allow it",
    )
    assert network.dialled == []


def test_an_address_becomes_a_document_that_says_where_it_is_from(
    fetching: Callable[..., TestClient],
) -> None:
    client = fetching(url_sources=True)
    url = "http://docs.example/quay"
    added = client.post("/v1/documents", json={"url": url, "metadata": {"publisher": "Port of Belmark"}})
    assert (added.status_code, added.json()["change"]) == (201, "added")
    record = client.get(added.headers["Location"]).json()["record"]
    assert (record["URL"], record["title"], record["publisher"]) == (url, "The Quay", "Port of Belmark")
    assert (
        client.post("/v1/documents", json={"url": url, "metadata": {"publisher": "Port of Belmark"}}).json()[
            "change"
        ]
        == "unchanged"
    )
    assert [d["id"] for d in client.get("/v1/documents").json()["documents"]] == [added.json()["id"]]


@pytest.mark.parametrize(
    ("body", "code", "why"),
    [
        (
            {"url": "http://docs.example/in"},
            "url_refused",
            "http://10.0.0.1/: 10.0.0.1 is no address of the public",
        ),
        (
            {"url": "http://wiki.example/"},
            "url_refused",
            "http://wiki.example/: wiki.example is no address of",
        ),
        (
            {"url": "http://docs.example/big"},
            "url_refused",
            "http://docs.example/big: 2,097,152 bytes, but at most",
        ),
        (
            {"url": "file:///etc/passwd"},
            "url_refused",
            "file:///etc/passwd: only addresses that begin with https",
        ),
        (
            {"url": "http://docs.example:8000/"},
            "url_refused",
            "http://docs.example:8000/: port 8000; fetched is",
        ),
        ({"url": ""}, "request_invalid", "url: String should have at least 1 character"),
        ({"url": 7}, "request_invalid", "url: Input should be a valid string"),
        ({"url": "http://docs.example/quay", "text": "x"}, "request_invalid", "text: Extra inputs are not"),
        (
            {"url": "http://docs.example/quay", "metadata": {"issued": "May"}},
            "metadata_invalid",
            "http://docs",
        ),
    ],
)
def test_what_cannot_be_fetched_is_a_problem_that_tells_nothing_of_the_network_here(
    body: dict[str, object],
    code: str,
    why: str,
    fetching: Callable[..., TestClient],
    read_problem: ReadProblem,
) -> None:
    found = read_problem(fetching(url_sources=True, url_max_mib=1).post("/v1/documents", json=body))
    assert found[:2] == (422, code)
    assert found[2].startswith(why)


def test_a_page_of_another_origin_and_a_client_without_the_token_fetch_nothing(
    fetching: Callable[..., TestClient], network: FakeNetwork
) -> None:
    client = fetching(url_sources=True, write_token="s3cret")
    body = {"url": "http://docs.example/quay"}
    assert client.post("/v1/documents", json=body).status_code == 403
    given = {"Authorization": "Bearer s3cret", "Origin": "https://evil.example"}
    assert client.post("/v1/documents", json=body, headers=given).status_code == 403
    assert network.dialled == []
