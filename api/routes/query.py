"""Questions: `/v1/query` and `/v1/search`."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from api import present
from api.errors import UnsupportedError
from api.routes.service import LoadedService, takes_json
from api.schemas import FiltersIn, QueryIn, QueryOut, SearchIn, SearchOut
from index.records import Filters
from rag.records import Question

router = APIRouter(prefix="/v1", tags=["questions"], dependencies=[Depends(takes_json)])


@router.post("/query", response_model=QueryOut)
def query(body: QueryIn, request: Request, service: LoadedService) -> Response:
    """Ranked passages with citations, and an answer or an abstention."""
    if body.stream or "text/event-stream" in request.headers.get("accept", ""):
        raise UnsupportedError("streaming is not available; ask with stream: false")
    if body.answer == "generative":
        raise UnsupportedError("no generator is configured; ask with answer: extractive, or leave it out")
    reply = service.ask(_question(body), answered=body.answer != "none")
    return _json(present.query(reply, service.reader().store))


@router.post("/search", response_model=SearchOut)
def search(body: SearchIn, service: LoadedService) -> Response:
    """The ranking alone."""
    ranking, store = service.search(_question(body))
    return _json(present.search(ranking, store))


def _json(model: BaseModel) -> Response:
    """Written as it is: validating our own answer again would cost as long as finding it."""
    return Response(model.model_dump_json(), media_type="application/json")


def _question(body: SearchIn) -> Question:
    return Question(body.question, body.top_k, _filters(body.filters))


def _filters(given: FiltersIn) -> Filters:
    return Filters(
        document_id=tuple(given.document_id),
        author=tuple(given.author),
        speaker=tuple(given.speaker),
        section=tuple(given.section),
        type=tuple(given.type),
        date_from=given.date_from,
        date_to=given.date_to,
    )
