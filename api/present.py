"""From the values inside to the shapes of the contract: answers, passages, and what they cite."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from api.links import home, place
from api.lookup import Found
from api.schemas.answers import AnswerOut, ClaimOut, GenerationOut, NoticeOut, QueryOut
from api.schemas.citations import (
    CitationDetail,
    CitationOut,
    CurrentOut,
    DocumentCitation,
    DocumentRef,
    FootnoteOut,
    LocatorOut,
    Position,
    ReferenceOut,
    Selector,
    SpanOut,
    TimeOut,
    VerificationOut,
)
from api.schemas.passages import PassageDetail
from api.schemas.searches import ExplainedPassageOut, ExplanationOut, MetOut, PartOut, PassageOut, SearchOut
from api.schemas.twins import PlaceOut
from corpus.records import Locator, Record, Span
from index.records import StoredDocument, StoredPassage
from index.store import Store
from rag.cite import cite
from rag.explain import Explanation
from rag.permalink import Resolved
from rag.records import Citation, Generation, Outcome, RankedPassage, Ranking, Reply, Status
from rag.reference import Reference


def query(reply: Reply, store: Store, id_: str | None = None) -> QueryOut:
    """The response of `/v1/query`."""
    ranking, answer = reply.ranking, reply.answer
    return QueryOut(
        id=id_ or new_id(),
        question=ranking.question.asked or ranking.question.text,
        standalone_question=ranking.question.text,
        generation=ranking.generation,
        status=reply.status.value,
        confidence=reply.confidence,
        answer=AnswerOut(
            text=answer.text,
            claims=[
                ClaimOut(
                    text=c.text,
                    start=c.start,
                    end=c.end,
                    citations=list(c.citations),
                    verbatim=c.verbatim,
                    highlights=spans(c.highlights),
                )
                for c in answer.claims
            ],
        )
        if answer
        else None,
        citations=[citation(c, n) for n, c in enumerate(answer.citations, 1)] if answer else [],
        passages=[passage(ranked, store) for ranked in ranking.passages],
        timings_ms=dict(reply.timings_ms),
        generator=GenerationOut(
            model=reply.generation.model,
            outcome=reply.generation.outcome.value,
            withheld=reply.generation.withheld,
        )
        if reply.generation
        else None,
        notices=notices(reply),
    )


def new_id() -> str:
    """The id of a new answer."""
    return f"ans_{uuid.uuid4().hex[:20]}"


def notices(reply: Reply) -> list[NoticeOut]:
    """What a reader of an answer should know."""
    found: list[NoticeOut] = []
    if reply.status is Status.UNSUPPORTED:
        found.append(NoticeOut(code="no_answer", detail="The documents do not support an answer."))
    if reply.generation and (told := _of_model(reply.generation)):
        found.append(told)
    if reply.answer and any(cited.stored.superseded for cited in reply.answer.citations):
        found.append(NoticeOut(code="stale_source", detail="A cited document was replaced meanwhile."))
    return found


def _of_model(generation: Generation) -> NoticeOut | None:
    """What a reader should know of a language model that failed, or said what no passage says."""
    instead = "the answer is taken from the passages without it"
    if generation.outcome is Outcome.UNAVAILABLE:
        return NoticeOut(code="model_unavailable", detail=f"{generation.detail}; {instead}")
    if generation.outcome is Outcome.BROKEN_OFF:
        return NoticeOut(
            code="model_unavailable", detail=f"{generation.detail}; the answer may be incomplete"
        )
    if generation.outcome is Outcome.UNVERIFIED:
        return NoticeOut(code="withheld", detail=f"no passage says what the language model said; {instead}")
    if generation.withheld:
        counted = "1 sentence" if generation.withheld == 1 else f"{generation.withheld} sentences"
        return NoticeOut(code="withheld", detail=f"{counted} that no passage says left out")
    return None


def search(ranking: Ranking, store: Store, explained: Mapping[str, Explanation] | None = None) -> SearchOut:
    """The response of `/v1/search`."""
    return SearchOut(
        question=ranking.question.text,
        generation=ranking.generation,
        passages=[_explained(passage(ranked, store), explained) for ranked in ranking.passages],
        timings_ms=dict(ranking.timings_ms),
    )


def _explained(
    shown: PassageOut, explained: Mapping[str, Explanation] | None
) -> ExplainedPassageOut | PassageOut:
    if explained is None:
        return shown
    return ExplainedPassageOut(**dict(shown), explain=explanation(explained[shown.passage_id]))


def explanation(found: Explanation) -> ExplanationOut:
    """Why a passage stands where it does."""
    return ExplanationOut(
        parts=[PartOut(**asdict(part)) for part in found.parts],
        met=[MetOut(**asdict(met)) for met in found.met],
        missed=list(found.missed),
    )


def passage(ranked: RankedPassage, store: Store) -> PassageOut:
    """A ranked passage, citing all of itself."""
    return PassageOut(
        rank=ranked.rank,
        score=ranked.score,
        signals=dict(ranked.signals),
        passage_id=ranked.stored.passage.id,
        text=ranked.stored.passage.text,
        citation=citation(cite(store, ranked.stored)),
        also_in=[also_in(stored) for stored in ranked.also_in],
    )


def also_in(stored: StoredPassage) -> PlaceOut:
    """Another place of a text."""
    return PlaceOut(
        document=stored.document_id,
        source=stored.source,
        passage_id=stored.passage.id,
        url=place(stored.document_id, stored.version, stored.passage.spans),
    )


def passage_detail(stored: StoredPassage, store: Store) -> PassageDetail:
    """A passage outside a ranking."""
    called = [note for note in stored.passage.locator.footnotes if note.at is not None]
    return PassageDetail(
        passage_id=stored.passage.id,
        ordinal=stored.passage.ordinal,
        text=stored.passage.text,
        note=None if stored.passage.note is None else number(stored.passage.note),
        notes=[p.passage.id for p in store.defining(stored, called)],
        called_by=[p.passage.id for p in store.calling(stored)] if stored.passage.note else [],
        citation=citation(cite(store, stored)),
    )


def citation(cited: Citation, n: int | None = None) -> CitationOut:
    """The citation object of the contract."""
    stored = cited.stored
    return CitationOut(
        n=n,
        id=cited.id,
        document=_reference(stored),
        passage_id=stored.passage.id,
        spans=spans(cited.spans),
        quote=list(cited.quote),
        selector=Selector(exact="".join(cited.quote), prefix=cited.prefix, suffix=cited.suffix),
        locator=_locator(cited.locator),
        verification=VerificationOut(
            verdict=cited.verification.verdict.value,
            folds=list(cited.verification.folds),
            score=cited.verification.score,
        ),
        positions=[Position(start=span.start, end=span.end) for span in cited.spans],
        url=place(stored.document_id, stored.version, cited.spans),
        original=cited.original,
    )


def citation_detail(resolved: Resolved, reference: Reference) -> CitationDetail:
    """A citation looked up by its id."""
    current = resolved.current
    return CitationDetail(
        **dict(citation(resolved.citation)),
        current=CurrentOut(
            anchored=current.anchor.anchored.value,
            score=current.anchor.score,
            citation=citation(current.citation) if current.citation else None,
        )
        if current
        else None,
        reference=_cited_work(reference),
    )


def found(thing: Found) -> CitationDetail | DocumentCitation:
    """Whatever stands under an id."""
    if isinstance(thing.subject, Resolved):
        return citation_detail(thing.subject, thing.reference)
    return document_citation(thing.subject, thing.reference)


def document_citation(stored: StoredDocument, reference: Reference) -> DocumentCitation:
    """A document cited as a whole."""
    inside = stored.document
    return DocumentCitation(
        id=stored.id,
        document=DocumentRef(
            id=stored.id,
            version=f"sha256:{inside.version}",
            source=inside.source,
            title=inside.record.title,
            type=inside.record.type,
            authors=list(inside.record.authors),
            publisher=inside.record.publisher,
            date=inside.record.date,
            superseded=stored.superseded_by is not None,
        ),
        url=home(stored.id, inside.version),
        reference=_cited_work(reference),
    )


def _cited_work(reference: Reference) -> ReferenceOut:
    return ReferenceOut(pinpoint=reference.pinpoint, link=reference.url, work=dict(reference.work))


def spans(given: Sequence[Span]) -> list[SpanOut]:
    """Spans of the contract."""
    return [SpanOut(start=span.start, end=span.end) for span in given]


def _reference(stored: StoredPassage) -> DocumentRef:
    record = Record(stored.record)
    return DocumentRef(
        id=stored.document_id,
        version=f"sha256:{stored.version}",
        source=stored.source,
        title=record.title,
        type=record.type,
        authors=list(record.authors),
        publisher=record.publisher,
        date=record.date,
        superseded=stored.superseded,
    )


def _locator(locator: Locator) -> LocatorOut:
    return LocatorOut(
        pages=list(locator.pages),
        page_indices=list(locator.page_indices),
        section=list(locator.section),
        section_authors=list(locator.section_authors),
        author_variants=list(locator.author_variants),
        speaker=locator.speaker,
        turn=locator.turn,
        question=locator.question,
        footnotes=[
            FootnoteOut(number=number(note.number), text=note.text, stands_for=note.stands_for)
            for note in locator.footnotes
        ],
        time=TimeOut(start=locator.times.start, end=locator.times.end) if locator.times else None,
        anchor=locator.anchor,
    )


def number(label: str) -> int | str:
    """Notes are numbered; some are lettered or starred."""
    return int(label) if label.isascii() and label.isdigit() else label
