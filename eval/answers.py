"""Measures over answers and their citations; every result in [0, 1]."""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

from corpus.records import Span
from eval.records import Cited, Evidence, Given, GoldQuestion
from eval.spans import COVER, size, union

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
SHORT = 400  # characters, in which an answer is to stand
EXTRACTED = ("factoid", "name_variant", "page_break", "who_said", "section_author")  # kinds of such answers
_ASCII = str.maketrans("", "", string.punctuation)


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


def touches(question: GoldQuestion, given: Given) -> float:
    """1 when a citation of the answer and a span that answers share a character."""
    gold = (*question.evidence, *question.alternatives)
    return float(
        any(
            span.overlap(evidence.span)
            for evidence in gold
            for cited in given.citations
            if cited.document == evidence.document
            for span in cited.spans
        )
    )


def squad_tokens(text: str) -> list[str]:
    """Words as SQuAD compares them: lower case, without ASCII punctuation and articles.

    Rajpurkar et al. (2016), doi:10.18653/v1/D16-1264, in the order of its published evaluation script.
    """
    return _ARTICLES.sub(" ", text.lower().translate(_ASCII)).split()


def exact_match(text: str, answers: Sequence[str]) -> float:
    """EM: 1 when a text is one of the accepted answers."""
    return _best(lambda said, wanted: float(said == wanted), text, answers)


def token_f1(text: str, answers: Sequence[str]) -> float:
    """F1 of the words of a text and of the accepted answer that fits best."""
    return _best(_f1, text, answers)


def _best(compare: Callable[[list[str], list[str]], float], text: str, answers: Sequence[str]) -> float:
    said = squad_tokens(text)
    return max((compare(said, squad_tokens(answer)) for answer in answers), default=0.0)


def _f1(said: list[str], wanted: list[str]) -> float:
    if not said or not wanted:
        return float(said == wanted)
    same = (Counter(said) & Counter(wanted)).total()
    return 2 * same / (len(said) + len(wanted))


def citation_precision(question: GoldQuestion, given: Given) -> float:
    """Share of the citations that rest on gold.

    As ALCE has it (Gao et al., 2023, doi:10.18653/v1/2023.emnlp-main.398), spans in place of a judge. A
    citation rests on gold when it and a span of evidence share half of the shorter of the two.
    """
    if not given.citations:
        return 0.0
    return sum(_rests(question, cited) for cited in given.citations) / len(given.citations)


def citation_recall(question: GoldQuestion, given: Given) -> float:
    """Share of the claims that a citation backs that rests on gold; 0 for an answer without claims."""
    if not given.claims:
        return 0.0
    rests = [_rests(question, cited) for cited in given.citations]
    return sum(any(rests[i] for i in claim) for claim in given.claims) / len(given.claims)


def citation_coverage(question: GoldQuestion, given: Given) -> float:
    """Share of the evidence spans that the citations together cover by half, alternatives standing in."""

    def found(evidence: Evidence) -> bool:
        pieces = (
            _common(span, evidence.span)
            for cited in given.citations
            if cited.document == evidence.document
            for span in cited.spans
            if span.overlap(evidence.span)
        )
        return size(union(pieces)) >= COVER * len(evidence.span)

    count = sum(map(found, (*question.evidence, *question.alternatives)))
    return min(1.0, count / len(question.evidence))


def exactness(given: Given) -> float:
    """Share of the citations whose quote is what stands there, to the letter; 1 where there is none."""
    return sum(cited.exact for cited in given.citations) / len(given.citations) if given.citations else 1.0


def _rests(question: GoldQuestion, cited: Cited) -> bool:
    for evidence in (*question.evidence, *question.alternatives):
        if cited.document == evidence.document:
            shared = sum(span.overlap(evidence.span) for span in cited.spans)
            if shared and shared >= COVER * min(size(cited.spans), len(evidence.span)):
                return True
    return False


def _common(a: Span, b: Span) -> Span:
    return Span(max(a.start, b.start), min(a.end, b.end))
