"""Routes whose answers are pages, their errors too; and the forms that pages send."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api.admission import Admission
from api.errors import MediaTypeError
from api.pages.front import Front
from api.pages.render import page
from api.problems import faults, told
from api.routes.service import content_type
from corpus.errors import PinciteError

_log = logging.getLogger(__name__)
MAX_FORM = 64 * 1024  # bytes: a quotation of some pages, in UTF-8 and written as an address
_MOST_FIELDS = 200
_REMEDIES = {
    403: "Open the page of this service itself, and ask there.",
    404: "Look for it in the list of documents, or ask about it.",
    402: "Ask again tomorrow.",
    413: "Shorten it: a question may have 2,000 characters, a quotation some pages.",
    500: "Try again; if it happens again, tell whoever runs this service, with the number below.",
    503: "Try again in a moment.",
}


class Shown(APIRoute):
    """A route whose errors are pages too."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def shown(request: Request) -> Response:
            try:
                return await handle(request)
            except PinciteError as error:
                return problem_page(request, *told(request, error))
            except RequestValidationError as error:
                return problem_page(request, 422, faults(error.errors()))
            except HTTPException as error:
                return problem_page(request, error.status_code, str(error.detail))
            except ClientDisconnect:
                raise
            except Exception:
                _log.exception("request %s failed", request.scope.get("request_id"))
                return problem_page(request, 500, "Something went wrong here.")

        return shown


def problem_page(request: Request, status: int, detail: str) -> Response:
    """What went wrong, and what to do."""
    reference = request.scope.get("request_id", "") if status >= 500 else ""
    return page(
        "problem.html",
        status,
        front=Front(),
        title=HTTPStatus(status).phrase,
        detail=detail if status == 422 else _sentence(detail),
        remedy=_REMEDIES.get(status, ""),
        reference=reference,
    )


def _sentence(detail: str) -> str:
    """A message as readers of a page are told it: what it says to do in a terminal is nothing for them."""
    told = detail.partition("; `pincite ")[0]
    return f"{told[:1].upper()}{told[1:].rstrip('.')}."


async def form(request: Request, admission: Admission, site: str | None = None) -> list[tuple[str, str]]:
    """The fields of a form that a page of ours sent, or one of an origin that the site lets in.

    Raises MediaTypeError, OriginDeniedError; HTTPException for what is too much.
    """
    if (kind := content_type(request)) != "application/x-www-form-urlencoded":
        raise MediaTypeError(f"Content-Type is {kind or 'missing'}; the form sends another")
    admission.site(request, site)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_FORM:
            raise HTTPException(413, f"The form has more than {MAX_FORM:,} bytes.")
    return pairs(body.decode("utf-8", "replace"))


def pairs(query: str) -> list[tuple[str, str]]:
    """The fields of a form or an address. Raises HTTPException."""
    try:
        found = parse_qsl(query, max_num_fields=_MOST_FIELDS, errors="replace")
    except ValueError:
        raise HTTPException(413, f"More than {_MOST_FIELDS} fields.") from None
    return [(name, value.replace("\r\n", "\n")) for name, value in found]
