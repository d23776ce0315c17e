"""The hosted page: `/` asks, `/quote` verifies, `/s/{key}` does both for a site; by forms and addresses."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.pages.front import Front
from api.routes.desk import TheDesk
from api.routes.shown import Shown, form, pairs
from api.version import VERSION

router = APIRouter(tags=["pages"], route_class=Shown, default_response_class=HTMLResponse)
_OWN = Front()
_PATHS = (
    "/v1/query",
    "/v1/search",
    "/v1/chat/completions",
    "/v1/models",
    "/v1/documents",
    "/v1/passages/{id}",
    "/v1/citations/{id}",
    "/d",
    "/quote",
    "/health",
    "/ready",
    "/openapi.json",
)
_KIND = "application/x-www-form-urlencoded"
_FIELDS = {"type": "object", "additionalProperties": {"type": "string"}}
_FORM: dict[str, Any] = {"requestBody": {"content": {_KIND: {"schema": _FIELDS}}}}


@router.get("/")
async def show(request: Request, desk: TheDesk) -> Response:
    """The page that asks; with `q` it answers. For `Accept: application/json`, where to go from here."""
    accept = request.headers.get("accept", "")
    if "application/json" in accept and "text/html" not in accept:
        body = {"service": "Pincite", "version": VERSION, "paths": list(_PATHS)}
        return JSONResponse(body, headers={"Vary": "Accept"})
    answer = await desk.ask(_OWN, pairs(request.url.query))
    answer.headers["Vary"] = "Accept"
    return answer


@router.post("/", openapi_extra=_FORM)
async def post(request: Request, desk: TheDesk) -> Response:
    """The same by a form: the question stands in no address."""
    return await desk.ask(_OWN, await form(request, desk.admission))


@router.get("/quote")
async def show_quote(request: Request, desk: TheDesk) -> Response:
    """The page that verifies quotations; with `text` it gives a verdict."""
    return await desk.verify(_OWN, pairs(request.url.query))


@router.post("/quote", openapi_extra=_FORM)
async def post_quote(request: Request, desk: TheDesk) -> Response:
    """The same by a form."""
    return await desk.verify(_OWN, await form(request, desk.admission))


@router.get("/s/{key}")
async def show_site(key: str, request: Request, desk: TheDesk) -> Response:
    """The page of a site, under its name and within its limits."""
    return await desk.ask(desk.front(key), pairs(request.url.query))


@router.post("/s/{key}", openapi_extra=_FORM)
async def post_site(key: str, request: Request, desk: TheDesk) -> Response:
    """The same by a form."""
    return await desk.ask(desk.front(key), await form(request, desk.admission, key))


@router.get("/s/{key}/quote")
async def show_site_quote(key: str, request: Request, desk: TheDesk) -> Response:
    """The page of a site that verifies quotations."""
    return await desk.verify(desk.front(key), pairs(request.url.query))


@router.post("/s/{key}/quote", openapi_extra=_FORM)
async def post_site_quote(key: str, request: Request, desk: TheDesk) -> Response:
    """The same by a form."""
    return await desk.verify(desk.front(key), await form(request, desk.admission, key))
