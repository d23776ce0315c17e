"""Passages as a reader looks at them: the canonical text around it, block by block."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from api.schemas.passages import PassageContext

BlockName = Literal["paragraph", "heading", "item", "table", "code", "footnote", "label", "furniture"]


class BlockOut(BaseModel):
    """A block, or the part of one that stands here; `level` is a heading's, else 0."""

    kind: BlockName
    level: int
    start: int
    end: int


class PageStartOut(BaseModel):
    """A page that begins here, or that the text begins on; its label is what is printed on it."""

    index: int
    label: str | None
    start: int


class ViewOut(BaseModel):
    """A part of a document: `text` is its canonical text at `[start, end)`, to the letter.

    All offsets are code points of the canonical text; `sha256` is of `text` in UTF-8.
    """

    document_id: str
    version: str
    title: str
    language: str | None
    start: int
    end: int
    text: str
    sha256: str
    blocks: list[BlockOut]
    pages: list[PageStartOut]
    section: list[str]


class PassageView(PassageContext):
    """A passage with its neighbours in reading order, and the text around them to look at."""

    view: ViewOut
