"""Drafts to check, sentence by sentence."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.schemas.citations import CitationOut
from api.schemas.fields import Request
from api.schemas.quotes import AlterationOut, QuoteVerdictOut
from rag.drafts import MAX_DRAFT


class DraftIn(Request):
    """A draft to check."""

    text: Annotated[str, Field(min_length=1, max_length=MAX_DRAFT)]
    media_type: Literal["text/plain", "text/markdown"] = "text/markdown"


class DraftQuoteOut(BaseModel):
    """A quotation of a draft, at `[start, end)` code points of it; `verified` is null for one too short."""

    start: int
    end: int
    text: str
    status: Literal["right", "wrong", "too_short"]
    verified: QuoteVerdictOut | None
    why: str


class DraftSentenceOut(BaseModel):
    """A sentence of a draft that states something, and its best support."""

    start: int
    end: int
    text: str
    status: Literal["verbatim", "contradicted", "supported", "partly", "unsupported"]
    score: float
    missing: list[str]
    changes: list[AlterationOut]
    support: CitationOut | None


class DraftOut(BaseModel):
    """A draft checked; `wrong` where a quotation is, or a sentence contradicts what it is taken from."""

    wrong: bool
    summary: dict[str, int]
    quotations: list[DraftQuoteOut]
    sentences: list[DraftSentenceOut]
    took_ms: float
