"""Questions that a site's page asks: which site, in which conversation, from where."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from api.schemas.answers import QueryIn
from api.schemas.fields import Request

SiteKey = Annotated[str, Field(min_length=1, max_length=100)]
Token = Annotated[str, Field(min_length=1, max_length=100)]
Language = Annotated[str, Field(max_length=35, pattern=r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$")]
PagePath = Annotated[str, Field(max_length=2_000, pattern=r"^/[^?#\s]*$")]
PageTitle = Annotated[str, Field(max_length=500)]


class ContextIn(Request):
    """The page that a question is asked on; its path has no query, which may hold secrets."""

    path: PagePath | None = None
    title: PageTitle | None = None


class AskIn(QueryIn):
    """A question to answer; `conversation` is the token of an earlier answer that it may lean on."""

    site: SiteKey | None = None
    conversation: Token | None = None
    lang: Language | None = None
    context: ContextIn | None = None

    @model_validator(mode="after")
    def _one_memory(self) -> Self:
        if self.conversation and self.history:
            raise ValueError("give conversation or history, not both: the server keeps what was said")
        return self
