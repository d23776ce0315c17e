from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Callable

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from api.version import VERSION
from api.widget.build import built

ReadProblem = Callable[[Response], tuple[int, str, str]]
MAJOR = VERSION.split(".")[0]
PLAIN = {"accept-encoding": "identity"}


@pytest.mark.parametrize(
    "headers", [{}, {"origin": "https://anybody.example", "sec-fetch-site": "cross-site"}]
)
@pytest.mark.parametrize(
    ("version", "kept"),
    [(VERSION, "public, max-age=31536000, immutable"), (MAJOR, "public, max-age=3600")],
)
def test_any_page_may_load_the_widget(
    version: str, kept: str, headers: dict[str, str], library: TestClient
) -> None:
    answer = library.get(f"/w/{version}/pincite.js", headers=PLAIN | headers)
    assert answer.content == built().js
    told = {
        "content-type": "text/javascript; charset=utf-8",
        "cache-control": kept,
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
        "x-content-type-options": "nosniff",
        "vary": "Accept-Encoding",
    }
    assert {name: answer.headers[name] for name in told} == told


def test_what_is_loaded_has_the_hash_that_is_printed(library: TestClient) -> None:
    for headers in (PLAIN, {"accept-encoding": "gzip"}):
        loaded = library.get(f"/w/{VERSION}/pincite.js", headers=headers).content
        digest = base64.b64encode(hashlib.sha384(loaded).digest()).decode()
        assert f"sha384-{digest}" == built().integrity


def test_it_is_sent_compressed_to_those_who_take_that(library: TestClient) -> None:
    with library.stream("GET", f"/w/{VERSION}/pincite.js", headers={"accept-encoding": "gzip, br"}) as answer:
        sent = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert (gzip.decompress(sent), len(sent)) == (built().js, built().gzip_size)


def test_who_has_it_already_is_told_so(library: TestClient) -> None:
    tag = library.get(f"/w/{MAJOR}/pincite.js").headers["etag"]
    again = library.get(f"/w/{MAJOR}/pincite.js", headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["access-control-allow-origin"] == "*"
    other = library.get(f"/w/{MAJOR}/pincite.js", headers={"if-none-match": '"other"'})
    assert other.status_code == 200


@pytest.mark.parametrize("version", [VERSION, MAJOR])
def test_any_page_may_load_the_words_of_a_language(version: str, library: TestClient) -> None:
    answer = library.get(f"/w/{version}/l/de.json")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert json.loads(answer.content).keys() == library.get(f"/w/{version}/l/en.json").json().keys()


@pytest.mark.parametrize(
    "path",
    [
        "/w/0.0.1/pincite.js",
        "/w/99/pincite.js",
        f"/w/{VERSION}x/pincite.js",
        "/w//pincite.js",
        "/w/pincite.js",
        f"/w/{VERSION}/other.js",
        f"/w/{VERSION}/src/start.js",
        f"/w/{VERSION}/l/xx.json",
        f"/w/{VERSION}/l/EN.json",
        f"/w/{VERSION}/l/.json",
        f"/w/{VERSION}/l/en",
        "/w/0.0.1/l/en.json",
        f"/w/{VERSION}/l/..%2Fen.json",
        f"/w/{VERSION}/l/%2e%2e%2f%2e%2e%2fbuild.py%00.json",
        f"/w/{VERSION}/l/..%5c..%5cen.json",
        f"/w/{VERSION}/l/../en.json",
        f"/w/{VERSION}/../../etc/passwd",
        f"/w/..%2f{VERSION}/pincite.js",
        f"/w/{VERSION}/l/%E2%80%8Ben.json",
    ],
)
def test_there_is_nothing_else(path: str, library: TestClient, read_problem: ReadProblem) -> None:
    answer = library.get(path)
    assert read_problem(answer)[:2] == (404, "not_found")
