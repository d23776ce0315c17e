"""What a page of an origin can read and do: every door, every kind of request, every kind of origin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from api.sites import FILE, Site

MakeApp = Callable[..., FastAPI]
Connect = Callable[[FastAPI], TestClient]
ReadProblem = Callable[[Response], tuple[int, str, str]]

GOOD = "https://good.example"
EXACT = [GOOD, "http://shop.example:8080", "https://a.wild.example"]
REFUSED = [
    "https://other.example",
    "null",
    "",
    "https://evilgood.example",
    "https://good.example.evil.com",
    "https://sub.good.example",
    "https://good.example.",
    "http://good.example",
    "https://good.example:8443",
    "https://good.example:443",
    "https://Good.example",
    "HTTPS://good.example",
    "https://good.example/",
    "http://shop.example",
    "https://a.b.wild.example",
    "https://wild.example",
    "https://good.example, https://other.example",
    "file://",
    "https://good.example\x00",
]
COOKIES: list[dict[str, str]] = [{}, {"cookie": "session=1"}]
EXPOSED = "Retry-After, X-Request-Id"
Ask = Callable[..., Response]


@pytest.fixture(scope="module")
def site(library: TestClient) -> Iterator[Site]:
    """A site of the library that three origins may use."""
    sites = library.app.state.admission.sites  # type: ignore[attr-defined]
    made = sites.add("Good", [GOOD, "http://shop.example:8080", "https://*.wild.example"], per_address=10_000)
    made_wide: Site = made
    yield made_wide
    sites.remove(made.key)


@pytest.fixture(scope="module")
def passage(library: TestClient) -> str:
    """The id of a passage."""
    found = library.post("/v1/search", json={"question": "harbour", "top_k": 1}).json()["passages"]
    return str(found[0]["passage_id"])


@pytest.fixture
def request_of(library: TestClient, site: Site, passage: str) -> dict[str, Ask]:
    """Each kind of request, to be made with headers."""
    asked = {"question": "When did the harbour open?", "site": site.key}
    return {
        "GET": lambda headers: library.get(f"/v1/passages/{passage}?site={site.key}", headers=headers),
        "POST": lambda headers: library.post("/v1/query", json=asked, headers=headers),
        "SSE": lambda headers: library.post("/v1/query", json=asked | {"stream": True}, headers=headers),
        "DELETE": lambda headers: library.delete(conversation(library, site), headers=headers),
        "preflight": lambda headers: library.options(
            "/v1/query",
            headers={
                "access-control-request-method": "POST",
                "access-control-request-headers": "content-type",
                **headers,
            },
        ),
    }


def conversation(library: TestClient, site: Site) -> str:
    """The path of a conversation of a site."""
    token, _ = library.app.state.conversations.resume(None, site.key)  # type: ignore[attr-defined]
    return f"/v1/conversations/{token}"


def shared(answer: Response) -> dict[str, str]:
    """The headers of an answer that are about sharing it."""
    return {name: text for name, text in answer.headers.items() if name.startswith("access-control-")}


KINDS = pytest.mark.parametrize("kind", ["GET", "POST", "SSE", "DELETE", "preflight"])


@KINDS
@pytest.mark.parametrize("cookie", COOKIES, ids=["bare", "cookie"])
@pytest.mark.parametrize("origin", EXACT)
def test_an_origin_that_is_let_in_is_answered_by_its_name(
    kind: str, cookie: dict[str, str], origin: str, request_of: dict[str, Ask]
) -> None:
    answer = request_of[kind]({"origin": origin, "sec-fetch-site": "cross-site", **cookie})
    expected = {"access-control-allow-origin": origin, "access-control-expose-headers": EXPOSED}
    if kind == "preflight":
        expected |= {
            "access-control-allow-methods": "POST",
            "access-control-allow-headers": "Content-Type",
            "access-control-max-age": "7200",
        }
    assert answer.status_code == (204 if kind in ("preflight", "DELETE") else 200)
    assert shared(answer) == expected
    assert answer.headers["vary"] == "Origin"
    assert "set-cookie" not in answer.headers


@KINDS
@pytest.mark.parametrize("cookie", COOKIES, ids=["bare", "cookie"])
@pytest.mark.parametrize("origin", REFUSED)
def test_any_other_origin_is_refused_and_reads_nothing(
    kind: str, cookie: dict[str, str], origin: str, request_of: dict[str, Ask], read_problem: ReadProblem
) -> None:
    headers = [(name.encode(), text.encode()) for name, text in ({"origin": origin} | cookie).items()]
    answer = request_of[kind](dict(headers))
    assert read_problem(answer)[:2] == (403, "origin_denied")
    assert shared(answer) == {}
    assert answer.headers["vary"] == "Origin"


@KINDS
def test_a_browser_that_says_a_request_crosses_sites_is_believed_without_an_origin(
    kind: str, request_of: dict[str, Ask]
) -> None:
    """But where nothing is changed or asked: a link, a picture, of which no page can read what came."""
    answer = request_of[kind]({"sec-fetch-site": "cross-site"})
    assert answer.status_code == (200 if kind == "GET" else 403)
    assert shared(answer) == {}


@KINDS
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://localhost:8000"},
        {"origin": "https://ask.example", "sec-fetch-site": "same-origin"},
    ],
    ids=["none", "own", "behind a proxy"],
)
def test_our_own_pages_and_programs_need_no_list_and_no_headers(
    kind: str, headers: dict[str, str], request_of: dict[str, Ask]
) -> None:
    answer = request_of[kind](headers)
    assert answer.status_code == {"preflight": 403, "DELETE": 204}.get(kind, 200)
    assert shared(answer) == {}


def test_an_empty_list_lets_in_nobody_but_our_own_pages(
    library: TestClient, read_problem: ReadProblem
) -> None:
    sites = library.app.state.admission.sites  # type: ignore[attr-defined]
    key = sites.add("Shut", ()).key
    asked = {"question": "Where?", "site": key}
    refused = library.post("/v1/query", json=asked, headers={"origin": GOOD})
    assert read_problem(refused)[:2] == (403, "origin_denied")
    own = library.post("/v1/query", json=asked, headers={"origin": "http://localhost:8000"})
    assert own.status_code == 200


def test_a_site_lets_in_its_own_origins_and_not_those_of_others(
    library: TestClient, site: Site, read_problem: ReadProblem
) -> None:
    """The origin is known here: its page can read why it was refused."""
    sites = library.app.state.admission.sites  # type: ignore[attr-defined]
    other = sites.add("Other", ["https://other-site.example"])
    asked = {"question": "Where?", "site": other.key}
    answer = library.post("/v1/query", json=asked, headers={"origin": GOOD})
    assert read_problem(answer)[:2] == (403, "origin_denied")
    assert shared(answer)["access-control-allow-origin"] == GOOD
    sites.remove(other.key)


@pytest.mark.parametrize("origin", EXACT)
def test_a_page_without_a_key_asks_nothing(
    origin: str, library: TestClient, site: Site, passage: str, read_problem: ReadProblem
) -> None:
    headers = {"origin": origin}
    answers = [
        library.post("/v1/query", json={"question": "Where?"}, headers=headers),
        library.get(f"/v1/passages/{passage}", headers=headers),
        library.get("/v1/answers/ans_1", headers=headers),
    ]
    assert [read_problem(answer)[:2] for answer in answers] == [(403, "origin_denied")] * 3


def test_a_key_that_there_is_not_is_told_so_that_the_page_can_read_it(
    library: TestClient, site: Site, read_problem: ReadProblem
) -> None:
    for key in ("pk_made_up", "x" * 100, "pk_\N{BULLET}"):
        asked = {"question": "Where?", "site": key}
        answer = library.post("/v1/query", json=asked, headers={"origin": GOOD})
        assert read_problem(answer) == (401, "unauthorised", "there is no site of this key here")
        assert shared(answer)["access-control-allow-origin"] == GOOD


@pytest.mark.parametrize(
    ("body", "status"),
    [({"question": ""}, 422), ({"question": "q", "colour": "red"}, 422), ({"question": "q" * 9_000}, 422)],
)
def test_what_is_wrong_with_a_question_can_be_read_by_the_page(
    body: dict[str, str], status: int, library: TestClient, site: Site
) -> None:
    answer = library.post("/v1/query", json=body | {"site": site.key}, headers={"origin": GOOD})
    assert (answer.status_code, shared(answer)["access-control-allow-origin"]) == (status, GOOD)


def test_what_the_guard_refuses_can_be_read_by_the_page(
    make_app: MakeApp, connect: Connect, read_problem: ReadProblem
) -> None:
    app = make_app(max_body_mib=1)
    app.state.admission.sites.add("Good", [GOOD])
    headers = {"origin": GOOD, "content-type": "application/json"}
    answer = connect(app).post("/v1/query", content=b" " * (1024 * 1024 + 1), headers=headers)
    assert read_problem(answer)[:2] == (413, "body_too_large")
    assert shared(answer)["access-control-allow-origin"] == GOOD


def test_a_failure_of_ours_can_be_read_by_the_page(
    make_app: MakeApp, connect: Connect, read_problem: ReadProblem
) -> None:
    app = make_app()
    site = app.state.admission.sites.add("Good", [GOOD])
    app.state.service.encoder()
    app.state.answers = None  # anything that breaks
    client = connect(app)
    client.post("/v1/documents", json={"source": "a.txt", "text": "A word."})
    answer = client.post("/v1/query", json={"question": "word", "site": site.key}, headers={"origin": GOOD})
    assert read_problem(answer)[:2] == (500, "internal")
    assert shared(answer)["access-control-allow-origin"] == GOOD


CLOSED = [
    "/v1/documents",
    "/v1/search",
    "/v1/chat/completions",
    "/mcp",
    "/v1/quotes/find",
    "/d",
    "/v1/models",
]


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH"])
def test_a_site_opens_nothing_else(path: str, method: str, library: TestClient, site: Site) -> None:
    headers = {"origin": GOOD, "sec-fetch-site": "cross-site"}
    asked = library.options(path, headers=headers | {"access-control-request-method": method})
    assert (asked.status_code >= 400, shared(asked)) == (True, {})
    answer = library.request(method, path, headers=headers, json={"question": "q", "site": site.key})
    assert shared(answer) == {}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_site_changes_no_document(
    method: str, library: TestClient, site: Site, read_problem: ReadProblem
) -> None:
    path = "/v1/documents" if method == "POST" else "/v1/documents/doc_0"
    answer = library.request(method, path, json={"source": "a.txt", "text": "A."}, headers={"origin": GOOD})
    assert read_problem(answer)[:2] == (403, "forbidden")


def test_a_page_that_points_its_own_name_here_is_refused_as_ever(
    library: TestClient, site: Site, read_problem: ReadProblem
) -> None:
    headers = {"host": "good.example", "origin": GOOD, "access-control-request-method": "POST"}
    for answer in (
        library.options("/v1/query", headers=headers),
        library.post("/v1/query", json={"question": "q", "site": site.key}, headers=headers),
    ):
        status, code, detail = read_problem(answer)
        assert (status, code) == (403, "forbidden")
        assert "does not answer to that name" in detail


def test_sites_that_cannot_be_read_let_in_nobody_and_name_no_path(
    make_app: MakeApp, connect: Connect, tmp_path: Path, read_problem: ReadProblem
) -> None:
    app = make_app()
    app.state.admission.sites.add("Good", [GOOD])
    (tmp_path / "data" / FILE).write_text("{", encoding="utf-8")
    client = connect(app)
    headers = {"origin": GOOD, "access-control-request-method": "POST"}
    assert read_problem(client.options("/v1/query", headers=headers))[:2] == (403, "origin_denied")
    answer = client.get("/v1/site/pk_1")
    assert read_problem(answer)[:2] == (503, "sites_invalid")
