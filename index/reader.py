"""An open index: the published generation and the store, swapped without downtime when a new one comes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.records import NoteReference
from index import generation
from index.codes import TokenCodec
from index.errors import DamagedError, NoIndexError
from index.generation import Generation, check_encoder
from index.late import TokenIndex, TokenMatches
from index.protocols import Encoder
from index.quotes import IndexedDocument, QuoteIndex
from index.readings import ReadDocument, Readings
from index.records import EncoderIdentity, Filters, FloatArray, Hits, IntArray, StoredPassage
from index.store import Store

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One generation to search: everything a question sees is of the same state."""

    _generation: Generation
    _store: Store
    _readings: Readings

    @property
    def number(self) -> int:
        """The generation's number."""
        return self._generation.number

    @property
    def encoder(self) -> EncoderIdentity:
        """The encoder of its vectors."""
        return self._generation.encoder

    def __len__(self) -> int:
        return len(self._generation.dense)

    def allowed(self, filters: Filters) -> IntArray | None:
        """Keys that pass the filters; None where there are none."""
        return self._store.keys(filters) if filters else None

    def dense(self, vector: FloatArray, k: int, allowed: IntArray | None = None) -> Hits:
        """The k passages nearest to a question's vector, by cosine."""
        return self._generation.dense.search(vector, k, allowed)

    def cosine(self, vector: FloatArray, keys: IntArray) -> FloatArray:
        """The cosine of a question's vector with given passages."""
        return self._generation.dense.scores(vector, keys)

    @property
    def codec(self) -> TokenCodec:
        """What is kept of the vectors of tokens."""
        return self._generation.codec

    @property
    def has_tokens(self) -> bool:
        """Whether token codes are kept, so that `late` and `late_tokens` can be asked."""
        return self._generation.tokens is not None

    def late(self, question: FloatArray, keys: IntArray) -> FloatArray:
        """The mean similarity [n] float32 of a question's token vectors with the closest of each passage."""
        return self._tokens.scores(question, keys)

    def late_tokens(self, question: FloatArray, keys: IntArray) -> TokenMatches:
        """Every token of given passages against every token vector of a question."""
        return self._tokens.match(question, keys)

    @property
    def _tokens(self) -> TokenIndex:
        assert self._generation.tokens is not None, "ask has_tokens first"
        return self._generation.tokens

    def terms(self, text: str) -> list[str]:
        """The search terms of a text."""
        return self._generation.lexical.terms(text)

    def spelt(self, term: str) -> str:
        """A search term as the collection spells it: another transliteration, or without a slip."""
        return self._generation.lexical.spelt(term)

    def lexical(self, terms: Sequence[str], k: int, allowed: IntArray | None = None) -> Hits:
        """The k passages of the highest BM25."""
        return self._generation.lexical.search(terms, k, allowed)

    def rarity(self, terms: Sequence[str]) -> FloatArray:
        """Inverse document frequency of each term: ln(1 + (N - n + .5) / (n + .5)), as BM25 has it."""
        lexical = self._generation.lexical
        n = np.asarray([lexical.document_frequency(term) for term in terms], np.float32)
        n = np.minimum(n, len(self))  # tantivy counts deleted passages until it merges their segment
        idf: FloatArray = np.log1p((len(self) - n + 0.5) / (n + 0.5)).astype(np.float32)
        return idf

    def signing(self, filters: Filters) -> IntArray:
        """Keys of the passages that name the authors of their section."""
        return self._store.signing(filters)

    def noted(self, number: str, filters: Filters) -> IntArray:
        """Keys of the passages that define a note of this number."""
        return self._store.noted(number, filters)

    def defining(self, beside: StoredPassage, notes: Sequence[NoteReference]) -> list[StoredPassage]:
        """The passages beside another one that define notes that it refers to."""
        return self._store.defining(beside, notes) if notes else []

    @property
    def quotes(self) -> QuoteIndex:
        """The words of the collection in reading order."""
        return self._generation.quotes

    def read(self, document: IndexedDocument) -> ReadDocument:
        """A document of the quote index as it reads. Raises NotFoundError when it was removed meanwhile."""
        return self._readings.of(document.revision)

    def passages(self, keys: Sequence[int]) -> dict[int, StoredPassage]:
        """Passages by key; those of documents removed meanwhile are left out."""
        return self._store.passages(keys)


class Reader:
    """Hands out the current snapshot. Thread-safe; close it when done."""

    def __init__(self, data: Path) -> None:
        """Open the index of a data folder, repairing its generation from the store when it is damaged.

        Raises NoIndexError when nothing was ever published there.
        """
        self._data = data
        self._lock = threading.Lock()
        self._checked: EncoderIdentity | None = None
        self.store = Store.open(data)
        self._readings = Readings(self.store)
        try:
            self._current = self._open()
        except BaseException:
            self.store.close()
            raise

    def snapshot(self) -> Snapshot:
        """The published generation; a newer one is opened when there is one.

        Raises EncoderMismatchError when that was made by another encoder than the one that was checked.
        """
        with self._lock:
            if self.store.generation() != self._current.number:
                former, self._current = self._current, self._open()
                former.close()
            if self._checked:
                check_encoder(self._current.encoder, self._checked, self._data)
            return Snapshot(self._current, self.store, self._readings)

    def check(self, encoder: Encoder) -> None:
        """Refuse an encoder whose vectors cannot be compared with the index's: EncoderMismatchError.

        Of an encoder that passes, every later generation is checked too.
        """
        check_encoder(self._current.encoder, encoder.identity, self._data)
        self._checked = encoder.identity

    def close(self) -> None:
        """Close the store and give the generation's lease back."""
        self._current.close()
        self.store.close()

    def _open(self) -> Generation:
        number = self.store.generation()
        if number == 0:
            raise NoIndexError(
                f"{self._data}: nothing was published here yet; add documents first: pincite add PATH"
            )
        try:
            return generation.open_generation(self._data, self.store)
        except DamagedError as error:
            if self.store.generation() != number:  # collected while we looked: a newer one is there
                return self._open()
            _log.warning("%s", error)
            return self._repair(number)

    def _repair(self, number: int) -> Generation:
        """Build the generation again from the store, without the model."""
        from index.ingest import Ingest  # what splits documents is heavy, and seldom needed to read

        with Ingest(self._data, _no_encoder, lock_timeout_s=60) as ingest:
            if self.store.generation() == number:
                ingest.rebuild()
        repaired = generation.open_generation(self._data, self.store)
        _log.warning("%s: generation %d was rebuilt from the store", self._data, repaired.number)
        return repaired


def _no_encoder() -> Encoder:
    raise AssertionError("a rebuild from the store needs no encoder")
