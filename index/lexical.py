"""Lexical search: BM25 by tantivy, over the passage and the header of its provenance."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import tantivy

from index.errors import DamagedError, StorageError
from index.records import Hits, IntArray
from index.spelling import Spellings

_ANALYZER = "pincite_en"
_WRITER_BYTES = 64 * 1024 * 1024  # tantivy's arena for one thread
# Asked words that say nothing of the subject; tantivy's own English list lacks the question words.
_ASKED_WORDS = ["what", "when", "where", "which", "who", "whom", "whose", "why", "how", "do", "does", "did"]


def analyzer() -> Any:
    """Words, lower case, without accents, stop words or endings; the same for texts and questions."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.ascii_fold())  # first: a small İ would keep its dot as a character
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.custom_stopword(_ASKED_WORDS))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    # An integer field: a Python int in an unsigned one kills the writer thread without a word.
    builder.add_integer_field("key", stored=False, indexed=True, fast=True)
    builder.add_text_field("text", stored=False, tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field("header", stored=False, tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()


class LexicalIndex:
    """An inverted index in a folder of its own."""

    def __init__(self, index: Any, folder: Path) -> None:
        self._folder = folder
        index.register_tokenizer(_ANALYZER, analyzer())  # tantivy forgets analysers when it closes
        self._index = index
        self._analyzer = analyzer()
        self._schema = index.schema
        index.reload()
        self._searcher = index.searcher()
        self._spellings = Spellings(self._beginning)

    @classmethod
    def create(cls, folder: Path) -> LexicalIndex:
        """A new, empty index in an empty folder. Raises StorageError."""
        with _writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            return cls(tantivy.Index(_schema(), path=str(folder)), folder)

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Open what `create` and `change` left; its checksums have been checked."""
        try:
            return cls(tantivy.Index.open(str(folder)), folder)
        except (ValueError, OSError) as error:
            raise DamagedError(f"{folder}: not a readable lexical index; run `pincite rebuild`") from error

    def change(self, add: Iterable[tuple[int, str, str]], remove: Iterable[int] = ()) -> None:
        """Add (key, text, header) and remove keys, in one commit. Raises StorageError."""
        with _writing(self._folder):
            writer = self._index.writer(_WRITER_BYTES, 1)
            for key in remove:
                writer.delete_documents_by_term("key", key)
            for key, text, header in add:
                document = tantivy.Document()
                document.add_integer("key", key)
                document.add_text("text", _composed(text))
                document.add_text("header", _composed(header))
                writer.add_document(document)
            writer.commit()
            writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._spellings = Spellings(self._beginning)

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def keys(self) -> set[int]:
        """The keys of all entries."""
        found = self._searcher.search(tantivy.Query.all_query(), limit=max(1, len(self)), count=False).hits
        return set(self._values(found))

    def _values(self, found: Sequence[tuple[Any, Any]]) -> list[int]:
        return list(self._searcher.fast_field_values("key", [address for _, address in found]))

    def terms(self, text: str) -> list[str]:
        """The distinct terms of a text as the index knows them, in order."""
        return list(dict.fromkeys(self._analyzer.analyze(_composed(text))))

    def search(
        self, terms: Sequence[str], k: int, allowed: IntArray | None = None, header_weight: float = 0.5
    ) -> Hits:
        """The k passages of the highest BM25 that hold any of the terms, among the `allowed` keys."""
        if not terms or k <= 0 or (allowed is not None and not len(allowed)):
            return Hits(np.empty(0, np.int64), np.empty(0, np.float32))
        query = self._query(terms, header_weight)
        if allowed is not None:
            keys = tantivy.Query.term_set_query(self._schema, "key", allowed.tolist())
            query = tantivy.Query.boolean_query(
                [
                    (tantivy.Occur.Must, query),
                    (tantivy.Occur.Must, tantivy.Query.const_score_query(keys, 0.0)),
                ]
            )
        found = self._searcher.search(query, limit=k, count=False).hits
        keys_ = np.asarray(self._values(found), np.int64)
        scores = np.asarray([score for score, _ in found], np.float32)
        order = np.lexsort((keys_, -scores))
        return Hits(keys_[order], scores[order])

    def _query(self, terms: Sequence[str], header_weight: float) -> Any:
        clauses = []
        for term in terms:
            clauses.append((tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "text", term)))
            if header_weight:
                in_header = tantivy.Query.term_query(self._schema, "header", term)
                clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(in_header, header_weight)))
        return tantivy.Query.boolean_query(clauses)

    def spelt(self, term: str) -> str:
        """The term itself where the index knows it, else as the index spells it, if it does."""
        if self.document_frequency(term) or self._searcher.doc_freq("header", term):
            return term
        return self._spellings.of(term) or term

    def _beginning(self, letter: str) -> list[tuple[str, int]]:
        """The terms that begin so, and how many passages hold each."""
        found: list[tuple[str, int]] = self._searcher.terms_with_prefix("text", letter)
        return found

    def document_frequency(self, term: str) -> int:
        """The number of passages whose text holds a term."""
        return int(self._searcher.doc_freq("text", term))


def _composed(text: str) -> str:
    """Letters with their accents as one character: the tokenizer cuts words at a loose accent.

    Lone surrogates, which come with odd command lines, become question marks.
    """
    return unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Translate the errors of tantivy, which tells what it cannot write as a ValueError."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise StorageError(
            f"{folder}: cannot be written ({error}); check the disk and the folder's permissions"
        ) from error
