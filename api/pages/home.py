"""The page that asks: a question with filters, its answer, and what to say when there is none."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi.responses import HTMLResponse

from api.pages.answered import Result, pieces, where
from api.pages.asked import Asked
from api.pages.front import Collection, Front
from api.pages.render import page
from rag.records import MAX_QUESTION


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there is no answer: what to say, and whether it passes by itself."""

    title: str
    detail: str
    passing: bool = False


def show(
    front: Front,
    collection: Collection,
    asked: Asked,
    result: Result | None = None,
    trouble: Trouble | None = None,
    status: int = 200,
) -> HTMLResponse:
    """The page, with what became of the question."""
    chosen = {"type": asked.filters.type, "author": asked.filters.author, "speaker": asked.filters.speaker}
    return page(
        "home.html",
        status,
        policy=front.policy(kept=not asked.question),
        front=front,
        collection=collection,
        asked=asked,
        choices=collection.choices(chosen),
        result=result,
        trouble=trouble,
        part=asked.part.value,
        link=(asked.asking(result.answer.standalone_question) if result else asked).link(front.home),
        max_question=MAX_QUESTION,
        pieces=pieces,
        where=where,
    )
