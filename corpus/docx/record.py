"""What a Word document says of itself, as far as it can be believed: only what its text says, too.

Word fills these fields with the first line of the text, the owner of the computer and the date of a template.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from corpus.manuscript import Manuscript
from corpus.pdf.metadata import Claims, believed_authors, believed_title
from corpus.records import Record, Span
from corpus.zipped import Element

_DC = "{http://purl.org/dc/elements/1.1/}"
_FRONT = 6_000  # characters in which a title or an author must stand


def record(made: Manuscript, titled: Span | None, core: Element | None) -> tuple[Record, tuple[str, ...]]:
    """What is believed of a document, and what is not; `titled`: what has the style of a title."""
    front = made.text[:_FRONT]
    claimed = Claims(tuple(_texts(core, "title")), tuple(_names(core)))
    fields: dict[str, Any] = {}
    support: dict[str, Span] = {}
    doubts: tuple[str, ...] = ()
    if titled:
        fields["title"] = " ".join(made.text[titled.start : titled.end].split())
        support["title"] = titled
    elif title := believed_title(claimed, front):
        fields["title"] = title
        if (at := front.find(title)) >= 0:
            support["title"] = Span(at, at + len(title))
    elif claimed.titles:
        doubts = (f"the file calls itself {claimed.titles[0]!r}, which its text does not say: not used",)
    if names := believed_authors(claimed, front):
        fields["author"] = [{"literal": name} for name in names]
    return Record(MappingProxyType(fields), MappingProxyType(support)), doubts


def _texts(core: Element | None, name: str) -> list[str]:
    found = core.iterchildren(_DC + name) if core is not None else ()
    texts = (" ".join((element.text or "").split()) for element in found)
    return [text for text in texts if text and len(text) <= 300]


def _names(core: Element | None) -> list[str]:
    return [name.strip() for text in _texts(core, "creator") for name in text.split(";") if name.strip()]
