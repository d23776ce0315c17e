"""What fields of requests are made of: names, dates, texts, each within its limit."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from api.dates import is_date
from rag.claims import MAX_CLAIM
from rag.quotation import MAX_CHARACTERS
from rag.records import MAX_QUESTION


class Request(BaseModel):
    """A body that holds what is known, in its own type, and nothing else."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _a_name(value: str) -> str:
    if not value.strip():
        raise ValueError("a part of a name is enough, but this is none; leave it out to look everywhere")
    return value


def _a_date(value: str) -> str:
    if not is_date(value):
        raise ValueError(f"no calendar has {value}; give YYYY, YYYY-MM or YYYY-MM-DD")
    return value


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


# Text with a limit is checked to be Unicode: JSON can carry half of a surrogate pair, which no text holds.
Name = Annotated[str, Field(max_length=500), AfterValidator(_a_name)]
Names = Annotated[list[Name], Field(max_length=100)]
AnyOf = Annotated[Names, BeforeValidator(_as_list, json_schema_input_type=Name | Names)]
Date = Annotated[str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"), AfterValidator(_a_date)]
QuestionText = Annotated[str, Field(min_length=1, max_length=MAX_QUESTION)]
CitationFormat = Literal["json", "bibtex", "ris", "csl-json", "chicago", "apa", "mla"]
QuoteText = Annotated[str, Field(min_length=1, max_length=MAX_CHARACTERS)]
Claimed = Annotated[str, Field(min_length=1, max_length=MAX_CLAIM)]
MAX_SOURCE = 500  # characters of a document's name
MAX_TOP_K = 100
