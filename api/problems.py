"""Every error as a problem document (RFC 9457), with a stable code and without anything of the inside."""

from __future__ import annotations

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.errors import ForbiddenError, NotReadyError, RequestError, UnsupportedError
from api.schemas import Problem
from corpus.errors import CorpusError, PinciteError
from index.errors import BusyError, NoIndexError, NotFoundError
from rag.errors import AskError

_log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
_MOST_FAULTS = 10
_STATUS: tuple[tuple[type[PinciteError], int], ...] = (  # the first that fits
    (NotFoundError, 404),
    (CorpusError, 422),
    (AskError, 422),
    (ForbiddenError, 403),
    (UnsupportedError, 501),
    (RequestError, 422),
    (BusyError, 503),
    (NoIndexError, 503),
    (NotReadyError, 503),
    (PinciteError, 500),
)
RESPONSES: dict[int | str, dict[str, object]] = {
    status: {"model": Problem, "content": {MEDIA_TYPE: {}}, "description": HTTPStatus(status).phrase}
    for status in (400, 403, 404, 413, 415, 422, 500, 501, 503)
}


def problem(request: Request, status: int, code: str, detail: str) -> JSONResponse:
    """A problem document as a response."""
    body = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        request_id=request.scope.get("request_id", ""),
    )
    headers = {"Retry-After": "2"} if status == 503 else None
    return JSONResponse(body.model_dump(), status, headers, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Translate every exception that can reach the edge."""

    @app.exception_handler(PinciteError)
    async def ours(request: Request, error: PinciteError) -> JSONResponse:
        status = next(status for kind, status in _STATUS if isinstance(error, kind))
        if status == 500:
            _log.error("request %s: %s", request.scope.get("request_id"), error)
        return problem(request, status, error.code, str(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return problem(request, 422, "request_invalid", faults(error.errors()))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
        answer = problem(request, error.status_code, code, str(error.detail))
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        _log.error("request %s failed", request.scope.get("request_id"), exc_info=error)
        return problem(request, 500, "internal", "something went wrong here; the log tells more under request_id")


def faults(errors: object) -> str:
    """All faults of a request in one line: where, what."""
    lines = []
    for error in list(errors)[:_MOST_FAULTS]:  # type: ignore[call-overload]
        where = ".".join(str(part) for part in error["loc"] if part != "body") or "body"
        lines.append(f"{where}: {error['msg']}")
    return "; ".join(lines)
