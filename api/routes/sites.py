"""For pages of sites: what is known of a site, `/v1/site/{key}`, and conversations to forget."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.links import hosted, public
from api.routes.service import AnyService, TheAdmission, TheConversations
from api.schemas.sites import SiteOut

router = APIRouter(tags=["sites"])


@router.get("/v1/site/{key}")
async def site(
    key: str, request: Request, response: Response, service: AnyService, admission: TheAdmission
) -> SiteOut:
    """What a page may know of its site: whether its origin may ask, and where the hosted page is."""
    found = admission.sites.find(key)
    outside = admission.outside(request)
    base = public(service.settings, str(request.base_url))
    response.headers.update({"Cache-Control": "no-store", "Vary": "Origin"})
    return SiteOut(
        key=found.key,
        name=found.name,
        allowed=outside is None or found.allows(outside),
        page=base + hosted(found.key),
    )


@router.delete("/v1/conversations/{token}", status_code=204)
async def forget(
    token: str, request: Request, admission: TheAdmission, conversations: TheConversations
) -> None:
    """Keep nothing of a conversation; one that is not kept is none already."""
    owner = conversations.site(token)
    if owner is not None:
        admission.site(request, owner or None)
        conversations.forget(token)
