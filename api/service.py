"""What every door does: one open index, one encoder, and the verbs over them. Synchronous and thread-safe."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from api.errors import NotReadyError
from api.settings import Settings
from corpus.errors import PinciteError
from corpus.sources import FileSource, Source
from index.encoder import EncoderConfig, load_encoder, usable_precision
from index.errors import NoIndexError
from index.ingest import Ingest
from index.plan import Outcome
from index.protocols import Encoder
from index.reader import Reader
from index.records import Precision
from index.store import Store
from rag.answer import AnswerConfig, answer
from rag.records import Question, Ranking, Reply
from rag.retrieve import Tools, retrieve

_log = logging.getLogger(__name__)
LoadEncoder = Callable[[EncoderConfig], Encoder]


class Service:
    """An index that is opened, and an encoder that is loaded, when first needed or by `warm`."""

    def __init__(self, settings: Settings, load: LoadEncoder = load_encoder) -> None:
        self.settings = settings
        self._load = load
        self._lock = threading.RLock()
        self._encoder: Encoder | None = None
        self._reader: Reader | None = None
        self._failure: PinciteError | None = None

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.settings.data

    def reader(self) -> Reader:
        """The open index; NoIndexError when there is none."""
        with self._lock:
            if self._reader is None:
                self._reader = Reader(self.data)
                if self._encoder:
                    self._reader.check(self._encoder)
            return self._reader

    def encoder(self) -> Encoder:
        """The encoder, in the precision of the index where there is one."""
        with self._lock:
            if self._encoder is None:
                encoder = self._load(self._encoder_config())
                if self._reader:
                    self._reader.check(encoder)
                self._encoder = encoder
            return self._encoder

    def warm(self) -> None:
        """Open and load everything, and run one question through; failures are kept for `readiness`."""
        try:
            encoder = self.encoder()
            self.reader()
            encoder.encode_question("ready")
            self._failure = None
        except PinciteError as error:
            _log.warning("not ready: %s", error)
            self._failure = error

    def readiness(self) -> str | None:
        """None when questions can be answered, else the reason why not."""
        if self._reader is not None and self._encoder is not None:
            return None
        if isinstance(self._failure, NoIndexError):
            try:  # documents may have been added since
                self.reader()
                return None if self._encoder else "the encoder is loading"
            except PinciteError as error:
                return str(error)
        return str(self._failure) if self._failure else "the index and the encoder are loading"

    def ask(self, question: Question, *, answered: bool = True) -> Reply:
        """Answer or abstain."""
        tools, store = self._tools()
        return answer(question, tools, store, AnswerConfig(), wanted=answered)

    def search(self, question: Question) -> tuple[Ranking, Store]:
        """The ranking alone."""
        tools, store = self._tools()
        return retrieve(question, tools), store

    def add(
        self, sources: Iterable[Source | FileSource], seen: Callable[[Outcome], None] = lambda _: None
    ) -> list[Outcome]:
        """Add documents and publish them."""
        with self.writer() as ingest:
            return ingest.add(sources, seen)

    def remove(self, ids: list[str]) -> None:
        """Remove documents."""
        with self.writer() as ingest:
            ingest.remove(ids)

    def writer(self) -> Ingest:
        """The one writer of the data folder, to be used as a context manager."""
        return Ingest(self.data, self.encoder)

    def close(self) -> None:
        """Close the index."""
        with self._lock:
            if self._reader:
                self._reader.close()
                self._reader = None

    def require_ready(self) -> None:
        """Raise NotReadyError while loading: a request must not wait for seconds."""
        if reason := self.readiness():
            raise NotReadyError(f"not ready: {reason}")

    def _tools(self) -> tuple[Tools, Store]:
        reader = self.reader()
        return Tools(reader.snapshot(), self.encoder()), reader.store

    def _encoder_config(self) -> EncoderConfig:
        wanted = None if self.settings.precision == "auto" else Precision(self.settings.precision)
        return EncoderConfig(self.settings.embedder, wanted or self._recorded(), self.settings.device)

    def _recorded(self) -> Precision | None:
        """The precision of the index, which spares the measurement at start-up."""
        try:
            store = Store.open(self.data)
        except NoIndexError:
            return None
        try:
            identity = store.encoder()
        finally:
            store.close()
        return usable_precision(identity.precision, self.settings.device) if identity else None
