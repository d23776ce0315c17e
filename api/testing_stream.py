"""Fakes that ship: a site and a service whose every answer is a script, to see what a browser makes of it.

One server holds what a test puts there: pages under their paths, and for each site key what happens when a
question is asked. Two of them on different ports are a page and a service of different origins.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

Behaviour = Callable[["Exchange"], None]
Headers = Mapping[str, str]
_CORS = {"Vary": "Origin", "Access-Control-Expose-Headers": "Retry-After, X-Request-Id"}


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it came in; names of headers in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """Its body."""
        asked: dict[str, Any] = json.loads(self.body)
        return asked


class Exchange:
    """One question, and ways to answer it or to break off."""

    def __init__(self, handler: BaseHTTPRequestHandler, seen: Seen, server: Scripted) -> None:
        self._handler = handler
        self.seen = seen
        self.server = server

    def start(
        self, status: int = 200, kind: str = "text/event-stream; charset=utf-8", **headers: str
    ) -> None:
        """Send the head of a response; it says nothing of its length and ends with the connection."""
        self._handler.send_response(status)
        whole = {"Content-Type": kind, "Cache-Control": "no-store, no-transform", "Connection": "close"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {**whole, **self.server.allowing(self.seen), **named}.items():
            self._handler.send_header(name, value)
        self._handler.end_headers()

    def send(self, data: bytes) -> None:
        """Send a part of the body, now."""
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def whole(self, body: object, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        """Answer with JSON, or with text of another kind."""
        self.start(status, kind, **headers)
        self.send(body.encode() if isinstance(body, str) else json.dumps(body).encode())

    def pause(self, seconds: float) -> None:
        """Say nothing for so long; raises ConnectionResetError as soon as the reader goes."""
        connection, end = self._handler.connection, time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            connection.settimeout(left)
            with suppress(TimeoutError):
                if not connection.recv(1):
                    self.server.left.append(time.monotonic())
                    self.server.gone.set()
                    raise ConnectionResetError

    def drop(self) -> None:
        """Reset the connection as a machine does that falls over."""
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._handler.connection.close()


def streams(events: list[bytes], size: int = 0, pause_s: float = 0.0) -> Behaviour:
    """Send events whole, or in chunks of `size` bytes; with a pause after each event or chunk."""
    whole = b"".join(events)
    cuts = range(0, len(whole) + size, size) if size else ()
    chunks = [whole[a:b] for a, b in pairwise(cuts)] if size else events

    def behave(exchange: Exchange) -> None:
        exchange.start()
        for chunk in chunks:
            exchange.send(chunk)
            if pause_s:
                exchange.pause(pause_s)

    return behave


def held(events: list[bytes], first: int, gate: threading.Event, most_s: float = 30) -> Behaviour:
    """Send the first events, and the others when the gate opens."""

    def behave(exchange: Exchange) -> None:
        exchange.start()
        exchange.send(b"".join(events[:first]))
        gate.wait(most_s)
        exchange.send(b"".join(events[first:]))

    return behave


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Do another thing each time, the last one again."""
    left = list(behaviours)
    return lambda exchange: (left.pop(0) if len(left) > 1 else left[0])(exchange)


def refuses(status: int, code: str, **headers: str) -> Behaviour:
    """Answer with a problem document."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": "as the script says",
        "code": code,
        "request_id": "req_0123456789abcdef",
    }
    return lambda exchange: exchange.whole(body, status, "application/problem+json", **headers)


class Scripted:
    """A server on a free port of this machine, to be used as a context manager.

    `pages` are what GET answers, by path: (media type, body, headers). `sites` are what a question of a site
    key does; `passages` what the passage resource answers, or a status. `origins` may ask.
    """

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, bytes, Headers]] = {}
        self.sites: dict[str, Behaviour] = {}
        self.passages: dict[str, dict[str, Any] | int] = {}
        self.answers: dict[str, dict[str, Any]] = {}
        self.origins: set[str] = set()
        self.seen: list[Seen] = []
        self.left: list[float] = []  # when readers went before the end, on the monotonic clock
        self.gone = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # readers that go are no news

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_port)

    @property
    def url(self) -> str:
        """Its origin."""
        return f"http://127.0.0.1:{self.port}"

    def asked(self, key: str) -> list[Seen]:
        """The questions that came for a site key."""
        posts = [seen for seen in self.seen if seen.method == "POST" and seen.path.startswith("/v1/query")]
        return [seen for seen in posts if seen.json().get("site") == key]

    def put(self, path: str, html: str, **headers: str) -> str:
        """Put a page; its address."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = ("text/html; charset=utf-8", html.encode(), named)
        return self.url + path

    def allowing(self, seen: Seen) -> dict[str, str]:
        """The headers that let a page of another origin read an answer, where it may."""
        origin = seen.headers.get("origin")
        return _CORS | ({"Access-Control-Allow-Origin": origin} if origin in self.origins and origin else {})

    def __enter__(self) -> Scripted:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, exchange: Exchange) -> None:
        seen, path = exchange.seen, urlsplit(exchange.seen.path).path
        last = path.rpartition("/")[2]
        if seen.method == "OPTIONS":
            self._preflight(exchange)
        elif path == "/v1/query":
            self.sites.get(seen.json().get("site", ""), refuses(401, "unauthorised"))(exchange)
        elif path.startswith("/v1/site/"):
            told = {"key": last, "name": "Scripted", "allowed": seen.headers.get("origin") in self.origins}
            found = last in self.sites
            exchange.whole(
                told | {"page": f"{self.url}/s/{last}"},
                200 if found else 404,
                Access_Control_Allow_Origin="*",
            )
        elif path.startswith("/v1/passages/"):
            self._part(exchange, self.passages.get(last, 404))
        elif path.startswith("/v1/answers/"):
            self._part(exchange, self.answers.get(last, 404))
        elif path.startswith("/v1/conversations/"):
            exchange.start(204)
        else:
            self._page(exchange, path)

    def _page(self, exchange: Exchange, path: str) -> None:
        kind, body, headers = self.pages.get(path, ("text/plain", b"nothing here", {}))
        exchange.start(200 if path in self.pages else 404, kind, **headers)
        exchange.send(body)

    def _preflight(self, exchange: Exchange) -> None:
        allowed = exchange.seen.headers.get("origin") in self.origins
        more = {
            "Access-Control-Allow-Methods": "GET, POST, DELETE",
            "Access-Control-Allow-Headers": "content-type, accept",
            "Access-Control-Max-Age": "7200",
        }
        exchange.start(204 if allowed else 403, "text/plain", **(more if allowed else {}))

    @staticmethod
    def _part(exchange: Exchange, found: dict[str, Any] | int) -> None:
        if isinstance(found, int):
            refuses(found, "not_found")(exchange)
        else:
            exchange.whole(found)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        scripted = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                seen = Seen(self.command, self.path, headers, body)
                scripted.seen.append(seen)
                with suppress(OSError):
                    scripted._answer(Exchange(self, seen, scripted))
                self.close_connection = True

            do_GET = do_POST = do_OPTIONS = do_DELETE = _any  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Nothing is logged."""

        return Handler
