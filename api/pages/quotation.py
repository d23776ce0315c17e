"""The page that verifies a quotation: a form, the verdict, the words that differ, and where it stands."""

from __future__ import annotations

from fastapi.responses import HTMLResponse

from api.pages.answered import where
from api.pages.asked import Quoted
from api.pages.front import Collection, Front
from api.pages.home import Trouble
from api.pages.render import page
from api.schemas.quotes import QuoteVerdictOut
from rag.quotation import MAX_CHARACTERS

# What is said of a verdict, its tone, and its shape: nothing is told by colour alone.
_VERDICTS = {
    "exact": ("Word for word", "right", "✓"),
    "normalized": ("The same words", "right", "✓"),
    "fuzzy": ("Not the same words", "doubt", "≈"),
    "misattributed": ("Stands elsewhere than claimed", "wrong", "⇄"),
    "not_found": ("Not found", "wrong", "✕"),
}
_FIELDS = {
    "document": "Document",
    "author": "Author",
    "speaker": "Speaker",
    "date": "Date",
    "page": "Page",
}


def show(
    front: Front,
    collection: Collection,
    quoted: Quoted,
    verdict: QuoteVerdictOut | None = None,
    trouble: Trouble | None = None,
    status: int = 200,
) -> HTMLResponse:
    """The page, with what became of the quotation."""
    said, tone, shape = _VERDICTS[verdict.verdict] if verdict else ("", "", "")
    return page(
        "quote.html",
        status,
        policy=front.policy(kept=not quoted.text),
        front=front,
        collection=collection,
        quoted=quoted,
        fields=_FIELDS,
        verdict=verdict,
        said=said,
        tone=tone,
        shape=shape,
        trouble=trouble,
        link=quoted.link(front.quote),
        max_characters=MAX_CHARACTERS,
        where=where,
    )
