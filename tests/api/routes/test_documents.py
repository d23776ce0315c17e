from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from filelock import FileLock
from httpx2 import Response
from starlette.testclient import TestClient

from api.service import Service
from api.settings import Settings
from index.records import Embedding
from index.testing import HashEncoder

MakeApp = Callable[..., FastAPI]
Connect = Callable[[FastAPI], TestClient]
ReadProblem = Callable[[Response], tuple[int, str, str]]

RED, BLUE = "The old tower is red.", "The new tower is blue."
NO_FILE = "the form holds no file with a name; send it in the field `file`"


def add(client: TestClient, text: str, source: str = "a.txt", **fields: object) -> Response:
    return client.post("/v1/documents", json={"source": source, "text": text} | fields)


def upload(client: TestClient, name: str, data: bytes, **fields: str) -> Response:
    return client.post("/v1/documents", files={"file": (name, data)}, data=fields)


def found(client: TestClient, question: str) -> set[str]:
    """The texts that a search finds."""
    body = client.post("/v1/search", json={"question": question, "top_k": 100}).json()
    return {passage["text"] for passage in body["passages"]}


def identity(text: str) -> tuple[str, str]:
    """The id and the version of a document that was never replaced."""
    digest = sha256(text.encode()).hexdigest()
    return f"doc_{digest[:16]}", f"sha256:{digest}"


# Adding


def test_a_document_sent_as_json_is_added(client: TestClient) -> None:
    answer = add(client, RED)
    id_, _ = identity(RED)
    assert (answer.status_code, answer.headers["location"]) == (201, f"/v1/documents/{id_}")
    assert answer.json() == {
        "change": "added",
        "id": id_,
        "source": "a.txt",
        "passages": 1,
        "characters": len(RED),
        "detail": None,
        "notes": [],
        "twins": [],
    }
    assert found(client, "tower") == {RED}


def test_a_file_is_added_as_it_is(client: TestClient) -> None:
    answer = upload(client, "tower.md", b"# Tower\r\n\r\nIt is red.\r\n")
    assert answer.status_code == 201
    assert client.get(f"{answer.headers['location']}/text").content == b"# Tower\r\n\r\nIt is red.\r\n"


def test_a_file_in_an_old_encoding_is_read_and_that_is_said(client: TestClient) -> None:
    answer = upload(client, "cafe.txt", "Ein Café in Köln.".encode("windows-1252"))
    assert answer.json()["notes"] == ["not UTF-8 (byte 7); read as Windows-1252, accents may be wrong"]
    assert client.get(f"{answer.headers['location']}/text").text == "Ein Café in Köln."


@pytest.mark.parametrize(
    "metadata", ['{"title": "Τower 𝄞", "author": ["A. Lind"]}', "title: Τower 𝄞\nauthor: A. Lind"]
)
def test_a_file_comes_with_its_metadata_as_json_or_yaml(metadata: str, client: TestClient) -> None:
    location = upload(client, "a.txt", RED.encode(), metadata=metadata).headers["location"]
    record = client.get(location).json()["record"]
    assert record == {"title": "Τower 𝄞", "author": [{"literal": "A. Lind"}], "support": {}}


def test_json_comes_with_metadata_and_a_media_type(client: TestClient) -> None:
    metadata = {"title": "Τower 𝄞", "issued": {"date-parts": [[2021, 5]]}, "DOI": "10.1/x"}
    location = add(client, "# Head\n\nText.", metadata=metadata, media_type="text/plain").headers["location"]
    body = client.get(location).json()
    assert body["media_type"] == "text/plain"
    assert body["record"] == metadata | {"issued": "2021-05", "support": {}}


def test_content_that_is_here_is_not_added_again(client: TestClient) -> None:
    add(client, RED)
    answer = add(client, RED, "b.txt")
    assert (answer.status_code, answer.headers["location"]) == (200, f"/v1/documents/{identity(RED)[0]}")
    assert answer.json()["change"] == "duplicate"
    assert answer.json()["detail"] == "same content as a.txt"
    assert len(client.get("/v1/documents").json()["documents"]) == 1


