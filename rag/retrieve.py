"""From a question to ranked passages, the whole path on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from index.protocols import Encoder
from index.reader import Snapshot
from index.records import StoredPassage
from rag.asked import subject
from rag.fuse import FusionConfig, candidates, convex, min_max, spread, weighted
from rag.lead import lead
from rag.protocols import Rescorer
from rag.records import Question, RankedPassage, Ranking
from rag.timing import Stopwatch

_LATE = np.asarray(
    [0.5, 0.25, 1.0], np.float32
)  # weights of dense, lexical, late: best on twelve collections
_OVERLAP = 0.5  # a passage that shares more of its characters with a better one is not shown


@dataclass(frozen=True, slots=True)
class Tools:
    """What a question needs to be answered: one state of the index, and the models."""

    snapshot: Snapshot
    encoder: Encoder
    rescorer: Rescorer | None = None


def retrieve(
    question: Question, tools: Tools, config: FusionConfig | None = None, watch: Stopwatch | None = None
) -> Ranking:
    """Rank the passages of the collection for a question: encode, search twice, fuse, rescore, collapse."""
    config, watch = config or FusionConfig(), watch or Stopwatch()
    index = tools.snapshot
    with watch.stage("encode"):
        asked = tools.encoder.embed_question(question.text)
        vector = asked.vector
    with watch.stage("search"):
        allowed = index.allowed(question.filters)
        terms = subject(question.text, index.terms)
        depth = max(config.depth, 2 * question.top_k)
        dense_hits = index.dense(vector, depth, allowed)
        lexical_hits = index.lexical(terms, depth, allowed)
        keys = candidates(dense_hits, lexical_hits)
        dense, lexical = index.cosine(vector, keys), spread(lexical_hits, keys)
        scores = convex(dense, lexical, config.dense_weight)
        signals = {"dense": min_max(dense), "lexical": min_max(lexical)}
        if index.has_tokens:
            late = index.late(asked.tokens, keys)
            scores = min_max(weighted((dense, lexical, late), config.weights))
            signals["late"] = min_max(late)
        order = np.lexsort((keys, -scores))
        stored = index.passages(keys[order[: 2 * question.top_k]].tolist())
    rows = [i for i in order[: 2 * question.top_k] if int(keys[i]) in stored]
    if tools.rescorer and rows:
        with watch.stage("rescore"):
            close = tools.rescorer.score(question, [stored[int(keys[i])] for i in rows])
            scores[rows] = close
            signals[tools.rescorer.name] = np.zeros_like(scores)
            signals[tools.rescorer.name][rows] = min_max(close)
            rows.sort(key=lambda i: (-scores[i], keys[i]))
    ranked = [
        RankedPassage(
            rank=0,
            score=round(float(scores[i]), 6),
            signals=MappingProxyType({name: round(float(part[i]), 4) for name, part in signals.items()}),
            stored=stored[int(keys[i])],
        )
        for i in rows
    ]
    kept = _collapse(lead(question, ranked, index, vector), question.top_k)
    return Ranking(
        question=question,
        passages=tuple(replace(passage, rank=rank) for rank, passage in enumerate(kept, 1)),
        generation=index.number,
        terms=MappingProxyType(dict(zip(terms, index.rarity(terms).tolist(), strict=True))),
        cosine=float(dense.max(initial=0.0)),
        tokens=asked.tokens if index.has_tokens else asked.tokens[:0],
        starts=asked.starts if index.has_tokens else asked.starts[:0],
        timings_ms=MappingProxyType(watch.read()),
    )


def _collapse(ranked: Sequence[RankedPassage], limit: int) -> list[RankedPassage]:
    """The first passages that are not mostly the text of a better one."""
    kept: list[RankedPassage] = []
    for passage in ranked:
        if len(kept) == limit:
            break
        if not any(_shares(passage.stored, better.stored) for better in kept):
            kept.append(passage)
    return kept


def _shares(stored: StoredPassage, better: StoredPassage) -> bool:
    if stored.version != better.version:
        return False
    spans = stored.passage.spans
    shared = sum(a.overlap(b) for a in spans for b in better.passage.spans)
    return shared > _OVERLAP * sum(map(len, spans))
