"""A citation of a PDF opens its page with the words marked; pages are drawn from the stored file."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from fastapi import FastAPI
from PIL import Image, ImageDraw
from starlette.testclient import TestClient

from api.pictures import Pictures

MakeApp = Callable[..., FastAPI]


@pytest.fixture
def client(make_app: MakeApp, connect: Callable[[FastAPI], TestClient]) -> TestClient:
    app = make_app()
    app.state.service.encoder()
    return connect(app)


@pytest.fixture
def home(client: TestClient, paper: bytes) -> str:
    """The address of a PDF that was added under a name that does not say so."""
    answer = client.post("/v1/documents", files={"file": ("pact.txt", paper)})
    assert answer.status_code == 201, answer.text
    return f"/d/{answer.json()['id']}"


def cited(client: TestClient, question: str) -> dict[str, object]:
    answer = client.post("/v1/search", json={"question": question, "top_k": 1}).json()
    found: dict[str, object] = answer["passages"][0]["citation"]
    return found


def test_a_citation_names_the_page_as_printed_and_where_it_is_in_the_file(
    client: TestClient, home: str
) -> None:
    found = cited(client, "When did the harbour of Belmark open?")
    locator = found["locator"]
    assert isinstance(locator, dict)
    assert (locator["pages"][-1], locator["page_indices"][-1]) == ("43", 2)
    assert locator["section"] == ["The River Pact", "Ports"]


def test_the_reader_shows_the_page_with_the_cited_words_marked(client: TestClient, home: str) -> None:
    found = client.post("/v1/quotes/find", json={"text": "The harbour of Belmark opened in 1905."}).json()
    page = client.get(found["matches"][0]["citation"]["url"].partition("#")[0]).text
    (source,) = re.findall(r'<img src="([^"]+)"', page)
    assert re.fullmatch(rf"{home}/pages/3\.png\?v=[0-9a-f]{{16}}", source)
    assert 'alt="p. 43 as it looks, the cited words marked"' in page
    marks = [
        tuple(map(float, rect))
        for rect in re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', page)
    ]
    assert 1 <= len(marks) <= 2  # the lines that the sentence stands on
    picture = Image.open(BytesIO(client.get(source).content)).convert("L")
    scale = picture.width / 595
    inked = [x for box in marks for x in dark(picture, [side * scale for side in box])]
    assert sum(inked) > 100
    covered = picture.copy()
    for x, y, width, height in marks:
        ImageDraw.Draw(covered).rectangle(
            [x * scale, y * scale, (x + width) * scale, (y + height) * scale], fill=255
        )
    assert sum(dark(covered, [0, 0, covered.width, covered.height])) < sum(
        dark(picture, [0, 0, picture.width, picture.height])
    )


def dark(picture: Image.Image, box: list[float]) -> list[bool]:
    """Which points of a part of a picture are ink."""
    left, top, width, height = box
    part = picture.crop((int(left), int(top), int(left + width), int(top + height)))
    return [value < 128 for value in part.tobytes()]


def test_without_a_citation_the_wanted_page_is_shown(client: TestClient, home: str) -> None:
    assert re.findall(r"/pages/(\d+)\.png", client.get(home).text) == ["1", "1"]
    assert re.findall(r"/pages/(\d+)\.png", client.get(f"{home}?page=2").text) == ["2", "2"]
    assert "/pages/" not in client.get(f"{home}?page=99").text.replace(f"{home}/pages", "/pages")


def test_page_marks_in_the_text_lead_to_the_pages(client: TestClient, home: str) -> None:
    text = client.get(home).text
    found = re.findall(r'<a class="page" id="page-(\d)" data-label="([^"]*)" href="([^"]*)"', text)
    assert [(index, label) for index, label, _ in found] == [("0", "p. 41"), ("1", "p. 42"), ("2", "p. 43")]
    assert client.get(found[2][2].partition("#")[0].replace("&amp;", "&")).status_code == 200


def test_a_picture_is_a_png_that_browsers_ask_again_for(client: TestClient, home: str) -> None:
    answer = client.get(f"{home}/pages/1.png")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert (answer.headers["cache-control"], Image.open(BytesIO(answer.content)).size) == (
        "no-cache",
        (1000, 1416),
    )
    again = client.get(f"{home}/pages/1.png", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("number", ["0", "4", "999999999999"])
def test_a_page_that_is_not_there_is_not_found(client: TestClient, home: str, number: str) -> None:
    assert client.get(f"{home}/pages/{number}.png").status_code == 404


def test_a_text_has_no_pictures(client: TestClient) -> None:
    made = client.post("/v1/documents", json={"source": "a.md", "text": "# A\n\nWords of a text."}).json()
    assert client.get(f"/d/{made['id']}/pages/1.png").status_code == 404
    assert "<figure>" not in client.get(f"/d/{made['id']}").text


def test_a_removed_document_has_no_pictures_any_more(client: TestClient, home: str) -> None:
    assert client.get(f"{home}/pages/1.png").status_code == 200
    assert client.delete(home.replace("/d/", "/v1/documents/")).status_code == 204
    assert client.get(f"{home}/pages/1.png").status_code == 410


def test_a_damaged_pdf_is_refused_with_its_reason(client: TestClient) -> None:
    answer = client.post("/v1/documents", files={"file": ("x.pdf", b"%PDF-1.7\nnothing")})
    assert (answer.status_code, answer.json()["code"]) == (422, "document_unreadable")
    assert answer.json()["detail"].startswith("x.pdf: a damaged PDF, its pages cannot be found")


def test_pictures_are_drawn_once_and_the_oldest_go_first() -> None:
    drawn: list[int] = []
    kept = Pictures(room=25)

    def get(page: int) -> bytes:
        def draw() -> bytes:
            drawn.append(page)
            return b"x" * 10

        return kept.get("version", page, 100, draw)

    assert [get(page) for page in (1, 2, 1, 3, 1, 2)] == [b"x" * 10] * 6
    assert drawn == [1, 2, 3, 2]
