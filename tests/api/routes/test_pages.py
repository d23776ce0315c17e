from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from api.service import Service
from corpus.sources import Source

PAGE = "text/html; charset=utf-8"


class _Outline(HTMLParser):
    """Ids, links, marked text and the scripts of a page, as a browser without scripts sees them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.marked: list[str] = []
        self.inline: list[str] = []
        self.loaded: list[str] = []
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._open.append(tag)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if tag == "a" else []
        self.loaded += [
            value or "" for name, value in attrs if name == "src" or (tag, name) == ("link", "href")
        ]
        self.inline += [name for name, _ in attrs if name == "style" or name.startswith("on")]
        if tag == "mark":
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "mark" in self._open:
            self.marked[-1] += data
        if self._open and self._open[-1] in ("script", "style") and data.strip():
            self.inline.append(data)


def outline(answer: Response) -> _Outline:
    assert answer.headers["content-type"] == PAGE
    return _Outline(answer.text)


@pytest.fixture
def pact(library: TestClient) -> dict[str, Any]:
    """The citation of the passage on the pact's origins, which calls a note."""
    asked = {"question": "signed in Morava water", "top_k": 1}
    citation: dict[str, Any] = library.post("/v1/search", json=asked).json()["passages"][0]["citation"]
    return citation


def test_the_list_leads_to_every_document(library: TestClient, shelf: dict[str, str]) -> None:
    answer = library.get("/d")
    links = [link for link in outline(answer).links if link.startswith("/d/")]
    assert links == [f"/d/{shelf['pact.md']}", f"/d/{shelf['ports.txt']}"]
    assert "Ada Lind, Ben Okoro · Institute of Rivers · 2021-05 · report" in answer.text


def test_a_document_is_shown_with_outline_notes_and_references(
    library: TestClient, shelf: dict[str, str]
) -> None:
    seen = outline(library.get(f"/d/{shelf['pact.md']}"))
    sections = [f"section-{n}" for n in range(3)]
    assert [id_ for id_ in seen.ids if id_.startswith("section-")] == sections
    assert [link for link in seen.links if link.startswith("#section-")] == [f"#{id_}" for id_ in sections]
    assert {"note-0", "call-0-1", "outline", "text"} <= set(seen.ids)
    assert {"#note-0", "#call-0-1"} <= set(seen.links)
    exports = [link for link in seen.links if link.startswith("/v1/citations/")]
    assert [link.rpartition("=")[2] for link in exports] == [
        *("chicago", "chicago", "apa", "mla", "bibtex", "ris", "csl-json")
    ]


def test_every_link_within_the_page_leads_somewhere(library: TestClient, pact: dict[str, Any]) -> None:
    seen = outline(library.get(pact["url"]))
    assert [link for link in seen.links if link.startswith("#") and link[1:] not in seen.ids] == []
    assert len(seen.ids) == len(set(seen.ids))


def test_cited_places_are_marked_and_the_fragment_is_the_id_of_the_first(
    library: TestClient, pact: dict[str, Any]
) -> None:
    """So that a browser without scripts scrolls there."""
    seen = outline(library.get(pact["url"]))
    fragment = pact["url"].partition("#")[2]
    assert seen.ids.count(fragment) == 1
    assert re.sub(r"\s", "", "".join(seen.marked)) == re.sub(r"\s", "", "".join(pact["quote"]))
    assert fragment in f"c={pact['spans'][0]['start']}-{pact['spans'][0]['end']}"


def test_several_places_are_marked(library: TestClient, shelf: dict[str, str]) -> None:
    text = library.get(f"/v1/documents/{shelf['ports.txt']}/text").text
    first, second = text.index("opened in 1905"), text.index("40 tonnes")
    answer = library.get(f"/d/{shelf['ports.txt']}?c={first}-{first + 14},{second}-{second + 9}")
    seen = outline(answer)
    assert seen.marked == ["opened in 1905", "40 tonnes"]
    assert {f"c={first}-{first + 14},{second}-{second + 9}", "cited-2"} <= set(seen.ids)
    assert "in 2 parts" in answer.text


def test_the_offsets_on_elements_are_those_of_the_canonical_text(
    library: TestClient, pact: dict[str, Any]
) -> None:
    text = library.get(f"/v1/documents/{pact['document']['id']}/text").text
    page = library.get(pact["url"]).text
    found = re.findall(r'<(pre|p|h\d)\b[^>]* data-start="(\d+)" data-end="(\d+)">(.*?)</\1>', page, re.DOTALL)
    assert [tag for tag, *_ in found] == ["pre", "h2", "h3", "p", "h3", "p", "p"]
    for _, start, end, inside in found:
        own = _Text(inside).text
        assert own == text[int(start) : int(end)]


class _Text(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(text)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_list_comes_in_parts_and_finds_what_is_called_so(client: TestClient) -> None:
    service: Service = client.app.state.service  # type: ignore[attr-defined]  # it is of an application
    service.add(Source(f"{n:03}.txt", f"Text number {n}.".encode()) for n in range(101))
    first, second = client.get("/d"), client.get("/d?page=2")
    assert "101 in the collection, page 1 of 2" in " ".join(first.text.split())
    assert (first.text.count("<li>"), second.text.count("<li>")) == (100, 1)
    assert (outline(first).links[-1], outline(second).links[-1]) == ("/d?page=2", "/d?page=1")
    found = client.get("/d?q=042")
    assert "1 of 101 are called so." in found.text
    assert found.text.count("<li>") == 1


def test_pages_load_nothing_but_our_own_files_and_run_nothing_inline(
    library: TestClient, pact: dict[str, Any]
) -> None:
    for path in ("/d", pact["url"], "/d/doc_nothing"):
        answer = library.get(path)
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] in ("no-referrer", "same-origin")
        assert answer.headers["x-robots-tag"] == "noindex"
        seen = outline(answer)
        assert seen.inline == []
        for file in seen.loaded:
            loaded = library.get(file)
            assert loaded.status_code == 200
            assert loaded.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert loaded.headers["content-type"].split(";")[0] in (
                "text/css",
                "text/javascript",
                "image/svg+xml",
            )


