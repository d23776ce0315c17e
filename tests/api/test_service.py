from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
import pytest

from api.errors import NotReadyError
from api.service import Service
from api.settings import Settings
from corpus.errors import PinciteError
from corpus.sources import Source
from index.cross_encoder import CrossEncoderConfig
from index.encoder import EncoderConfig
from index.errors import EncoderError, EncoderMismatchError, NoIndexError
from index.records import FloatArray, Precision
from index.testing import HashEncoder
from rag.records import Question
from rag.rescore import Pairs

Make = Callable[..., Service]
RED = Source("a.txt", b"The old tower is red.")
BLUE = Source("b.txt", b"The new tower is blue.")


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Make services over one data folder, closed with the test."""
    with ExitStack() as stack:

        def made(encoder: HashEncoder | None = None, **settings: object) -> Service:
            chosen = Settings(**({"data": tmp_path} | settings))  # type: ignore[arg-type]
            service = Service(chosen, lambda _: encoder or HashEncoder())
            stack.callback(service.close)
            return service

        yield made


def kind(obstacle: PinciteError | None) -> type[PinciteError] | None:
    return type(obstacle) if obstacle else None


def texts(service: Service) -> set[str]:
    """What a search for the tower finds."""
    ranking, _ = service.search(Question("tower"))
    return {ranked.stored.passage.text for ranked in ranking.passages}


def test_what_was_added_is_found_by_the_same_service(make: Make) -> None:
    service = make()
    service.add([RED])
    assert texts(service) == {"The old tower is red."}


def test_an_open_service_sees_what_another_one_adds_and_removes(make: Make) -> None:
    writer, reader = make(), make()
    (added,) = writer.add([RED])
    assert texts(reader) == {"The old tower is red."}
    writer.add([BLUE])
    writer.remove([added.document_id or ""])
    assert texts(reader) == {"The new tower is blue."}


def test_before_anything_is_loaded_the_obstacle_is_that(make: Make) -> None:
    assert kind(make().obstacle()) is NotReadyError


def test_without_an_index_the_obstacle_is_that_until_a_document_comes(make: Make) -> None:
    service = make()
    service.warm()
    assert kind(service.obstacle()) is NoIndexError
    service.add([RED])
    assert service.obstacle() is None


def test_an_index_that_another_process_makes_is_taken_up(make: Make) -> None:
    service = make()
    service.warm()
    make().add([RED])
    assert service.obstacle() is None


def test_an_index_of_another_encoder_is_refused_by_every_verb_every_time(make: Make) -> None:
    make(HashEncoder(seed="a")).add([RED])
    service = make(HashEncoder(seed="b"))
    service.warm()
    for _ in range(2):
        assert kind(service.obstacle()) is EncoderMismatchError
        with pytest.raises(EncoderMismatchError, match="pincite rebuild --reencode"):
            service.ask(Question("tower"))
        with pytest.raises(EncoderMismatchError):
            service.search(Question("tower"))
        with pytest.raises(EncoderMismatchError):
            service.add([BLUE])


def test_an_index_that_is_embedded_anew_by_another_encoder_is_noticed(make: Make) -> None:
    service = make(HashEncoder(seed="a"))
    service.add([RED])
    assert texts(service) == {"The old tower is red."}
    with make(HashEncoder(seed="b")).writer() as ingest:
        ingest.reencode()
    with pytest.raises(EncoderMismatchError):
        service.search(Question("tower"))
    assert kind(service.obstacle()) is EncoderMismatchError


def test_without_an_index_a_question_does_not_load_the_encoder(tmp_path: Path) -> None:
    def load(_config: EncoderConfig) -> HashEncoder:
        raise AssertionError("loaded")

    with pytest.raises(NoIndexError):
        Service(Settings(data=tmp_path), load).ask(Question("tower"))


@pytest.mark.parametrize(
    ("error", "told"),
    [(EncoderError("no such model"), "no such model"), (ImportError("no torch"), "the log tells why")],
)
def test_an_encoder_that_cannot_be_loaded_is_the_obstacle(
    error: Exception, told: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def load(_config: EncoderConfig) -> HashEncoder:
        raise error

    service = Service(Settings(data=tmp_path), load)
    service.warm()
    assert told in str(service.obstacle())
    assert str(error) in caplog.text


def test_many_threads_load_one_encoder_and_open_one_index(make: Make, tmp_path: Path) -> None:
    make().add([RED])
    loaded: list[EncoderConfig] = []
    together = threading.Barrier(8)

    def load(config: EncoderConfig) -> HashEncoder:
        loaded.append(config)
        return HashEncoder()

    service = Service(Settings(data=tmp_path), load)

    def use(_n: int) -> tuple[int, int]:
        together.wait(10)
        return id(service.reader()), id(service.encoder())

    with ThreadPoolExecutor(8) as pool:
        seen = set(pool.map(use, range(8)))
    service.close()
    assert (len(seen), len(loaded)) == (1, 1)


def test_questions_of_many_threads_are_answered_while_documents_come_and_go(make: Make) -> None:
    service, writer = make(), make()
    service.add([RED])
    done = threading.Event()

    def ask(_n: int) -> set[frozenset[str]]:
        seen = set()
        while not done.is_set():
            seen.add(frozenset(texts(service)))
        return seen

    with ThreadPoolExecutor(2) as pool:
        asking = pool.map(ask, range(2))
        try:
            for _ in range(3):
                (added,) = writer.add([BLUE])
                writer.remove([added.document_id or ""])
        finally:
            done.set()
        seen = set.union(*asking)
    alone = frozenset({"The old tower is red."})
    assert seen <= {alone, alone | {"The new tower is blue."}}


def test_a_closed_service_stays_closed(make: Make) -> None:
    service = make()
    service.add([RED])
    service.encoder()
    service.close()
    service.close()
    with pytest.raises(NotReadyError, match="shutting down"):
        service.search(Question("tower"))


def wanted(service: Service) -> EncoderConfig:
    """What the encoder is loaded with."""
    seen: list[EncoderConfig] = []

    def load(config: EncoderConfig) -> HashEncoder:
        seen.append(config)
        return HashEncoder()

    Service(service.settings, load).encoder()
    return seen[0]


def test_settings_choose_the_encoder(make: Make) -> None:
    service = make(embedder="some/model", device="cuda", precision="float32")
    assert wanted(service) == EncoderConfig("some/model", Precision.FLOAT32, "cuda")


def test_the_precision_is_left_to_a_measurement_where_there_is_no_index(make: Make) -> None:
    assert wanted(make()).precision is None


def test_the_precision_is_that_of_the_index(make: Make) -> None:
    service = make()
    service.add([RED])
    assert wanted(service).precision is Precision.FLOAT32


class _Counting:
    """A model that likes texts that say blue; remembers how it was loaded."""

    def __init__(self) -> None:
        self.loaded: list[CrossEncoderConfig] = []

    def load(self, config: CrossEncoderConfig) -> _Counting:
        self.loaded.append(config)
        return self

    def scores(self, question: str, texts: Sequence[str]) -> FloatArray:
        return np.asarray([text.count("blue") for text in texts], np.float32)


def _no_model(config: CrossEncoderConfig) -> Pairs:
    raise EncoderError(f"{config.model}: cannot be loaded as a cross-encoder")


def test_a_second_model_that_is_set_orders_the_best_passages(tmp_path: Path) -> None:
    model = _Counting()
    settings = Settings(data=tmp_path, reranker="mine/cross")
    with closing(Service(settings, lambda _: HashEncoder(), load_reranker=model.load)) as service:
        service.add([RED, BLUE])
        assert model.loaded == [], "adding needs none"
        ranking, _ = service.search(Question("old red tower"))
        service.search(Question("tower"))
    assert model.loaded == [CrossEncoderConfig("mine/cross", "cpu")]
    assert [(r.stored.source, r.signals["reranker"]) for r in ranking.passages] == [
        ("b.txt", 1.0),
        ("a.txt", 0.0),
    ]


def test_without_the_second_model_that_is_set_a_service_is_not_ready(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, reranker="nowhere/cross")
    with closing(Service(settings, lambda _: HashEncoder(), load_reranker=_no_model)) as service:
        service.add([RED])
        service.warm()
        assert str(service.obstacle()) == "nowhere/cross: cannot be loaded as a cross-encoder"
        with pytest.raises(EncoderError, match="nowhere/cross"):
            service.require_encoder()
        with pytest.raises(EncoderError, match="nowhere/cross"):
            service.search(Question("tower"))


def test_no_second_model_is_loaded_unless_it_is_set(tmp_path: Path) -> None:
    with closing(
        Service(Settings(data=tmp_path), lambda _: HashEncoder(), load_reranker=_no_model)
    ) as service:
        service.add([RED])
        service.warm()
        assert service.obstacle() is None
        assert service.reranker() is None
