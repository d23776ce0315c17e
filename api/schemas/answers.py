"""Questions to answer, and their answers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.schemas.citations import CitationOut, SpanOut
from api.schemas.fields import Request
from api.schemas.searches import PassageOut, SearchIn


class Turn(Request):
    """One message of a conversation so far."""

    role: Literal["user", "assistant"]
    content: Annotated[str, Field(max_length=20_000)]


class QueryIn(SearchIn):
    """A question to answer."""

    history: list[Turn] = Field(default_factory=list, max_length=100)
    answer: Literal["extractive", "generative", "none"] | None = None
    stream: bool = False
    protocol: Literal[1] = 1
    idempotency_key: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class ClaimOut(BaseModel):
    """A sentence of the answer, and the numbers of its citations.

    What is not verbatim is told from structure, or a paraphrase that was held against what it cites.
    `highlights` are where in the answer's text stands what was asked for.
    """

    text: str
    start: int
    end: int
    citations: list[int]
    verbatim: bool = True
    highlights: list[SpanOut] = []


class AnswerOut(BaseModel):
    """An answer: every sentence is a claim."""

    text: str
    claims: list[ClaimOut]


class NoticeOut(BaseModel):
    """Something that a reader of the answer should know; the code is stable."""

    code: Literal["no_answer", "low_confidence", "stale_source", "model_unavailable", "withheld"]
    detail: str


class GenerationOut(BaseModel):
    """What a language model had to do with it; `withheld` counts sentences that no passage backs."""

    model: str
    outcome: Literal["answered", "abstained", "unverified", "unavailable", "broken_off", "not_asked"]
    withheld: int


class QueryOut(BaseModel):
    """An answer or an abstention, with the ranking it rests on.

    `conversation` is the token with which the next question may lean on it, where it was asked over HTTP.
    """

    id: str
    question: str
    standalone_question: str
    generation: int
    status: Literal["answered", "unsupported"]
    confidence: float
    answer: AnswerOut | None
    citations: list[CitationOut]
    passages: list[PassageOut]
    timings_ms: dict[str, float]
    generator: GenerationOut | None
    notices: list[NoticeOut]
    conversation: str | None = None
