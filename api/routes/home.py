"""The hosted page: `/` asks, `/quote` verifies; by a form, or by an address that says what is asked."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException

from api.pages import home, quotation
from api.pages.answered import Result, answered, sources
from api.pages.asked import Asked, Pairs, Quoted
from api.pages.front import Collection, Front
from api.pages.home import Part, Trouble
from api.problems import told
from api.quotes import verdict
from api.routes.query import answers_of
from api.routes.service import AnyService
from api.routes.shown import Shown, form, pairs
from api.schemas import QueryOut
from api.service import Service
from api.version import VERSION
from corpus.errors import PinciteError

router = APIRouter(tags=["pages"], route_class=Shown, default_response_class=HTMLResponse)
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
_FORM: dict[str, Any] = {
    "requestBody": {
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {"type": "object", "additionalProperties": {"type": "string"}}
            }
        }
    }
}
_TITLES = {
    422: "That cannot be asked",
    503: "Not ready yet",
    500: "Something went wrong",
}


@router.get("/")
async def show(request: Request, service: AnyService) -> Response:
    """The page that asks; with `q` it answers. For `Accept: application/json`, where to go from here."""
    if _wants_json(request):
        body = {"service": "Pincite", "version": VERSION, "paths": list(_PATHS)}
        return JSONResponse(body, headers={"Vary": "Accept"})
    answer = await run_in_threadpool(ask, request, service, Front(), pairs(request.url.query))
    answer.headers["Vary"] = "Accept"
    return answer


@router.post("/", openapi_extra=_FORM)
async def post(request: Request, service: AnyService) -> Response:
    """The same by a form: the question stands in no address."""
    given = await form(request)
    if _part(given) is Part.SOURCES:
        return await retell(request, service, Front(), given)
    return await run_in_threadpool(ask, request, service, Front(), given)


@router.get("/quote")
async def show_quote(request: Request, service: AnyService) -> Response:
    """The page that verifies quotations; with `text` it gives a verdict."""
    return await run_in_threadpool(verify, request, service, Front(), pairs(request.url.query))


@router.post("/quote", openapi_extra=_FORM)
async def post_quote(request: Request, service: AnyService) -> Response:
    """The same by a form."""
    return await run_in_threadpool(verify, request, service, Front(), await form(request))


def ask(request: Request, service: Service, front: Front, given: Pairs) -> Response:
    """The page for what a form or an address asks."""
    asked = Asked.read(given)
    collection = Collection.of(service)
    if asked.question:
        _be_visited(request)
    if collection.missing or collection.empty:
        return home.show(front, collection, asked, status=503 if collection.missing else 200)
    part = _part(given)
    try:
        if not asked.question:
            service.require_encoder()
            return home.show(front, collection, asked)
        result = answered(service, asked.checked(), wanted=part is Part.WHOLE)
        return home.show(front, collection, asked, result, part=part)
    except PinciteError as error:
        trouble, status = _trouble(request, error)
        return home.show(front, collection, asked, trouble=trouble, status=status)


async def retell(request: Request, service: Service, front: Front, given: Pairs) -> Response:
    """The page of an answer that was given lately, without the passages that were not cited."""
    found = QueryOut.model_validate_json(answers_of(request).find(dict(given).get("id", "")))
    store = await run_in_threadpool(lambda: service.reader().store)
    cited = await run_in_threadpool(sources, found, store)
    collection = await run_in_threadpool(Collection.of, service)
    asked = Asked.read(given).asking(found.standalone_question)
    return home.show(front, collection, asked, Result(found, cited), part=Part.SOURCES)


def verify(request: Request, service: Service, front: Front, given: Pairs) -> Response:
    """The page for a quotation."""
    quoted = Quoted.read(given)
    collection = Collection.of(service)
    if not quoted.text:
        return quotation.show(front, collection, quoted)
    _be_visited(request)
    try:
        found = verdict(service.verify_quote(quoted.text, quoted.claim()))
        return quotation.show(front, collection, quoted, found)
    except PinciteError as error:
        trouble, status = _trouble(request, error)
        return quotation.show(front, collection, quoted, trouble=trouble, status=status)


def _part(given: Pairs) -> Part:
    wanted = dict(given).get("part", "")
    return Part(wanted) if wanted in list(Part) else Part.WHOLE


def _trouble(request: Request, error: PinciteError) -> tuple[Trouble, int]:
    status, detail = told(request, error)
    title = _TITLES.get(status, "That did not work")
    return Trouble(title, detail[:1].upper() + detail[1:], passing=status == 503), status


def _be_visited(request: Request) -> None:
    """Do no work for an address that a page of others loads as a picture, or that is fetched in advance."""
    site, mode = (request.headers.get(f"sec-fetch-{name}", "") for name in ("site", "mode"))
    elsewhere = site not in ("", "none", "same-origin") and mode != "navigate"
    if elsewhere or "prefetch" in request.headers.get("sec-purpose", ""):
        raise HTTPException(403, "This page answers when it is visited.")


def _wants_json(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return "application/json" in accept and "text/html" not in accept
