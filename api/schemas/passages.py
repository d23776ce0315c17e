"""Passages with what stands around them, and the text that a page shows of them."""

from __future__ import annotations

from pydantic import BaseModel

from api.schemas.citations import CitationOut


class PassageDetail(BaseModel):
    """A passage of a document, and the passages that it is linked with.

    `note` is the number of the note that it defines, and `called_by` are the passages that call it; `notes`
    define the notes that it calls, and what an `Ibid.` among them stands for.
    """

    passage_id: str
    ordinal: int
    text: str
    note: int | str | None
    notes: list[str]
    called_by: list[str]
    citation: CitationOut


class PassageContext(BaseModel):
    """A passage with its neighbours, in reading order."""

    passage_id: str
    passages: list[PassageDetail]
