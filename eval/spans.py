"""Measures over passages that know where they stand, against spans of evidence; every result in [0, 1]."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from corpus.records import Span
from eval.records import Evidence, GoldQuestion, Hit

COVER = 0.5  # a span counts as found when at least so much of it is covered
BUDGET = 3_000  # characters of passages that a reader (or a model) is given
FIRST = 5  # passages that the measures named `span-` look at, as Chroma does


def first_hit(question: GoldQuestion, ranked: Sequence[Hit]) -> int | None:
    """The first rank (from 1) whose passage alone covers at least half of one evidence span."""
    for rank, hit in enumerate(ranked, 1):
        for evidence in (*question.evidence, *question.alternatives):
            if _found(evidence, [hit]):
                return rank
    return None


def hit_at(rank: int | None, k: int) -> float:
    """hit@k: 1 when the first hit is within rank k."""
    return float(rank is not None and rank <= k)


def reciprocal(rank: int | None, k: int = 10) -> float:
    """RR@k: one over the rank of the first hit, 0 beyond rank k."""
    return 1 / rank if rank is not None and rank <= k else 0.0


def recall(question: GoldQuestion, ranked: Sequence[Hit]) -> float:
    """Share of the evidence spans that the passages together cover by half.

    Each alternative that is found stands for one evidence span that is not.
    """
    found = sum(_found(evidence, ranked) for evidence in question.evidence)
    spare = sum(_found(evidence, ranked) for evidence in question.alternatives)
    return min(1.0, (found + spare) / len(question.evidence))


def _found(evidence: Evidence, ranked: Iterable[Hit]) -> bool:
    pieces = [
        Span(max(span.start, evidence.span.start), min(span.end, evidence.span.end))
        for hit in ranked
        for place in hit.places
        if place.document == evidence.document
        for span in place.spans
        if span.overlap(evidence.span)
    ]
    return size(union(pieces)) >= COVER * len(evidence.span)


def within(ranked: Sequence[Hit], characters: int = BUDGET) -> list[Hit]:
    """The first passages that fit into a budget of characters, at least one: length must not win."""
    kept: list[Hit] = []
    used = 0
    for hit in ranked:
        used += size(hit.spans)
        if kept and used > characters:
            break
        kept.append(hit)
    return kept


def overlaps(question: GoldQuestion, ranked: Sequence[Hit]) -> tuple[float, float, float]:
    """Recall, precision and intersection over union in characters, as Chroma counts them.

    Smith and Troynikov (2024), Evaluating Chunking Strategies for Retrieval: what two passages both hold
    counts once where it is relevant, and twice in the length of what was retrieved. Of a passage that names
    copies the places count that touch evidence; where none does, its own alone.
    """
    wanted = _by_document(question.evidence)
    counted = [place for hit in ranked for place in _touching(hit.places, wanted) or [hit]]
    came = _of_hits(counted)
    relevant = sum(map(size, wanted.values()))
    covered = sum(size(_intersection(spans, union(came.get(name, ())))) for name, spans in wanted.items())
    retrieved = sum(size(hit.spans) for hit in counted)
    return (
        covered / relevant,
        covered / retrieved if retrieved else 0.0,
        covered / (retrieved + relevant - covered),
    )


def omega(question: GoldQuestion, passages: Iterable[Hit]) -> float:
    """Precision-omega: the precision if exactly the passages that touch evidence were retrieved.

    What passages alone allow, whatever the retrieval; `passages` are all those of the documents. As Chroma
    has it, in both terms each character counts once, and evidence that is in no passage counts against it.
    """
    wanted = _by_document(question.evidence)
    touching = _of_hits(_touching(passages, wanted))
    covered = sum(size(_intersection(spans, union(touching.get(d, ())))) for d, spans in wanted.items())
    taken = sum(size(union([*touching.get(document, ()), *spans])) for document, spans in wanted.items())
    return covered / taken


def _touching(hits: Iterable[Hit], wanted: Mapping[str, Sequence[Span]]) -> list[Hit]:
    return [hit for hit in hits if any(a.overlap(b) for a in hit.spans for b in wanted.get(hit.document, ()))]


def _by_document(evidence: Iterable[Evidence]) -> dict[str, list[Span]]:
    """Disjoint spans of evidence by document."""
    found: dict[str, list[Span]] = {}
    for item in evidence:
        found.setdefault(item.document, []).append(item.span)
    return {document: union(spans) for document, spans in found.items()}


def _of_hits(hits: Iterable[Hit]) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {}
    for hit in hits:
        found.setdefault(hit.document, []).extend(hit.spans)
    return found


def union(spans: Iterable[Span]) -> list[Span]:
    """Disjoint spans, in order, that cover the same characters."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _intersection(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """What two lists of disjoint spans both cover."""
    return [Span(max(a.start, b.start), min(a.end, b.end)) for a in some for b in others if a.overlap(b)]


def size(spans: Iterable[Span]) -> int:
    """Characters of spans, those counted twice that are in two."""
    return sum(map(len, spans))
