"""Questions: `/v1/query` and `/v1/search`."""

from __future__ import annotations

from fastapi import APIRouter

from api import present
from api.errors import UnsupportedError
from api.routes.service import ReadyService
from api.schemas import FiltersIn, QueryIn, QueryOut, SearchIn, SearchOut
from index.records import Filters
from rag.records import Question

router = APIRouter(prefix="/v1", tags=["questions"])


@router.post("/query")
def query(body: QueryIn, service: ReadyService) -> QueryOut:
    """Ranked passages with citations, and an answer or an abstention."""
    if body.stream:
        raise UnsupportedError("streaming is not available; ask with stream: false")
    if body.answer == "generative":
        raise UnsupportedError("no generator is configured; ask with answer: extractive, or leave it out")
    reply = service.ask(_question(body), answered=body.answer != "none")
    return present.query(reply, service.reader().store)


@router.post("/search")
def search(body: SearchIn, service: ReadyService) -> SearchOut:
    """The ranking alone."""
    ranking, store = service.search(_question(body))
    return present.search(ranking, store)


def _question(body: SearchIn) -> Question:
    return Question(body.question, body.top_k, _filters(body.filters))


def _filters(given: FiltersIn) -> Filters:
    values = given.model_dump()
    return Filters(**{name: tuple(v) if isinstance(v, list) else v for name, v in values.items()})
