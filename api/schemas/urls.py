"""A document that a client has fetched: the request."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.urls import LONGEST


class UrlIn(BaseModel):
    """A document named by its address, for servers that fetch. `metadata` holds CSL-JSON fields."""

    model_config = ConfigDict(extra="forbid", strict=True)

    url: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    metadata: dict[str, Any] = {}
