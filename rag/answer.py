"""Answer from the collection or abstain, on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from corpus.records import Span
from index.store import Store
from rag.asked import asked
from rag.cite import cite
from rag.confidence import ConfidenceConfig, confidence
from rag.extract import Extract, ExtractConfig, extract
from rag.fuse import FusionConfig
from rag.recorded import recorded
from rag.records import Answer, Citation, Claim, Question, Reply, Status
from rag.retrieve import Tools, retrieve
from rag.tell import told, with_provenance
from rag.timing import Stopwatch


@dataclass(frozen=True, slots=True)
class AnswerConfig:
    """The policy, part by part."""

    fusion: FusionConfig = field(default_factory=FusionConfig)
    extract: ExtractConfig = field(default_factory=ExtractConfig)
    confidence: ConfidenceConfig = field(default_factory=ConfidenceConfig)


def answer(
    question: Question, tools: Tools, store: Store, config: AnswerConfig | None = None, *, wanted: bool = True
) -> Reply:
    """Answer from the collection, or abstain: sentences that are verbatim or told from structure, all cited.

    `wanted` false leaves the answer out: the ranking and its confidence alone.
    """
    config, watch = config or AnswerConfig(), Stopwatch()
    read = replace(question, top_k=max(question.top_k, config.extract.passages))  # however few are shown
    ranking = retrieve(read, tools, config.fusion, watch)
    with watch.stage("answer"):
        wants = asked(question.text)
        by_structure = recorded(ranking, store) or told(ranking, wants)
        sentences = by_structure or with_provenance(
            extract(ranking, tools.snapshot, config.extract), ranking, tools.snapshot, wants
        )
        sure = confidence(ranking, tools.snapshot, config.confidence, told=bool(by_structure))
        supported = bool(sentences) and sure >= config.confidence.answer_from
        given = write(sentences, store) if supported and wanted else None
    return Reply(
        status=Status.ANSWERED if supported else Status.UNSUPPORTED,
        confidence=round(sure, 4),
        answer=given,
        ranking=replace(ranking, question=question, passages=ranking.passages[: question.top_k]),
        timings_ms=MappingProxyType(watch.read()),
    )


def write(sentences: Sequence[Extract], store: Store) -> Answer:
    """Sentences as an answer: each one a claim, citations numbered by first use."""
    citations: list[Citation] = []
    claims: list[Claim] = []
    text = ""
    for sentence in sentences:
        text += " " if text else ""
        start = len(text)
        text += sentence.text
        citations.append(cite(store, sentence.ranked.stored, sentence.start, sentence.end))
        marks = tuple(Span(start + a, start + b) for a, b in sentence.marks)
        claims.append(Claim(sentence.text, start, len(text), (len(citations),), sentence.told is None, marks))
    return Answer(text, tuple(claims), tuple(citations))
