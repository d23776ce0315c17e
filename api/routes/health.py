"""`/health` and `/ready`."""

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
