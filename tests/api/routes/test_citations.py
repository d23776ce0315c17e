from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, get_args

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from api.cli.options import Form
from api.schemas.fields import CitationFormat
from rag.export import Format

ReadProblem = Callable[[Response], tuple[int, str, str]]
BASE = "http://localhost:8000"


def cited(client: TestClient, question: str) -> dict[str, Any]:
    """The citation of the best passage for a question."""
    found = client.post("/v1/search", json={"question": question, "top_k": 1}).json()["passages"]
    citation: dict[str, Any] = found[0]["citation"]
    return citation


@pytest.fixture
def pact(library: TestClient) -> dict[str, Any]:
    """The citation of the passage on the pact's origins."""
    return cited(library, "signed in Morava water")


def test_a_citation_comes_back_as_it_was_given_with_its_reference(
    library: TestClient, pact: dict[str, Any]
) -> None:
    body = library.get(f"/v1/citations/{pact['id']}").json()
    assert {name: body[name] for name in pact} == pact
    assert body["current"] is None
    assert body["reference"]["pinpoint"] == "sec. “Origins”"
    assert body["reference"]["link"] == BASE + pact["url"]
    assert body["reference"]["work"] == {
        "id": "lind2021river",
        "type": "report",
        "title": "The River Pact",
        "author": [{"family": "Lind", "given": "Ada"}, {"family": "Okoro", "given": "Ben"}],
        "publisher": "Institute of Rivers",
        "issued": {"date-parts": [[2021, 5]]},
        "language": "en",
        "URL": BASE + pact["url"].split("&c=")[0],
    }


def test_the_selectors_are_those_of_web_annotation(library: TestClient, pact: dict[str, Any]) -> None:
    text = library.get(f"/v1/documents/{pact['document']['id']}/text").text
    assert pact["positions"] == [{"type": "TextPositionSelector", **span} for span in pact["spans"]]
    for position, quote in zip(pact["positions"], pact["quote"], strict=True):
        assert text[position["start"] : position["end"]] == quote
    assert pact["selector"]["type"] == "TextQuoteSelector"
    assert pact["selector"]["exact"] == "".join(pact["quote"])