def test_a_file_that_is_not_there_is_not_found(library: TestClient) -> None:
    for name in ("reader.css", "reader.000000000000.css", "..%2Freader.py", "base.html"):
        assert library.get(f"/static/{name}").status_code == 404


def test_a_passage_and_a_citation_lead_to_their_place(library: TestClient, pact: dict[str, Any]) -> None:
    for id_ in (pact["passage_id"], pact["id"]):
        answer = library.get(f"/p/{id_}", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (302, pact["url"])


HOSTILE = """---
title: "<script>alert(1)</script>"
author: '"><img src=x onerror=alert(1)>'
---
# <img src=x onerror=alert(1)>

A <script>alert(1)</script> line with "quotes" & 'others'.[^1]

| <b>a</b> | "b" |
|---|---|
| </table><script> | & |

[^1]: </div><script>alert(1)</script>
"""


def test_nothing_in_a_document_becomes_markup_of_the_page(client: TestClient) -> None:
    made = client.post("/v1/documents", json={"source": "<svg onload=1>.md", "text": HOSTILE}).json()
    for path in ("/d", f"/d/{made['id']}", f"/d/{made['id']}?c=5-60"):
        seen = outline(client.get(path))
        assert seen.inline == []
        assert all(re.match(r"/static/(reader|tokens|page|icon)\.", file) for file in seen.loaded)
        assert "<script>alert" not in client.get(path).text
        assert "<img" not in client.get(path).text


ROWS = (
    "<!doctype html><table><tr><th>Town<th>Toll<tr><td>Lune<td>2<tr><td>Tarn<td>4</table><p>Tolls of towns."
)
MAIL = "From: Ann Lee <ann@example.org>\nSubject: Tolls\n\nThe toll is two pence.\n\n-- \nAnn Lee\nWarden\n"


def _shown(client: TestClient, name: str, text: str) -> str:
    made = client.post("/v1/documents", files={"file": (name, text.encode())}).json()
    return client.get(f"/d/{made['id']}").text


def test_rows_that_name_their_columns_have_no_head(client: TestClient) -> None:
    page = _shown(client, "tolls.html", ROWS)
    assert "<th" not in page
    assert page.count("<tr>") == 2


def test_a_message_keeps_its_lines(client: TestClient) -> None:
    assert '<article class="mail">' in _shown(client, "tolls.eml", MAIL)


def _replaced(client: TestClient, new: str) -> tuple[dict[str, Any], Response]:
    """The citation of a text that was replaced since, and its page."""
    made = client.post("/v1/documents", json={"source": "a.txt", "text": "The old tower is red."}).json()
    found = client.post("/v1/search", json={"question": "tower"}).json()["passages"]
    citation: dict[str, Any] = found[0]["citation"]
    client.put(f"/v1/documents/{made['id']}", json={"source": "a.txt", "text": new})
    return citation, client.get(citation["url"])


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("First. The old tower is red.", "The cited words stand unchanged in the"),
        ("The new tower is red.", "the most similar place (86% alike) reads:"),
        ("Nothing is left of all this.", "The cited words are not in the"),
    ],
)
def test_an_earlier_version_says_so_and_leads_to_the_current_one(
    new: str, told: str, client: TestClient
) -> None:
    citation, answer = _replaced(client, new)
    assert "This is an earlier version." in answer.text
    assert " ".join(told.split()) in " ".join(answer.text.split())
    assert outline(answer).marked == citation["quote"]
    (link,) = {link for link in outline(answer).links if link.startswith(f"/d/{citation['document']['id']}")}
    assert "This is an earlier version." not in client.get(link).text


def test_a_removed_document_has_a_page_that_says_what_it_was(client: TestClient) -> None:
    made = client.post("/v1/documents", json={"source": "a.txt", "text": "The old tower is red."}).json()
    client.post("/v1/documents", json={"source": "b.txt", "text": "Another."})
    client.delete(f"/v1/documents/{made['id']}")
    answer = client.get(f"/d/{made['id']}")
    assert (answer.status_code, answer.headers["content-type"]) == (410, PAGE)
    assert "It was: a.txt; removed on " in answer.text


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("c=12", 422, "c is &#39;12&#39;; it must be places such as 120-180,240-260"),
        ("c=9-3", 422, "a place must end behind its start"),
        ("c=1-999999", 422, "end behind the text"),
        ("c=8-20,4-12", 422, "overlap or are out of order"),
        ("c=" + ",".join(["1-2"] * 101), 422, "it must be places such as"),
        ("v=ffffffffffffffff", 404, "No version ffffffffffffffff of document"),
    ],
)
def test_what_cannot_be_shown_is_a_page_that_says_why(
    query: str, status: int, told: str, library: TestClient, shelf: dict[str, str]
) -> None:
    answer = library.get(f"/d/{shelf['ports.txt']}?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, PAGE)
    assert told in answer.text


def test_without_an_index_a_page_says_so(client: TestClient) -> None:
    answer = client.get("/d")
    assert (answer.status_code, answer.headers["content-type"]) == (503, PAGE)
    assert "Nothing has been added yet" in answer.text
