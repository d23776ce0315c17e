"""Check a draft: every quotation verified, every statement held against its best support."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.load import load, reading
from corpus.media import MARKDOWN
from corpus.records import Block, BlockKind, Document
from corpus.sentences import sentences
from index.reader import Snapshot
from index.store import Store
from rag.claims import MAX_CLAIM, Claim
from rag.errors import QuoteError
from rag.quotation import MAX_CHARACTERS, MIN_CHARACTERS, QUOTED
from rag.records import Verdict
from rag.speech import attribution, reports
from rag.support import Support, best_support
from rag.verify import Verified, verify_quote

MAX_DRAFT = 200_000  # characters: a chapter, and a minute at most
_SOURCE = re.compile(
    r"\(\s*(?P<author>[^\W\d_][^()\d]{1,80}?)[,\s]+(?P<year>[12]\d{3})[a-z]?"
    r"(?:\s*[,:]\s*(?:pp?\.?\s*)?(?P<page>[\dxvil]+(?:\s*[-–]\s*\d+)?))?\s*\)"
)
_PAGE = re.compile(r"\(\s*pp?\.\s*(?P<page>[\dxvil]+(?:\s*[-–]\s*\d+)?)\s*\)|\bp(?:age|\.) (?P<told>\d+)\b")
_SIGNED = re.compile(r"\s+(?:—|–|--)\s*(?P<name>[^—–.!?]{3,80})$")  # below a block quotation
_SIGNED_BEHIND = re.compile(  # `(Ada Lind)`, `— Ada Lind`
    r"[,.]?\s*(?:\(|[—–]\s*)(?P<name>[A-Z][^\W\d_]*\.?(?: [A-Z][\w’'-]*\.?){1,4})(?:\)|[.,]?\s*$)"
)
_FRAME = 10  # words around a quotation that say no more than whose it is
_LEAST_OWN = 6  # words outside of quotation marks: a sentence with fewer states nothing of its own


class QuoteStatus(StrEnum):
    """What became of a quotation."""

    RIGHT = "right"
    WRONG = "wrong"
    TOO_SHORT = "too_short"  # a word or two in quotation marks: nothing to verify


@dataclass(frozen=True, slots=True)
class CheckedQuote:
    """A quotation at `[start, end)` of the draft, without its marks; `verified` is None for one too short."""

    start: int
    end: int
    text: str
    status: QuoteStatus
    claim: Claim
    verified: Verified | None
    why: str


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence at `[start, end)` of the draft that states something, and what backs it."""

    start: int
    end: int
    text: str
    support: Support


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft's text with what was found of it, in reading order."""

    text: str
    quotes: tuple[CheckedQuote, ...]
    sentences: tuple[CheckedSentence, ...]

    @property
    def wrong(self) -> bool:
        """Whether a quotation is not what it claims, or a sentence contradicts what it is taken from."""
        return any(quote.status is QuoteStatus.WRONG for quote in self.quotes) or any(
            sentence.support.contradicts for sentence in self.sentences
        )


@dataclass(frozen=True, slots=True)
class _Quoted:
    """A quotation of a paragraph: offsets of the paragraph's reading text."""

    start: int
    end: int
    claim: Claim
    names: tuple[str, ...]


def check_draft(text: str, snapshot: Snapshot, store: Store, *, markdown: bool = True) -> Checked:
    """Check a draft in Markdown, or in plain text.

    Raises QuoteError for one that is too long, UnreadableError for one without words.
    """
    if len(text) > MAX_DRAFT:
        raise QuoteError(
            f"the draft has {len(text):,} characters, {MAX_DRAFT:,} at most are checked; give a part"
        )
    kind = MARKDOWN if markdown else "text/plain"
    draft = load(text.encode("utf-8", "replace"), "draft", as_type=kind)
    whole = reading(draft)
    quotes: list[CheckedQuote] = []
    stated: list[CheckedSentence] = []
    for block in draft.structure.blocks:
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.FOOTNOTE):
            continue
        first, behind = whole.position(block.span.start), whole.end(block.span.end)
        paragraph = whole.text[first:behind]
        quoted = list(_quotations(draft, block, paragraph))
        for one in quoted:
            place = whole.locate(first + one.start, first + one.end)
            checked = _check(paragraph[one.start : one.end], one, snapshot, store)
            quotes.append(CheckedQuote(place.start, place.end, draft.text[place.start : place.end], *checked))
        if block.kind is BlockKind.FOOTNOTE:
            continue  # references state nothing
        for start, end, own in _statements(paragraph, quoted):
            place = whole.locate(first + start, first + end)
            support = best_support(own, snapshot, store)
            stated.append(
                CheckedSentence(place.start, place.end, draft.text[place.start : place.end], support)
            )
    return Checked(draft.text, tuple(quotes), tuple(stated))


