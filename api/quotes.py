"""Quotations in the shapes of the contract: matches, verdicts, the differences."""

from __future__ import annotations

from collections.abc import Sequence

from api import present
from api.schemas import (
    AgreementOut,
    AlterationOut,
    EditOut,
    MatchOut,
    QuoteFindOut,
    QuoteVerifyOut,
    SearchedOut,
)
from index.store import Store
from rag.compare import Change, Edit
from rag.quotes import Found, Match
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
    return QuoteVerifyOut(
        verdict=given.verdict.value,
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
        took_ms=round(took_ms, 2),
    )


def edits(given: Sequence[Edit]) -> list[EditOut]:
    """The differences, piece by piece."""
    return [EditOut(op=edit.op.value, text=edit.text, source=edit.source) for edit in given]


def changes(given: Sequence[Change]) -> list[AlterationOut]:
    """The differences that change what is said."""
    return [AlterationOut(kind=change.kind.value, text=change.text, source=change.source) for change in given]
