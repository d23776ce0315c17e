"""Fakes that ship: an OpenAI-compatible server that says what a model says, or misbehaves as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from rag.protocols import Generator
from rag.records import Message, MessageRole

Behaviour = Callable[["Request"], None]


class Request:
    """One request to the fake server, and ways to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: dict[str, Any], gone: threading.Event) -> None:
        self._handler = handler
        self.body = body
        self._gone = gone

    def start(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        """Send the head of a response."""
        self._handler.send_response(status)
        for name, value in {"Content-Type": kind, "Connection": "close", **headers}.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()

    def send(self, data: bytes) -> None:
        """Send a part of the body."""
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def say(self, text: str, finish: str | None = None) -> None:
        """Stream a piece of text."""
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
        self.send(b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n")

    def whole(self, body: object, status: int = 200) -> None:
        """Answer with JSON."""
        self.start(status, "application/json")
        self.send(json.dumps(body).encode())

    def wait(self, seconds: float = 30) -> None:
        """Say nothing until the client goes, or for so long; that it went is kept by the server."""
        self._handler.connection.settimeout(seconds)
        with suppress(TimeoutError):
            if not self._handler.connection.recv(1):
                self._gone.set()
                raise ConnectionResetError


class FakeEndpoint:
    """An OpenAI-compatible server on a free port of this machine, to be used as a context manager.

    It says what `generator` says, or does what `behave` does with each request in turn, the last one again.
    """

    def __init__(
        self, generator: Generator | None = None, *behave: Behaviour, models: tuple[str, ...] = ("fake-1",)
    ) -> None:
        self._models = models
        self._behave = list(behave) or [self._say(generator)] if generator or behave else []
        self.asked: list[dict[str, Any]] = []  # bodies of requests
        self.keys: list[str | None] = []  # their Authorization
        self.gone = threading.Event()  # a client went before the end
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        """Its address, as it is set."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> FakeEndpoint:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                listed = [{"id": name, "object": "model"} for name in fake._models]
                Request(self, {}, fake.gone).whole({"object": "list", "data": listed})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                fake.asked.append(body)
                fake.keys.append(self.headers["Authorization"])
                behave = fake._behave[min(len(fake.asked), len(fake._behave)) - 1]
                with suppress(OSError):
                    behave(Request(self, body, fake.gone))
                self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Nothing is logged."""

        return Handler

    @staticmethod
    def _say(generator: Generator | None) -> Behaviour:
        assert generator

        def say(request: Request) -> None:
            request.start()
            for piece in _answer(generator, request.body):
                request.say(piece)
            request.say("", "stop")
            request.send(b"data: [DONE]\n\n")

        return say


def _answer(generator: Generator, body: dict[str, Any]) -> Iterator[str]:
    sent = [Message(MessageRole(one["role"]), one["content"]) for one in body["messages"]]
    yield from generator.generate(sent, threading.Event())
