"""Tools for agents over HTTP: `/mcp`, in the Model Context Protocol (streamable HTTP, stateless)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from api.service import Service

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager


class ToolDoor:
    """An application that begins with its first request: what it needs takes half a second to load."""

    PATH: ClassVar = "/mcp"

    def __init__(self, service: Service) -> None:
        self._service = service
        self._beginning: asyncio.Lock | None = None
        self._manager: StreamableHTTPSessionManager | None = None
        self._running: asyncio.Task[None] | None = None
        self._end = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        request.app.state.admission.knock(request)
        manager = await self._begun()
        await manager.handle_request(scope, receive, send)

    async def close(self) -> None:
        """End what is running."""
        self._end.set()
        if self._running:
            await self._running

    async def _begun(self) -> StreamableHTTPSessionManager:
        self._beginning = self._beginning or asyncio.Lock()
        async with self._beginning:
            if self._manager is None:
                manager = await run_in_threadpool(self._make)
                ready = asyncio.Event()
                self._running = asyncio.create_task(self._run(manager, ready))
                await ready.wait()
                self._manager = manager
            return self._manager

    def _make(self) -> StreamableHTTPSessionManager:
        from mcp.server.transport_security import TransportSecuritySettings

        from api.mcp_server import mcp_server

        server = mcp_server(self._service)
        server.streamable_http_app(
            json_response=True,
            stateless_http=True,  # each call stands for itself, and any process can answer it
            max_request_body_size=self._service.settings.max_body_mib * 1024 * 1024,
            # The middleware around the whole application looks at names and origins already.
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        return server.session_manager

    async def _run(self, manager: StreamableHTTPSessionManager, ready: asyncio.Event) -> None:
        """Hold it open in one task, as its groups of tasks must be left where they were entered."""
        async with manager.run():
            ready.set()
            await self._end.wait()
