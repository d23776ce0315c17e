"""The pages of a file as they look, with the cited words marked on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from api import links
from corpus.boxes import Box, Boxes
from corpus.media import PDF
from corpus.provenance import pages_of
from corpus.records import Page, Span
from index.records import StoredDocument
from index.store import Store

WIDTH = 1_000  # pixels of a picture across: sharp beside the text
_MOST = 8  # pictures on one page of the reader


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a picture: its address, its size in points, and what is marked on it."""

    page: Page
    url: str
    width: float
    height: float
    marks: tuple[Box, ...]

    @property
    def size(self) -> tuple[int, int]:
        """Its width and height in pixels, near enough for the browser to keep room for it."""
        return WIDTH, round(WIDTH * self.height / self.width)


def has_pages(stored: StoredDocument) -> bool:
    """Whether a document has pages that can be shown."""
    return stored.document.media_type == PDF


def pictures(store: Store, stored: StoredDocument, cited: Sequence[Span], wanted: int) -> list[Picture]:
    """The pages that cited spans stand on; else the one that is wanted, counted from 1."""
    if not has_pages(stored):
        return []
    inside = stored.document
    pages = inside.structure.pages
    shown = pages_of(pages, cited) or [page for page in pages if page.index == wanted - 1]
    made = store.manuscript(inside.version)
    boxes = made.boxes if made else Boxes()
    marks: dict[int, list[Box]] = defaultdict(list)
    for box in boxes.of(cited):
        marks[box.page].append(box)
    return [
        Picture(
            page,
            links.picture(stored.id, inside.version, page.index),
            *boxes.sizes[page.index],
            tuple(marks[page.index]),
        )
        for page in shown[:_MOST]
        if page.index < len(boxes.sizes)
    ]


def name(stored: StoredDocument, page: Page) -> str:
    """What a page is called: by its printed number, else by its place in the file; `""` where it has none."""
    if page.label:
        return f"p. {page.label}"
    return f"page {page.index + 1} of the file" if has_pages(stored) else ""
