"""A web page to a manuscript: its text without menus and banners, and its record."""

from __future__ import annotations

from dataclasses import replace

from corpus.flow import Flow
from corpus.manuscript import Manuscript
from corpus.web.body import body
from corpus.web.notes import find_notes
from corpus.web.parse import page
from corpus.web.record import record
from corpus.web.walk import Walker

_WORTH_TELLING = 200  # letters left out of a page


def read(data: bytes, source: str) -> Manuscript:
    """The manuscript of a web page. Raises UnreadableError."""
    root, notes = page(data, source)
    found = body(root)
    flow = Flow()
    Walker(flow, find_notes([("", found.root)]), passed=found.passed).walk(found.root)
    made = flow.finish()
    if found.left_out >= _WORTH_TELLING:
        notes = (*notes, f"{found.left_out:,} letters of menus, banners and lists of links: left out")
    return replace(made, record=record(root, made), doubts=notes)