@pytest.mark.parametrize(
    "source", ["../../etc/passwd", "/etc/passwd", "a\r\nX-Evil: 1", "ü" * 500, "<b>", "x\x00y"]
)
def test_a_name_is_a_name_and_never_a_path_or_a_header(source: str, client: TestClient) -> None:
    answer = add(client, RED, source)
    assert answer.status_code == 201
    assert "x-evil" not in answer.headers
    assert client.get(answer.headers["location"]).json()["source"] == source


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"source": "a.txt"}, "text: Field required"),
        ({"text": RED}, "source: Field required"),
        ({"source": "", "text": RED}, "source: String should have at least 1 character"),
        ({"source": "a" * 501, "text": RED}, "source: String should have at most 500 characters"),
        ({"source": 7, "text": RED}, "source: Input should be a valid string"),
        ({"source": "a", "text": 7}, "text: Input should be a valid string"),
        ({"source": "a", "text": RED, "id": "x"}, "id: Extra inputs are not permitted"),
        (
            {"source": "a", "text": RED, "media_type": "text/html"},
            "media_type: Input should be 'text/plain' or 'text/markdown'",
        ),
        ({"source": "a", "text": RED, "metadata": []}, "metadata: Input should be an object"),
        (
            {"source": "a", "text": RED, "metadata": {"abstract": "a" * 65_536}},
            "the metadata has 65,552 characters; at most 65,536 are read",
        ),
    ],
)
def test_json_that_is_no_document_is_refused(
    fields: dict[str, object], fault: str, client: TestClient, read_problem: ReadProblem
) -> None:
    answer = client.post("/v1/documents", json=fields)
    assert read_problem(answer) == (422, "request_invalid", fault)


@pytest.mark.parametrize("part", ["source", "text", "metadata"])
@pytest.mark.parametrize("half", ["\\ud800", "\\udfff"])
def test_half_a_surrogate_pair_is_no_text_anywhere(
    part: str, half: str, client: TestClient, read_problem: ReadProblem
) -> None:
    fields = {"source": '"a.txt"', "text": '"A word."', "metadata": "{}"}
    fields[part] = f'{{"title": "{half}"}}' if part == "metadata" else f'"{half}"'
    sent = "{" + ", ".join(f'"{name}": {value}' for name, value in fields.items()) + "}"
    answer = client.post("/v1/documents", content=sent, headers={"content-type": "application/json"})
    assert read_problem(answer)[:2] == (422, "request_invalid")
    assert "not valid JSON" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "a.txt: the file is empty; there is nothing to add"),
        ("a.txt", b" \n\t ", "a.txt: only white space; there is nothing to add"),
        ("a.txt", b"\x00\x01\x02\x03" * 99, "a.txt: looks like a binary file"),
        ("a.txt", b"\xff\xfeA", "a.txt: begins with the byte order mark of utf-16-le"),
        ("a.md", b"---\ntitle: [\n---\nText.", "a.md (front matter): not valid YAML"),
    ],
)
def test_a_document_that_cannot_be_read_is_refused_with_the_reason(
    name: str, data: bytes, reason: str, client: TestClient, read_problem: ReadProblem
) -> None:
    status, code, detail = read_problem(upload(client, name, data))
    assert (status, code, detail[: len(reason)]) == (422, "document_unreadable", reason)


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ("title: [", "a.txt (metadata): not valid YAML"),
        ("- a list", "a.txt (metadata): expected fields such as 'title: …'"),
        ("issued: yesterday", "a.txt (metadata): issued: expected YYYY, YYYY-MM or YYYY-MM-DD"),
        ("a: &x [1]\nb: *x", "a.txt (metadata): not valid YAML: aliases are not allowed in metadata"),
    ],
)
def test_metadata_that_is_none_is_refused_with_the_reason(
    metadata: str, reason: str, client: TestClient, read_problem: ReadProblem
) -> None:
    status, code, detail = read_problem(upload(client, "a.txt", RED.encode(), metadata=metadata))
    assert (status, code, detail[: len(reason)]) == (422, "metadata_invalid", reason)


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ({"files": {"file": ("a" * 501, b"x")}}, "the file's name has 501 characters; at most 500 are kept"),
        ({"files": {"document": ("a.txt", b"x")}}, "unknown form fields document; known are file, metadata"),
        ({"files": {"metadata": ("a.txt", b"x")}}, NO_FILE),
        ({"files": {"file": (None, b"x")}}, NO_FILE),
        (
            {"files": {"file": ("a.txt", b"x")}, "data": {"metadata": "m" * 65_537}},
            "the metadata has 65,537 characters; at most 65,536 are read",
        ),
    ],
    ids=str,
)
def test_a_form_that_holds_no_document_is_refused(
    form: dict[str, Any], fault: str, client: TestClient, read_problem: ReadProblem
) -> None:
    assert read_problem(client.post("/v1/documents", **form)) == (422, "request_invalid", fault)


