"""Around every request: an id, a limit on the body, a name we answer to, and no changes for foreign pages.

Plain ASGI: it sees requests before anything reads them, and answers of routes and refusals alike.
"""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Collection, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.origins import foreign
from api.problems import problem

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_CHANGES = "/v1/documents"  # the only path whose unsafe methods change the collection
_TOOLS = "/mcp"  # not for pages: its protocol has clients that are none
_HEADERS = (  # of every answer that has none of its own
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_DIGITS = 18  # of a Content-Length; more are no length of anything


class Guard:
    """Numbers requests, refuses bodies over the limit and foreign names, guards what changes the collection.

    `hosts` are the names that requests may be addressed to, empty for any: a page that points its own name at
    this machine (DNS rebinding) is of the same origin to the browser, but cannot ask under another name.
    """

    def __init__(self, app: ASGIApp, max_body_bytes: int, write_token: str, hosts: Collection[str]) -> None:
        self._app = app
        self._limit = max_body_bytes
        self._token = write_token.encode()
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope["request_id"] = f"req_{uuid.uuid4().hex[:16]}"

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                known = {name for name, _ in message["headers"]}
                ours = ((b"x-request-id", request_id.encode()), *_HEADERS)
                message["headers"] = [*message["headers"], *(one for one in ours if one[0] not in known)]
            await send(message)

        seen = 0

        async def limited() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._limit:
                raise HTTPException(413, self._too_large())
            return message

        if refusal := self._refuse(scope, dict(scope["headers"])):
            answer = problem(Request(scope), *refusal)
            answer.headers["Connection"] = "close"  # its body, if it has one, stays unread
            await answer(scope, receive, named)
        else:
            await self._app(scope, limited, named)

    def _too_large(self) -> str:
        return f"the body is larger than {self._limit:,} bytes; send less, or raise max_body_mib"

    def _refuse(self, scope: Scope, headers: Mapping[bytes, bytes]) -> tuple[int, str, str] | None:
        length, host = headers.get(b"content-length", b"0"), headers.get(b"host", b"").decode("latin-1")
        if b"transfer-encoding" in headers and b"content-length" in headers:  # a proxy may read the other one
            return 400, "bad_request", "a body has a Content-Length or a Transfer-Encoding, not both"
        if not length.isdigit():
            return 400, "bad_request", "Content-Length is not a number"
        if len(length) > _DIGITS or int(length) > self._limit:
            return 413, "body_too_large", self._too_large()
        if self._hosts and _name(host) not in self._hosts:
            return (
                403,
                "forbidden",
                "this server does not answer to that name; its setting `hosts` lists those it does",
            )
        if scope["path"] == _TOOLS and foreign(headers, host):
            return 403, "forbidden", "tools are not open to pages of other origins"
        if scope["method"] in _SAFE or not scope["path"].startswith(_CHANGES):
            return None
        if foreign(headers, host):
            return 403, "forbidden", "changes are not accepted from pages of other origins"
        given = headers.get(b"authorization", b"")
        if self._token and not hmac.compare_digest(given, b"Bearer " + self._token):
            return 403, "forbidden", "this needs the write token: Authorization: Bearer …"
        return None


def _name(host: str) -> str:
    """The name in a Host header, without its port."""
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdigit() else host.lower()
