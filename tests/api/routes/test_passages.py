from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

ReadProblem = Callable[[Response], tuple[int, str, str]]


@pytest.fixture
def ids(library: TestClient, shelf: dict[str, str]) -> list[str]:
    """The passages of pact.md in reading order."""
    asked = {"question": "pact", "top_k": 100, "filters": {"document_id": shelf["pact.md"]}}
    found = [p["passage_id"] for p in library.post("/v1/search", json=asked).json()["passages"]]
    whole = library.get(f"/v1/passages/{found[0]}?around=10").json()["passages"]
    return [passage["passage_id"] for passage in whole]


def test_a_passage_stands_alone_with_its_citation(library: TestClient, ids: list[str]) -> None:
    body = library.get(f"/v1/passages/{ids[1]}").json()
    (passage,) = body["passages"]
    assert body["passage_id"] == passage["passage_id"] == passage["citation"]["passage_id"] == ids[1]
    assert passage.keys() == {"passage_id", "ordinal", "text", "note", "notes", "called_by", "citation"}
    assert passage["ordinal"] == 1
    assert passage["citation"]["document"]["source"] == "pact.md"


def test_notes_and_the_passages_that_call_them_are_linked_both_ways(
    library: TestClient, ids: list[str]
) -> None:
    whole = library.get(f"/v1/passages/{ids[0]}?around=10").json()["passages"]
    (note,) = (passage for passage in whole if passage["note"] is not None)
    (caller,) = (passage for passage in whole if passage["notes"])
    assert (note["note"], note["called_by"]) == (1, [caller["passage_id"]])
    assert (caller["note"], caller["notes"]) == (None, [note["passage_id"]])


@pytest.mark.parametrize(("around", "shown"), [(0, slice(1, 2)), (1, slice(0, 3)), (10, slice(None))])
def test_neighbours_come_in_reading_order(
    around: int, shown: slice, library: TestClient, ids: list[str]
) -> None:
    body = library.get(f"/v1/passages/{ids[1]}?around={around}").json()
    assert [passage["passage_id"] for passage in body["passages"]] == ids[shown]


@pytest.mark.parametrize("around", ["-1", "11", "1.5", "one", "", "99999999999999999999"])
def test_a_number_of_neighbours_beyond_the_limits_is_refused(
    around: str, library: TestClient, ids: list[str], read_problem: ReadProblem
) -> None:
    answer = library.get(f"/v1/passages/{ids[0]}?around={around}")
    assert read_problem(answer)[:2] == (422, "request_invalid")


def test_an_unknown_passage_is_not_found(library: TestClient, read_problem: ReadProblem) -> None:
    answer = library.get("/v1/passages/psg_nothing")
    assert read_problem(answer) == (404, "not_found", "no passage psg_nothing in this index")


def test_a_passage_of_a_replaced_version_still_resolves_and_says_so(client: TestClient) -> None:
    made = client.post("/v1/documents", json={"source": "a.txt", "text": "The old tower is red."}).json()
    (old,) = client.post("/v1/search", json={"question": "tower"}).json()["passages"]
    client.put(f"/v1/documents/{made['id']}", json={"source": "a.txt", "text": "The new tower is blue."})
    (passage,) = client.get(f"/v1/passages/{old['passage_id']}").json()["passages"]
    assert passage["citation"]["quote"] == old["citation"]["quote"]
    assert passage["citation"]["document"] == old["citation"]["document"] | {"superseded": True}


def view_of(library: TestClient, passage_id: str, around: int = 0) -> dict[str, Any]:
    """What a reader is shown around a passage."""
    view: dict[str, Any] = library.get(f"/v1/passages/{passage_id}?around={around}").json()["view"]
    return view


def test_the_text_around_a_passage_is_the_canonical_text_to_the_letter(
    library: TestClient, shelf: dict[str, str], ids: list[str]
) -> None:
    canonical = library.get(f"/v1/documents/{shelf['pact.md']}/text").text
    for around in (0, 1, 10):
        view = view_of(library, ids[1], around)
        assert view["text"] == canonical[view["start"] : view["end"]]
        assert view["sha256"] == hashlib.sha256(view["text"].encode()).hexdigest()


