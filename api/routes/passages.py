"""Passages: `/v1/passages/{id}`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api import present
from api.routes.service import AnyService
from api.schemas import PassageContext

router = APIRouter(prefix="/v1", tags=["passages"])


@router.get("/passages/{passage_id}")
def passage(
    passage_id: str, service: AnyService, around: Annotated[int, Query(ge=0, le=10)] = 0
) -> PassageContext:
    """A passage with up to ten neighbours on each side, in reading order."""
    store = service.reader().store
    found = store.passage(passage_id, around)
    return PassageContext(
        passage_id=passage_id, passages=[present.passage_detail(stored, store) for stored in found]
    )
