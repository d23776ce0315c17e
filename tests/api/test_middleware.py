from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

MakeApp = Callable[..., FastAPI]
Connect = Callable[[FastAPI], TestClient]
ReadProblem = Callable[[Response], tuple[int, str, str]]

MIB = 1024 * 1024
TOO_LARGE = (
    413,
    "body_too_large",
    "the body is larger than 1,048,576 bytes; send less, or raise max_body_mib",
)
NO_NAME = (
    403,
    "forbidden",
    "this server does not answer to that name; its setting `hosts` lists those it does",
)
FOREIGN = (403, "forbidden", "changes are not accepted from pages of other origins")
NO_TOKEN = (403, "forbidden", "this needs the write token: Authorization: Bearer …")
JSON = {"content-type": "application/json"}


@pytest.fixture
def small(make_app: MakeApp, connect: Connect) -> TestClient:
    """A client of an application that takes one MiB."""
    app = make_app(max_body_mib=1)
    app.state.service.encoder()
    return connect(app)


def in_parts(size: int) -> Iterator[bytes]:
    """A body that is sent in chunks, without a Content-Length."""
    for start in range(0, size, 65_536):
        yield b" " * min(65_536, size - start)


def padded(size: int) -> bytes:
    """A document as JSON of exactly so many bytes."""
    body = b'{"source": "a.txt", "text": "One word is enough."'
    return body + b" " * (size - len(body) - 1) + b"}"


def test_every_answer_has_its_own_request_id_and_may_not_be_sniffed(client: TestClient) -> None:
    answers = [client.get("/health"), client.get("/health"), client.get("/nowhere")]
    assert len({answer.headers["x-request-id"] for answer in answers}) == 3
    assert {answer.headers["x-content-type-options"] for answer in answers} == {"nosniff"}


def test_a_body_of_exactly_the_limit_is_read(small: TestClient) -> None:
    assert small.post("/v1/documents", content=padded(MIB), headers=JSON).status_code == 201


def test_a_body_of_one_byte_more_is_refused(small: TestClient, read_problem: ReadProblem) -> None:
    answer = small.post("/v1/documents", content=padded(MIB + 1), headers=JSON)
    assert read_problem(answer) == TOO_LARGE
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize("path", ["/v1/documents", "/v1/query", "/v1/search"])
def test_a_body_in_parts_is_refused_as_it_passes_the_limit(
    path: str, small: TestClient, read_problem: ReadProblem
) -> None:
    assert read_problem(small.post(path, content=in_parts(MIB + 1), headers=JSON)) == TOO_LARGE


def test_an_upload_in_parts_is_refused_as_it_passes_the_limit(
    small: TestClient, read_problem: ReadProblem
) -> None:
    def upload() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        yield from in_parts(MIB)

    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert read_problem(small.post("/v1/documents", content=upload(), headers=headers)) == TOO_LARGE


@pytest.mark.parametrize("length", ["9" * 18, "9" * 5000])
def test_no_length_is_too_long_to_be_refused(
    length: str, client: TestClient, read_problem: ReadProblem
) -> None:
    answer = client.post("/v1/documents", content=b"x", headers=JSON | {"content-length": length})
    assert read_problem(answer)[:2] == (413, "body_too_large")


@pytest.mark.parametrize("length", ["-1", "ten", "1.5", "0x10", "", "²"])
def test_a_length_that_is_no_number_is_refused(
    length: str, client: TestClient, read_problem: ReadProblem
) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", length.encode())]
    answer = client.post("/v1/documents", content=b"x", headers=headers)
    assert read_problem(answer) == (400, "bad_request", "Content-Length is not a number")


