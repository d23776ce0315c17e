"""The HTTP application: `create_app(settings)`; nothing happens at import."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

from fastapi import FastAPI

from api import problems
from api.middleware import Guard
from api.routes import documents, health, passages, query
from api.service import LoadEncoder, Service
from api.settings import Settings
from api.version import VERSION
from index.encoder import load_encoder

_MIB = 1024 * 1024


def create_app(settings: Settings, load: LoadEncoder = load_encoder) -> FastAPI:
    """An application over one data folder. It loads in the background; `/ready` tells when it is done."""
    service = Service(settings, load)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        Thread(target=service.warm, name="warm", daemon=True).start()
        yield
        service.close()

    app = FastAPI(
        title="Pincite",
        summary="Question answering over your documents, every answer pinned to the exact characters it rests on.",
        version=VERSION,
        lifespan=lifespan,
        docs_url=None,  # both pages load scripts from other people's servers
        redoc_url=None,
        responses=problems.RESPONSES,
    )
    app.state.service = service
    app.add_middleware(
        Guard, max_body_bytes=settings.max_body_mib * _MIB, write_token=settings.write_token
    )
    problems.install(app)
    for room in (query, documents, passages, health):
        app.include_router(room.router)
    return app