@pytest.mark.parametrize(
    ("form", "kind", "begins"),
    [
        ("bibtex", "application/x-bibtex", "@techreport{lind2021river,\n"),
        ("ris", "application/x-research-info-systems", "TY  - RPRT\r\n"),
        ("csl-json", "application/vnd.citationstyles.csl+json", "[\n"),
        ("chicago", "text/plain", "Lind, Ada, and Ben Okoro. The River Pact. Institute of Rivers, 2021."),
        ("apa", "text/plain", "Lind, A., & Okoro, B. (2021). The River Pact. Institute of Rivers."),
        ("mla", "text/plain", "Lind, Ada, and Ben Okoro. The River Pact. Institute of Rivers, May 2021"),
    ],
)
def test_every_form_tells_the_place_and_its_link(
    form: str, kind: str, begins: str, library: TestClient, pact: dict[str, Any]
) -> None:
    answer = library.get(f"/v1/citations/{pact['id']}?format={form}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, f"{kind}; charset=utf-8")
    assert answer.text.startswith(begins)
    assert "“Origins" in answer.text
    assert BASE + pact["url"] in answer.text


def test_the_forms_are_the_same_at_every_door() -> None:
    forms = {"json", *(form.value for form in Format)}
    assert set(get_args(CitationFormat)) == {form.value for form in Form} == forms


def test_a_passage_is_cited_by_its_id(library: TestClient, pact: dict[str, Any]) -> None:
    body = library.get(f"/v1/citations/{pact['passage_id']}").json()
    assert (body["id"], body["quote"]) == (pact["id"], pact["quote"])


def test_a_document_is_cited_as_a_whole(library: TestClient, shelf: dict[str, str]) -> None:
    body = library.get(f"/v1/citations/{shelf['pact.md']}").json()
    assert body.keys() == {"id", "document", "url", "reference"}
    assert (body["id"], body["document"]["superseded"]) == (shelf["pact.md"], False)
    assert (body["reference"]["pinpoint"], body["reference"]["link"]) == ("", "")
    text = library.get(f"/v1/citations/{shelf['pact.md']}?format=mla").text
    assert text.splitlines()[1:] == ["", "(Lind and Okoro)"]


def test_several_are_one_bibliography_in_the_order_asked_for(
    library: TestClient, pact: dict[str, Any], shelf: dict[str, str]
) -> None:
    parties = cited(library, "Arland Belmark Corvia Dunmore parties")
    ids = [parties["id"], pact["id"], shelf["ports.txt"]]
    body = library.get("/v1/citations", params={"id": ids}).json()
    assert [citation["id"] for citation in body["citations"]] == ids
    works = json.loads(library.get("/v1/citations", params={"id": ids, "format": "csl-json"}).text)
    assert [work["id"] for work in works] == ["lind2021river", "portstxt"]
    assert works[0]["note"].startswith("Cited: sec. “Parties” ")
    assert "; sec. “Origins” " in works[0]["note"]
    mla = library.get("/v1/citations", params={"id": ids, "format": "mla"}).text
    assert "\n[2] (Lind and Okoro, sec. “Origins”)\n" in mla


def test_links_begin_with_the_public_address_where_one_is_set(
    make_app: Callable[..., FastAPI], connect: Callable[[FastAPI], TestClient]
) -> None:
    app = make_app(public_url="https://ask.example.org/")
    app.state.service.encoder()
    client = connect(app)
    id_ = client.post("/v1/documents", json={"source": "a.txt", "text": "The red tower."}).json()["id"]
    work = client.get(f"/v1/citations/{id_}").json()["reference"]["work"]
    assert work["URL"].startswith(f"https://ask.example.org/d/{id_}?v=")


def test_a_replaced_citation_says_so_and_shows_both(client: TestClient) -> None:
    made = client.post("/v1/documents", json={"source": "a.txt", "text": "The old tower is red."}).json()
    old = cited(client, "tower")
    client.put(f"/v1/documents/{made['id']}", json={"source": "a.txt", "text": "The new tower is red."})
    body = client.get(f"/v1/citations/{old['id']}").json()
    assert (body["document"]["superseded"], body["quote"]) == (True, ["The old tower is red."])
    current = body["current"]
    assert (current["anchored"], current["citation"]["quote"]) == ("fuzzy", ["The new tower is red."])
    assert 0.8 < current["score"] < 1
    assert current["citation"]["document"]["superseded"] is False


def test_a_removed_citation_says_what_it_was(client: TestClient, read_problem: ReadProblem) -> None:
    sent = {"source": "a.txt", "text": "The old tower is red.", "metadata": {"title": "Towers"}}
    made = client.post("/v1/documents", json=sent).json()
    client.post("/v1/documents", json={"source": "b.txt", "text": "Another text."})
    old = cited(client, "tower")
    client.delete(f"/v1/documents/{made['id']}")
    for id_ in (old["id"], old["passage_id"], made["id"]):
        for form in ("json", "apa"):
            status, code, detail = read_problem(client.get(f"/v1/citations/{id_}?format={form}"))
            assert (status, code) == (410, "gone")
            assert detail.startswith("this is no longer here. It was: Towers, a.txt; removed on ")
            assert "red" not in detail


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/citations/cit_nothing", 404, "not_found"),
        ("/v1/citations/cit_00000000000000ff_1-2", 404, "not_found"),
        ("/v1/citations/psg_nothing", 404, "not_found"),
        ("/v1/citations/doc_nothing", 404, "not_found"),
        ("/v1/citations/doc_nothing?format=word", 422, "request_invalid"),
        ("/v1/citations", 422, "request_invalid"),
        ("/v1/citations?" + "&".join(["id=x"] * 201), 422, "request_invalid"),
    ],
)
def test_what_cannot_be_cited_is_a_problem(
    path: str, status: int, code: str, library: TestClient, read_problem: ReadProblem
) -> None:
    assert read_problem(library.get(path))[:2] == (status, code)


def test_places_outside_of_the_text_are_a_problem(
    library: TestClient, pact: dict[str, Any], read_problem: ReadProblem
) -> None:
    version = pact["document"]["version"].removeprefix("sha256:")[:16]
    status, code, detail = read_problem(library.get(f"/v1/citations/cit_{version}_1-999999"))
    assert (status, code) == (422, "citation_invalid")
    assert detail.startswith("spans 1-999999 end behind the text, which has ")


def test_a_beginning_of_a_version_is_enough_for_a_document(
    library: TestClient, shelf: dict[str, str]
) -> None:
    whole = library.get(f"/v1/documents/{shelf['pact.md']}").json()
    for version in (whole["version"], whole["version"][:23], whole["version"].removeprefix("sha256:")[:16]):
        assert library.get(f"/v1/documents/{shelf['pact.md']}?version={version}").json() == whole
