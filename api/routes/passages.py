"""Passages: `/v1/passages/{id}`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api import present
from api.passage_view import passage_view
from api.routes.query import Site
from api.routes.service import AnyService, TheAdmission
from api.schemas.views import PassageView

router = APIRouter(prefix="/v1", tags=["passages"])


@router.get("/passages/{passage_id}")
def passage(
    passage_id: str,
    request: Request,
    service: AnyService,
    admission: TheAdmission,
    around: Annotated[int, Query(ge=0, le=10)] = 0,
    site: Site = None,
) -> PassageView:
    """A passage with up to ten neighbours on each side, in reading order, and the text around them."""
    admission.read(request, site)
    store = service.reader().store
    found = store.passage(passage_id, around)
    wanted = next(stored for stored in found if stored.passage.id == passage_id)
    document = store.document(wanted.document_id, wanted.version)
    return PassageView(
        passage_id=passage_id,
        passages=[present.passage_detail(stored, store) for stored in found],
        view=passage_view(document, wanted, [stored for stored in found if stored is not wanted]),
    )
