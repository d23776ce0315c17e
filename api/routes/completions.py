"""For clients of OpenAI's API: `/v1/chat/completions` and `/v1/models`."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from sse_starlette import ServerSentEvent
from starlette.exceptions import HTTPException

from api import present
from api.answers import Recording
from api.completions import MODELS, asked, chunks, completion, history
from api.errors import LimitError
from api.links import public
from api.problems import faults, told
from api.routes.query import answers_of, event_stream, narrated, read_filters, steadily
from api.routes.service import AnyService, LoadedService, takes_a_turn, takes_json
from api.schemas.completions import CompletionIn, CompletionOut, ErrorDetail, ErrorOut, ModelList, ModelOut
from api.service import Mode
from api.stream import Event
from corpus.errors import PinciteError
from index.errors import NotFoundError
from rag.records import Question

_CREATED = 1_700_000_000  # models are not made at a time; clients want a number


class _Compatible(APIRoute):
    """A route whose errors have the shape that OpenAI's clients read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def shown(request: Request) -> Response:
            try:
                return await handle(request)
            except PinciteError as error:
                status, detail = told(request, error)
                answer = _error(status, detail, error.code)
                if isinstance(error, LimitError):
                    answer.headers["Retry-After"] = str(error.retry_after_s)
                return answer
            except RequestValidationError as error:
                where = error.errors()[0]["loc"]
                param = ".".join(str(part) for part in where if part != "body") or None
                return _error(422, faults(error.errors()), "request_invalid", param)
            except HTTPException as error:
                return _error(error.status_code, str(error.detail), None)

        return shown


router = APIRouter(prefix="/v1", tags=["OpenAI-compatible"], route_class=_Compatible)


def _error(status: int, message: str, code: str | None, param: str | None = None) -> JSONResponse:
    """OpenAI's clients know 400 for what cannot be read, and try 503 again."""
    status = 400 if status == 422 else status
    kind = "server_error" if status >= 500 else "invalid_request_error"
    body = ErrorOut(error=ErrorDetail(message=message, type=kind, param=param, code=code))
    headers = {"Retry-After": "2"} if status == 503 else None
    return JSONResponse(body.model_dump(), status, headers)


@router.get("/models")
async def models(service: AnyService) -> ModelList:
    """The ways of answering that are set up here."""
    known = [name for name, mode in MODELS.items() if mode is not Mode.GENERATIVE or service.generator()]
    return ModelList(data=[ModelOut(id=name, created=_CREATED) for name in known])


@router.get("/models/{id}")
async def model(id: str, service: AnyService) -> ModelOut:  # noqa: A002
    """A way of answering."""
    _mode(id)
    return ModelOut(id=id, created=_CREATED)


@router.post(
    "/chat/completions",
    response_model=CompletionOut,
    dependencies=[Depends(takes_json), Depends(takes_a_turn)],
)
async def complete(body: CompletionIn, request: Request, service: LoadedService) -> Response:
    """The last question of a conversation, answered from the documents."""
    mode = _mode(body.model)
    service.check(mode)
    question = Question(asked(body), body.top_k, read_filters(body.filters), history(body))
    base, created = public(service.settings, str(request.base_url)), int(time.time())
    if body.stream:
        await run_in_threadpool(service.reader)  # what is not there is told by the status
        recording = Recording(present.new_id(), "")
        answers_of(request).start(None, recording, lambda made: narrated(made, service, question, mode))
        return event_stream(
            recording, lambda events: _streamed(events, recording, body, request, created, base)
        )

    def whole() -> CompletionOut:
        reply = service.ask(question, mode)
        return completion(reply, service.usage(reply), present.new_id(), body.model, created, base)

    done = await run_in_threadpool(steadily, whole)
    return Response(done.model_dump_json(), media_type="application/json")


async def _streamed(
    events: AsyncIterator[Event],
    recording: Recording,
    body: CompletionIn,
    request: Request,
    created: int,
    base: str,
) -> AsyncIterator[ServerSentEvent]:
    with_usage = bool(body.stream_options and body.stream_options.include_usage)
    async for chunk in chunks(events, body.model, created, base, with_usage=with_usage):
        yield _sent(chunk)
    if recording.failure:
        status, detail = told(request, recording.failure)
        kind = "server_error" if status >= 500 else "invalid_request_error"
        failure = ErrorDetail(message=detail, type=kind, param=None, code=recording.failure.code)
        yield _sent(ErrorOut(error=failure).model_dump())
    yield ServerSentEvent("[DONE]", sep="\n")


def _sent(data: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), sep="\n")


def _mode(name: str) -> Mode | None:
    if name not in MODELS:
        raise NotFoundError(f"no model {name[:100]!r} here; GET /v1/models lists them")
    return MODELS[name]
