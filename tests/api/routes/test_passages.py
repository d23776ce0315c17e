from __future__ import annotations

from collections.abc import Callable

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
