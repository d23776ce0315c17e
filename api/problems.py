"""Every error as a problem document (RFC 9457), with a stable code and without anything of the inside."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api.errors import (
    BudgetError,
    ConflictError,
    LimitError,
    MediaTypeError,
    NotReadyError,
    OriginDeniedError,
    OverloadedError,
    RequestError,
    SitesError,
    UnauthorisedError,
    UnsupportedError,
    UrlSourcesOffError,
)
from api.schemas.problems import Problem
from corpus.errors import CorpusError, PinciteError
from index.errors import (
    BusyError,
    EncoderError,
    EncoderMismatchError,
    GoneError,
    LateMismatchError,
    NoIndexError,
    NotFoundError,
    StorageError,
)
from rag.errors import AskError, CiteError, GeneratorError, StyleError

_log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
_MOST_FAULTS = 10
_MOMENT_S = 2
_LOG = "the log tells more under request_id"
# The first that fits. Messages of the store and the encoder name paths of this machine and verbs of its
# command line: they go to the log, and a client reads the sentence that stands here.
_KINDS: tuple[tuple[type[PinciteError], int, str | None], ...] = (
    (GoneError, 410, None),
    (NotFoundError, 404, None),
    (CorpusError, 422, None),
    (AskError, 422, None),
    (CiteError, 422, None),
    (UrlSourcesOffError, 403, None),
    (UnsupportedError, 501, None),
    (MediaTypeError, 415, None),
    (RequestError, 422, None),
    (ConflictError, 409, None),
    (UnauthorisedError, 401, None),
    (OriginDeniedError, 403, None),
    (BudgetError, 402, None),
    (LimitError, 429, None),
    (SitesError, 503, f"the sites cannot be read; {_LOG}"),
    (NotReadyError, 503, None),
    (OverloadedError, 503, None),
    (GeneratorError, 503, None),
    (NoIndexError, 503, "nothing has been added yet; POST /v1/documents adds a document"),
    (BusyError, 503, "another process is writing to the index; try again in a moment"),
    (EncoderMismatchError, 503, f"the index was made by another encoder than this server has; {_LOG}"),
    (LateMismatchError, 503, f"the index keeps token codes otherwise than this server is set to; {_LOG}"),
    (StorageError, 503, f"the index cannot be used; {_LOG}"),
    (StyleError, 503, f"citations cannot be formatted; {_LOG}"),
    (EncoderError, 503, f"the encoder cannot be loaded; {_LOG}"),
    (PinciteError, 500, f"something went wrong here; {_LOG}"),
)
_CODES = {413: "body_too_large", 422: "request_invalid"}  # others: their phrase, which Python does not change
RESPONSES: dict[int | str, dict[str, object]] = {
    status: {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status in (400, 401, 402, 403, 404, 409, 410, 413, 415, 422, 429, 500, 501, 503)
}


def problem(
    request: Request, status: int, code: str, detail: str, retry_after_s: int | None = None
) -> JSONResponse:
    """A problem document as a response; `retry_after_s` is when to try again, 2 where it is for a moment."""
    body = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        request_id=request.scope.get("request_id", ""),
    )
    headers = {}
    if retry_after_s or status == 503:
        headers["Retry-After"] = str(retry_after_s or _MOMENT_S)
    if status == 401:
        headers["WWW-Authenticate"] = "Site"  # a key in the body: no browser asks its reader for that
    return JSONResponse(body.model_dump(), status, headers, MEDIA_TYPE)


def told(request: Request, error: PinciteError) -> tuple[int, str]:
    """The status of an error, and what a client may read of it; the log gets the rest."""
    return shown(error, request.scope.get("request_id", ""))


def shown(error: PinciteError, reference: str) -> tuple[int, str]:
    """The same; `reference` finds it in the log."""
    status, instead = next((status, instead) for kind, status, instead in _KINDS if isinstance(error, kind))
    if instead:
        _log.warning("request %s: %s", reference, error)
    return status, instead or str(error)


def install(app: FastAPI) -> None:
    """Translate every exception that can reach the edge."""

    @app.exception_handler(PinciteError)
    async def ours(request: Request, error: PinciteError) -> JSONResponse:
        status, detail = told(request, error)
        wait_s = error.retry_after_s if isinstance(error, LimitError) else None
        return problem(request, status, error.code, detail, wait_s)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return problem(request, 422, "request_invalid", faults(error.errors()))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        phrase = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
        answer = problem(request, error.status_code, _CODES.get(error.status_code, phrase), str(error.detail))
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        _log.error("request %s failed", request.scope.get("request_id"), exc_info=error)
        answer = problem(request, 500, "internal", f"something went wrong here; {_LOG}")
        answer.headers["X-Request-Id"] = request.scope.get("request_id", "")  # the guard is inside of this
        answer.headers.update(request.scope.get("cors", {}))  # and so is this
        return answer

    @app.exception_handler(ClientDisconnect)
    async def gone(request: Request, _error: ClientDisconnect) -> JSONResponse:
        return problem(request, 400, "bad_request", "the client went away while it sent its request")


def describe(app: FastAPI) -> None:
    """Put the problem document into the OpenAPI document: a `model` would be told as application/json."""
    build = app.openapi

    def openapi() -> dict[str, Any]:
        schema = build()
        schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        return schema

    app.openapi = openapi  # type: ignore[method-assign]


def faults(errors: Sequence[Mapping[str, Any]]) -> str:
    """All faults of a request in one line: where, what. Names of unknown fields can be long: cut short."""
    lines = []
    for error in errors[:_MOST_FAULTS]:
        where = ".".join(str(part) for part in error["loc"] if part != "body") or "body"
        what = error["msg"].removeprefix("Value error, ")  # pydantic's, in front of what we say ourselves
        if error["type"] == "json_invalid":
            where, what = "body", f"not valid JSON: {error['ctx']['error']}"
        lines.append(f"{where[:100]}: {what}")
    if len(errors) > _MOST_FAULTS:
        lines.append(f"and {len(errors) - _MOST_FAULTS} more")
    return "; ".join(lines)
