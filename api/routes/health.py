"""`/health`, `/ready`, and what stands at the root."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from api.routes.service import AnyService
from api.version import VERSION
from index.codes import LateMode

router = APIRouter(tags=["service"])


class Health(BaseModel):
    """The process is alive."""

    status: str
    version: str


class Ready(BaseModel):
    """Questions are answered."""

    status: str
    generation: int
    passages: int
    encoder: str
    late: str  # what is kept of tokens for late interaction; off where nothing is
    reranker: str | None  # a second model, where one is set


class Root(BaseModel):
    """Where to go from here."""

    service: str
    version: str
    paths: list[str]


@router.get("/health")
async def health() -> Health:
    """200 as long as the process is alive."""
    return Health(status="ok", version=VERSION)


@router.get("/ready")
def ready(service: AnyService) -> Ready:
    """200 when an index is open and the encoder is loaded; 503 with the reason until then."""
    if obstacle := service.obstacle():
        raise obstacle
    snapshot = service.reader().snapshot()
    return Ready(
        status="ready",
        generation=snapshot.number,
        passages=len(snapshot),
        encoder=service.encoder().identity.model,
        late=(snapshot.codec.mode if snapshot.has_tokens else LateMode.OFF).value,
        reranker=service.settings.reranker or None,
    )


@router.get("/")
async def root() -> Root:
    """What this is, and where to go."""
    return Root(
        service="Pincite",
        version=VERSION,
        paths=[
            "/v1/query",
            "/v1/search",
            "/v1/chat/completions",
            "/v1/models",
            "/v1/documents",
            "/v1/passages/{id}",
            "/v1/citations/{id}",
            "/d",
            "/health",
            "/ready",
            "/openapi.json",
        ],
    )
