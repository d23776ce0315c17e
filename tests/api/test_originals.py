"""Citations that open the original at the place: over HTTP, in the reader, in references, in the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from index.testing import HashEncoder

PAGE = b"""<!doctype html><html lang=en><head><title>Water</title>
<link rel=canonical href="https://towns.example/water"></head><body><main><h1>Water</h1>
<h2 id=use>Its use</h2><p>The pact was signed in Morava & governs all water.</p></main></body></html>"""
TALK = b"""WEBVTT

00:12:04.000 --> 00:12:31.500
<v Ann Lee>The keeper of the mill has never seen the river dry.
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of an application with a web page and a talk."""
    app = create_app(Settings(data=tmp_path_factory.mktemp("originals")), lambda _: HashEncoder())
    made = TestClient(app, base_url="http://localhost:8000", raise_server_exceptions=False)
    talk = {"URL": "https://talks.example/7?lang=en", "title": "A talk"}
    for name, data, fields in (("water.html", PAGE, {}), ("talk.vtt", TALK, talk)):
        sent = made.post("/v1/documents", files={"file": (name, data)}, data={"metadata": json.dumps(fields)})
        assert sent.status_code == 201, sent.text
    yield made
    app.state.service.close()


def cited(client: TestClient, question: str) -> dict[str, Any]:
    """The first citation of an answer's passages."""
    body = client.post("/v1/search", json={"question": question, "top_k": 1}).json()
    citation: dict[str, Any] = body["passages"][0]["citation"]
    return citation


def test_a_citation_of_a_web_page_opens_it_at_the_words(client: TestClient) -> None:
    found = cited(client, "Where was the pact signed?")
    words = "The%20pact%20was%20signed%20in%20Morava%20%26%20governs%20all%20water."
    assert found["original"].startswith("https://towns.example/water")
    assert found["original"].endswith(f":~:text={words}")
    assert found["locator"]["time"] is None


def test_a_citation_of_a_talk_has_its_times(client: TestClient) -> None:
    found = cited(client, "Who has never seen the river dry?")
    assert found["original"] == "https://talks.example/7?lang=en#t=724"
    assert found["locator"]["time"] == {"start": 724.0, "end": 751.5}
    assert found["locator"]["anchor"] is None


@pytest.mark.parametrize("form", ["ris", "bibtex", "csl-json", "chicago", "apa", "mla"])
def test_references_to_a_talk_tell_the_times(client: TestClient, form: str) -> None:
    found = cited(client, "Who has never seen the river dry?")
    told = client.get(f"/v1/citations/{found['id']}", params={"format": form}).text
    assert "12:04–12:31" in told


def test_the_reader_leads_to_the_original(client: TestClient) -> None:
    found = cited(client, "Where was the pact signed?")
    shown = client.get(found["url"]).text
    address = found["original"].replace("&", "&amp;")
    link = f'href="{address}" rel="noopener noreferrer nofollow" target="_blank"'
    assert f"{link}>Open the original</a>" in shown


def test_the_page_of_a_document_leads_to_where_it_was_published(client: TestClient) -> None:
    found = cited(client, "Where was the pact signed?")
    shown = client.get(f"/d/{found['document']['id']}").text
    assert 'href="https://towns.example/water" rel="noopener' in shown
