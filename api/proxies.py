"""Where requests come from: the address of a client behind proxies of ours, which nobody can forge."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

_LONGEST = 64  # characters of an address
_SCHEMES = frozenset({"http", "https"})


class Proxies:
    """Tells what is inside who asks: the address that the outermost proxy of ours saw.

    Each proxy adds the address of whoever connected to it to X-Forwarded-For. What stands before those
    additions was sent by the client, and is not believed; without proxies nothing in that header is.
    """

    def __init__(self, app: ASGIApp, trusted: int) -> None:
        """`trusted` is how many proxies stand in front of us."""
        self._app = app
        self._trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._trusted:
            headers = Headers(scope=scope)
            hops = [hop.strip() for line in headers.getlist("x-forwarded-for") for hop in line.split(",")]
            peer = scope["client"] or ("", 0)
            chain = [*filter(None, hops), peer[0]]
            seen = chain[-self._trusted - 1] if len(chain) > self._trusted else chain[0]
            scope["client"] = (_bare(seen)[:_LONGEST], peer[1])
            if (scheme := headers.get("x-forwarded-proto", "").lower()) in _SCHEMES:
                scope["scheme"] = scheme
        await self._app(scope, receive, send)


def _bare(address: str) -> str:
    """An address without the port and the brackets that some proxies put around it."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address
