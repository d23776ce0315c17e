"""What pages of other origins may read: CORS for the few doors that sites ask at, and nothing elsewhere.

Plain ASGI, around everything: answers of routes and refusals of the guard alike carry the headers, so that a
browser can tell its page what went wrong. Never with credentials, and `*` only where nothing is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import OriginDeniedError
from api.problems import problem

_MAX_AGE_S = 7_200  # that a browser remembers what a preflight said; Chromium's longest


@dataclass(frozen=True, slots=True)
class Door:
    """Paths that pages of other origins may reach, by one method; `public` to any origin."""

    path: str
    method: str
    public: bool = False

    def holds(self, path: str) -> bool:
        """Whether it is the door of a path; one that ends in a slash, of everything below."""
        return path == self.path or (self.path.endswith("/") and path.startswith(self.path))


DOORS = (
    Door("/v1/query", "POST"),
    Door("/v1/answers/", "GET"),
    Door("/v1/passages/", "GET"),
    Door("/v1/conversations/", "DELETE"),
    Door("/v1/site/", "GET", public=True),
    Door("/w/", "GET", public=True),
)


class Cors:
    """Adds what a browser looks for: `allow` tells whether a site lets in pages of an origin."""

    def __init__(self, app: ASGIApp, allow: Callable[[str], bool]) -> None:
        self._app = app
        self._allow = allow

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = _door(scope["path"]) if scope["type"] == "http" else None
        if door is None:
            await self._app(scope, receive, send)
            return
        scope["cors"] = shared = self._shared(door, Headers(scope=scope))

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(shared)
                if not door.public and "origin" not in headers.get("vary", "").lower():
                    headers.add_vary_header("Origin")
            await send(message)

        await self._app(scope, receive, told)

    def _shared(self, door: Door, asked: Headers) -> dict[str, str]:
        origin = asked.get("origin")
        if door.public:
            return {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "X-Request-Id"}
        if origin is None or not self._allow(origin):
            return {}
        return {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Expose-Headers": "Retry-After, X-Request-Id",
        }


class Preflight:
    """Answers a browser that asks whether a page may ask; inside of the guard, which refuses other names."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = _door(scope["path"]) if scope["type"] == "http" and scope["method"] == "OPTIONS" else None
        if door is None or "access-control-request-method" not in Headers(scope=scope):
            await self._app(scope, receive, send)
            return
        await self._answer(door, Request(scope))(scope, receive, send)

    def _answer(self, door: Door, request: Request) -> Response:
        if not request.scope.get("cors"):
            return problem(request, 403, OriginDeniedError.code, "no site lets in pages of this origin")
        headers = {
            "Access-Control-Allow-Methods": door.method,
            "Access-Control-Allow-Headers": "Content-Type",
            "Access-Control-Max-Age": str(_MAX_AGE_S),
        }
        return Response(status_code=204, headers=headers)


def _door(path: str) -> Door | None:
    return next((door for door in DOORS if door.holds(path)), None)
