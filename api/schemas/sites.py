"""The contract of sites: what a page is told of its own."""

from __future__ import annotations

from pydantic import BaseModel


class SiteOut(BaseModel):
    """A site; `allowed` is whether pages of the origin that asked may use its key, `page` its hosted page."""

    key: str
    name: str
    allowed: bool
    page: str
