"""Pages for people: `/d`, `/d/{id}`, `/p/{id}`, and the files they load."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from api.errors import RequestError
from api.links import place
from api.pages import reader
from api.pages.facsimile import WIDTH, has_pages
from api.pages.render import script, static
from api.routes.service import AnyService
from api.routes.shown import Shown
from corpus.records import Span
from index.errors import NotFoundError
from rag.permalink import resolve

_PLACES = re.compile(r"[0-9]{1,12}-[0-9]{1,12}(?:,[0-9]{1,12}-[0-9]{1,12}){0,99}")
_A_YEAR = "public, max-age=31536000, immutable"


router = APIRouter(tags=["pages"], route_class=Shown, default_response_class=HTMLResponse)
Version = Annotated[str | None, Query(description="sha256 of a version, or its beginning")]
PageNumber = Annotated[
    int, Query(ge=1, description="the page to show beside the text, where nothing is cited")
]
Places = Annotated[str | None, Query(description="what to highlight: `start-end,start-end` in code points")]


@router.get("/d")
def documents(
    service: AnyService,
    q: Annotated[str, Query(max_length=200, description="words of a title, an author or a file")] = "",
    page: Annotated[int, Query(ge=1, le=100_000, description="of the list")] = 1,
) -> Response:
    """The documents of the collection, a hundred at a time."""
    return reader.library(service.reader().store, q.strip(), page)


@router.get("/d/{document_id}")
def document(
    document_id: str, service: AnyService, v: Version = None, c: Places = None, page: PageNumber = 1
) -> Response:
    """A document's text with its outline, pages, speakers and notes; cited places are highlighted."""
    return reader.document(service.reader().store, document_id, _sha256(v), _spans(c) if c else (), page)


@router.get("/d/{document_id}/pages/{number}.png", response_class=Response)
def picture(
    document_id: str, number: int, service: AnyService, request: Request, v: Version = None
) -> Response:
    """A page of a PDF as it looks; `number` counts from 1."""
    stored = service.reader().store.document(document_id, _sha256(v))
    if not (has_pages(stored) and 0 < number <= len(stored.document.structure.pages)):
        raise NotFoundError(f"no picture of page {number} of document {document_id}: it has no such page")
    tag = f'"{stored.document.version[:32]}-{number}-{WIDTH}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}  # asked again: it may have been removed since
    if request.headers.get("If-None-Match") == tag:
        return Response(status_code=304, headers=headers)
    drawn = service.picture(stored, number - 1, WIDTH)
    return Response(drawn, media_type="image/png", headers=headers)


@router.get("/p/{id}", response_class=RedirectResponse, status_code=302)
def permalink(id: str, service: AnyService) -> Response:  # noqa: A002
    """To the place of a passage or a citation in its document, highlighted."""
    cited = resolve(service.reader().store, id).citation
    return RedirectResponse(place(cited.stored.document_id, cited.stored.version, cited.spans), 302)


@router.get("/static/{name}", response_class=Response)
def file(name: str) -> Response:
    """A file that pages load; its name says what it holds, so it never changes."""
    found = static(name)
    if not found:
        raise HTTPException(404, f"no file {name} here")
    content, media_type = found
    return Response(content, media_type=f"{media_type}; charset=utf-8", headers={"Cache-Control": _A_YEAR})


@router.get("/static/{bundle}/{name:path}", response_class=Response)
def module(bundle: str, name: str) -> Response:
    """A module that pages load; the bundle says what all of them hold."""
    found = script(bundle, name)
    if found is None:
        raise HTTPException(404, f"no module {name[:100]} here")
    return Response(found, media_type="text/javascript; charset=utf-8", headers={"Cache-Control": _A_YEAR})


def _sha256(version: str | None) -> str | None:
    return version.removeprefix("sha256:") if version else None


def _spans(places: str) -> tuple[Span, ...]:
    if not _PLACES.fullmatch(places):
        raise RequestError(f"c is {places[:60]!r}; it must be places such as 120-180,240-260")
    pairs = [tuple(map(int, pair.split("-"))) for pair in places.split(",")]
    if any(start >= end for start, end in pairs):
        raise RequestError(f"c is {places[:60]!r}; a place must end behind its start")
    return tuple(Span(start, end) for start, end in pairs)
