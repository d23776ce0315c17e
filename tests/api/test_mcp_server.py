"""Tools and resources, used with the official client: in memory, over HTTP, and over standard input."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import sleep
from typing import Any, TypeVar

import anyio
import httpx2
import pytest
import uvicorn
from fastapi import FastAPI
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult, TextContent, TextResourceContents
from starlette.testclient import TestClient

from api.mcp_server import mcp_server
from rag.testing import Scripted

QUESTION = "Which four states are parties?"
SAID = "Four states are parties: Arland, Belmark, Corvia and Dunmore."
TOOLS = ["search", "ask", "find_quote", "verify_quote", "get_document"]
MakeApp = Callable[..., FastAPI]
_Made = TypeVar("_Made")
Use = Callable[[Client], Awaitable[_Made]]


def use(app: Any, do: Use[_Made]) -> _Made:
    """Do something with a client that is connected in memory."""

    async def run() -> _Made:
        async with Client(mcp_server(app.state.service)) as client:
            return await do(client)

    return anyio.run(run)


def call(library: TestClient, tool: str, **arguments: object) -> CallToolResult:
    return use(library.app, lambda client: client.call_tool(tool, arguments))


def text(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def test_there_are_five_tools_that_only_read(library: TestClient) -> None:
    listed = use(library.app, lambda client: client.list_tools()).tools
    assert [tool.name for tool in listed] == TOOLS
    for tool in listed:
        assert tool.annotations
        assert (tool.annotations.read_only_hint, tool.annotations.destructive_hint) == (True, False)
        assert tool.description
        assert tool.output_schema


def test_an_answer_is_told_with_its_places_and_given_as_over_http(library: TestClient) -> None:
    result = call(library, "ask", question=QUESTION)
    over_http = library.post("/v1/query", json={"question": QUESTION, "top_k": 5}).json()
    given = result.structured_content
    for name in ("answer", "citations", "passages", "status", "confidence"):
        assert given[name] == over_http[name]
    told = text(result)
    assert told.startswith(f"{SAID} [1]\n\n[1] The River Pact › Parties › ") or told.startswith(
        f"{SAID} [1]\n\n[1] The River Pact › Parties ("
    )
    assert f"“{SAID}”" in told


def test_an_abstention_is_told_with_what_is_nearest(library: TestClient) -> None:
    told = text(call(library, "ask", question="Zebra xylophone quantum?"))
    assert told.startswith("The documents do not support an answer (confidence 0.")
    assert told.count("\n- ") == 3


def test_passages_are_ranked(library: TestClient) -> None:
    result = call(library, "search", question="harbour of Belmark", top_k=1)
    assert text(result).startswith("1. ports.txt (ports.txt ")
    assert "The harbour of Belmark opened in 1905." in text(result)
    assert len(result.structured_content["passages"]) == 1


@pytest.mark.parametrize(
    ("narrowed", "sources"),
    [
        ({"document": "ports.txt"}, {"ports.txt"}),
        ({"author": "okoro"}, {"pact.md"}),
        ({"section": "parties"}, {"pact.md"}),
        ({"date_from": "2022"}, set()),
        ({"speaker": "nobody"}, set()),
    ],
)
def test_a_search_can_be_narrowed(narrowed: dict[str, str], sources: set[str], library: TestClient) -> None:
    result = call(library, "search", question="Belmark", top_k=50, **narrowed)
    found = result.structured_content["passages"]
    assert {passage["citation"]["document"]["source"] for passage in found} == sources
    if not sources:
        assert text(result) == "No passage was found."


def test_a_quotation_is_found(library: TestClient) -> None:
    result = call(library, "find_quote", text="Its cranes lift 40 tonnes.")
    assert result.structured_content["matches"][0]["verdict"] == "exact"
    assert text(result).startswith("- exact, ports.txt (ports.txt 40–66; cit_")
    absent = text(call(library, "find_quote", text="Something that nobody ever wrote."))
    assert absent == "Nothing like it stands in the 2 documents of this collection."


def test_a_quotation_is_verified_against_what_is_claimed(library: TestClient) -> None:
    result = call(library, "verify_quote", text="Its cranes lift 40 tonnes.", author="Ada Lind")
    assert result.structured_content["verdict"] in ("misattributed", "exact")
    right = call(library, "verify_quote", text="Its cranes lift 40 tonnes.", document="ports.txt")
    assert text(right).startswith("exact: It stands there to the letter.")
    wrong = call(library, "verify_quote", text="Its cranes lift 40 tonnes.", document="pact.md")
    assert text(wrong).startswith("misattributed: ")


def test_a_document_is_read_part_by_part(library: TestClient) -> None:
    whole = library.get("/v1/documents").json()["documents"]
    (id_,) = [one["id"] for one in whole if one["source"] == "ports.txt"]
    canonical = library.get(f"/v1/documents/{id_}/text").text
    first = call(library, "get_document", document="ports.txt", length=20).structured_content
    rest = call(library, "get_document", document=id_, start=20).structured_content
    assert (first["start"], first["end"], rest["end"]) == (0, 20, len(canonical))
    assert first["text"] + rest["text"] == canonical
    beyond = call(library, "get_document", document=id_, start=10_000).structured_content
    assert (beyond["start"], beyond["end"], beyond["text"]) == (len(canonical), len(canonical), "")


def test_the_beginning_of_a_document_tells_its_sections(library: TestClient) -> None:
    told = text(call(library, "get_document", document="pact.md", length=10))
    assert told.startswith("The River Pact · Ada Lind, Ben Okoro · 2021-05 · doc_")
    assert "\n  - Origins (" in told
    assert "Origins" not in text(call(library, "get_document", document="pact.md", start=5, length=10))


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("ask", {"question": "Who?", "answer": "generative"}, "no language model is set up"),
        ("search", {"question": "   "}, "the question is empty"),
        ("search", {"question": "Who?", "document": "nowhere.txt"}, "nowhere.txt"),
        ("find_quote", {"text": "too short"}, "fewer than 12 characters"),
        ("verify_quote", {"text": "too short"}, "fewer than 12 characters"),
        ("get_document", {"document": "nowhere.txt"}, "nowhere.txt"),
        ("ask", {"question": "x" * 2001}, "at most 2000 characters"),
        ("ask", {"question": "Who?", "top_k": 101}, "less than or equal to 100"),
        ("ask", {}, "Field required"),
        ("search", {"question": "Who?", "date_from": "yesterday"}, "should match pattern"),
        ("get_document", {"document": "pact.md", "start": -1}, "greater than or equal to 0"),
    ],
)
def test_what_is_wrong_is_told_to_the_model(
    tool: str, arguments: dict[str, object], told: str, library: TestClient
) -> None:
    result = call(library, tool, **arguments)
    assert result.is_error
    assert told in text(result)


def test_without_an_index_the_reason_names_no_path(client: TestClient, tmp_path: Path) -> None:
    result = call(client, "ask", question="Who?")
    assert result.is_error
    assert "nothing has been added yet" in text(result)
    assert str(tmp_path) not in text(result)


def test_resources_are_the_documents_and_passages(library: TestClient) -> None:
    async def read(client: Client, uri: str) -> str:
        (content,) = (await client.read_resource(uri)).contents
        assert isinstance(content, TextResourceContents)
        return content.text

    listed = library.get("/v1/documents").json()["documents"]
    assert json.loads(use(library.app, lambda c: read(c, "pincite://documents"))) == listed
    id_ = listed[0]["id"]
    canonical = use(library.app, lambda c: read(c, f"pincite://documents/{id_}"))
    assert canonical == library.get(f"/v1/documents/{id_}/text").text
    passage = library.post("/v1/search", json={"question": "pact"}).json()["passages"][0]["passage_id"]
    told = json.loads(use(library.app, lambda c: read(c, f"pincite://passages/{passage}")))
    assert told == library.get(f"/v1/passages/{passage}").json()["passages"][0]
    templates = use(library.app, lambda client: client.list_resource_templates()).resource_templates
    assert [one.uri_template for one in templates] == [
        "pincite://documents/{id}",
        "pincite://passages/{id}",
    ]


@pytest.mark.parametrize("uri", ["pincite://documents/doc_none", "pincite://passages/psg_none"])
def test_a_resource_that_is_not_here_is_told(uri: str, library: TestClient) -> None:
    async def read(client: Client) -> str:
        with pytest.raises(MCPError) as raised:
            await client.read_resource(uri)
        return str(raised.value)

    assert uri.rpartition("/")[2] in use(library.app, read)


def test_a_language_model_answers_where_there_is_one(make_app: MakeApp) -> None:
    app = make_app()
    app.state.service._generator = Scripted("The pact was signed in Morava in 1998 [1].")
    app.state.service.encoder()
    client = TestClient(app, base_url="http://localhost:8000")
    client.post("/v1/documents", json={"source": "a.txt", "text": "The pact was signed in Morava in 1998.\n"})
    result = call(client, "ask", question="When was the pact signed?")
    assert result.structured_content["generator"]["outcome"] == "answered"


@pytest.fixture(scope="module")
def address(library: TestClient) -> Iterator[str]:
    """The library on a real socket."""
    server = uvicorn.Server(
        uvicorn.Config(library.app, port=0, log_level="error", http="h11", lifespan="off")
    )
    running = threading.Thread(target=server.run, daemon=True)
    running.start()
    while not server.started:
        sleep(0.005)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    running.join(5)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_over_http_the_tools_are_the_same(address: str, mode: str) -> None:
    async def run() -> tuple[list[str], CallToolResult]:
        async with Client(f"{address}/mcp", mode=mode) as client:
            listed = [tool.name for tool in (await client.list_tools()).tools]
            return listed, await client.call_tool("ask", {"question": QUESTION})

    listed, result = anyio.run(run)
    assert listed == TOOLS
    assert result.structured_content["answer"]["text"] == SAID


def test_pages_of_other_origins_cannot_use_the_tools(library: TestClient) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    answer = library.post("/mcp", json=body, headers={"origin": "http://evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_what_is_no_message_of_the_protocol_is_refused(address: str) -> None:
    headers = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
    for content in (b"{", b"[]", b'{"jsonrpc": "1.0"}'):
        answer = httpx2.post(f"{address}/mcp", content=content, headers=headers)
        assert 400 <= answer.status_code < 500


@asynccontextmanager
async def over_stdio(data: Path) -> AsyncIterator[Client]:
    """A client of the command line in a process of its own."""
    parameters = StdioServerParameters(
        command=sys.executable, args=["-m", "api", "mcp", "--data", str(data)], env={"HF_HUB_OFFLINE": "1"}
    )
    async with Client(stdio_client(parameters)) as client:
        yield client


def test_over_standard_input_the_tools_are_the_same(tmp_path: Path) -> None:
    """Without an index, and so without the encoder: what it is for is tested above."""

    async def run() -> tuple[list[str], CallToolResult]:
        async with over_stdio(tmp_path / "data") as client:
            listed = [tool.name for tool in (await client.list_tools()).tools]
            return listed, await client.call_tool("find_quote", {"text": "It governs the use of water."})

    listed, result = anyio.run(run)
    assert listed == TOOLS
    assert result.is_error
    assert "nothing has been added yet" in text(result)
