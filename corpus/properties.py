"""What an office file says of itself, as far as it can be believed: only what its text says, too.

Programs fill these fields with the first line of the text, the owner of the computer, the date of a template.
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
_LONGEST = 300  # characters of a title


def record(made: Manuscript, titled: Span | None, claimed: Claims) -> tuple[Record, tuple[str, ...]]:
    """What is believed of a document, and what is not; `titled`: what has the style of a title."""
    front = made.text[:_FRONT]
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


def claims(titles: list[str], authors: list[str]) -> Claims:
    """What a file claims; several authors may stand in one field, parted by semicolons."""
    kept = (" ".join(title.split()) for title in titles)
    names = (" ".join(name.split()) for author in authors for name in author.split(";"))
    return Claims(tuple(t for t in kept if 0 < len(t) <= _LONGEST), tuple(filter(None, names)))


def core(root: Element | None) -> Claims:
    """What the core properties of a file of Office claim (`docProps/core.xml`)."""
    return claims(_texts(root, "title"), _texts(root, "creator"))


def _texts(root: Element | None, name: str) -> list[str]:
    return [element.text or "" for element in root.iterchildren(_DC + name)] if root is not None else []