def test_two_files_in_one_form_are_refused(client: TestClient, read_problem: ReadProblem) -> None:
    answer = client.post("/v1/documents", files=[("file", ("a.txt", b"x")), ("file", ("b.txt", b"y"))])
    assert read_problem(answer)[:2] == (400, "bad_request")


@pytest.mark.parametrize(("kind", "told"), [("text/plain", "text/plain"), ("", "missing")])
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_other_types_of_content_are_refused(
    method: str, kind: str, told: str, client: TestClient, read_problem: ReadProblem
) -> None:
    path = "/v1/documents" if method == "POST" else "/v1/documents/doc_0"
    answer = client.request(method, path, content=b"text", headers={"content-type": kind})
    assert read_problem(answer) == (
        415,
        "media_type_unsupported",
        f"Content-Type is {told}; send a file as multipart/form-data, or text as application/json",
    )


# Reading

TALK = (
    "THE HARBOUR IN WINTER\n\nContents\n\nThe talk\t2\nThe quay\t9\n\nThe talk\n\n"
    "Mira Sol ran the port. The interview was conducted by Jon Ek.¹\n\n"
    "Jon Ek: Is the harbour open?\n\nMira Sol: It is. It was shut in May.²\n\n"
    "Jon Ek: Who shut it?\n\nMira Sol: The council did.\n\nThe quay\n\n"
    "By Ann Lee\n\nThe quay is a long one, and nobody had come down to it since the morning.\n\n"
    "1 Archive of Morava.\n2 Ibid.\n"
)


def test_a_document_tells_turns_contents_authors_and_what_a_note_refers_to(client: TestClient) -> None:
    added = client.post("/v1/documents", json={"source": "talk.txt", "text": TALK}).json()
    body = client.get(f"/v1/documents/{added['id']}").json()

    def read(place: dict[str, int]) -> str:
        return TALK[place["start"] : place["end"]]

    asks, answers = ("Jon Ek", "interviewer"), ("Mira Sol", "interviewee")
    assert [(t["n"], t["speaker"], t["role"], read(t)) for t in body["turns"]] == [
        (1, *asks, "Is the harbour open?"),
        (2, *answers, "It is. It was shut in May.²"),
        (3, *asks, "Who shut it?"),
        (4, *answers, "The council did."),
    ]
    assert read(body["contents"]) == "Contents\n\nThe talk\t2\nThe quay\t9"
    assert [(n["number"], n["refers_to"], [read(m) for m in n["markers"]]) for n in body["footnotes"]] == [
        (1, None, ["¹"]),
        (2, 1, ["²"]),
    ]
    assert {s["title"]: s["authors"] for s in body["sections"]}["The quay"] == ["Ann Lee"]
    found = client.post("/v1/search", json={"question": "harbour", "filters": {"speaker": "sol"}}).json()
    assert {p["citation"]["locator"]["speaker"] for p in found["passages"]} == {"Mira Sol"}
    assert {p["citation"]["locator"]["turn"] for p in found["passages"]} == {2, 4}
    found = client.post("/v1/search", json={"question": "quay", "filters": {"author": "Ann Lee"}}).json()
    assert [p["citation"]["locator"]["section"] for p in found["passages"]] == [["The quay"]]


def test_the_list_tells_each_document_by_source(library: TestClient, shelf: dict[str, str]) -> None:
    body = library.get("/v1/documents").json()
    pact, ports = body["documents"]
    assert body["generation"] == 2
    assert [pact.pop("added")[:2], ports.pop("added")[:2]] == ["20", "20"]
    text = library.get(f"/v1/documents/{shelf['pact.md']}/text")
    assert pact == {
        "id": shelf["pact.md"],
        "version": text.headers["x-pincite-version"],
        "source": "pact.md",
        "title": "The River Pact",
        "type": "report",
        "authors": ["Ada Lind", "Ben Okoro"],
        "date": "2021-05",
        "characters": len(text.text),
        "passages": pact["passages"],
        "twins": [],
        "twin_count": 0,
    }
    assert (ports["source"], ports["title"], ports["authors"]) == ("ports.txt", None, [])


