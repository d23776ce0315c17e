"""Documents, as they are sent and as they are kept."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from api.schemas.citations import SpanOut
from api.schemas.fields import MAX_SOURCE, Request
from api.schemas.twins import TwinOut
from corpus.records import Role


class DocumentIn(Request):
    """A document sent as text. `metadata` holds CSL-JSON fields."""

    source: Annotated[str, Field(min_length=1, max_length=MAX_SOURCE)]
    text: str
    media_type: Literal["text/plain", "text/markdown"] | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)


class DocumentSummary(BaseModel):
    """A document in a list; of its `twins`, of which it has `twin_count`, the three nearest."""

    id: str
    version: str
    source: str
    title: str | None
    type: str | None
    authors: list[str]
    date: str | None
    added: str
    characters: int
    passages: int
    twins: list[TwinOut] = []
    twin_count: int = 0


class DocumentList(BaseModel):
    """The documents of the collection, by source."""

    generation: int
    documents: list[DocumentSummary]


class SectionOut(BaseModel):
    """A heading and all that stands under it."""

    id: int
    parent: int | None
    level: int
    number: str | None
    title: str
    authors: list[str]
    start: int
    end: int


class DocumentPart(BaseModel):
    """A part of a document's canonical text, with what the whole of it is."""

    id: str
    version: str
    source: str
    title: str | None
    authors: list[str]
    date: str | None
    characters: int
    sections: list[SectionOut]
    start: int
    end: int
    text: str


class FootnoteDetail(BaseModel):
    """A note: its definition and its markers."""

    number: int | str
    text: str
    start: int
    end: int
    markers: list[SpanOut]
    refers_to: int | str | None


class TurnOut(BaseModel):
    """What one speaker says until the next one speaks; the label is as printed."""

    n: int
    speaker: str
    label: str
    role: Role | None
    start: int
    end: int


class PageOut(BaseModel):
    """A page that is known for sure; its label is what is printed on it, where that is certain."""

    index: int
    label: str | None
    start: int
    end: int


class DocumentOut(BaseModel):
    """A document: its record and structure. Offsets into the canonical text, lists in reading order."""

    id: str
    version: str
    source: str
    media_type: str
    added: str
    superseded_by: str | None
    characters: int
    passages: int
    record: dict[str, Any]
    sections: list[SectionOut]
    turns: list[TurnOut]
    footnotes: list[FootnoteDetail]
    pages: list[PageOut]
    contents: SpanOut | None
    notes: list[str]
    twins: list[TwinOut] = []


class ChangeOut(BaseModel):
    """What became of a document that was sent; `detail` says what it duplicates, or is nearly the same as."""

    change: str
    id: str
    source: str
    passages: int
    characters: int
    detail: str | None
    notes: list[str]
    twins: list[TwinOut] = []
