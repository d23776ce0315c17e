"""Quotations in the shapes of the contract: matches, verdicts, the differences."""

from __future__ import annotations

from collections.abc import Sequence

from api import present
from api.schemas.drafts import DraftOut, DraftQuoteOut, DraftSentenceOut
from api.schemas.quotes import (
    AgreementOut,
    AlterationOut,
    EditOut,
    MatchOut,
    QuoteFindOut,
    QuoteVerdictOut,
    QuoteVerifyOut,
    SearchedOut,
)
from index.store import Store
from rag.compare import Change, Edit
from rag.drafts import Checked, QuoteStatus
from rag.quotes import Found, Match
from rag.support import SupportStatus
from rag.verify import Verified


def found(given: Found, limit: int, store: Store, took_ms: float) -> QuoteFindOut:
    """The response of `/v1/quotes/find`."""
    documents, characters = store.extent()
    return QuoteFindOut(
        matches=[match(one) for one in given.matches[:limit]],
        places=given.places,
        searched=SearchedOut(documents=documents, characters=characters),
        took_ms=round(took_ms, 2),
    )


def match(given: Match) -> MatchOut:
    """A place where a text stands."""
    return MatchOut(
        verdict=given.verdict.value,  # type: ignore[arg-type]  # the other two are never of a match
        score=given.score,
        folds=list(given.folds),
        diff=edits(given.diff),
        changes=changes(given.changes),
        citation=present.citation(given.citation),
    )


def verified(given: Verified, took_ms: float) -> QuoteVerifyOut:
    """The response of `/v1/quotes/verify`."""
    return QuoteVerifyOut(**dict(verdict(given)), took_ms=round(took_ms, 2))


def verdict(given: Verified) -> QuoteVerdictOut:
    """The verdict on a quotation."""
    return QuoteVerdictOut(
        verdict=given.verdict.value,
        words=given.found.verdict.value if given.found else None,  # type: ignore[arg-type]  # as above
        score=given.score,
        folds=list(given.folds),
        diff=edits(given.diff),
        changes=changes(given.changes),
        claimed={
            name: AgreementOut(given=held.given, found=held.found, agrees=held.agrees)
            for name, held in given.claimed.items()
        },
        found=present.citation(given.found.citation) if given.found else None,
        places=given.places,
        caution="common" if given.caution else None,
        why=given.why,
    )


def draft(checked: Checked, took_ms: float) -> DraftOut:
    """The response of `/v1/drafts/check`."""
    return DraftOut(
        wrong=checked.wrong,
        summary=summary(checked),
        quotations=[
            DraftQuoteOut(
                start=quote.start,
                end=quote.end,
                text=quote.text,
                status=quote.status.value,
                verified=verdict(quote.verified) if quote.verified else None,
                why=quote.why,
            )
            for quote in checked.quotes
        ],
        sentences=[
            DraftSentenceOut(
                start=sentence.start,
                end=sentence.end,
                text=sentence.text,
                status=sentence.support.status.value,
                score=sentence.support.score,
                missing=list(sentence.support.missing),
                changes=changes(sentence.support.changes),
                support=present.citation(sentence.support.citation) if sentence.support.citation else None,
            )
            for sentence in checked.sentences
        ],
        took_ms=round(took_ms, 2),
    )


def summary(checked: Checked) -> dict[str, int]:
    """How many quotations and sentences are how."""
    told = {f"quotations {status.value}": 0 for status in QuoteStatus}
    told |= {f"sentences {status.value}": 0 for status in SupportStatus}
    for quote in checked.quotes:
        told[f"quotations {quote.status.value}"] += 1
    for sentence in checked.sentences:
        told[f"sentences {sentence.support.status.value}"] += 1
    return told


def told(checked: Checked) -> str:
    """The summary in a line."""
    parts = []
    for what in ("quotations", "sentences"):
        counts = [
            f"{n} {name.split()[1].replace('_', ' ')}"
            for name, n in summary(checked).items()
            if n and name.startswith(what)
        ]
        parts += [f"{what}: {', '.join(counts)}"] if counts else []
    return "; ".join(parts) or "nothing to check"


def edits(given: Sequence[Edit]) -> list[EditOut]:
    """The differences, piece by piece."""
    return [EditOut(op=edit.op.value, text=edit.text, source=edit.source) for edit in given]


def changes(given: Sequence[Change]) -> list[AlterationOut]:
    """The differences that change what is said."""
    return [AlterationOut(kind=change.kind.value, text=change.text, source=change.source) for change in given]