def test_a_document_tells_its_record_and_structure(library: TestClient, shelf: dict[str, str]) -> None:
    text = library.get(f"/v1/documents/{shelf['pact.md']}/text").text
    body = library.get(f"/v1/documents/{shelf['pact.md']}").json()
    assert body.pop("added")
    assert body.pop("passages") == library.get("/v1/documents").json()["documents"][0]["passages"]
    sections, (note,) = body.pop("sections"), body.pop("footnotes")
    assert body == {
        "id": shelf["pact.md"],
        "version": f"sha256:{sha256(text.encode()).hexdigest()}",
        "source": "pact.md",
        "media_type": "text/markdown",
        "superseded_by": None,
        "characters": len(text),
        "record": {
            "title": "The River Pact",
            "author": [{"literal": "Ada Lind"}, {"given": "Ben", "family": "Okoro"}],
            "issued": "2021-05",
            "type": "report",
            "publisher": "Institute of Rivers",
            "language": "en",
            "support": body["record"]["support"],
        },
        "turns": [],
        "pages": [],
        "contents": None,
        "notes": [],
        "twins": [],
    }
    top = text.index("# The River Pact")
    origins, parties = text.index("## Origins"), text.index("## Parties")
    assert [
        (s["id"], s["parent"], s["level"], s["number"], s["title"], s["authors"], s["start"])
        for s in sections
    ] == [
        (0, None, 1, None, "The River Pact", [], top),
        (1, 0, 2, None, "Origins", [], origins),
        (2, 0, 2, None, "Parties", [], parties),
    ]
    marker = text.index("[^1]")
    assert note == {
        "number": 1,
        "text": "Archive of Morava, folder 12.",
        "start": text.index("[^1]:"),
        "end": note["end"],
        "markers": [{"start": marker, "end": marker + 4}],
        "refers_to": None,
    }
    assert text[note["start"] : note["end"]].strip() == "[^1]: Archive of Morava, folder 12."


def test_notes_that_are_lettered_keep_their_letters(client: TestClient) -> None:
    location = add(client, "A claim.[^a] More.[^07]\n\n[^a]: First.\n\n[^07]: Second.\n", "a.md").headers[
        "location"
    ]
    assert [note["number"] for note in client.get(location).json()["footnotes"]] == ["a", 7]


def test_the_canonical_text_is_served_to_the_letter(client: TestClient) -> None:
    text = "\ufeffOne\r\ntwo\rthree\u2028four 𝄞 five.\n"
    location = add(client, text).headers["location"]
    answer = client.get(f"{location}/text")
    version = sha256(text.encode()).hexdigest()
    assert answer.content == text.removeprefix("\ufeff").encode()
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["etag"] == f'"{version}"'
    assert answer.headers["x-pincite-version"] == f"sha256:{version}"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/text"),
        ("PUT", ""),
        ("DELETE", ""),
        ("GET", "?version=sha256:0"),
        ("GET", "/text?version=0"),
    ],
)
def test_an_unknown_document_is_not_found(
    method: str, path: str, client: TestClient, read_problem: ReadProblem
) -> None:
    add(client, RED)
    body = {"source": "a.txt", "text": BLUE} if method == "PUT" else None
    answer = client.request(method, f"/v1/documents/doc_nothing{path}", json=body)
    assert read_problem(answer)[:2] == (404, "not_found")
    assert found(client, "tower") == {RED}


@pytest.mark.parametrize(
    "id_", ["..%2f..%2fetc%2fpasswd", "%00", "a%0d%0aX-Evil:%201", "'%20OR%201=1--", "%ff"]
)
def test_an_odd_id_is_not_found_either(id_: str, library: TestClient, read_problem: ReadProblem) -> None:
    answer = library.get(f"/v1/documents/{id_}")
    assert read_problem(answer)[:2] == (404, "not_found")
    assert "x-evil" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/v1/documents", "/v1/documents/doc_0", "/v1/documents/doc_0/text", "/v1/passages/x"]
)
def test_without_an_index_that_is_the_reason(
    path: str, client: TestClient, read_problem: ReadProblem
) -> None:
    assert read_problem(client.get(path)) == (
        503,
        "no_index",
        "nothing has been added yet; POST /v1/documents adds a document",
    )


