"""Questions: `/v1/query`, `/v1/search`, and answers given lately: `/v1/answers/{id}`."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import ExitStack
from dataclasses import replace
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.types import Receive, Scope, Send

from api import present
from api.answers import Answers, Recording
from api.conversations import said
from api.problems import told
from api.routes.service import (
    AnyService,
    LoadedService,
    TheAdmission,
    TheConversations,
    takes_a_turn,
    takes_json,
)
from api.schemas.answers import QueryOut
from api.schemas.questions import AskIn
from api.schemas.searches import ExplainedSearchIn, FiltersIn, SearchIn, SearchOut
from api.service import Mode, Service
from api.stream import Event, Meta, failed, narrate, steady
from index.errors import NotFoundError
from index.records import Filters
from rag.records import Question, Reply, Role, Turn

router = APIRouter(prefix="/v1", tags=["questions"])
_Model = TypeVar("_Model", bound=BaseModel)
_PING_S = 10
_SLOW_S = 15  # a reader that takes nothing for so long is let go
_UNKEPT = {"Cache-Control": "no-store"}  # what somebody asked is nobody else's
Site = Annotated[str | None, Query(max_length=100, description="the public key of the site that asks")]
Heard = Callable[[Reply], None]
_STREAMED: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}
}


@router.post("/query", response_model=QueryOut, responses=_STREAMED, dependencies=[Depends(takes_json)])
async def query(
    body: AskIn,
    request: Request,
    service: LoadedService,
    admission: TheAdmission,
    conversations: TheConversations,
) -> Response:
    """Ranked passages with citations, and an answer or an abstention; whole, or as server-sent events."""
    site = admission.ask(request, body.site)
    owner = site.key if site else ""
    mode = Mode(body.answer) if body.answer else None
    service.check(mode)
    await run_in_threadpool(service.reader)  # what is not there is told by the status
    question = _question(body, _history(body))  # what cannot be asked is refused before it is counted
    answers = answers_of(request)
    streamed = body.stream or "text/event-stream" in request.headers.get("accept", "")
    asked = body.model_dump_json(exclude={"idempotency_key", "stream"})
    recording = answers.known(body.idempotency_key, asked, owner)
    if recording is None:
        written = admission.spend(site)
        token, turns = conversations.resume(body.conversation, owner)
        question = replace(question, history=turns or question.history)

        def heard(reply: Reply) -> None:
            if text := said(reply):
                conversations.remember(token, body.question, text)

        if not streamed and body.idempotency_key is None:
            try:
                whole = await run_in_threadpool(steadily, lambda: _whole(service, question, mode, heard))
            finally:
                written()
            whole.conversation = token
            answers.keep(whole.id, text := whole.model_dump_json(), owner)
            return Response(text, media_type="application/json", headers=_UNKEPT)
        recording = Recording(present.new_id(), asked)
        try:
            answers.start(
                body.idempotency_key,
                recording,
                lambda made: narrated(made, service, question, mode, token, heard),
                written,
                owner,
            )
        except BaseException:
            written()
            raise
    if streamed:
        return event_stream(recording, lambda events: _told(events, recording, request))
    with recording.reader() as events:
        async for _ in events:
            pass
    if recording.failure:
        raise recording.failure
    return Response(recording.body, media_type="application/json", headers=_UNKEPT)


@router.post("/search", response_model=SearchOut, dependencies=[Depends(takes_json), Depends(takes_a_turn)])
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
async def answer(
    id: str,  # noqa: A002
    request: Request,
    _service: AnyService,
    admission: TheAdmission,
    site: Site = None,
) -> Response:
    """An answer of the last ten minutes, whole; to the site that it was for, where it was for one."""
    owner = admission.read(request, site)
    found = answers_of(request).find(id, owner.key if owner else "")
    return Response(found, media_type="application/json", headers=_UNKEPT)


def answers_of(request: Request) -> Answers:
    """The answers that the application keeps."""
    answers: Answers = request.app.state.answers
    return answers


class _Stream(EventSourceResponse):
    """Server-sent events of a recording, which is left at the end, also where nothing was read of it."""

    def __init__(
        self,
        recording: Recording,
        tell: Callable[[AsyncIterator[Event]], AsyncIterator[ServerSentEvent]],
    ) -> None:
        self._place = ExitStack()
        events = tell(self._place.enter_context(recording.reader()))
        headers = {"Cache-Control": "no-store, no-transform", "Vary": "Origin"}
        super().__init__(events, headers=headers, ping=_PING_S, sep="\n", send_timeout=_SLOW_S)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._place:
            await super().__call__(scope, receive, send)


def event_stream(
    recording: Recording, tell: Callable[[AsyncIterator[Event]], AsyncIterator[ServerSentEvent]]
) -> Response:
    """Server-sent events that no proxy keeps, with a sign of life where nothing comes."""
    return _Stream(recording, tell)


async def _told(
    events: AsyncIterator[Event], recording: Recording, request: Request
) -> AsyncIterator[ServerSentEvent]:
    async for event in events:
        yield _sent(event)
    if recording.failure:
        _, detail = told(request, recording.failure)
        yield _sent(failed(recording.failure, detail, request.scope.get("request_id", "")))


def _sent(event: Event) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(event.data, ensure_ascii=False), event=event.name, sep="\n")


def narrated(
    recording: Recording,
    service: Service,
    question: Question,
    mode: Mode | None,
    conversation: str | None = None,
    heard: Heard | None = None,
) -> Generator[Event]:
    """An answer as it comes; what it is as a whole is left in the recording, and told to `heard`."""
    store = service.reader().store

    def done(reply: Reply) -> dict[str, int]:
        whole = present.query(reply, store, recording.id)
        whole.conversation = conversation
        recording.body = whole.model_dump_json()
        if heard and not recording.stop.is_set():
            heard(reply)
        return service.usage(reply)

    meta = Meta(recording.id, service.model(mode), conversation)
    yield from steady(lambda: narrate(service.tell(question, mode, recording.stop), store, meta, done))


def _whole(service: Service, question: Question, mode: Mode | None, heard: Heard) -> QueryOut:
    reply = service.ask(question, mode)
    whole = present.query(reply, service.reader().store)
    heard(reply)
    return whole


def steadily(work: Callable[[], _Model]) -> _Model:
    """Once more, when a document was removed between being ranked and being cited."""
    try:
        return work()
    except NotFoundError:
        return work()


def as_json(model: BaseModel) -> Response:
    """Written as it is: validating our own answer again would cost as long as finding it."""
    return Response(model.model_dump_json(), media_type="application/json")


def _history(body: AskIn) -> tuple[Turn, ...]:
    return tuple(Turn(Role(turn.role), turn.content) for turn in body.history)


def _question(body: SearchIn, history: tuple[Turn, ...] = ()) -> Question:
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
