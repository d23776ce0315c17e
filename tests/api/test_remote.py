from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from api.remote import Remote
from corpus.records import Span
from eval.benchmark import Benchmark, Entry
from eval.errors import EvaluationError
from eval.records import GoldQuestion

_TEXTS = {"d1": "A quay.", "d2": "A tower.", "d3": "Bees."}
_BENCHMARK = Benchmark(
    "tiny", {id_: Entry(id_, text) for id_, text in _TEXTS.items()}, (GoldQuestion("q1", "Where?", ""),), {}
)
Serve = Callable[[int, object], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A service that gives every question the same answer; its address."""
    running: list[ThreadingHTTPServer] = []

    def start(status: int, answer: object) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                assert (self.path, asked) == ("/v1/search", {"question": "Where?", "top_k": 100})
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        running.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def _passage(score: float, **document: str) -> dict[str, Any]:
    spans = [{"start": 2, "end": 6}]
    return {"score": score, "text": "quay", "citation": {"document": document, "spans": spans}}


def test_documents_are_known_by_id_name_and_checksum(serve: Serve) -> None:
    from hashlib import sha256

    version = "sha256:" + sha256(b"Bees.").hexdigest()
    answer = {
        "passages": [
            _passage(0.9, id="d1", source="x", version="y"),
            _passage(0.8, id="doc_1", source="d2.txt", version="y"),
            _passage(0.7, id="doc_2", source="bees.md", version=version),
            _passage(0.6, id="doc_3", source="wasps.md", version="y"),
        ]
    }
    service = Remote(serve(200, answer), _BENCHMARK)
    response = service.ask(_BENCHMARK.questions[0])
    assert [(hit.document, hit.score) for hit in response.hits] == [("d1", 0.9), ("d2", 0.8), ("d3", 0.7)]
    assert (response.hits[0].spans, response.hits[0].text) == ((Span(2, 6),), "quay")
    assert (service.strange, list(response.timings_ms)) == ({"wasps.md"}, ["total"])
    service.check()


def test_other_places_of_a_text_are_its_copies_and_stand_in_for_strange_documents(serve: Serve) -> None:
    also = [
        {"document": "x", "source": "d2.txt", "passage_id": "p", "url": "/d/x?v=0&c=1-4,6-9#c=1-4,6-9"},
        {"document": "y", "source": "wasps.md", "passage_id": "p", "url": "/d/y?v=0&c=0-1#c=0-1"},
    ]
    passages = [
        _passage(0.9, id="d1", source="x", version="y") | {"also_in": also},
        _passage(0.8, id="doc_3", source="wasps.md", version="y") | {"also_in": also[:1]},
    ]
    first, second = Remote(serve(200, {"passages": passages}), _BENCHMARK).ask(_BENCHMARK.questions[0]).hits
    assert (first.document, [(c.document, c.spans) for c in first.copies]) == (
        "d1",
        [("d2", (Span(1, 4), Span(6, 9)))],
    )
    assert (second.document, second.spans, second.copies) == ("d2", (Span(1, 4), Span(6, 9)), ())


def test_a_service_of_other_documents_is_refused(serve: Serve) -> None:
    service = Remote(serve(200, {"passages": [_passage(1, id="x", source="wasps.md")]}) + "/", _BENCHMARK)
    service.ask(_BENCHMARK.questions[0])
    with pytest.raises(EvaluationError, match=r"none of the passages found is of a document .* wasps\.md"):
        service.check()


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        (503, {"detail": "the encoder is loading"}, "503 the encoder is loading"),
        (404, "nothing", "404 Not Found"),
        (200, {"results": []}, "not in the form of /v1/search (KeyError: 'passages')"),
        (200, [], "expected a JSON object, found a list"),
    ],
)
def test_what_a_service_says_instead_is_told(serve: Serve, status: int, answer: object, said: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        Remote(serve(status, answer), _BENCHMARK).ask(_BENCHMARK.questions[0])
    assert said in str(caught.value)


def test_a_service_that_is_not_there_is_told() -> None:
    with pytest.raises(EvaluationError, match=r"cannot be asked: .* is the service running"):
        Remote("http://127.0.0.1:9", _BENCHMARK).ask(_BENCHMARK.questions[0])


@pytest.mark.parametrize("url", ["", "localhost:8000", "file:///etc/passwd", "http://"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(EvaluationError, match="expected the address of a service"):
        Remote(url, _BENCHMARK)
