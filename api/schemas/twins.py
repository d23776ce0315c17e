"""Shapes of what stands more than once: documents of nearly the same text, other places of a passage."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class TwinOut(BaseModel):
    """Another document with the same text, nearly the same, or one of which one is part of the other.

    Shares are of sequences of five words, from 0 to 1; of texts above some two thousand words estimates.
    """

    likeness: Literal["same", "near", "contains", "contained"] = Field(
        description="`same`: the same words in the same order; `near`: much the same; `contains`: the other "
        "document stands in this one; `contained`: this one stands in the other"
    )
    id: str
    source: str
    share: float = Field(description="What the likeness is about: of the part, or of both texts together")
    inside: float = Field(description="Of this document, what the other has")
    holds: float = Field(description="Of the other document, what this one has")
    resemblance: float = Field(description="Of what either has, what both have (Jaccard)")
    detail: str = Field(description="The same in words")


class PlaceOut(BaseModel):
    """Another place where the text of a passage stands, which is not a result of its own."""

    document: str = Field(description="Id of the document")
    source: str
    passage_id: str
    url: str = Field(description="Path of the place on the reader pages")
