"""Pages for people: `/d`, `/d/{id}`, `/p/{id}`, and the files they load."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from api.errors import RequestError
from api.links import place
from api.pages import reader
from api.pages.render import page, static
from api.problems import told
from api.routes.service import AnyService
from corpus.errors import PinciteError
from corpus.records import Span
from rag.permalink import resolve

_PLACES = re.compile(r"[0-9]{1,12}-[0-9]{1,12}(?:,[0-9]{1,12}-[0-9]{1,12}){0,99}")
_A_YEAR = "public, max-age=31536000, immutable"


class _Page(APIRoute):
    """A route whose errors are pages too."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def shown(request: Request) -> Response:
            try:
                return await handle(request)
            except PinciteError as error:
                status, detail = told(request, error)
                return page("problem.html", status, title=HTTPStatus(status).phrase, detail=detail)

        return shown


router = APIRouter(tags=["pages"], route_class=_Page, default_response_class=HTMLResponse)
Version = Annotated[str | None, Query(description="sha256 of a version, or its beginning")]
Places = Annotated[str | None, Query(description="what to highlight: `start-end,start-end` in code points")]


@router.get("/d")
def documents(service: AnyService) -> Response:
    """The documents of the collection."""
    return reader.library(service.reader().store)


@router.get("/d/{document_id}")
def document(document_id: str, service: AnyService, v: Version = None, c: Places = None) -> Response:
    """A document's text with its outline, pages, speakers and notes; cited places are highlighted."""
    version = v.removeprefix("sha256:") if v else None
    return reader.document(service.reader().store, document_id, version, _spans(c) if c else ())


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


def _spans(places: str) -> tuple[Span, ...]:
    if not _PLACES.fullmatch(places):
        raise RequestError(f"c is {places[:60]!r}; it must be places such as 120-180,240-260")
    pairs = [tuple(map(int, pair.split("-"))) for pair in places.split(",")]
    if any(start >= end for start, end in pairs):
        raise RequestError(f"c is {places[:60]!r}; a place must end behind its start")
    return tuple(Span(start, end) for start, end in pairs)
