"""From the documents of a benchmark to an index, by the code that indexes everybody's documents."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from time import perf_counter

from corpus.passages import PassageConfig
from corpus.sources import Source
from eval.benchmark import Benchmark, Entry
from eval.errors import EvaluationError
from eval.manifest import code
from index.codec import dumps
from index.database import SCHEMA_VERSION
from index.ingest import Ingest
from index.plan import Change, Outcome
from index.protocols import Encoder
from index.records import Embedding, EncoderIdentity, FloatArray

_ENDLESS = 10**6  # tokens


class Unit(StrEnum):
    """What is indexed of a document: its passages, or one text of title and body, as BEIR has it."""

    PASSAGES = "passages"
    DOCUMENTS = "documents"


class Counting:
    """An encoder that counts what it encodes; given whole documents, it reads their beginning."""

    def __init__(self, encoder: Encoder, unit: Unit) -> None:
        self._encoder = encoder
        limit = encoder.identity.max_tokens if unit is Unit.PASSAGES else _ENDLESS
        self.identity: EncoderIdentity = replace(encoder.identity, max_tokens=limit)
        self.encoded = 0  # texts

    @property
    def token_dimension(self) -> int:
        """Components of a token's vector."""
        return self._encoder.token_dimension

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text."""
        return self._encoder.count_tokens(texts)

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors [n, dimension] float32."""
        self.encoded += len(texts)
        return self._encoder.encode_passages(texts)

    def encode_question(self, text: str) -> FloatArray:
        """The unit vector [dimension] float32 of a question."""
        return self._encoder.encode_question(text)

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """Vectors with those of their tokens."""
        self.encoded += len(texts)
        return self._encoder.embed_passages(texts)

    def embed_question(self, text: str) -> Embedding:
        """The vector of a question with those of its tokens."""
        return self._encoder.embed_question(text)


@dataclass(frozen=True, slots=True)
class Indexed:
    """What became of a benchmark's documents; seconds and passages are 0 where all were there already."""

    refused: Mapping[str, str]  # document -> why
    alike: Mapping[str, tuple[str, ...]]  # of several equal texts one is indexed: its id -> the others'
    seconds: float
    passages: int
    encoded: int  # of these; the store had the vectors of the others


def config_of(unit: Unit) -> PassageConfig:
    """The passages of a unit: the product's own, or one a document."""
    return PassageConfig() if unit is Unit.PASSAGES else PassageConfig(_ENDLESS, 0, 0)


def index_key(benchmark: Benchmark, unit: Unit, model: str, weights: str) -> str:
    """What an index depends on; equal keys, equal index."""
    made = [unit, asdict(config_of(unit)), model, weights, SCHEMA_VERSION]
    digest = hashlib.sha256(dumps(made).encode())
    for entry in benchmark.entries.values():
        digest.update(dumps([entry.id, entry.title, entry.text, entry.media_type]).encode("utf-8", "replace"))
    return digest.hexdigest()[:16]


def index(
    benchmark: Benchmark,
    unit: Unit,
    encoder: Callable[[], Encoder],
    data: Path,
    seen: Callable[[], None] = lambda: None,
) -> Indexed:
    """Index a benchmark's documents into a data folder; what was interrupted there goes on.

    When the code that makes passages has changed, they are made again; vectors of equal texts are kept.
    Documents that cannot be read (empty, say) are told apart; EvaluationError where that leaves none.
    """
    first, alike = _distinct(benchmark.entries.values())
    refused: dict[str, str] = {}
    passages = 0

    def hear(outcome: Outcome) -> None:
        nonlocal passages
        if outcome.change is Change.REFUSED:
            refused[outcome.source] = outcome.detail or ""
        if outcome.change in (Change.ADDED, Change.CHANGED):
            passages += outcome.passages
        seen()

    start = perf_counter()
    counting: list[Counting] = []

    def load() -> Encoder:
        counting.append(Counting(encoder(), unit))
        return counting[-1]

    with Ingest(data, load, config_of(unit), recipe=code(("corpus", "index"))) as ingest:
        ingest.add((source(entry, unit) for entry in first), hear)
    if len(refused) == len(first):
        why = "; ".join(list(refused.values())[:3])
        raise EvaluationError(f"{benchmark.name}: none of its {len(first)} documents can be indexed: {why}")
    seconds = perf_counter() - start if passages else 0.0
    return Indexed(refused, alike, seconds, passages, sum(used.encoded for used in counting))


def _distinct(entries: Iterable[Entry]) -> tuple[list[Entry], dict[str, tuple[str, ...]]]:
    """The first of each text, and the ids of all the others by that one's id."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.text, entry.title if not entry.text.strip() else ""), []).append(entry)
    alike = {same[0].id: tuple(e.id for e in same[1:]) for same in groups.values() if len(same) > 1}
    return [same[0] for same in groups.values()], alike


def source(entry: Entry, unit: Unit) -> Source:
    """A document as the product is given it; its id is the document's id there."""
    if unit is Unit.DOCUMENTS or not entry.text.strip():
        data = whole_text(entry).encode()
        return Source(entry.id, data, media_type=entry.media_type, document_id=entry.id)
    metadata = {"title": entry.title} if entry.title.strip() else {}
    return Source(entry.id, entry.text.encode(), None, metadata, entry.media_type, entry.id)


def whole_text(entry: Entry) -> str:
    """Title and text as one, as BEIR and MTEB have them."""
    return _front(entry) + entry.text


def shift(entry: Entry, unit: Unit) -> int:
    """How far behind its place in the benchmark a character stands in the indexed text."""
    return len(_front(entry)) if unit is Unit.DOCUMENTS or not entry.text.strip() else 0


def _front(entry: Entry) -> str:
    """The title and a space, as BEIR and MTEB put it in front of a text."""
    return f"{entry.title} " if entry.title else ""
