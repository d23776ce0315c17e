"""Quotations and drafts: `/v1/quotes/find`, `/v1/quotes/verify`, `/v1/drafts/check`; no encoder is asked."""

from __future__ import annotations

from time import perf_counter

from fastapi import APIRouter, Depends, Response

from api import quotes
from api.routes.query import as_json, read_filters
from api.routes.service import AnyService, takes_a_turn, takes_json
from api.schemas.drafts import DraftIn, DraftOut
from api.schemas.quotes import QuoteFindIn, QuoteFindOut, QuoteVerifyIn, QuoteVerifyOut
from rag.claims import Claim

router = APIRouter(
    prefix="/v1", tags=["quotations"], dependencies=[Depends(takes_json), Depends(takes_a_turn)]
)


@router.post("/quotes/find", response_model=QuoteFindOut)
def find(body: QuoteFindIn, service: AnyService) -> Response:
    """Where a text stands, to the letter, but for what is folded away, or nearly; best first."""
    start = perf_counter()
    found = service.find_quote(body.text, read_filters(body.filters))
    took_ms = (perf_counter() - start) * 1e3
    return as_json(quotes.found(found, body.limit, service.reader().store, took_ms))


@router.post("/quotes/verify", response_model=QuoteVerifyOut)
def verify(body: QuoteVerifyIn, service: AnyService) -> Response:
    """Whether a quotation stands where it is said to."""
    start = perf_counter()
    claim = Claim(body.document, body.author, body.speaker, body.date, body.page)
    verified = service.verify_quote(body.text, claim)
    return as_json(quotes.verified(verified, (perf_counter() - start) * 1e3))


@router.post("/drafts/check", response_model=DraftOut)
def check(body: DraftIn, service: AnyService) -> Response:
    """A draft: each quotation verified, each sentence that states something with its support or without."""
    start = perf_counter()
    checked = service.check_draft(body.text, markdown=body.media_type == "text/markdown")
    return as_json(quotes.draft(checked, (perf_counter() - start) * 1e3))
