"""The contract at the doors: what requests and responses hold. Unknown request fields are refused."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from api.dates import is_date
from api.twin_schemas import PlaceOut, TwinOut
from corpus.records import Role
from rag.claims import MAX_CLAIM
from rag.drafts import MAX_DRAFT
from rag.quotation import MAX_CHARACTERS
from rag.records import MAX_QUESTION


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


def _a_name(value: str) -> str:
    if not value.strip():
        raise ValueError("a part of a name is enough, but this is none; leave it out to look everywhere")
    return value


def _a_date(value: str) -> str:
    if not is_date(value):
        raise ValueError(f"no calendar has {value}; give YYYY, YYYY-MM or YYYY-MM-DD")
    return value


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


# Text with a limit is checked to be Unicode: JSON can carry half of a surrogate pair, which no text holds.
Name = Annotated[str, Field(max_length=500), AfterValidator(_a_name)]
Names = Annotated[list[Name], Field(max_length=100)]
AnyOf = Annotated[Names, BeforeValidator(_as_list, json_schema_input_type=Name | Names)]
Date = Annotated[str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"), AfterValidator(_a_date)]
QuestionText = Annotated[str, Field(min_length=1, max_length=MAX_QUESTION)]
CitationFormat = Literal["json", "bibtex", "ris", "csl-json", "chicago", "apa", "mla"]
QuoteText = Annotated[str, Field(min_length=1, max_length=MAX_CHARACTERS)]
Claimed = Annotated[str, Field(min_length=1, max_length=MAX_CLAIM)]
MAX_SOURCE = 500  # characters of a document's name
MAX_TOP_K = 100


class FiltersIn(_Request):
    """Which passages may be found; lists mean any of."""

    document_id: AnyOf = []
    author: AnyOf = []
    speaker: AnyOf = []
    section: AnyOf = []
    type: AnyOf = []
    date_from: Date | None = None
    date_to: Date | None = None


class Turn(_Request):
    """One message of a conversation so far."""

    role: Literal["user", "assistant"]
    content: Annotated[str, Field(max_length=20_000)]


class SearchIn(_Request):
    """A question to rank passages for."""

    question: QuestionText
    top_k: Annotated[int, Field(ge=1, le=MAX_TOP_K)] = 10
    filters: FiltersIn = FiltersIn()


class ExplainedSearchIn(SearchIn):
    """A question to rank passages for; `explain` tells why each stands where it does."""

    explain: bool = False


class QueryIn(SearchIn):
    """A question to answer."""

    history: Annotated[list[Turn], Field(max_length=100)] = []
    answer: Literal["extractive", "generative", "none"] | None = None
    stream: bool = False
    protocol: Literal[1] = 1
    idempotency_key: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class QuoteFindIn(_Request):
    """A text to find: a quotation of 12 characters or more, up to some pages."""

    text: QuoteText
    limit: Annotated[int, Field(ge=1, le=100)] = 10
    filters: FiltersIn = FiltersIn()


class QuoteVerifyIn(_Request):
    """A quotation, and where it is said to come from; any of that may be left out, or given loosely."""

    text: QuoteText
    document: Claimed | None = None
    author: Claimed | None = None
    speaker: Claimed | None = None
    date: Claimed | None = None
    page: Claimed | None = None


class DraftIn(_Request):
    """A draft to check."""

    text: Annotated[str, Field(min_length=1, max_length=MAX_DRAFT)]
    media_type: Literal["text/plain", "text/markdown"] = "text/markdown"


class DocumentIn(_Request):
    """A document sent as text. `metadata` holds CSL-JSON fields."""

    source: Annotated[str, Field(min_length=1, max_length=MAX_SOURCE)]
    text: str
    media_type: Literal["text/plain", "text/markdown"] | None = None
    metadata: dict[str, Any] = {}


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


class PartOut(BaseModel):
    """What a signal gave: value times weight; both null where it decides by itself."""

    signal: str
    value: float
    weight: float | None
    gave: float | None


class MetOut(BaseModel):
    """A word of the question and the one of a passage that it met, at `text[start:end]`, or in its header."""

    asked: str
    weight: float
    word: str
    start: int | None
    end: int | None
    exact: bool
    similarity: float | None


class ExplanationOut(BaseModel):
    """Why a passage stands where it does."""

    parts: list[PartOut]
    met: list[MetOut]
    missed: list[str]


class PassageOut(BaseModel):
    """A ranked passage; `also_in` tells where else its text stands, which is no result of its own."""

    rank: int
    score: float
    signals: dict[str, float]
    passage_id: str
    text: str
    citation: CitationOut
    also_in: list[PlaceOut] = []


class ClaimOut(BaseModel):
    """A sentence of the answer, and the numbers of its citations.

    What is not verbatim is told from structure, or a paraphrase that was held against what it cites.
    `highlights` are where in the answer's text stands what was asked for.
    """

    text: str
    start: int
    end: int
    citations: list[int]
    verbatim: bool = True
    highlights: list[SpanOut] = []


class AnswerOut(BaseModel):
    """An answer: every sentence is a claim."""

    text: str
    claims: list[ClaimOut]


class ExplainedPassageOut(PassageOut):
    """A ranked passage, with an explanation, which was asked for."""

    explain: ExplanationOut


class SearchOut(BaseModel):
    """Ranked passages."""

    question: str
    generation: int
    passages: list[ExplainedPassageOut | PassageOut]
    timings_ms: dict[str, float]


class NoticeOut(BaseModel):
    """Something that a reader of the answer should know; the code is stable."""

    code: Literal["no_answer", "low_confidence", "stale_source", "model_unavailable", "withheld"]
    detail: str


class GenerationOut(BaseModel):
    """What a language model had to do with it; `withheld` counts sentences that no passage backs."""

    model: str
    outcome: Literal["answered", "abstained", "unverified", "unavailable", "broken_off", "not_asked"]
    withheld: int


class QueryOut(BaseModel):
    """An answer or an abstention, with the ranking it rests on.

    `conversation` is the token with which the next question may lean on it, where it was asked over HTTP.
    """

    id: str
    question: str
    standalone_question: str
    generation: int
    status: Literal["answered", "unsupported"]
    confidence: float
    answer: AnswerOut | None
    citations: list[CitationOut]
    passages: list[PassageOut]
    timings_ms: dict[str, float]
    generator: GenerationOut | None
    notices: list[NoticeOut]
    conversation: str | None = None


class DocumentSummary(BaseModel):
    """A document in a list; of its `twins`, of which it has `twin_count`, the three nearest."""

    id: str
    version: str
    source: str
    title: str | None
    type: str | None
    authors: list[str]
    date: str | None
    added: str
    characters: int
    passages: int
    twins: list[TwinOut] = []
    twin_count: int = 0


class DocumentList(BaseModel):
    """The documents of the collection, by source."""

    generation: int
    documents: list[DocumentSummary]


class SectionOut(BaseModel):
    """A heading and all that stands under it."""

    id: int
    parent: int | None
    level: int
    number: str | None
    title: str
    authors: list[str]
    start: int
    end: int


class DocumentPart(BaseModel):
    """A part of a document's canonical text, with what the whole of it is."""

    id: str
    version: str
    source: str
    title: str | None
    authors: list[str]
    date: str | None
    characters: int
    sections: list[SectionOut]
    start: int
    end: int
    text: str


