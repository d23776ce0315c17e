"""Rankings: what is asked for, and the passages that come back."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas.citations import CitationOut
from api.schemas.fields import MAX_TOP_K, AnyOf, Date, QuestionText, Request
from api.schemas.twins import PlaceOut


class FiltersIn(Request):
    """Which passages may be found; lists mean any of."""

    document_id: AnyOf = Field(default_factory=list)
    author: AnyOf = Field(default_factory=list)
    speaker: AnyOf = Field(default_factory=list)
    section: AnyOf = Field(default_factory=list)
    type: AnyOf = Field(default_factory=list)
    date_from: Date | None = None
    date_to: Date | None = None


class SearchIn(Request):
    """A question to rank passages for."""

    question: QuestionText
    top_k: Annotated[int, Field(ge=1, le=MAX_TOP_K)] = 10
    filters: FiltersIn = FiltersIn()


class ExplainedSearchIn(SearchIn):
    """A question to rank passages for; `explain` tells why each stands where it does."""

    explain: bool = False


class PartOut(BaseModel):
    """What a signal gave: value times weight; both null where it decides by itself."""

    signal: str
    value: float
    weight: float | None
    gave: float | None


class MetOut(BaseModel):
    """A word of the question and the one of a passage that it met, at `text[start:end]`, or in its header."""

    asked: str
    weight: float
    word: str
    start: int | None
    end: int | None
    exact: bool
    similarity: float | None


class ExplanationOut(BaseModel):
    """Why a passage stands where it does."""

    parts: list[PartOut]
    met: list[MetOut]
    missed: list[str]


class PassageOut(BaseModel):
    """A ranked passage; `also_in` tells where else its text stands, which is no result of its own."""

    rank: int
    score: float
    signals: dict[str, float]
    passage_id: str
    text: str
    citation: CitationOut
    also_in: list[PlaceOut] = []


class ExplainedPassageOut(PassageOut):
    """A ranked passage, with an explanation, which was asked for."""

    explain: ExplanationOut


class SearchOut(BaseModel):
    """Ranked passages."""

    question: str
    generation: int
    passages: list[ExplainedPassageOut | PassageOut]
    timings_ms: dict[str, float]
