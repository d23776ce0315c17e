"""Frozen values of the index: what an encoder is, what a search gives, what a generation holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from corpus.manuscript import Manuscript
from corpus.records import Document, Passage

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]


class Precision(StrEnum):
    """The arithmetic of the encoder's forward pass."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"


@dataclass(frozen=True, slots=True)
class EncoderIdentity:
    """What makes two vectors comparable. `weights` is a sha256 or a revision."""

    model: str
    weights: str
    dimension: int
    max_tokens: int
    pooling: str
    query_prefix: str = ""
    passage_prefix: str = ""
    precision: Precision = Precision.FLOAT32

    @property
    def fingerprint(self) -> str:
        """Equal for encoders whose vectors may be mixed.

        Neither the model's name (a folder may move) nor the precision enters: bfloat16 and float32
        vectors of one model have a cosine of .9999, and an index must open on a CPU without bfloat16.
        """
        fields = asdict(self)
        del fields["model"], fields["precision"]
        return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:32]

    def to_json(self) -> dict[str, object]:
        """Plain fields for manifests and reports."""
        return asdict(self)

    @classmethod
    def from_json(cls, fields: Mapping[str, object]) -> EncoderIdentity:
        """The inverse of `to_json`."""
        values = dict(fields)
        values["precision"] = Precision(str(values["precision"]))
        return cls(**values)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Embedding:
    """What one forward pass makes of a text. Of tokens only real ones: no special ones, no prefix."""

    vector: FloatArray  # [dimension] float32, of unit length
    tokens: FloatArray  # [t, token dimension] float32, each of unit length; [0, 0] where the model has none
    starts: IntArray  # [t] int64: the character of the text at which each token starts


@dataclass(frozen=True, slots=True)
class Hits:
    """Passage keys and their scores, best first; equal scores in the order of keys.

    Which of several that tie for the last place are left out is the engine's choice.
    """

    keys: IntArray  # [n] int64
    scores: FloatArray  # [n] float32, higher is better

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as the store knows it: which version is current, and where it came from."""

    id: str
    source: str
    location: str | None
    version: str
    added: str  # ISO 8601, UTC
    passages: int
    characters: int
    record: Mapping[str, object]  # CSL-JSON fields


@dataclass(frozen=True, slots=True)
class Revision:
    """One processing of a version of a document, by the store's key of it, which is never used twice."""

    key: int
    document: str
    version: str


@dataclass(frozen=True, slots=True)
class Original:
    """A file that is no text: its bytes, and what a loader has made of them, which is kept for ever."""

    data: bytes
    manuscript: Manuscript


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document with its id, and whether another version has replaced it."""

    id: str
    document: Document
    added: str
    superseded_by: str | None


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its document: all that a citation needs, but the canonical text."""

    key: int
    document_id: str
    source: str
    version: str
    superseded: bool
    passage: Passage
    record: Mapping[str, object]  # CSL-JSON fields


@dataclass(frozen=True, slots=True)
class Filters:
    """Which passages may be found; within one field any of the values, all the fields together.

    Author, speaker and section compare without case, and a part of the name is enough.
    Dates are ISO texts (`YYYY`, `YYYY-MM` or `YYYY-MM-DD`), both ends included.
    """

    document_id: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    speaker: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    date_from: str | None = None
    date_to: str | None = None

    def __bool__(self) -> bool:
        return self != Filters()
