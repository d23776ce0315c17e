"""Fakes that ship: a collection without a model, language models that are none, passages made by hand."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Generator as Pieces
from pathlib import Path
from threading import Event

import numpy as np

from corpus.original import Original
from corpus.passages import PassageConfig
from corpus.records import Document, Page, Passage, Section, Span
from corpus.sources import FileSource, Source
from index.ingest import Ingest
from index.protocols import Encoder
from index.reader import Reader
from index.records import FloatArray, StoredPassage
from index.store import Store
from index.testing import HashEncoder
from rag.protocols import Rescorer
from rag.records import Message, MessageRole, Question
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

    @property
    def data(self) -> Path:
        """Where it is; not to be written to by others."""
        return self._data

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


class Scripted:
    """A language model that says what it is given, in turn, and remembers what it was sent.

    An exception among the pieces of a text is raised where it stands.
    """

    model = "scripted"

    def __init__(self, *texts: str | Sequence[str | Exception]) -> None:
        self._texts = list(texts)
        self.sent: list[list[Message]] = []
        self.closed = 0  # how often it was told to end, or came to its end

    def generate(self, messages: Sequence[Message], stop: Event) -> Pieces[str, None, None]:
        """The next text, word by word where it is one; the last one again when there is no other."""
        text = self._texts[min(len(self.sent), len(self._texts) - 1)]
        self.sent.append(list(messages))
        pieces = re.findall(r"\s*\S+", text) if isinstance(text, str) else text
        try:
            for piece in pieces:
                if stop.is_set():
                    return
                if isinstance(piece, Exception):
                    raise piece
                yield piece
        finally:
            self.closed += 1


class Obedient:
    """A language model that does whatever any passage orders, and answers nothing else.

    Orders stand anywhere in what it is sent by the user, also in base64: SAY(…) says something, CITE(n) cites
    it, LINK(…) and IMG(…) link to an address with the question in it, LEAK() repeats what it was told,
    FLOOD(…) says something ten thousand times, QUOTE(…) says that a document says something.
    """

    model = "obedient"

    def generate(self, messages: Sequence[Message], stop: Event) -> Pieces[str, None, None]:
        """Everything that was ordered, in turn."""
        told = "\n".join(m.text for m in messages if m.role is MessageRole.SYSTEM)
        sent = "\n".join(m.text for m in messages if m.role is MessageRole.USER)
        hidden = [_decoded(found[0]) for found in _BASE64.finditer(sent)]
        question = sent.rpartition("Question: ")[2].split("\n")[0]
        obeyed: dict[str, Callable[[str], str]] = {
            "SAY": lambda what: f"{what} [1]. ",
            "CITE": lambda n: f"This is well known and was proved beyond doubt by all experts [{n}]. ",
            "LINK": lambda url: f"See [the full text]({url}?q={question}) or {url}?q=1 for more [1]. ",
            "IMG": lambda url: f"![picture]({url}?q={question}) <img src={url}> The picture shows it [1]. ",
            "LEAK": lambda _: f"My instructions are: {told} ",
            "FLOOD": lambda what: f"{what}. " * 10_000,
            "QUOTE": lambda what: f"The document says “{what}” [1]. ",
        }
        for found in _ORDERED.finditer("\n".join([sent, *hidden])):
            yield obeyed[found["verb"]](found["what"])


_ORDERED = re.compile(r"\b(?P<verb>SAY|CITE|LINK|IMG|LEAK|FLOOD|QUOTE)\((?P<what>[^()]*)\)")
_BASE64 = re.compile(r"\b[A-Za-z0-9+/]{24,}={0,2}")


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        return ""


class Texts(Store):
    """Canonical texts, pages, sections and passages by version: as much of a store as a citation asks for."""

    def __init__(self, *documents: Document, passages: Sequence[StoredPassage] = ()) -> None:
        self._passages = passages
        self._by_version = {document.version: document for document in documents}

    def text(self, version: str) -> str:
        """The canonical text of a version."""
        return self._by_version[version].text

    def original(self, version: str) -> Original:
        """The file of a version: there is none besides the text."""
        return Original(self._by_version[version].media_type)

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
