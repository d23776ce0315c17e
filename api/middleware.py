"""Around every request: an id, a limit on the body, and no changes on behalf of foreign pages. Plain ASGI."""

from __future__ import annotations

import hmac
import json
import uuid
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import MEDIA_TYPE

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_CHANGES = "/v1/documents"  # the only path whose unsafe methods change the collection


class Guard:
    """Numbers requests, refuses bodies over the limit, and guards what changes the collection."""

    def __init__(self, app: ASGIApp, max_body_bytes: int, write_token: str) -> None:
        self._app = app
        self._limit = max_body_bytes
        self._token = write_token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope["request_id"] = f"req_{uuid.uuid4().hex[:16]}"
        headers = dict(scope["headers"])
        if refusal := self._refuse(scope, headers):
            await _refuse(send, request_id, *refusal)
            return
        started = False

        async def named(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request_id.encode()),
                    (b"x-content-type-options", b"nosniff"),
                ]
            await send(message)

        seen = 0

        async def limited() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._limit:
                raise _TooLargeError
            return message

        try:
            await self._app(scope, limited, named)
        except _TooLargeError:
            if not started:
                await _refuse(send, request_id, 413, "body_too_large", self._too_large())

    def _too_large(self) -> str:
        return f"the body is larger than {self._limit:,} bytes; send less, or raise max_body_mib"

    def _refuse(self, scope: Scope, headers: dict[bytes, bytes]) -> tuple[int, str, str] | None:
        length = headers.get(b"content-length", b"0")
        if not length.isdigit():
            return 400, "bad_request", "Content-Length is not a number"
        if int(length) > self._limit:
            return 413, "body_too_large", self._too_large()
        if scope["method"] in _SAFE or not scope["path"].startswith(_CHANGES):
            return None
        if headers.get(b"sec-fetch-site", b"none") not in (b"none", b"same-origin"):
            return 403, "forbidden", "changes are not accepted from pages of other origins"
        given = headers.get(b"authorization", b"")
        if self._token and not hmac.compare_digest(given, f"Bearer {self._token}".encode()):
            return 403, "forbidden", "this needs the write token: Authorization: Bearer …"
        return None


class _TooLargeError(Exception):
    """The body went over the limit while it was read."""


async def _refuse(send: Send, request_id: str, status: int, code: str, detail: str) -> None:
    body = json.dumps(
        {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
            "code": code,
            "request_id": request_id,
        }
    ).encode()
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"x-request-id", request_id.encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
