"""Citations: what is cited, where it stands, and how that was verified."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel


class SpanOut(BaseModel):
    """Code points of the canonical text, half-open."""

    start: int
    end: int


class DocumentRef(BaseModel):
    """The document that a citation names."""

    id: str
    version: str
    source: str
    title: str | None
    type: str | None
    authors: list[str]
    publisher: str | None
    date: str | None
    superseded: bool


class Selector(BaseModel):
    """A W3C Web Annotation TextQuoteSelector."""

    type: Literal["TextQuoteSelector"] = "TextQuoteSelector"
    exact: str
    prefix: str
    suffix: str


class Position(SpanOut):
    """A W3C Web Annotation TextPositionSelector; its characters are code points."""

    type: Literal["TextPositionSelector"] = "TextPositionSelector"


class FootnoteOut(BaseModel):
    """A note that the passage calls, or is; an `Ibid.` stands for what another one says."""

    number: int | str
    text: str
    stands_for: str | None = None


class TimeOut(BaseModel):
    """From when till when something is said, in seconds."""

    start: float
    end: float


class LocatorOut(BaseModel):
    """How a person finds the place; what is not known is null or empty."""

    pages: list[str]  # as printed
    page_indices: list[int]  # from 0: where they are in the file
    section: list[str]
    section_authors: list[str]
    author_variants: list[str]  # other spellings of these, as the document prints them
    speaker: str | None
    turn: int | None
    question: str | None  # that the speaker answers
    footnotes: list[FootnoteOut]
    time: TimeOut | None  # of subtitles
    anchor: str | None  # the nearest name before it that a link can lead to


class VerificationOut(BaseModel):
    """How the text shown stands to the canonical text."""

    verdict: str
    folds: list[str]
    score: float


class CitationOut(BaseModel):
    """The exact characters that something rests on."""

    n: int | None
    id: str
    document: DocumentRef
    passage_id: str
    spans: list[SpanOut]
    quote: list[str]
    selector: Selector
    positions: list[Position]
    locator: LocatorOut
    verification: VerificationOut
    url: str
    original: str | None  # opens the document where it was published, at the place


class CurrentOut(BaseModel):
    """Where a citation of a replaced version stands in the current one, and how it was found again."""

    anchored: Literal["exact", "fuzzy", "lost"]
    score: float
    citation: CitationOut | None


class ReferenceOut(BaseModel):
    """What is cited as a CSL-JSON item, and the place in it for people."""

    pinpoint: str
    link: str
    work: dict[str, Any]


class CitationDetail(CitationOut):
    """A citation by its id; `current` where its version was replaced since."""

    current: CurrentOut | None
    reference: ReferenceOut


class DocumentCitation(BaseModel):
    """A document cited as a whole."""

    id: str
    document: DocumentRef
    url: str
    reference: ReferenceOut


class CitationList(BaseModel):
    """Several citations, in the order asked for."""

    citations: list[CitationDetail | DocumentCitation]
