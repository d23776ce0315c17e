"""Quotations to find or to verify, and what was found."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.schemas.citations import CitationOut
from api.schemas.fields import Claimed, QuoteText, Request
from api.schemas.searches import FiltersIn


class QuoteFindIn(Request):
    """A text to find: a quotation of 12 characters or more, up to some pages."""

    text: QuoteText
    limit: Annotated[int, Field(ge=1, le=100)] = 10
    filters: FiltersIn = FiltersIn()


class QuoteVerifyIn(Request):
    """A quotation, and where it is said to come from; any of that may be left out, or given loosely."""

    text: QuoteText
    document: Claimed | None = None
    author: Claimed | None = None
    speaker: Claimed | None = None
    date: Claimed | None = None
    page: Claimed | None = None


class EditOut(BaseModel):
    """A piece of a quotation, and what stands in the source."""

    op: Literal["equal", "insert", "delete", "replace"]
    text: str
    source: str


class AlterationOut(BaseModel):
    """A difference that changes what is said; `kind` is what it touches."""

    kind: str
    text: str
    source: str


class MatchOut(BaseModel):
    """A place where a text stands."""

    verdict: Literal["exact", "normalized", "fuzzy"]
    score: float
    folds: list[str]
    diff: list[EditOut]
    changes: list[AlterationOut]
    citation: CitationOut


class SearchedOut(BaseModel):
    """What was looked through."""

    documents: int
    characters: int


class QuoteFindOut(BaseModel):
    """Where a text stands, best first; `places` counts those that hold it word for word."""

    matches: list[MatchOut]
    places: int
    searched: SearchedOut
    took_ms: float


class AgreementOut(BaseModel):
    """One thing claimed and what was found; `agrees` is null where the document does not tell."""

    given: str
    found: str | None
    agrees: bool | None


class QuoteVerdictOut(BaseModel):
    """The verdict on a quotation; `caution` is `common` where its few words stand in many places.

    `words` is how the words stand to those found, wherever that is: `exact`, `normalized` or `fuzzy`.
    """

    verdict: Literal["exact", "normalized", "fuzzy", "misattributed", "not_found"]
    words: Literal["exact", "normalized", "fuzzy"] | None
    score: float
    folds: list[str]
    diff: list[EditOut]
    changes: list[AlterationOut]
    claimed: dict[str, AgreementOut]
    found: CitationOut | None
    places: int
    caution: Literal["common"] | None
    why: str


class QuoteVerifyOut(QuoteVerdictOut):
    """The verdict on a quotation that was asked for."""

    took_ms: float
