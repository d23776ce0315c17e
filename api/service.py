"""What every door does: one open index, one encoder, and the verbs over them. Synchronous and thread-safe."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from api.errors import NotReadyError, UnsupportedError
from api.pictures import Pictures
from api.settings import Settings
from corpus.errors import PinciteError
from corpus.sandbox import Sandbox
from corpus.sources import FileSource, Source
from index.codes import LateMode
from index.cross_encoder import CrossEncoderConfig, load_cross_encoder
from index.encoder import EncoderConfig, load_encoder, usable_precision
from index.errors import NoIndexError
from index.facets import Catalogue, Facets
from index.generation import check_encoder, check_late
from index.plan import Outcome
from index.protocols import Encoder
from index.reader import Reader
from index.records import Filters, Precision, StoredDocument
from index.store import Store
from rag.answer import AnswerConfig, answer
from rag.calibration import read_calibration, shipped
from rag.claims import Claim
from rag.confidence import ConfidenceConfig
from rag.conversation import standalone
from rag.drafts import Checked, check_draft
from rag.explain import Explanation, explain
from rag.generate import GenerateConfig, Said, generate, spoken
from rag.protocols import Generator
from rag.quotation import Quotation
from rag.quotes import Found, find
from rag.records import Question, Ranking, Reply
from rag.rescore import Pairs, Reranker
from rag.retrieve import Tools, retrieve
from rag.rewrite import GeneratorRewriter
from rag.verify import Verified, verify_quote

if TYPE_CHECKING:
    from api.endpoint import Endpoint
    from api.fetch import FetchConfig, Fetcher
    from api.url_sources import Web
    from index.ingest import Ingest

_log = logging.getLogger(__name__)
LoadEncoder = Callable[[EncoderConfig], Encoder]
LoadReranker = Callable[[CrossEncoderConfig], Pairs]


class Mode(StrEnum):
    """How an answer is wanted."""

    EXTRACTIVE = "extractive"
    GENERATIVE = "generative"
    NONE = "none"


def _shown(reply: Reply, question: Question) -> Reply:
    """A reply with as many passages as were asked for."""
    kept = reply.ranking.passages[: question.top_k]
    return replace(reply, ranking=replace(reply.ranking, question=question, passages=kept))


class Service:
    """An index that is opened, and an encoder that is loaded, when first needed or by `warm`."""

    def __init__(
        self,
        settings: Settings,
        load: LoadEncoder = load_encoder,
        *,
        patience_s: float = 10,
        generator: Generator | None = None,
        load_reranker: LoadReranker = load_cross_encoder,
        fetcher: Callable[[FetchConfig], Fetcher] | None = None,
    ) -> None:
        """`patience_s` is how long a change waits for another process that is writing.

        `generator` stands in for the one that the settings name, `fetcher` for one with the real network.
        """
        self.settings = settings
        self._load = load
        self._patience_s = patience_s
        self._fetcher = fetcher
        self._opening = threading.Lock()  # of the index
        self._loading = threading.Lock()  # of the encoder: takes seconds, and a list need not wait for it
        self._encoder: Encoder | None = None
        self._load_reranker = load_reranker
        self._reranker: Reranker | None = None
        self._reader: Reader | None = None
        self._catalogue: Catalogue | None = None
        self._answers: AnswerConfig | None = None
        self._failure: PinciteError | None = None
        self._closed = False
        self._generator = generator
        self._endpoint: Endpoint | None = None
        self._sandbox = Sandbox()
        self._pictures = Pictures()

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.settings.data

    def reader(self) -> Reader:
        """The open index; NoIndexError when there is none."""
        with self._opening:
            if self._closed:
                raise NotReadyError("shutting down")
            if self._reader is None:
                self._reader = Reader(self.data)
            return self._reader

    def facets(self) -> Facets:
        """What the collection can be narrowed by; NoIndexError when there is none."""
        store = self.reader().store
        with self._opening:
            if self._catalogue is None:
                self._catalogue = Catalogue(store)
        return self._catalogue.facets()

    def encoder(self) -> Encoder:
        """The encoder, in the precision of the index where there is one."""
        with self._loading:
            if self._encoder is None:
                self._encoder = self._load(self._encoder_config())
            return self._encoder

    def reranker(self) -> Reranker | None:
        """The second model that reads the best passages again; None where none is set."""
        if not self.settings.reranker:
            return None
        with self._loading:
            if self._reranker is None:
                config = CrossEncoderConfig(self.settings.reranker, self.settings.device)
                self._reranker = Reranker(self._load_reranker(config))
            return self._reranker

    def warm(self) -> None:
        """Open and load everything, and run one question through; what fails is kept for `obstacle`."""
        try:
            self._policy()
            self.encoder().encode_question("ready")
            self.reranker()
            self._tools()
            self.facets()
        except PinciteError as error:
            _log.warning("not ready: %s", error)
            self._failure = error
        except Exception:  # of torch, say: nobody is there to catch it
            _log.exception("not ready")
            self._failure = NotReadyError("the encoder cannot be loaded; the log tells why")

    def obstacle(self) -> PinciteError | None:
        """What keeps questions from being answered now; None when nothing does."""
        if self._encoder is None or (self.settings.reranker and self._reranker is None):
            return self._failure or NotReadyError("the encoder is loading; try again in a moment")
        try:
            self._tools()
        except PinciteError as error:
            return error
        return None

    def ask(self, question: Question, mode: Mode | None = None) -> Reply:
        """Answer or abstain; by the language model where there is one and no other mode is wanted."""
        *_, reply = self.tell(question, mode)
        assert isinstance(reply, Reply)
        return reply

    def tell(
        self, question: Question, mode: Mode | None = None, stop: threading.Event | None = None
    ) -> Iterator[Ranking | Said | Reply]:
        """The ranking, the claims as they come, the whole reply; ends soon after `stop` is set."""
        generator = self._wanted(mode)
        tools, store = self._tools()
        question = standalone(question, GeneratorRewriter(generator) if generator else None)
        read = max(question.top_k, GenerateConfig().passages) if generator else question.top_k
        deep = replace(question, top_k=read)  # a model reads more than is shown
        reply = answer(deep, tools, store, self._policy(), wanted=mode is not Mode.NONE)
        yield _shown(reply, question).ranking
        if not generator:
            yield from spoken(reply.answer) if reply.answer else ()
            yield reply
            return
        for part in generate(reply, tools, store, generator, stop):
            yield _shown(part, question) if isinstance(part, Reply) else part

    def model(self, mode: Mode | None) -> str:
        """What writes the answers of a mode."""
        generator = self._wanted(mode)
        return generator.model if generator else Mode.EXTRACTIVE.value

    def usage(self, reply: Reply) -> dict[str, int]:
        """Tokens of the question and of the answer, as our own encoder counts them."""
        said = reply.answer.text if reply.answer else ""
        asked, answered = self.encoder().count_tokens([reply.ranking.question.text, said])
        return {
            "prompt_tokens": asked,
            "completion_tokens": answered if said else 0,
            "total_tokens": asked + (answered if said else 0),
        }

    def generator(self) -> Generator | None:
        """The language model, where one is set up."""
        if self._generator or not self.settings.generator_url:
            return self._generator
        from api.endpoint import Endpoint, EndpointConfig  # brings an HTTP client, which is heavy

        with self._opening:
            if self._endpoint is None:
                self._endpoint = Endpoint(
                    EndpointConfig(
                        self.settings.generator_url,
                        self.settings.generator_key,
                        self.settings.generator_model,
                        self.settings.generator_timeout_s,
                    )
                )
            return self._endpoint

    def search(self, question: Question) -> tuple[Ranking, Store]:
        """The ranking alone."""
        tools, store = self._tools()
        return retrieve(question, tools), store

    def explain(self, question: Question) -> tuple[Ranking, Mapping[str, Explanation], Store]:
        """The ranking, and why each passage stands where it does, by its id."""
        tools, store = self._tools()
        ranking = retrieve(question, tools)
        return ranking, explain(ranking, tools), store

    def find_quote(self, text: str, filters: Filters) -> Found:
        """Where a text stands; no encoder is asked."""
        reader = self.reader()
        snapshot = reader.snapshot()
        return find(Quotation.of(text), snapshot, reader.store, snapshot.allowed(filters))

    def verify_quote(self, text: str, claim: Claim) -> Verified:
        """Whether a text stands where it is said to; no encoder is asked."""
        reader = self.reader()
        return verify_quote(text, claim, reader.snapshot(), reader.store)

    def check_draft(self, text: str, *, markdown: bool = True) -> Checked:
        """A draft's quotations and statements held against the documents; no encoder is asked."""
        reader = self.reader()
        return check_draft(text, reader.snapshot(), reader.store, markdown=markdown)

    def picture(self, stored: StoredDocument, page: int, width: int) -> bytes:
        """A page of a document's file, counted from 0, as PNG. Raises NotFoundError, UnreadableError."""
        inside, store = stored.document, self.reader().store

        def draw() -> bytes:
            return self._sandbox.picture(store.file(inside.version), inside.source, page, width)

        return self._pictures.get(inside.version, page, width, draw)

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
        from index.ingest import Ingest  # what splits documents is heavy, and not needed to read

        return Ingest(
            self.data,
            self.encoder,
            lock_timeout_s=self._patience_s,
            late=self._late(),
            parse=self._sandbox.read,
        )

    def web(self, *, private: bool = False, discreet: bool = False) -> Web:
        """What fetches documents from the web; `private` from this network, too.

        `discreet` keeps from its errors what names mean here.
        """
        from api.fetch import FetchConfig, Fetcher  # brings an HTTP client, which is heavy
        from api.url_sources import Web

        config = FetchConfig(
            self.settings.url_max_mib * 1024 * 1024,
            ports=frozenset(self.settings.url_ports),
            private=private,
            discreet=discreet,
        )
        try:
            rows = self.reader().store.documents()
        except NoIndexError:
            rows = []
        return Web((self._fetcher or Fetcher)(config), {row.location: row for row in rows if row.location})

    def close(self) -> None:
        """Close the index, for good."""
        with self._opening:
            self._closed = True
            if self._reader:
                self._reader.close()
                self._reader = None
            if self._endpoint:
                self._endpoint.close()
                self._endpoint = None
        self._sandbox.close()

    def tools(self) -> tuple[Tools, Store]:
        """What a question needs, of the state that is current."""
        return self._tools()

    def require_encoder(self) -> None:
        """Raise what `obstacle` tells while there is no encoder: a request must not wait for seconds."""
        waits = self._encoder is None or (self.settings.reranker and self._reranker is None)
        if waits and (obstacle := self.obstacle()):
            raise obstacle

    def check(self, mode: Mode | None) -> None:
        """Raise UnsupportedError for a mode that is not set up here."""
        if mode is Mode.GENERATIVE and self.generator() is None:
            raise UnsupportedError(
                "no language model is set up; set PINCITE_GENERATOR_URL, or ask with answer: extractive"
            )

    def _wanted(self, mode: Mode | None) -> Generator | None:
        self.check(mode)
        return self.generator() if mode in (None, Mode.GENERATIVE) else None

    def _policy(self) -> AnswerConfig:
        """How to answer, by the settings; CalibrationError when their calibration cannot be read."""
        with self._loading:
            if self._answers is None:
                path = self.settings.calibration
                calibration = read_calibration(path) if path else shipped()
                self._answers = AnswerConfig(confidence=ConfidenceConfig(calibration, self.settings.risk))
            return self._answers

    def _tools(self) -> tuple[Tools, Store]:
        reader, encoder = self.reader(), self.encoder()
        snapshot = reader.snapshot()  # of now: it may have been embedded anew since the last question
        check_encoder(snapshot.encoder, encoder.identity, self.data)
        check_late(snapshot.codec, self._late(), self.data)
        return Tools(snapshot, encoder, self.reranker()), reader.store

    def _late(self) -> LateMode | None:
        return None if self.settings.late == "auto" else LateMode(self.settings.late)

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
