"""Citations by id: `/v1/citations/{id}`, one or several, as JSON or for a bibliography."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api import present
from api.links import public
from api.lookup import Found, look_up
from api.routes.service import AnyService
from api.schemas.citations import CitationDetail, CitationList, DocumentCitation
from api.schemas.fields import CitationFormat
from api.service import Service
from rag.export import Format, export

router = APIRouter(prefix="/v1/citations", tags=["citations"])
MOST = 200  # of one bibliography
MEDIA_TYPES = {
    Format.BIBTEX: "application/x-bibtex",
    Format.RIS: "application/x-research-info-systems",
    Format.CSL_JSON: "application/vnd.citationstyles.csl+json",
    Format.CHICAGO: "text/plain",
    Format.APA: "text/plain",
    Format.MLA: "text/plain",
}
_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {"schema": {"type": "string"}} for kind in MEDIA_TYPES.values()}}
}
_Format = Annotated[CitationFormat, Query(description="json is the citation; others are for bibliographies")]
_Ids = Annotated[
    list[str], Query(min_length=1, max_length=MOST, description="ids of citations, passages or documents")
]


@router.get("", response_model=CitationList, responses=_CONTENT)
def several(request: Request, service: AnyService, id: _Ids, format: _Format = "json") -> Response:  # noqa: A002
    """Several citations in one bibliography; works that are cited several times have one entry."""
    found = _found(request, service, id)
    if format == "json":
        details = CitationList(citations=[present.found(one) for one in found])
        return Response(details.model_dump_json(), media_type="application/json")
    return _exported(found, format)


@router.get("/{id}", response_model=CitationDetail | DocumentCitation, responses=_CONTENT)
def one(id: str, request: Request, service: AnyService, format: _Format = "json") -> Response:  # noqa: A002
    """A citation, also of a replaced version: that says so, and where it stands now."""
    found = _found(request, service, [id])
    if format == "json":
        return Response(present.found(found[0]).model_dump_json(), media_type="application/json")
    return _exported(found, format)


def _found(request: Request, service: Service, ids: list[str]) -> list[Found]:
    base = public(service.settings, str(request.base_url))
    store = service.reader().store
    return [look_up(store, id_, base) for id_ in ids]


def _exported(found: list[Found], form: CitationFormat) -> Response:
    text = export([one.reference for one in found], Format(form))
    return Response(text.encode(), media_type=f"{MEDIA_TYPES[Format(form)]}; charset=utf-8")
