"""The HTTP application: `create_app(settings)`; nothing happens at import."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from starlette.routing import Route

from api import problems
from api.admission import Admission
from api.answers import Answers
from api.conversations import Conversations
from api.cors import Cors, Preflight
from api.middleware import Guard
from api.origins import own
from api.proxies import Proxies
from api.routes import (
    citations,
    completions,
    demo,
    documents,
    health,
    home,
    pages,
    passages,
    query,
    quotes,
    sites,
    widget,
)
from api.routes.tools import ToolDoor
from api.service import LoadEncoder, Service
from api.settings import Settings
from api.sites import Sites
from api.version import VERSION
from index.encoder import load_encoder
from rag.protocols import Generator

_MIB = 1024 * 1024
_FETCHES = 4  # documents of the web at once: each holds a thread while its server takes its time
_PATIENCE_S = 10  # with an encoder that is still loading when the server is told to end


def create_app(
    settings: Settings, load: LoadEncoder = load_encoder, generator: Generator | None = None
) -> FastAPI:
    """An application over one data folder. It loads in the background; `/ready` tells when it is done.

    `generator` stands in for the language model that the settings name.
    """
    service = Service(settings, load, generator=generator)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        warming = Thread(target=service.warm, name="warm", daemon=True)
        warming.start()
        yield
        await tools.close()
        service.close()
        await run_in_threadpool(warming.join, _PATIENCE_S)

    app = FastAPI(
        title="Pincite",
        summary="Answers from your documents, each pinned to the exact characters it rests on.",
        version=VERSION,
        lifespan=lifespan,
        docs_url=None,  # both pages load scripts from other people's servers
        redoc_url=None,
        redirect_slashes=False,  # a redirect would repeat whatever name the Host header claims
        responses=problems.RESPONSES,
    )
    app.state.service = service
    app.state.changing = asyncio.Lock()
    app.state.fetching = asyncio.Semaphore(_FETCHES)
    app.state.answers = Answers()
    app.state.conversations = Conversations()
    app.state.admission = Admission(
        Sites(settings.data), own(settings.public_url), settings.address_per_minute
    )
    tools = ToolDoor(service)
    app.add_middleware(Preflight)  # the last one that is added is the first one that is asked
    app.add_middleware(
        Guard,
        max_body_bytes=settings.max_body_mib * _MIB,
        write_token=settings.write_token,
        hosts=_names(settings),
    )
    app.add_middleware(Cors, allow=app.state.admission.allow)
    app.add_middleware(Proxies, trusted=settings.trusted_proxies)
    problems.install(app)
    problems.describe(app)
    for room in (
        query,
        sites,
        widget,
        completions,
        quotes,
        documents,
        passages,
        citations,
        home,
        demo,
        pages,
        health,
    ):
        app.include_router(room.router)
    app.router.routes.append(Route(ToolDoor.PATH, tools, name="mcp"))
    return app


def _names(settings: Settings) -> tuple[str, ...]:
    """The names we answer to: those that are set, and this machine's own where nobody else can reach us."""
    own = settings.host in ("localhost", "::1") or settings.host.startswith("127.")
    return (*settings.hosts, *(("localhost", "127.0.0.1", "[::1]", settings.host) if own else ()))
