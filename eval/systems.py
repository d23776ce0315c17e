"""The rankings that a benchmark compares, each through the code that answers everybody's questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from eval.errors import EvaluationError
from eval.records import Cited, Given, GoldQuestion, Hit, Response
from index.records import Hits, StoredPassage
from index.store import Store
from rag.answer import answer
from rag.conversation import standalone
from rag.records import Answer, Claim, Question, RankedPassage, Reply, Status
from rag.retrieve import Tools, retrieve
from rag.timing import Stopwatch

DEPTH = 300  # passages that every system is asked for: with fewer, long documents leave R@100 short


class System(Protocol):
    """Anything that ranks passages for a question; one that answers is also asked what has no answer."""

    name: str
    answers: bool

    def ask(self, question: GoldQuestion) -> Response:
        """The passages found, best first."""


class Dense:
    """The nearest vectors alone."""

    name = "dense"
    answers = False

    def __init__(self, tools: Tools, depth: int = DEPTH) -> None:
        self._tools, self._depth, self._known = tools, depth, _Known(tools)

    def ask(self, question: GoldQuestion) -> Response:
        """Encode and search."""
        watch = Stopwatch()
        with watch.stage("encode"):
            vector = self._tools.encoder.encode_question(question.question)
        with watch.stage("search"):
            found = self._tools.snapshot.dense(vector, self._depth)
        return Response(self._known.hits(found), None, watch.read())


class Lexical:
    """BM25 alone."""

    name = "lexical"
    answers = False

    def __init__(self, tools: Tools, depth: int = DEPTH) -> None:
        self._tools, self._depth, self._known = tools, depth, _Known(tools)

    def ask(self, question: GoldQuestion) -> Response:
        """Search."""
        watch = Stopwatch()
        with watch.stage("search"):
            index = self._tools.snapshot
            found = index.lexical(index.terms(question.question), self._depth)
        return Response(self._known.hits(found), None, watch.read())


class Hybrid:
    """What a question gets: the whole path of `rag.retrieve`, with its defaults."""

    name = "hybrid"
    answers = False

    def __init__(self, tools: Tools, depth: int = DEPTH) -> None:
        self._tools, self._depth = tools, depth

    def ask(self, question: GoldQuestion) -> Response:
        """Rank as for everybody."""
        ranking = retrieve(standalone(question_of(question, self._depth)), self._tools)
        return Response(
            tuple(hit_of(passage) for passage in ranking.passages),
            None,
            ranking.timings_ms,
        )


class Answering:
    """The ranking of `hybrid`, and the answer or the abstention that comes with it."""

    name = "answer"
    answers = True

    def __init__(self, tools: Tools, store: Store, depth: int = DEPTH) -> None:
        self._tools, self._store, self._depth = tools, store, depth

    def ask(self, question: GoldQuestion) -> Response:
        """Answer as for everybody."""
        reply = answer(standalone(question_of(question, self._depth)), self._tools, self._store)
        return respond(reply, self._store)


def question_of(question: GoldQuestion, top_k: int = 10) -> Question:
    """A question with its history as it would be asked."""
    return Question(question.question, top_k, history=question.history)


NAMES = ("dense", "lexical", "hybrid", "answer")


def check(names: Sequence[str]) -> None:
    """Refuse names of systems that there are not, or none at all: EvaluationError."""
    if unknown := [name for name in names if name not in NAMES] or ([] if names else ["none"]):
        raise EvaluationError(f"no system {', '.join(map(repr, unknown))}; there are {', '.join(NAMES)}")


def make(name: str, tools: Tools, store: Store, depth: int = DEPTH) -> System:
    """A system by its name, which `check` has let pass."""
    made: Mapping[str, Callable[[], System]] = {
        "dense": lambda: Dense(tools, depth),
        "lexical": lambda: Lexical(tools, depth),
        "hybrid": lambda: Hybrid(tools, depth),
        "answer": lambda: Answering(tools, store, depth),
    }
    return made[name]()


def respond(reply: Reply, store: Store, names: Mapping[str, str] | None = None) -> Response:
    """A reply as the measures read it; `names` are what documents are called, by version sha256."""

    def name(stored: StoredPassage) -> str:
        return names.get(stored.version, stored.document_id) if names is not None else stored.document_id

    return Response(
        hits=tuple(hit_of(passage, name) for passage in reply.ranking.passages),
        given=Given(
            text=reply.answer.text if reply.answer else "",
            answered=reply.status is Status.ANSWERED,
            confidence=reply.confidence,
            claims=tuple(map(_positions, reply.answer.claims)) if reply.answer else (),
            citations=tuple(_cited(reply.answer, store, name)) if reply.answer else (),
        ),
        timings_ms=reply.timings_ms,
    )


def _positions(claim: Claim) -> tuple[int, ...]:
    return tuple(n - 1 for n in claim.citations)


def _cited(given: Answer, store: Store, name: Callable[[StoredPassage], str]) -> list[Cited]:
    """Citations held against the canonical text once more, by nothing but its characters."""
    cited = []
    for citation in given.citations:
        text = store.text(citation.stored.version)
        stands = tuple(text[span.start : span.end] for span in citation.spans)
        cited.append(Cited(name(citation.stored), citation.spans, stands == citation.quote))
    return cited


def _id(stored: StoredPassage) -> str:
    return stored.document_id


def hit(stored: StoredPassage, document: str, score: float) -> Hit:
    """A stored passage as a hit of a document."""
    return Hit(document, stored.passage.spans, score, stored.passage.text)


def hit_of(ranked: RankedPassage, name: Callable[[StoredPassage], str] = _id) -> Hit:
    """A passage that is shown as a hit of a document, with the other places of its text that it names."""
    copies = tuple(hit(other, name(other), ranked.score) for other in ranked.also_in)
    return replace(hit(ranked.stored, name(ranked.stored), ranked.score), copies=copies)


class _Known:
    """Passages by key, each read once."""

    def __init__(self, tools: Tools) -> None:
        self._snapshot = tools.snapshot
        self._read: dict[int, StoredPassage] = {}

    def hits(self, found: Hits) -> tuple[Hit, ...]:
        if missing := [key for key in found.keys.tolist() if key not in self._read]:
            self._read |= self._snapshot.passages(missing)
        rows = zip(found.keys.tolist(), found.scores.tolist(), strict=True)
        return tuple(hit(self._read[k], self._read[k].document_id, s) for k, s in rows if k in self._read)