class FootnoteDetail(BaseModel):
    """A note: its definition and its markers."""

    number: int | str
    text: str
    start: int
    end: int
    markers: list[SpanOut]
    refers_to: int | str | None


class TurnOut(BaseModel):
    """What one speaker says until the next one speaks; the label is as printed."""

    n: int
    speaker: str
    label: str
    role: Role | None
    start: int
    end: int


class PageOut(BaseModel):
    """A page that is known for sure; its label is what is printed on it, where that is certain."""

    index: int
    label: str | None
    start: int
    end: int


class DocumentOut(BaseModel):
    """A document: its record and structure. Offsets into the canonical text, lists in reading order."""

    id: str
    version: str
    source: str
    media_type: str
    added: str
    superseded_by: str | None
    characters: int
    passages: int
    record: dict[str, Any]
    sections: list[SectionOut]
    turns: list[TurnOut]
    footnotes: list[FootnoteDetail]
    pages: list[PageOut]
    contents: SpanOut | None
    notes: list[str]
    twins: list[TwinOut] = []


class ChangeOut(BaseModel):
    """What became of a document that was sent; `detail` says what it duplicates, or is nearly the same as."""

    change: str
    id: str
    source: str
    passages: int
    characters: int
    detail: str | None
    notes: list[str]
    twins: list[TwinOut] = []


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


class EditOut(BaseModel):
    """A piece of a quotation, and what stands in the source."""

    op: Literal["equal", "insert", "delete", "replace"]
    text: str
    source: str


class AlterationOut(BaseModel):
    """A difference that changes what is said; `kind` is what it touches."""

    kind: str
    text: str
    source: str


class MatchOut(BaseModel):
    """A place where a text stands."""

    verdict: Literal["exact", "normalized", "fuzzy"]
    score: float
    folds: list[str]
    diff: list[EditOut]
    changes: list[AlterationOut]
    citation: CitationOut


class SearchedOut(BaseModel):
    """What was looked through."""

    documents: int
    characters: int


class QuoteFindOut(BaseModel):
    """Where a text stands, best first; `places` counts those that hold it word for word."""

    matches: list[MatchOut]
    places: int
    searched: SearchedOut
    took_ms: float


class AgreementOut(BaseModel):
    """One thing claimed and what was found; `agrees` is null where the document does not tell."""

    given: str
    found: str | None
    agrees: bool | None


class QuoteVerdictOut(BaseModel):
    """The verdict on a quotation; `caution` is `common` where its few words stand in many places.

    `words` is how the words stand to those found, wherever that is: `exact`, `normalized` or `fuzzy`.
    """

    verdict: Literal["exact", "normalized", "fuzzy", "misattributed", "not_found"]
    words: Literal["exact", "normalized", "fuzzy"] | None
    score: float
    folds: list[str]
    diff: list[EditOut]
    changes: list[AlterationOut]
    claimed: dict[str, AgreementOut]
    found: CitationOut | None
    places: int
    caution: Literal["common"] | None
    why: str


class QuoteVerifyOut(QuoteVerdictOut):
    """The verdict on a quotation that was asked for."""

    took_ms: float


class DraftQuoteOut(BaseModel):
    """A quotation of a draft, at `[start, end)` code points of it; `verified` is null for one too short."""

    start: int
    end: int
    text: str
    status: Literal["right", "wrong", "too_short"]
    verified: QuoteVerdictOut | None
    why: str


class DraftSentenceOut(BaseModel):
    """A sentence of a draft that states something, and its best support."""

    start: int
    end: int
    text: str
    status: Literal["verbatim", "contradicted", "supported", "partly", "unsupported"]
    score: float
    missing: list[str]
    changes: list[AlterationOut]
    support: CitationOut | None


class DraftOut(BaseModel):
    """A draft checked; `wrong` where a quotation is, or a sentence contradicts what it is taken from."""

    wrong: bool
    summary: dict[str, int]
    quotations: list[DraftQuoteOut]
    sentences: list[DraftSentenceOut]
    took_ms: float


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
