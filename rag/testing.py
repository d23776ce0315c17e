"""Fakes that ship: a collection without a model, a rescorer with a favourite word, passages made by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from corpus.passages import PassageConfig, passage_id
from corpus.records import Document, Locator, Page, Passage, Section, Span
from corpus.sources import FileSource, Source
from index.ingest import Ingest
from index.protocols import Encoder
from index.reader import Reader
from index.records import FloatArray, StoredPassage
from index.store import Store
from index.testing import HashEncoder
from rag.protocols import Rescorer
from rag.records import Question
from rag.retrieve import Tools


class Collection:
    """A real index over texts given by name; close it when done."""

    def __init__(
        self, data: Path, encoder: Encoder | None = None, passages: PassageConfig | None = None
    ) -> None:
        self._data = data
        self._encoder = encoder or HashEncoder()
        self._passages = passages
        self._reader: Reader | None = None

    def add(self, sources: Mapping[str, str] | Iterable[Source | FileSource]) -> None:
        """Add and publish sources, or texts by name; a text of a known name replaces the one before."""
        if isinstance(sources, Mapping):
            sources = [Source(name, text.encode(), document_id=name) for name, text in sources.items()]
        with Ingest(self._data, lambda: self._encoder, self._passages) as ingest:
            ingest.add(sources)

    def remove(self, name: str) -> None:
        """Remove the text of a name."""
        with Ingest(self._data, lambda: self._encoder, self._passages) as ingest:
            ingest.remove([name])

    @property
    def reader(self) -> Reader:
        """The open index; something was added to it."""
        if self._reader is None:
            self._reader = Reader(self._data)
        return self._reader

    @property
    def store(self) -> Store:
        """Where the texts are."""
        return self.reader.store

    def tools(self, rescorer: Rescorer | None = None) -> Tools:
        """What a question needs, of the state that is current."""
        return Tools(self.reader.snapshot(), self._encoder, rescorer)

    def close(self) -> None:
        """Close the index."""
        if self._reader:
            self._reader.close()


class FavouriteWord:
    """A rescorer that counts one word, whatever is asked."""

    name = "favourite"

    def __init__(self, word: str) -> None:
        self._word = word

    def score(self, question: Question, passages: Sequence[StoredPassage]) -> FloatArray:
        """How often each passage says the word."""
        return np.asarray([stored.passage.text.count(self._word) for stored in passages], np.float32)


class Texts(Store):
    """Canonical texts, pages, sections and passages by version: as much of a store as a citation asks for."""

    def __init__(self, *documents: Document, passages: Sequence[StoredPassage] = ()) -> None:
        self._passages = passages
        self._by_version = {document.version: document for document in documents}

    def text(self, version: str) -> str:
        """The canonical text of a version."""
        return self._by_version[version].text

    def passages_at(self, version: str, place: Span) -> list[StoredPassage]:
        """The passages of a version that stand at a place."""
        at = (stored for stored in self._passages if stored.version == version)
        return [stored for stored in at if any(span.overlap(place) for span in stored.passage.spans)]

    def sections(self, version: str) -> tuple[Section, ...]:
        """The sections of a version."""
        return self._by_version[version].structure.sections

    def pages(self, version: str) -> tuple[Page, ...]:
        """The pages of a version."""
        return self._by_version[version].structure.pages


def stored_passage(passage: Passage, version: str, *, key: int = 1) -> StoredPassage:
    """A passage as the store would hand it out, of a document without a record."""
    return StoredPassage(
        key=key,
        document_id=f"doc_{version[:16]}",
        source="fake.txt",
        version=version,
        superseded=False,
        passage=passage,
        record={},
    )


def passage_at(version: str, *spans: tuple[int, int], key: int = 1) -> StoredPassage:
    """A passage that stands at spans, for what looks at places only: it reads as x's."""
    places = tuple(Span(*span) for span in spans)
    text = "\n".join("x" * len(place) for place in places)
    passage = Passage(
        id=passage_id(version, places),
        ordinal=key,
        spans=places,
        text=text,
        runs=((0, places[0].start),),
        sentences=((0, len(text)),),
        header="",
        locator=Locator(),
    )
    return stored_passage(passage, version, key=key)
