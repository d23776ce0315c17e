"""Measures over ranked passages and answers; every definition in one line, every result in [0, 1]."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from corpus.records import Span
from eval.sets import Evidence, GoldQuestion
from index.records import StoredPassage

COVER = 0.5  # a span counts as found when at least so much of it is covered
BUDGET = 3_000  # characters of passages that a reader (or a model) is given
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")


def _shares(spans: Iterable[Span], evidence: Evidence) -> float:
    return sum(span.overlap(evidence.span) for span in spans) / len(evidence.span)


def first_hit(question: GoldQuestion, ranked: Sequence[StoredPassage]) -> int | None:
    """The first rank (from 1) whose passage alone covers at least half of one evidence span."""
    for rank, stored in enumerate(ranked, 1):
        for evidence in (*question.evidence, *question.alternatives):
            if evidence.version == stored.version and _shares(stored.passage.spans, evidence) >= COVER:
                return rank
    return None


def hit(rank: int | None, k: int) -> float:
    """hit@k: 1 when the first hit is within rank k."""
    return float(rank is not None and rank <= k)


def reciprocal(rank: int | None, k: int = 10) -> float:
    """RR@k: one over the rank of the first hit, 0 beyond rank k."""
    return 1 / rank if rank is not None and rank <= k else 0.0


def recall(question: GoldQuestion, ranked: Sequence[StoredPassage]) -> float:
    """Share of the evidence spans that the passages together cover by half.

    Each alternative that is found stands for one evidence span that is not.
    """
    found = sum(_found(evidence, ranked) for evidence in question.evidence)
    spare = sum(_found(evidence, ranked) for evidence in question.alternatives)
    return min(1.0, (found + spare) / len(question.evidence))


def _found(evidence: Evidence, ranked: Sequence[StoredPassage]) -> bool:
    covered: set[int] = set()
    for stored in ranked:
        if stored.version == evidence.version:
            for span in stored.passage.spans:
                covered.update(range(max(span.start, evidence.span.start), min(span.end, evidence.span.end)))
    return len(covered) >= COVER * len(evidence.span)


def within(ranked: Sequence[StoredPassage], characters: int = BUDGET) -> list[StoredPassage]:
    """The first passages that fit into a budget of characters, at least one: length must not win."""
    kept: list[StoredPassage] = []
    used = 0
    for stored in ranked:
        used += sum(map(len, stored.passage.spans))
        if kept and used > characters:
            break
        kept.append(stored)
    return kept


def normalize_answer(text: str) -> str:
    """Lower case, without articles, spaces for punctuation and signs: SQuAD's normalisation but for those.

    SQuAD takes ASCII punctuation away without a space, which makes one word of `gas/oil`.
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    bare = "".join(" " if unicodedata.category(c)[0] in "PS" else c for c in folded)
    return " ".join(_ARTICLES.sub(" ", bare).split())


def contains_answer(text: str, answers: Sequence[str]) -> bool:
    """Whether an accepted answer stands in a text, as whole words, after normalisation."""
    padded = f" {normalize_answer(text)} "
    return any(f" {wanted} " in padded for answer in answers if (wanted := normalize_answer(answer)))


def area_under_roc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Probability that a positive scores above a negative, ties half (Mann-Whitney U); None without both."""
    if not positive or not negative:
        return None
    wins = sum((p > n) + 0.5 * (p == n) for p in positive for n in negative)
    return wins / (len(positive) * len(negative))
