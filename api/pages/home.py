"""The page that asks: a question with filters, its answer, and what to say when there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fastapi.responses import HTMLResponse

from api.pages.answered import Result, pieces, where
from api.pages.asked import Asked
from api.pages.front import Collection, Front
from api.pages.render import page
from rag.records import MAX_QUESTION


class Part(StrEnum):
    """What of the results a page shows: a script that has the answer asks for the rest."""

    WHOLE = "whole"
    PASSAGES = "passages"
    SOURCES = "sources"


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
    part: Part = Part.WHOLE,
) -> HTMLResponse:
    """The page, with what became of the question; or the part of it that a script asked for."""
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
        part=part.value,
        link=asked.link(front.home),
        max_question=MAX_QUESTION,
        pieces=pieces,
        where=where,
    )