def _check(
    text: str, quoted: _Quoted, snapshot: Snapshot, store: Store
) -> tuple[QuoteStatus, Claim, Verified | None, str]:
    """Verify a quotation for each name that it may be given to; the one that fits best counts."""
    names = [name for name in quoted.names if len(name) <= MAX_CLAIM]
    claims = [_with_speaker(quoted.claim, name) for name in names] or [quoted.claim]
    try:
        tried = [(claim, verify_quote(text[:MAX_CHARACTERS], claim, snapshot, store)) for claim in claims[:3]]
    except QuoteError as error:
        return QuoteStatus.TOO_SHORT, quoted.claim, None, str(error)
    claim, verified = next((pair for pair in tried if pair[1].verdict is not Verdict.MISATTRIBUTED), tried[0])
    right = verified.verdict in (Verdict.EXACT, Verdict.NORMALIZED)
    return QuoteStatus.RIGHT if right else QuoteStatus.WRONG, claim, verified, verified.why


def _with_speaker(claim: Claim, name: str) -> Claim:
    return Claim(claim.document, claim.author, name, claim.date, claim.page)


def _quotations(draft: Document, block: Block, paragraph: str) -> Iterator[_Quoted]:
    """What stands in quotation marks, or in a block quotation, with what the paragraph claims of it."""
    if draft.text[block.span.start : block.span.end].lstrip().startswith(">"):
        signed = _SIGNED.search(paragraph)
        end = signed.start() if signed else len(paragraph)
        source = _source(paragraph[max(0, end - 120) :])
        if source and (cited := _SOURCE.search(paragraph)):
            end = min(end, cited.start())
        name = signed.group("name").split(",")[0].strip() if signed else None
        yield _Quoted(0, len(paragraph[:end].rstrip()), source, (name,) if name else ())
        return
    for match in QUOTED.finditer(paragraph):
        start, end = match.span(match.lastgroup or 0)
        told = attribution(paragraph, start, end)
        behind = paragraph[match.end() : match.end() + 200]
        signed = _SIGNED_BEHIND.match(behind)
        names = (signed.group("name"),) if signed else told.names
        yield _Quoted(start, end, _source(behind.split("“")[0]), names)


def _source(text: str) -> Claim:
    """What a reference in parentheses claims; nothing where it has a form that only looks like one."""
    try:
        return _referred(text)
    except QuoteError:  # `(Lind 2020, 1vi)`
        return Claim()


def _referred(text: str) -> Claim:
    """`(Hajiyev 2020, 14)`, `(p. 14)`."""
    if match := _SOURCE.search(text):
        author = match.group("author").strip(" ,;&").removesuffix("et al.").removesuffix("et al").strip(" ,")
        author = re.sub(r"^(?:see|cf\.?|in|from)\s+", "", author, flags=re.IGNORECASE)
        return Claim(author=author or None, date=match.group("year"), page=match.group("page"))
    if match := _PAGE.search(text):
        return Claim(page=match.group("page") or match.group("told"))
    return Claim()


def _statements(paragraph: str, quoted: Sequence[_Quoted]) -> Iterator[tuple[int, int, str]]:
    """The sentences that say something outside of quotation marks, and what that is; questions left out."""
    for start, end in sentences(paragraph):
        parts, at = list[str](), start
        for one in quoted:
            if start < one.end and one.start < end and one.end - one.start >= MIN_CHARACTERS:
                parts.append(paragraph[at : max(at, one.start)])
                at = max(at, min(end, one.end))
        own = _SOURCE.sub(" ", " ".join([*parts, paragraph[at:end]]))
        said = re.findall(r"[^\W_]{2,}", own)
        if len(said) <= _FRAME and parts and reports(own):
            continue  # `As Ada Lind once put it, “…”`
        if len(said) >= _LEAST_OWN and not paragraph[start:end].rstrip("\"'”’) ").endswith("?"):
            yield start, end, own