def test_documents_are_listed_while_the_encoder_loads(make_app: MakeApp, connect: Connect) -> None:
    first = connect(make_app())
    add(first, RED)
    started, gate = threading.Event(), threading.Event()

    def load(_config: object) -> HashEncoder:
        started.set()
        gate.wait(10)
        return HashEncoder()

    app = make_app(load)
    with ThreadPoolExecutor() as pool:
        warming = pool.submit(app.state.service.warm)
        started.wait(10)
        listed = connect(app).get("/v1/documents")
        assert not warming.done()
        gate.set()
    assert [document["source"] for document in listed.json()["documents"]] == ["a.txt"]


# Replacing


def test_a_replaced_document_keeps_its_id(client: TestClient) -> None:
    id_, old = identity(RED)
    _, new = identity(BLUE)
    add(client, RED)
    answer = client.put(f"/v1/documents/{id_}", json={"source": "b.txt", "text": BLUE})
    assert (answer.status_code, answer.json()["change"], answer.json()["id"]) == (200, "changed", id_)
    (row,) = client.get("/v1/documents").json()["documents"]
    assert (row["id"], row["version"], row["source"]) == (id_, new, "b.txt")
    assert old != new
    assert found(client, "tower") == {BLUE}


@pytest.mark.parametrize("form", ["sha256:{}", "{}"])
def test_the_version_before_is_still_there_and_says_what_replaced_it(form: str, client: TestClient) -> None:
    id_, old = identity(RED)
    _, new = identity(BLUE)
    add(client, RED)
    client.put(f"/v1/documents/{id_}", json={"source": "a.txt", "text": BLUE})
    asked = form.format(old.removeprefix("sha256:"))
    assert client.get(f"/v1/documents/{id_}/text?version={asked}").text == RED
    record = client.get(f"/v1/documents/{id_}?version={asked}").json()
    assert (record["version"], record["superseded_by"]) == (old, new)
    assert client.get(f"/v1/documents/{id_}").json()["superseded_by"] is None
    assert client.get(f"/v1/documents/{id_}/text").text == BLUE


def test_a_file_replaces_as_well(client: TestClient) -> None:
    id_, _ = identity(RED)
    add(client, RED)
    answer = client.put(f"/v1/documents/{id_}", files={"file": ("b.txt", BLUE.encode())})
    assert answer.json()["change"] == "changed"
    assert found(client, "tower") == {BLUE}


def test_the_same_content_changes_nothing(client: TestClient) -> None:
    id_, _ = identity(RED)
    add(client, RED)
    answer = client.put(f"/v1/documents/{id_}", json={"source": "a.txt", "text": RED})
    assert (answer.status_code, answer.json()["change"]) == (200, "unchanged")
    assert client.get("/v1/documents").json()["generation"] == 1


def test_a_replacement_that_cannot_be_read_leaves_the_document_as_it_is(
    client: TestClient, read_problem: ReadProblem
) -> None:
    id_, _ = identity(RED)
    add(client, RED)
    answer = client.put(f"/v1/documents/{id_}", json={"source": "a.txt", "text": ""})
    assert read_problem(answer)[:2] == (422, "document_unreadable")
    assert client.get(f"/v1/documents/{id_}/text").text == RED
    assert found(client, "tower") == {RED}


def test_two_documents_may_come_to_hold_the_same(client: TestClient) -> None:
    add(client, RED)
    id_, _ = identity(BLUE)
    add(client, BLUE, "b.txt")
    client.put(f"/v1/documents/{id_}", json={"source": "b.txt", "text": RED})
    versions = {d["id"]: d["version"] for d in client.get("/v1/documents").json()["documents"]}
    assert versions == {identity(RED)[0]: identity(RED)[1], id_: identity(RED)[1]}


# Removing


