"""Holding one response against what is known of its question."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from corpus.records import Span
from eval.answers import (
    SHORT,
    citation_coverage,
    citation_precision,
    citation_recall,
    contains_answer,
    exact_match,
    exactness,
    token_f1,
    touches,
)
from eval.records import Evidence, Given, GoldQuestion, Hit, Response
from eval.results import QuestionResult, Quoted, Verdict
from eval.spans import BUDGET, FIRST, first_hit, hit_at, omega, overlaps, recall, reciprocal, within

Texts = Callable[[str], str]  # a document's name to its text
_SHOWN_HITS = 3  # in files of results, for who looks at failures
_SHOWN = 400  # characters of each
_AROUND = 160  # characters in front of and behind a span that was expected
_SUPPORTING = 5  # passages in which an answer is expected to have its support


def judge(
    question: GoldQuestion,
    response: Response,
    texts: Texts,
    relevant: Collection[str] = (),
    passages: Callable[[str], Sequence[Hit]] | None = None,
) -> QuestionResult:
    """Measures over passages and answer, and what a person needs to see why.

    `relevant` are the documents that are judged relevant, `passages` gives all of a document. Measures of
    ranked documents are not among these: `eval.retrieval` takes a whole run.
    """
    ranked = response.hits
    values: dict[str, float] = {}
    if question.answerable and question.evidence:
        values |= passage_values(question, ranked)
        if passages:
            names = dict.fromkeys(evidence.document for evidence in question.evidence)
            values["span-Pω"] = omega(question, (hit for name in names for hit in passages(name)))
    if question.answerable and response.given:
        values |= answer_values(question, response.given)
    supported = is_supported(question, ranked, relevant)
    given = response.given
    return QuestionResult(
        id=question.id,
        kind=question.kind,
        question=question.question,
        values=values,
        expected=expected(question, texts, relevant),
        found=tuple(_shown(question, hit, relevant) for hit in ranked[:_SHOWN_HITS]),
        verdict=Verdict(given.text, given.answered, given.confidence, supported) if given else None,
        timings_ms=response.timings_ms,
    )


def is_supported(question: GoldQuestion, ranked: Sequence[Hit], relevant: Collection[str] = ()) -> bool:
    """Whether the first passages hold what answers: a span of evidence, else part of a relevant document."""
    if not question.answerable:
        return False
    if question.evidence:
        return bool(hit_at(first_hit(question, ranked), _SUPPORTING))
    return any(place.document in relevant for hit in ranked[:_SUPPORTING] for place in hit.places)


def passage_values(question: GoldQuestion, ranked: Sequence[Hit]) -> dict[str, float]:
    """What a ranking of passages is worth to a question with spans of evidence."""
    rank = first_hit(question, ranked)
    share, precision, union = overlaps(question, ranked[:FIRST])
    return {
        "hit@1": hit_at(rank, 1),
        "hit@5": hit_at(rank, 5),
        "hit-RR@10": reciprocal(rank, 10),
        "recall@5": recall(question, ranked[:5]),
        f"recall@{BUDGET}ch": recall(question, within(ranked)),
        "span-R@5": share,
        "span-P@5": precision,
        "span-IoU@5": union,
    }


def answer_values(question: GoldQuestion, given: Given) -> dict[str, float]:
    """What an answer is worth; citations only where spans are known."""
    values: dict[str, float] = {}
    if question.answers:
        values = {
            "answer": float(contains_answer(given.text, question.answers)),
            f"answer@{SHORT}ch": float(contains_answer(given.text[:SHORT], question.answers)),
            "EM": exact_match(given.text, question.answers),
            "F1": token_f1(given.text, question.answers),
        }
    if question.evidence:
        values |= {
            "cite-P": citation_precision(question, given),
            "cite-R": citation_recall(question, given),
            "cite-cover": citation_coverage(question, given),
            "cite-touch": touches(question, given),
        }
    return values | {"quote-exact": exactness(given)}


def expected(question: GoldQuestion, texts: Texts, relevant: Collection[str]) -> tuple[Quoted, ...]:
    """What should have been found: spans of evidence, else how relevant documents begin."""
    if question.evidence:
        return tuple(_quote(evidence, texts(evidence.document)) for evidence in question.evidence)
    return tuple(Quoted(name, (), texts(name)[:_SHOWN]) for name in list(relevant)[:_SHOWN_HITS])


def _quote(evidence: Evidence, text: str) -> Quoted:
    start, end = evidence.span.start, evidence.span.end
    return Quoted(
        document=evidence.document,
        spans=((start, end),),
        text=text[start:end],
        before=text[max(0, start - _AROUND) : start],
        after=text[end : end + _AROUND],
    )


def _shown(question: GoldQuestion, hit: Hit, relevant: Collection[str]) -> Quoted:
    on_gold = (
        first_hit(question, [hit]) is not None
        if question.evidence and hit.spans
        else any(place.document in relevant for place in hit.places)
    )
    return Quoted(hit.document, _pairs(hit.spans), hit.text[:_SHOWN], relevant=on_gold)


def _pairs(spans: Sequence[Span]) -> tuple[tuple[int, int], ...]:
    return tuple((span.start, span.end) for span in spans)
