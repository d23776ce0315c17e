"""Verify a quotation: whether it stands where it is said to, and how far the words are the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.reader import Snapshot
from index.store import Store
from rag.claims import Agreement, Claim, Shelf, agreements
from rag.compare import Change, Changed, Edit
from rag.quotation import Quotation
from rag.quotes import RANK, FindConfig, Found, Match, find
from rag.records import Verdict

_COMMON = 4  # places: a few words that stand in so many tell nobody's source
_FEW_WORDS = 6
_WEIGHT = {kind: n for n, kind in enumerate(Changed)}  # what is told first


@dataclass(frozen=True, slots=True)
class Verified:
    """A verdict with its reasons; `caution` is `common` where its few words stand in many places."""

    verdict: Verdict
    score: float
    folds: tuple[str, ...]
    diff: tuple[Edit, ...]
    changes: tuple[Change, ...]
    claimed: Mapping[str, Agreement]
    found: Match | None
    places: int
    caution: str | None
    why: str


def verify_quote(
    text: str, claim: Claim, snapshot: Snapshot, store: Store, config: FindConfig | None = None
) -> Verified:
    """Find a quotation and hold what is claimed of it against the places where it stands.

    Raises QuoteError for a quotation too short to mean anything, and for a claim that says nothing.
    """
    quotation = Quotation.of(text)
    shelf = Shelf(store)
    found = find(quotation, snapshot, store, None, config)
    matches = [*_in_named(quotation, claim, shelf, found, snapshot, store), *found.matches]
    judged = [(match, agreements(claim, match, shelf)) for match in matches]
    if not judged:
        unheld = {name: Agreement(value, None, None) for name, value in _given(claim)}
        return Verified(
            Verdict.NOT_FOUND, 0.0, (), (), (), unheld, None, 0, None, _nowhere(claim, shelf, store)
        )
    match, held = min(judged, key=lambda pair: _order(*pair))
    fits = not any(agreement.agrees is False for agreement in held.values())
    words = sum(token.says for segment in quotation.segments for token in segment.tokens)
    caution = "common" if found.places >= _COMMON and words <= _FEW_WORDS else None
    return Verified(
        verdict=match.verdict if fits else Verdict.MISATTRIBUTED,
        score=match.score,
        folds=match.folds,
        diff=match.diff,
        changes=match.changes,
        claimed=held,
        found=match,
        places=found.places,
        caution=caution,
        why=" ".join(_reasons(match, held, shelf, found.places, caution)),
    )


def _in_named(
    quotation: Quotation, claim: Claim, shelf: Shelf, found: Found, snapshot: Snapshot, store: Store
) -> list[Match]:
    """The same words in the document claimed, where they stand in more places than were looked into."""
    named = shelf.named(claim.document) if claim.document else frozenset()
    if not named or any(match.citation.stored.document_id in named for match in found.matches):
        return []
    inside = find(quotation, snapshot, store, within=named).matches
    return [match for match in inside if match.verdict is not Verdict.FUZZY]


def _given(claim: Claim) -> Iterator[tuple[str, str]]:
    for name in ("document", "author", "speaker", "date", "page"):
        if value := getattr(claim, name):
            yield name, value


def _order(match: Match, held: Mapping[str, Agreement]) -> tuple[bool, int, int, int, float]:
    """Best first: the same words before others; then the claim that fits; then what is better known."""
    wrong = sum(agreement.agrees is False for agreement in held.values())
    unknown = sum(agreement.agrees is None for agreement in held.values())
    return match.verdict is Verdict.FUZZY, wrong, unknown, RANK[match.verdict], -match.score


def _nowhere(claim: Claim, shelf: Shelf, store: Store) -> str:
    count, _ = store.extent()
    told = f"Nothing like it stands in the {count:,} document{'s' * (count != 1)} of this collection."
    if claim.document and not shelf.named(claim.document):
        told += f" No document here is called {claim.document!r}."
    return told


def _reasons(
    match: Match,
    held: Mapping[str, Agreement],
    shelf: Shelf,
    places: int,
    caution: str | None,
) -> Iterator[str]:
    if match.verdict is Verdict.EXACT:
        yield "It stands there to the letter."
    elif match.verdict is Verdict.NORMALIZED:
        yield f"It stands there but for {_listed(match.folds)}."
    else:
        yield f"Something like it stands there ({match.score:.0%} the same): {_told(match.changes)}."
    for name, agreement in held.items():
        if agreement.agrees is False:
            yield _differs(name, agreement, shelf)
        elif agreement.agrees is None:
            yield f"The document does not tell the {name}."
    if caution:
        yield f"So few words that stand in {places} places do not tell where they were taken from."
    elif places > 1:
        yield f"It stands in {places} places; this is the one that fits best."


def _differs(name: str, agreement: Agreement, shelf: Shelf) -> str:
    if name == "document" and not shelf.named(agreement.given):
        return f"No document here is called {agreement.given!r}; it stands in {agreement.found!r}."
    return f"The {name} is {agreement.found}, not {agreement.given}."


def _told(changes: Sequence[Change]) -> str:
    """The differences that weigh most, in words."""
    told = []
    for change in sorted(changes, key=lambda change: _WEIGHT[change.kind])[:4]:
        what = f"{change.kind.value}: "
        if change.text and change.source:
            what += f"{_short(change.text)!r} instead of {_short(change.source)!r}"
        elif change.text:
            what += f"{_short(change.text)!r} is added"
        else:
            what += f"{_short(change.source)!r} is missing"
        told.append(what)
    more = len(changes) - len(told)
    return "; ".join(told) + (f"; and {more} more" if more else "")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:40]} … {text[-15:]}"


def _listed(folds: Iterable[str]) -> str:
    *first, last = folds or ("white space",)
    return f"{', '.join(first)} and {last}" if first else last