def test_a_removed_document_is_gone_at_once(client: TestClient, read_problem: ReadProblem) -> None:
    id_, _ = identity(RED)
    add(client, RED)
    add(client, BLUE, "b.txt")
    (passage,) = client.post("/v1/search", json={"question": "red", "top_k": 1}).json()["passages"]
    answer = client.delete(f"/v1/documents/{id_}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert found(client, "old red tower") == {BLUE}
    for path in (f"documents/{id_}", f"documents/{id_}/text", f"passages/{passage['passage_id']}"):
        assert read_problem(client.get(f"/v1/{path}"))[:2] == (410, "gone")


def test_a_document_can_be_removed_once(client: TestClient, read_problem: ReadProblem) -> None:
    id_, _ = identity(RED)
    add(client, RED)
    client.delete(f"/v1/documents/{id_}")
    assert read_problem(client.delete(f"/v1/documents/{id_}"))[:2] == (404, "not_found")


def test_a_removed_document_can_be_added_again(client: TestClient) -> None:
    id_, _ = identity(RED)
    add(client, RED)
    client.delete(f"/v1/documents/{id_}")
    assert add(client, RED).json()["id"] == id_
    assert found(client, "tower") == {RED}


# Meanwhile


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_while_another_process_writes_changes_are_told_to_come_back(
    method: str, make_app: MakeApp, connect: Connect, read_problem: ReadProblem, tmp_path: Path
) -> None:
    app = make_app()
    client = connect(app)
    add(client, RED)
    id_, _ = identity(RED)
    app.state.service.close()
    app.state.service = Service(Settings(data=tmp_path / "data"), lambda _: HashEncoder(), patience_s=0)
    app.state.service.encoder()
    path = "/v1/documents" if method == "POST" else f"/v1/documents/{id_}"
    with FileLock(tmp_path / "data" / "lock"):
        answer = client.request(method, path, json={"source": "b.txt", "text": BLUE})
        assert found(client, "tower") == {RED}
    app.state.service.close()
    assert read_problem(answer) == (
        503,
        "index_busy",
        "another process is writing to the index; try again in a moment",
    )


def local(app: FastAPI) -> httpx2.AsyncClient:
    """A client that sends many requests at a time."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://localhost")


class GatedEncoder(HashEncoder):
    """Stops at passages until the gate is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()
        self.stopped = threading.Event()

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        if not self.gate.is_set():
            self.stopped.set()
            assert self.gate.wait(30)
        return super().embed_passages(texts)


def test_questions_are_answered_while_a_document_is_added(make_app: MakeApp, connect: Connect) -> None:
    encoder = GatedEncoder()
    client = connect(make_app(lambda _: encoder))
    add(client, RED)
    encoder.gate.clear()
    with ThreadPoolExecutor() as pool:
        adding = pool.submit(add, client, BLUE, "b.txt")
        assert encoder.stopped.wait(10)
        meanwhile = [found(client, "tower") for _ in range(3)]
        assert not adding.done()
        encoder.gate.set()
    assert meanwhile == [{RED}] * 3
    assert adding.result().status_code == 201
    assert found(client, "tower") == {RED, BLUE}


def test_changes_that_wait_for_each_other_leave_room_for_questions(
    make_app: MakeApp, connect: Connect
) -> None:
    """A hundred changes would otherwise hold every thread of the pool until the first of them is done."""
    encoder = GatedEncoder()
    app = make_app(lambda _: encoder)
    add(connect(app), RED)
    encoder.gate.clear()

    async def scene() -> Response:
        async with local(app) as client:
            changes = [asyncio.create_task(client.post("/v1/documents", json={"source": "b", "text": BLUE}))]
            await asyncio.to_thread(encoder.stopped.wait, 10)
            changes += [asyncio.create_task(client.delete(f"/v1/documents/{n}")) for n in range(100)]
            try:
                return await asyncio.wait_for(client.post("/v1/query", json={"question": "tower"}), 10)
            finally:
                encoder.gate.set()
                await asyncio.gather(*changes)

    assert asyncio.run(scene()).status_code == 200


def test_many_changes_at_once_are_all_made(make_app: MakeApp) -> None:
    app = make_app()

    async def scene() -> list[Response]:
        async with local(app) as client:
            sent = [
                client.post("/v1/documents", json={"source": f"{n}.txt", "text": f"Tower number {n}."})
                for n in range(8)
            ]
            answers = await asyncio.gather(*sent)
            return [*answers, await client.get("/v1/documents")]

    *added, listed = asyncio.run(scene())
    assert [answer.status_code for answer in added] == [201] * 8
    assert {d["source"] for d in listed.json()["documents"]} == {f"{n}.txt" for n in range(8)}
