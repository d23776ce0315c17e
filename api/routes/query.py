"""Questions: `/v1/query` and `/v1/search`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from api import present
from api.errors import UnsupportedError
from api.routes.service import LoadedService, takes_json
from api.schemas import FiltersIn, QueryIn, QueryOut, SearchIn, SearchOut
from index.errors import NotFoundError
from index.records import Filters
from rag.records import Question

router = APIRouter(prefix="/v1", tags=["questions"], dependencies=[Depends(takes_json)])
_Model = TypeVar("_Model", bound=BaseModel)


@router.post("/query", response_model=QueryOut)
def query(body: QueryIn, request: Request, service: LoadedService) -> Response:
    """Ranked passages with citations, and an answer or an abstention."""
    if body.stream or "text/event-stream" in request.headers.get("accept", ""):
        raise UnsupportedError("streaming is not available; ask with stream: false")
    if body.answer == "generative":
        raise UnsupportedError("no generator is configured; ask with answer: extractive, or leave it out")

    def answered() -> QueryOut:
        reply = service.ask(_question(body), answered=body.answer != "none")
        return present.query(reply, service.reader().store)

    return as_json(steadily(answered))


@router.post("/search", response_model=SearchOut)
def search(body: SearchIn, service: LoadedService) -> Response:
    """The ranking alone."""

    def ranked() -> SearchOut:
        ranking, store = service.search(_question(body))
        return present.search(ranking, store)

    return as_json(steadily(ranked))


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
    return Question(body.question, body.top_k, read_filters(body.filters))


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
