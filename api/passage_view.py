"""The text around a passage, for a reader to look at: whole blocks of it, to the letter."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from api.pages.view import places
from api.schemas.views import BlockName, BlockOut, PageStartOut, ViewOut
from corpus.records import Block, BlockKind, Page, Span
from index.records import StoredDocument, StoredPassage

MOST = 20_000  # characters
_NAMES: dict[BlockKind, BlockName] = {
    BlockKind.HEADING: "heading",
    BlockKind.PARAGRAPH: "paragraph",
    BlockKind.LIST_ITEM: "item",
    BlockKind.TABLE: "table",
    BlockKind.CODE: "code",
    BlockKind.FOOTNOTE: "footnote",
    BlockKind.LABEL: "label",
}


def passage_view(stored: StoredDocument, wanted: StoredPassage, beside: Sequence[StoredPassage]) -> ViewOut:
    """The blocks that a passage stands in, and those of the passages `beside` it while they fit."""
    document, structure = stored.document, stored.document.structure
    blocks = places(document)
    spans = [span for span, _ in blocks]
    hull = _grown(_hull([wanted]), beside, spans)
    text = document.text[hull.start : hull.end]
    language = document.record.csl.get("language")
    return ViewOut(
        document_id=stored.id,
        version=f"sha256:{document.version}",
        title=document.record.title or document.source,
        language=language if isinstance(language, str) else None,
        start=hull.start,
        end=hull.end,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        blocks=list(_shown(blocks, hull)),
        pages=[
            PageStartOut(index=page.index, label=page.label, start=page.start)
            for page in _pages(structure.pages, hull)
        ],
        section=list(wanted.passage.locator.section),
    )


def _grown(own: Span, beside: Sequence[StoredPassage], blocks: Sequence[Span]) -> Span:
    """A passage's place with what is beside it, the nearest first, in whole blocks where these fit.

    A passage that is itself longer than all that is shown is shown from its beginning.
    """
    hull = _fitting(_whole(own, blocks), own)
    for place in sorted(
        map(_hull, ([one] for one in beside)), key=lambda place: abs(place.start - own.start)
    ):
        wider = _whole(Span(min(hull.start, place.start), max(hull.end, place.end)), blocks)
        if len(wider) > MOST:
            break
        hull = wider
    return hull


def _fitting(whole: Span, own: Span) -> Span:
    """Whole blocks where they fit; else as much of them as does, with the passage in the middle of it."""
    if len(whole) <= MOST:
        return whole
    before = max(0, MOST - len(own)) // 2
    start = max(whole.start, min(own.start - before, whole.end - MOST))
    return Span(start, start + MOST)


def _hull(passages: Sequence[StoredPassage]) -> Span:
    spans = [span for one in passages for span in one.passage.spans]
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def _whole(span: Span, blocks: Sequence[Span]) -> Span:
    """A span with all of each block that it reaches into."""
    reached = [block for block in blocks if block.overlap(span)]
    return Span(
        min((span.start, *(block.start for block in reached))),
        max((span.end, *(block.end for block in reached))),
    )


def _shown(blocks: Sequence[tuple[Span, Block | None]], hull: Span) -> Iterator[BlockOut]:
    at = hull.start
    for span, block in blocks:
        start, end = max(at, span.start), min(span.end, hull.end)
        if start < end:  # what stands in two is shown in the first
            yield BlockOut(
                kind=_NAMES[block.kind] if block else "furniture",
                level=block.level if block else 0,
                start=start,
                end=end,
            )
            at = end


def _pages(pages: Sequence[Page], hull: Span) -> Sequence[Page]:
    """The page that a span begins on, where that is known, and those that begin in it."""
    first = bisect_right(pages, hull.start, key=lambda page: page.start)
    inside = [page for page in pages[first:] if page.start < hull.end]
    before = pages[first - 1 : first] if first and pages[first - 1].end > hull.start else ()
    return [*before, *inside]
