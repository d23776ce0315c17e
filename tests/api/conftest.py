"""Applications over the fake encoder: an empty one for each test, one with two documents; and a browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from api.app import create_app
from api.service import LoadEncoder
from api.settings import Settings
from api.testing_browser import browsing
from corpus.records import BlockKind
from corpus.testing import Layout, Text, typeset
from index.testing import HashEncoder

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PACT = """---
title: The River Pact
author: [Ada Lind, {given: Ben, family: Okoro}]
issued: 2021-05
type: report
publisher: Institute of Rivers
---
# The River Pact

## Origins

The pact was signed in Morava in 1998. It governs the use of water.[^1] Nobody has left it since.

## Parties

Four states are parties: Arland, Belmark, Corvia and Dunmore. Observers attend every second year.

[^1]: Archive of Morava, folder 12.
"""
PORTS = "The harbour of Belmark opened in 1905.\n\nIts cranes lift 40 tonnes. The quay is 900 metres long.\n"

MakeApp = Callable[..., FastAPI]
ReadProblem = Callable[[Response], tuple[int, str, str]]


class Lent:
    """A browser, started when it is first asked for, and again after it was closed."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._running: Browser | None = None

    def browser(self) -> Browser:
        """The one that runs."""
        if self._running is None:
            self._running = self._stack.enter_context(browsing())
        return self._running

    def close(self) -> None:
        """Let it go, if there is one."""
        self._running = None
        self._stack.close()


LENT = pytest.StashKey[Lent]()


def pytest_configure(config: pytest.Config) -> None:
    """One browser for the whole run."""
    config.stash[LENT] = Lent()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, object, object]:
    """The browser goes as soon as other tests come; those of the same file share it.

    While Playwright is there, nobody else in this thread can run an event loop.
    """
    told = yield
    same = nextitem is not None and (nextitem.path == item.path or "browser" in fixtures_of(nextitem))
    if not same:
        item.config.stash[LENT].close()
    return told


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """It goes at the end, too, where a run is broken off."""
    session.config.stash[LENT].close()


def fixtures_of(item: pytest.Item) -> tuple[str, ...]:
    """The names of what a test needs, directly or not."""
    return tuple(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="module")
def browser(request: pytest.FixtureRequest) -> Browser:
    """One browser for all tests that follow each other; each has a context of its own in it."""
    return request.config.stash[LENT].browser()


def _load(_config: object) -> HashEncoder:
    return HashEncoder()


def client_of(app: FastAPI) -> TestClient:
    """A client of an application that was not started: nothing loads behind a test's back."""
    return TestClient(app, base_url="http://localhost:8000", raise_server_exceptions=False)


@pytest.fixture
def make_app(tmp_path: Path) -> Iterator[MakeApp]:
    """Make applications over an empty data folder, closed with the test."""
    with ExitStack() as stack:

        def make(load: LoadEncoder = _load, **settings: object) -> FastAPI:
            app = create_app(Settings(**({"data": tmp_path / "data"} | settings)), load)  # type: ignore[arg-type]
            stack.callback(app.state.service.close)
            return app

        yield make


@pytest.fixture
def connect() -> Callable[[FastAPI], TestClient]:
    """A client of an application that was not started."""
    return client_of


@pytest.fixture
def client(make_app: MakeApp) -> TestClient:
    """A client of an application whose encoder is loaded and whose index is empty."""
    app = make_app()
    app.state.service.encoder()
    return client_of(app)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of an application with two documents, `pact.md` and `ports.txt`. For reading only."""
    app = create_app(Settings(data=tmp_path_factory.mktemp("library")), _load)
    made = client_of(app)
    for source, text in (("pact.md", PACT), ("ports.txt", PORTS)):
        assert made.post("/v1/documents", json={"source": source, "text": text}).status_code == 201
    yield made
    app.state.service.close()


@pytest.fixture(scope="session")
def shelf(library: TestClient) -> dict[str, str]:
    """The ids of the library's documents by source."""
    return {d["source"]: d["id"] for d in library.get("/v1/documents").json()["documents"]}


@pytest.fixture
def read_problem(tmp_path: Path) -> ReadProblem:
    """(status, code, detail) of a problem document, whose form and discretion are checked."""

    def read(response: Response) -> tuple[int, str, str]:
        body = response.json()
        assert response.headers["content-type"] == "application/problem+json"
        assert set(body) == {"type", "title", "status", "detail", "code", "request_id"}
        assert (body["type"], body["status"]) == ("about:blank", response.status_code)
        assert body["title"] == HTTPStatus(response.status_code).phrase
        assert re.fullmatch(r"req_[0-9a-f]{16}", body["request_id"])
        assert response.headers.get_list("x-request-id") == [body["request_id"]]
        assert ("retry-after" in response.headers) == (response.status_code in (402, 429, 503))
        for inside in (
            str(tmp_path),
            str(tmp_path.parent),
            str(Path.home()),
            "Traceback",
            ".py",
            "site-packages",
        ):
            assert inside not in response.text
        return body["status"], body["code"], body["detail"]

    return read


@pytest.fixture(scope="session")
def paper() -> bytes:
    """A PDF of three pages with running heads, a note and numbered pages from 41."""
    water = "It governs the use of water by all the states that lie on the river. " * 40
    blocks = [
        Text(BlockKind.HEADING, "The River Pact", 1),
        Text(BlockKind.PARAGRAPH, f"The pact was signed in Morava in 1998.[^1] {water}"),
        Text(BlockKind.HEADING, "Parties", 2),
        Text(BlockKind.PARAGRAPH, water),
        Text(BlockKind.HEADING, "Ports", 2),
        Text(BlockKind.PARAGRAPH, f"{water} The harbour of Belmark opened in 1905."),
    ]
    return typeset(blocks, {"1": "Archive of Morava, folder 12."}, Layout(head="Pacts", first=41)).data
