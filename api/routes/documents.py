"""Documents: list, add, get, replace, delete; and their canonical text."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from api import listing
from api.errors import MediaTypeError, RequestError, UrlSourcesOffError
from api.routes.service import AnyService, content_type
from api.schemas.documents import ChangeOut, DocumentIn, DocumentList, DocumentOut
from api.schemas.fields import MAX_SOURCE
from api.schemas.urls import UrlIn
from api.service import Service
from corpus.bibliography import parse
from corpus.errors import UnreadableError
from corpus.sources import Source
from index.errors import NotFoundError
from index.plan import Change, Outcome
from index.store import Store

router = APIRouter(prefix="/v1/documents", tags=["documents"])
Version = Annotated[str | None, Query(description="sha256 of an earlier version, with or without `sha256:`")]
_MAX_METADATA = 64 * 1024  # characters
_LONGEST_ADDRESS = 512 * 1024  # bytes of a body that names an address, with metadata and all escapes
_Done = TypeVar("_Done")
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"anyOf": [DocumentIn.model_json_schema(), UrlIn.model_json_schema()]}
            },
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "metadata": {"type": "string", "description": "CSL-JSON fields as JSON or YAML"},
                    },
                }
            },
        },
    }
}


@router.get("")
def list_documents(service: AnyService) -> DocumentList:
    """The published documents, by source."""
    store = service.reader().store
    with store.steady():
        return DocumentList(generation=store.generation(), documents=listing.summaries(store))


@router.post(
    "",
    status_code=201,
    openapi_extra=_BODY,
    responses={200: {"model": ChangeOut, "description": "Its content is here already"}},
)
async def add(request: Request, response: Response, service: AnyService) -> ChangeOut:
    """Add a document, as a file or as JSON. 200 when its content is here already."""
    source = await _source(request, service)
    outcome = await _in_turn(request, partial(_change, service, source))
    if outcome.change is not Change.ADDED:
        response.status_code = 200
    response.headers["Location"] = f"/v1/documents/{outcome.document_id}"
    return listing.change(outcome)


@router.get("/{document_id}")
def get(document_id: str, service: AnyService, version: Version = None) -> DocumentOut:
    """A document's record and structure."""
    store = service.reader().store
    stored = store.document(document_id, _sha256(version))
    passages = store.count_passages(document_id, stored.document.version)
    return listing.document(stored, passages, listing.alike(store, stored))


@router.get("/{document_id}/text", response_class=PlainTextResponse)
def text(document_id: str, service: AnyService, version: Version = None) -> Response:
    """The canonical text that all offsets refer to, in UTF-8."""
    inside = service.reader().store.document(document_id, _sha256(version)).document
    return Response(
        inside.text.encode(),
        media_type="text/plain; charset=utf-8",
        headers={"ETag": f'"{inside.version}"', "X-Pincite-Version": f"sha256:{inside.version}"},
    )


@router.put("/{document_id}", openapi_extra=_BODY)
async def replace(document_id: str, request: Request, service: AnyService) -> ChangeOut:
    """A new version of a document, which keeps its id."""
    source = await _source(request, service)
    outcome = await _in_turn(request, partial(_change, service, source, document_id))
    return listing.change(outcome)


@router.delete("/{document_id}", status_code=204)
async def delete(document_id: str, request: Request, service: AnyService) -> None:
    """Remove a document; when this returns it is gone from every search."""
    await _in_turn(request, partial(service.remove, [document_id]))


async def _in_turn(request: Request, change: Callable[[], _Done]) -> _Done:
    """One change at a time: those that wait hold no thread, which questions need."""
    async with request.app.state.changing:
        return await run_in_threadpool(change)


def _sha256(version: str | None) -> str | None:
    return version.removeprefix("sha256:") if version else None


def _change(service: Service, source: Source, document_id: str | None = None) -> Outcome:
    if document_id is not None:
        store: Store = service.reader().store
        kept = next((row for row in store.documents() if row.id == document_id), None)
        if kept is None:
            raise NotFoundError(f"no document {document_id} in this index; GET /v1/documents lists them")
        source = Source(
            source.name, source.data, kept.location, source.metadata, source.media_type, document_id
        )
    outcome = service.add([source])[0]
    if outcome.change is Change.REFUSED:
        raise UnreadableError(outcome.detail or "refused")
    return outcome


async def _source(request: Request, service: Service) -> Source:
    kind = content_type(request)
    if kind == "application/json":
        body = await request.body()
        if asked := await run_in_threadpool(_address, body):
            async with request.app.state.fetching:
                return await run_in_threadpool(_from_web, asked, service)
        return await run_in_threadpool(_from_json, body)
    if kind == "multipart/form-data":
        async with request.form(max_files=1, max_fields=10) as form:
            file, metadata = _fields(form)
            return await run_in_threadpool(_made, file.filename or "", await file.read(), None, metadata)
    raise MediaTypeError(
        f"Content-Type is {kind or 'missing'}; "
        "send a file as multipart/form-data, or text as application/json"
    )


def _from_json(body: bytes) -> Source:
    try:
        sent = DocumentIn.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error
    metadata = json.dumps(sent.metadata) if sent.metadata else ""
    return _made(sent.source, sent.text.encode(), sent.media_type, metadata)


def _address(body: bytes) -> UrlIn | None:
    """What a body asks to have fetched; None for one that holds the document itself."""
    if len(body) > _LONGEST_ADDRESS or b'"url"' not in body:
        return None
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return None  # whoever reads it next says what is wrong
    if not isinstance(sent, dict) or "url" not in sent:
        return None
    try:
        return UrlIn.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error


def _from_web(asked: UrlIn, service: Service) -> Source:
    if not service.settings.url_sources:
        raise UrlSourcesOffError(
            "this server fetches no addresses; send the document itself, or set url_sources to allow it"
        )
    metadata = json.dumps(asked.metadata) if asked.metadata else ""
    return service.web(discreet=True).source(asked.url, _record(asked.url, metadata))


def _fields(form: FormData) -> tuple[UploadFile, str]:
    if unknown := set(form) - {"file", "metadata"}:
        raise RequestError(f"unknown form fields {', '.join(sorted(unknown))}; known are file, metadata")
    file, metadata = form.get("file"), form.get("metadata") or ""
    if not isinstance(file, UploadFile) or not file.filename:
        raise RequestError("the form holds no file with a name; send it in the field `file`")
    if len(file.filename) > MAX_SOURCE:
        raise RequestError(
            f"the file's name has {len(file.filename)} characters; at most {MAX_SOURCE} are kept"
        )
    if isinstance(metadata, UploadFile):
        raise RequestError("metadata must be a text field of CSL-JSON fields")
    return file, metadata


def _made(name: str, data: bytes, media_type: str | None, metadata: str) -> Source:
    return Source(name, data, None, _record(name, metadata), media_type)


def _record(name: str, metadata: str) -> dict[str, Any]:
    """Metadata read: reading YAML is slow, so there is a limit and this runs in a thread."""
    if len(metadata) > _MAX_METADATA:
        raise RequestError(
            f"the metadata has {len(metadata):,} characters; at most {_MAX_METADATA:,} are read"
        )
    return parse(metadata, f"{name} (metadata)") if metadata else {}
