"""What backs a sentence: the sentence of the collection that says most of it, or that it is taken from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from index.reader import Snapshot
from index.records import StoredPassage
from index.store import Store
from rag.cite import cite
from rag.compare import Change, Changed
from rag.errors import QuoteError
from rag.quotation import Quotation
from rag.quotes import FindConfig, find
from rag.records import Citation, Verdict

_PASSAGES = 8  # of the lexical index that are looked into
_GRAVE = frozenset({Changed.NEGATION, Changed.NUMBER, Changed.DATE})
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEARLY = FindConfig(fuzzy_from=0.85, short_from=0.9)  # a sentence so like another is taken from it


class SupportStatus(StrEnum):
    """How far the collection backs a sentence."""

    VERBATIM = "verbatim"  # it stands there: a quotation without marks
    CONTRADICTED = "contradicted"  # it is taken from there, with another number or a negation
    SUPPORTED = "supported"
    PARTLY = "partly"  # some of it, or all but a number
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Support:
    """The best support of a sentence.

    `score` is the share of its search terms that it holds, rare ones weighing more; `missing` are terms and
    numbers that it does not hold, `changes` what differs from what it is taken from.
    """

    status: SupportStatus
    score: float
    missing: tuple[str, ...]
    changes: tuple[Change, ...]
    citation: Citation | None

    @property
    def contradicts(self) -> bool:
        """Whether it says other than what it is taken from."""
        return self.status is SupportStatus.CONTRADICTED


@dataclass(frozen=True, slots=True)
class SupportConfig:
    """How much of a sentence must be held; see docs/quotes.md."""

    supported_from: float = 0.55
    partly_from: float = 0.33


def best_support(
    sentence: str, snapshot: Snapshot, store: Store, config: SupportConfig | None = None
) -> Support:
    """Look for the sentence itself, then for the one that says most of it."""
    config = config or SupportConfig()
    return _taken(sentence, snapshot, store) or _said(sentence, snapshot, store, config)


def _taken(sentence: str, snapshot: Snapshot, store: Store) -> Support | None:
    """A place that the sentence is copied from, with or without changes."""
    try:
        found = find(Quotation.of(sentence), snapshot, store, None, _NEARLY)
    except QuoteError:
        return None
    if not found.matches:
        return None
    best = found.matches[0]
    grave = any(change.kind in _GRAVE for change in best.changes)
    status = SupportStatus.CONTRADICTED if grave else SupportStatus.SUPPORTED
    if best.verdict is not Verdict.FUZZY:
        status = SupportStatus.VERBATIM
    return Support(status, best.score, (), best.changes, best.citation)


def _said(sentence: str, snapshot: Snapshot, store: Store, config: SupportConfig) -> Support:
    """The one or two sentences of a passage that hold most of the search terms, and of the numbers."""
    terms = snapshot.terms(sentence)
    weights = dict(zip(terms, snapshot.rarity(terms).tolist(), strict=True))
    total = sum(weights.values())
    hits = snapshot.lexical(terms, _PASSAGES)
    stored = snapshot.passages(hits.keys.tolist())
    best: tuple[float, StoredPassage, tuple[int, int], set[str]] | None = None
    for passage in (stored[key] for key in hits.keys.tolist() if key in stored):
        for start, end in windows(passage.passage.sentences):
            held = weights.keys() & set(snapshot.terms(passage.passage.text[start:end]))
            score = sum(weights[term] for term in held) / total if total else 0.0
            if best is None or score > best[0]:
                best = score, passage, (start, end), held
    if best is None or best[0] < config.partly_from:
        return Support(SupportStatus.UNSUPPORTED, round(best[0], 4) if best else 0.0, (), (), None)
    score, passage, (start, end), held = best
    numbers = set(_NUMBER.findall(passage.passage.embedded))
    missing = [number for number in _NUMBER.findall(sentence) if number not in numbers]
    whole = score >= config.supported_from and not missing
    missing += sorted(weights.keys() - held - set(missing), key=lambda term: -weights[term])[:5]
    return Support(
        SupportStatus.SUPPORTED if whole else SupportStatus.PARTLY,
        round(score, 4),
        tuple(missing),
        (),
        cite(store, passage, start, end),
    )


def windows(sentences: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Each sentence, and each with the one behind it."""
    yield from sentences
    for (start, _), (_, end) in pairwise(sentences):
        yield start, end
