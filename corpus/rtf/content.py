"""What a Rich Text file holds, before it is written: paragraphs of pieces, rows of cells, notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Anchor:
    """A bookmark."""

    name: str


@dataclass(frozen=True, slots=True)
class Break:
    """A new line within a paragraph."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Where the number of a note is printed."""


@dataclass(slots=True, eq=False)
class Note:
    """A footnote or an endnote; `mark` is what calls it, where that is not its number."""

    mark: str = ""
    is_end: bool = False
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Box:
    """A text box, which stands behind the paragraph that it is tied to."""

    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Words:
    """Words, `raised` above the line or not."""

    text: str
    raised: bool = False


Piece: TypeAlias = "Words | Break | Counted | Anchor | Note | Box"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its pieces, its style, its outline level from 0, and the label of a list before it."""

    pieces: tuple[Piece, ...]
    style: int = 0
    outline: int | None = None
    label: str = ""
    hanging: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell ends, in twips, and whether it goes on with the one before it, or above it."""

    right: int
    joined: bool = False
    below: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; `is_head` where it is printed anew on every page."""

    cells: tuple[tuple[Paragraph, ...], ...]
    places: tuple[Place, ...]
    is_head: bool = False


Block: TypeAlias = "Paragraph | Row"


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style."""

    name: str
    outline: int | None = None


@dataclass(slots=True)
class Content:
    """All of a file; `alphabets` are the numbers of footnotes and of endnotes, as they are printed."""

    blocks: list[Block] = field(default_factory=list)
    styles: dict[int, Style] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    alphabets: list[str] = field(default_factory=lambda: ["decimal", "lowerRoman"])
    doubts: list[str] = field(default_factory=list)
