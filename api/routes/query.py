"""Questions: `/v1/query`, `/v1/search`, and answers given lately: `/v1/answers/{id}`."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Generator
from typing import Any, TypeVar

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel
from sse_starlette import EventSourceResponse, ServerSentEvent

from api import present
from api.answers import Answers, Recording
from api.problems import told
from api.routes.service import AnyService, LoadedService, takes_json
from api.schemas import ExplainedSearchIn, FiltersIn, QueryIn, QueryOut, SearchIn, SearchOut
from api.service import Mode, Service
from api.stream import Event, Meta, failed, narrate
from index.errors import NotFoundError
from index.records import Filters
from rag.records import Question, Reply, Role, Turn

router = APIRouter(prefix="/v1", tags=["questions"])
_Model = TypeVar("_Model", bound=BaseModel)
_PING_S = 10
_SLOW_S = 15  # a reader that takes nothing for so long is let go
_STREAMED: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}
}


@router.post("/query", response_model=QueryOut, responses=_STREAMED, dependencies=[Depends(takes_json)])
async def query(body: QueryIn, request: Request, service: LoadedService) -> Response:
    """Ranked passages with citations, and an answer or an abstention; whole, or as server-sent events."""
    mode = Mode(body.answer) if body.answer else None
    service.check(mode)
    question, answers = _question(body), answers_of(request)
    streamed = body.stream or "text/event-stream" in request.headers.get("accept", "")
    if not streamed and body.idempotency_key is None:
        whole = await run_in_threadpool(steadily, lambda: _whole(service, question, mode))
        text = whole.model_dump_json()
        answers.keep(whole.id, text)
        return Response(text, media_type="application/json")
    asked = body.model_dump_json(exclude={"idempotency_key", "stream"})
    recording = answers.known(body.idempotency_key, asked)
    if recording is None:
        await run_in_threadpool(service.reader)  # what is not there is told by the status
        recording = Recording(present.new_id(), asked)
        answers.start(body.idempotency_key, recording, lambda made: narrated(made, service, question, mode))
    if streamed:
        return event_stream(_told(recording, request))
    async for _ in recording.read():
        pass
    if recording.failure:
        raise recording.failure
    return Response(recording.body, media_type="application/json")


@router.post("/search", response_model=SearchOut, dependencies=[Depends(takes_json)])
def search(body: ExplainedSearchIn, service: LoadedService) -> Response:
    """The ranking alone."""

    def ranked() -> SearchOut:
        if body.explain:
            ranking, explained, store = service.explain(_question(body))
            return present.search(ranking, store, explained)
        ranking, store = service.search(_question(body))
        return present.search(ranking, store)

    return as_json(steadily(ranked))


@router.get("/answers/{id}", response_model=QueryOut)
async def answer(id: str, request: Request, _service: AnyService) -> Response:  # noqa: A002
    """An answer of the last ten minutes, whole."""
    return Response(answers_of(request).find(id), media_type="application/json")


def answers_of(request: Request) -> Answers:
    """The answers that the application keeps."""
    answers: Answers = request.app.state.answers
    return answers


def event_stream(events: AsyncIterator[ServerSentEvent]) -> Response:
    """Server-sent events that no proxy keeps, with a sign of life where nothing comes."""
    headers = {"Cache-Control": "no-store, no-transform", "Vary": "Origin"}
    return EventSourceResponse(events, headers=headers, ping=_PING_S, sep="\n", send_timeout=_SLOW_S)


async def _told(recording: Recording, request: Request) -> AsyncIterator[ServerSentEvent]:
    async for event in recording.read():
        yield _sent(event)
    if recording.failure:
        _, detail = told(request, recording.failure)
        yield _sent(failed(recording.failure, detail, request.scope.get("request_id", "")))


def _sent(event: Event) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(event.data, ensure_ascii=False), event=event.name, sep="\n")


def narrated(
    recording: Recording, service: Service, question: Question, mode: Mode | None
) -> Generator[Event]:
    """An answer as it comes; what it is as a whole is left in the recording."""
    store = service.reader().store

    def done(reply: Reply) -> dict[str, int]:
        recording.body = present.query(reply, store, recording.id).model_dump_json()
        return service.usage(reply)

    meta = Meta(recording.id, service.model(mode))
    yield from narrate(service.tell(question, mode, recording.stop), store, meta, done)


def _whole(service: Service, question: Question, mode: Mode | None) -> QueryOut:
    return present.query(service.ask(question, mode), service.reader().store)


def steadily(work: Callable[[], _Model]) -> _Model:
    """Once more, when a document was removed between being ranked and being cited."""
    try:
        return work()
    except NotFoundError:
        return work()


def as_json(model: BaseModel) -> Response:
    """Written as it is: validating our own answer again would cost as long as finding it."""
    return Response(model.model_dump_json(), media_type="application/json")


def _question(body: SearchIn) -> Question:
    turns = body.history if isinstance(body, QueryIn) else []
    history = tuple(Turn(Role(turn.role), turn.content) for turn in turns)
    return Question(body.question, body.top_k, read_filters(body.filters), history)


def read_filters(given: FiltersIn) -> Filters:
    """The filters of a request."""
    return Filters(
        document_id=tuple(given.document_id),
        author=tuple(given.author),
        speaker=tuple(given.speaker),
        section=tuple(given.section),
        type=tuple(given.type),
        date_from=given.date_from,
        date_to=given.date_to,
    )