def test_a_view_tells_what_it_is_a_part_of(
    library: TestClient, shelf: dict[str, str], ids: list[str]
) -> None:
    view = view_of(library, ids[1])
    document = library.get(f"/v1/documents/{shelf['pact.md']}").json()
    told = {name: view[name] for name in ("document_id", "version", "title", "language", "pages")}
    assert told == {
        "document_id": shelf["pact.md"],
        "version": document["version"],
        "title": "The River Pact",
        "language": "en",
        "pages": [],
    }
    assert view["section"] == ["The River Pact", "Parties"]


def test_a_citation_is_found_in_the_view_by_its_offsets(client: TestClient) -> None:
    text = "🏛 A first paragraph 🏛.\n\nThe pact 🤝 was signed in Morava in 1998.\n\nA last one.\n"
    client.post("/v1/documents", json={"source": "a.txt", "text": text})
    (cited, *_) = client.post("/v1/query", json={"question": "When was the pact signed?"}).json()["citations"]
    view = client.get(f"/v1/passages/{cited['passage_id']}?around=1").json()["view"]
    (span,), (quote,) = cited["spans"], cited["quote"]
    assert view["text"][span["start"] - view["start"] : span["end"] - view["start"]] == quote


def test_a_view_is_of_whole_blocks_in_order(library: TestClient, ids: list[str]) -> None:
    view = view_of(library, ids[0], 10)
    shown = [
        (
            block["kind"],
            block["level"],
            view["text"][block["start"] - view["start"] : block["end"] - view["start"]],
        )
        for block in view["blocks"]
    ]
    assert shown[:3] == [
        ("heading", 1, "# The River Pact"),
        ("heading", 2, "## Origins"),
        (
            "paragraph",
            0,
            "The pact was signed in Morava in 1998. It governs the use of water.[^1] "
            "Nobody has left it since.",
        ),
    ]
    assert shown[-1] == ("footnote", 0, "[^1]: Archive of Morava, folder 12.")


def test_a_view_is_never_longer_than_its_limit_and_holds_the_passage(client: TestClient) -> None:
    """A block of its own that is longer, and neighbours that do not fit any more."""
    words = " ".join(f"The tower number {n} is red." for n in range(3_000))
    client.post("/v1/documents", json={"source": "a.txt", "text": words})
    found = client.post("/v1/search", json={"question": "tower number 1500", "top_k": 100}).json()["passages"]
    for passage in (found[0], found[50], found[99]):
        view = client.get(f"/v1/passages/{passage['passage_id']}?around=10").json()["view"]
        (span,) = passage["citation"]["spans"]
        assert len(view["text"]) == 20_000
        assert view["start"] <= span["start"] < span["end"] <= view["end"]
        assert words[view["start"] : view["end"]] == view["text"]
        assert [(block["start"], block["end"]) for block in view["blocks"]] == [(view["start"], view["end"])]


def test_a_view_of_a_file_tells_its_pages(client: TestClient, paper: bytes) -> None:
    files = {"file": ("paper.pdf", paper, "application/pdf")}
    made = client.post("/v1/documents", files=files).json()
    pages = client.get(f"/v1/documents/{made['id']}").json()["pages"]
    (last, *_) = client.post("/v1/search", json={"question": "harbour Belmark 1905"}).json()["passages"]
    view = client.get(f"/v1/passages/{last['passage_id']}?around=10").json()["view"]
    assert [page["index"] for page in view["pages"]] == [
        page["index"] for page in pages if page["start"] < view["end"] and page["end"] > view["start"]
    ]
    assert view["pages"][-1] == {"index": 2, "label": "43", "start": pages[2]["start"]}


def test_a_passage_of_a_document_that_was_removed_is_gone(
    client: TestClient, read_problem: ReadProblem
) -> None:
    made = client.post("/v1/documents", json={"source": "a.txt", "text": "The old tower is red."}).json()
    (found,) = client.post("/v1/search", json={"question": "tower"}).json()["passages"]
    client.delete(f"/v1/documents/{made['id']}")
    answer = client.get(f"/v1/passages/{found['passage_id']}")
    assert read_problem(answer)[0] in (404, 410)