def test_a_body_of_two_lengths_is_refused(client: TestClient, read_problem: ReadProblem) -> None:
    """A proxy in front may go by the other one, and take the rest for a request of its own."""
    headers = JSON | {"content-length": "1", "transfer-encoding": "chunked"}
    answer = client.post("/v1/documents", content=b"x", headers=headers)
    assert read_problem(answer) == (
        400,
        "bad_request",
        "a body has a Content-Length or a Transfer-Encoding, not both",
    )


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:1", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]:8000", "[::1]"]
)
def test_on_a_loopback_address_our_own_names_are_answered(host: str, client: TestClient) -> None:
    assert client.get("/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "[::2]",
        "",
        ":80",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_on_a_loopback_address_other_names_are_refused(
    host: str, method: str, client: TestClient, read_problem: ReadProblem
) -> None:
    """A page whose name points here (DNS rebinding) would otherwise read the documents."""
    assert read_problem(client.request(method, "/v1/documents", headers={"host": host})) == NO_NAME


def test_on_an_open_address_any_name_is_answered(make_app: MakeApp, connect: Connect) -> None:
    open_to_all = connect(make_app(host="0.0.0.0"))
    assert open_to_all.get("/health", headers={"host": "docs.example"}).status_code == 200


def test_names_that_are_set_are_answered_and_no_others(make_app: MakeApp, connect: Connect) -> None:
    proxied = connect(make_app(host="0.0.0.0", hosts=("Docs.example",)))
    hosts = ["docs.example", "docs.example:443", "localhost", "evil.example"]
    assert [proxied.get("/health", headers={"host": host}).status_code for host in hosts] == [
        200,
        200,
        403,
        403,
    ]


def test_names_that_are_set_come_beside_our_own(make_app: MakeApp, connect: Connect) -> None:
    proxied = connect(make_app(hosts=("docs.example",)))
    hosts = ["docs.example", "localhost", "evil.example"]
    assert [proxied.get("/health", headers={"host": host}).status_code for host in hosts] == [200, 200, 403]


def change(client: TestClient, method: str, headers: dict[str, str]) -> Response:
    path = "/v1/documents" if method == "POST" else "/v1/documents/doc_0"
    return client.request(method, path, json={"source": "a.txt", "text": "A word."}, headers=headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "http://localhost:8000"},
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:9000"},
        {"origin": "null"},
        {"origin": ""},
    ],
)
def test_changes_for_pages_of_other_origins_are_refused(
    method: str, headers: dict[str, str], client: TestClient, read_problem: ReadProblem
) -> None:
    assert read_problem(change(client, method, headers)) == FOREIGN


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "https://docs.example"},  # behind a proxy with TLS
        {"origin": "http://localhost:8000"},
    ],
)
def test_changes_by_programs_and_our_own_pages_are_taken(headers: dict[str, str], client: TestClient) -> None:
    assert change(client, "POST", headers).status_code == 201


def test_questions_of_foreign_pages_are_answered_but_never_shared_with_them(library: TestClient) -> None:
    headers = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    answer = library.post("/v1/search", json={"question": "harbour"}, headers=headers)
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers


TOKEN = "Bearer schlüssel"
WORD = {"source": "a.txt", "text": "A word."}


def authorized(given: str) -> list[tuple[bytes, bytes]]:
    return [(b"authorization", given.encode())]


@pytest.fixture
def guarded(make_app: MakeApp, connect: Connect) -> TestClient:
    """A client of an application with a write token that is not ASCII."""
    app = make_app(write_token="schlüssel")
    app.state.service.encoder()
    return connect(app)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "given", ["", "schlüssel", "Bearer", "Bearer ", TOKEN[:-1], f"{TOKEN}x", f"Basic {TOKEN}"]
)
def test_with_another_token_nothing_is_changed(
    method: str, given: str, guarded: TestClient, read_problem: ReadProblem
) -> None:
    path = "/v1/documents" if method == "POST" else "/v1/documents/doc_0"
    assert read_problem(guarded.request(method, path, json=WORD, headers=authorized(given))) == NO_TOKEN


def test_without_a_token_nothing_is_changed(guarded: TestClient, read_problem: ReadProblem) -> None:
    assert read_problem(guarded.post("/v1/documents", json=WORD)) == NO_TOKEN


def test_with_the_write_token_documents_are_changed(guarded: TestClient) -> None:
    assert guarded.post("/v1/documents", json=WORD, headers=authorized(TOKEN)).status_code == 201


def test_reading_and_asking_need_no_token(guarded: TestClient) -> None:
    guarded.post("/v1/documents", json=WORD, headers=authorized(TOKEN))
    answers = [guarded.get("/v1/documents"), guarded.post("/v1/query", json={"question": "word"})]
    assert [answer.status_code for answer in answers] == [200, 200]
