"""From a question to ranked passages, the whole path on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from index.protocols import Encoder
from index.reader import Snapshot
from index.records import FloatArray, StoredPassage
from rag.collapse import REACH, collapse, reached
from rag.fuse import DENSE, FusionConfig
from rag.lead import lead
from rag.protocols import Rescorer
from rag.records import Question, RankedPassage, Ranking
from rag.rescore import rescored
from rag.search import Candidates, search, seek
from rag.timing import Stopwatch

_HEAD = 20  # passages that structure may put others in front of, however few are wanted


@dataclass(frozen=True, slots=True)
class Tools:
    """What a question needs to be answered: one state of the index, and the models."""

    snapshot: Snapshot
    encoder: Encoder
    rescorer: Rescorer | None = None


def retrieve(
    question: Question, tools: Tools, config: FusionConfig | None = None, watch: Stopwatch | None = None
) -> Ranking:
    """Rank the passages of the collection for a question: encode, search, fuse, rescore, lead, collapse.

    Fewer passages are the first of more: what is ranked does not depend on how many are wanted.
    """
    config, watch = config or FusionConfig(), watch or Stopwatch()
    index = tools.snapshot
    with watch.stage("encode"):
        asked = tools.encoder.embed_question(question.text)
    with watch.stage("search"):
        sought = seek(question, asked, index, config.weights.common)
    rescorer = _Once(tools.rescorer) if tools.rescorer else None
    wanted = 2 * question.top_k + REACH  # half may overlap better ones
    while True:
        with watch.stage("search"):
            found = search(sought, index, config, wanted)
            ranked = _read(found, index, max(wanted, config.rescored if rescorer else _HEAD))
        if rescorer:
            with watch.stage("rescore"):
                ranked = rescored(question, ranked, rescorer, config.rescored)
        led = lead(question, ranked[:_HEAD], index, asked.vector)
        moved = {passage.stored.key for passage in led}
        order = [*led, *(r for r in ranked[_HEAD:] if r.stored.key not in moved)]
        kept = collapse(order, question.top_k)
        if len(found.keys) < wanted or (len(kept) == question.top_k and reached(order, kept)):
            break
        wanted *= 2  # so many are the text of others that there is room for more
    return Ranking(
        question=question,
        passages=tuple(replace(passage, rank=rank) for rank, passage in enumerate(kept, 1)),
        generation=index.number,
        terms=MappingProxyType(dict(sought.terms)),
        cosine=float(found.signals[DENSE].max(initial=0.0)),
        tokens=asked.tokens if index.has_tokens else asked.tokens[:0],
        starts=asked.starts if index.has_tokens else asked.starts[:0],
        timings_ms=MappingProxyType(watch.read()),
    )


class _Once:
    """A rescorer that is asked once: however many passages are wanted, it looks at the same ones."""

    def __init__(self, rescorer: Rescorer) -> None:
        self.name = rescorer.name
        self._rescorer = rescorer
        self._scores: FloatArray | None = None

    def score(self, question: Question, passages: Sequence[StoredPassage]) -> FloatArray:
        """The scores of the first time."""
        if self._scores is None or len(self._scores) != len(passages):
            self._scores = self._rescorer.score(question, passages)
        return self._scores


def _read(found: Candidates, index: Snapshot, most: int) -> list[RankedPassage]:
    """The first candidates as passages; those of documents removed meanwhile are left out."""
    stored = index.passages(found.keys[:most].tolist())
    return [
        RankedPassage(
            rank=0,
            score=round(float(found.scores[i]), 6),
            signals=MappingProxyType({name: round(float(v[i]), 4) for name, v in found.signals.items()}),
            stored=stored[key],
        )
        for i, key in enumerate(found.keys[:most].tolist())
        if key in stored
    ]
