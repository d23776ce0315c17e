from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from api import problems
from api.errors import (
    BudgetError,
    ConflictError,
    LimitError,
    MediaTypeError,
    NotReadyError,
    OriginDeniedError,
    OriginError,
    OverloadedError,
    RateLimitedError,
    RequestError,
    SettingsError,
    SitesError,
    UnauthorisedError,
    UnsupportedError,
    UrlError,
    UrlSourcesOffError,
)
from corpus.errors import (
    CorpusError,
    MetadataError,
    PinciteError,
    ProvenanceError,
    ScanError,
    UnreadableError,
)
from eval.errors import EvaluationError
from index.errors import (
    BusyError,
    DamagedError,
    EncoderError,
    EncoderMismatchError,
    GoneError,
    LateMismatchError,
    NoIndexError,
    NotFoundError,
    StorageError,
)
from rag.errors import AskError, CalibrationError, CiteError, GeneratorError, QuoteError, StyleError

MakeApp = Callable[..., FastAPI]
Connect = Callable[[FastAPI], TestClient]
ReadProblem = Callable[[Response], tuple[int, str, str]]

SECRET = "/srv/data/pincite.db: it broke"
LOG = "the log tells more under request_id"
SHOWN = {  # kinds whose messages are about what the client sent
    CorpusError: (422, "document_refused"),
    UnreadableError: (422, "document_unreadable"),
    ScanError: (422, "document_scanned"),
    MetadataError: (422, "metadata_invalid"),
    ProvenanceError: (422, "provenance_broken"),
    AskError: (422, "question_invalid"),
    QuoteError: (422, "quotation_invalid"),
    CiteError: (422, "citation_invalid"),
    RequestError: (422, "request_invalid"),
    MediaTypeError: (415, "media_type_unsupported"),
    UrlError: (422, "url_refused"),
    UrlSourcesOffError: (403, "url_sources_off"),
    UnsupportedError: (501, "not_available"),
    NotFoundError: (404, "not_found"),
    GoneError: (410, "gone"),
    ConflictError: (409, "idempotency_conflict"),
    NotReadyError: (503, "not_ready"),
    OverloadedError: (503, "overloaded"),
    GeneratorError: (503, "model_unavailable"),
    UnauthorisedError: (401, "unauthorised"),
    OriginDeniedError: (403, "origin_denied"),
    LimitError: (429, "limited"),
    RateLimitedError: (429, "rate_limited"),
    BudgetError: (402, "budget"),
}
HIDDEN = {  # kinds whose messages are about this machine
    NoIndexError: (503, "no_index", "nothing has been added yet; POST /v1/documents adds a document"),
    BusyError: (503, "index_busy", "another process is writing to the index; try again in a moment"),
    DamagedError: (503, "index_damaged", f"the index cannot be used; {LOG}"),
    EncoderMismatchError: (
        503,
        "encoder_mismatch",
        f"the index was made by another encoder than this server has; {LOG}",
    ),
    LateMismatchError: (
        503,
        "late_mismatch",
        f"the index keeps token codes otherwise than this server is set to; {LOG}",
    ),
    StorageError: (503, "storage_error", f"the index cannot be used; {LOG}"),
    StyleError: (503, "style_unavailable", f"citations cannot be formatted; {LOG}"),
    EncoderError: (503, "encoder_unavailable", f"the encoder cannot be loaded; {LOG}"),
    SitesError: (503, "sites_invalid", f"the sites cannot be read; {LOG}"),
    OriginError: (503, "origin_invalid", f"the sites cannot be read; {LOG}"),
    SettingsError: (500, "settings_invalid", f"something went wrong here; {LOG}"),
    CalibrationError: (500, "calibration_invalid", f"something went wrong here; {LOG}"),
    EvaluationError: (500, EvaluationError.code, f"something went wrong here; {LOG}"),
    PinciteError: (500, "error", f"something went wrong here; {LOG}"),
}


def kinds(kind: type[PinciteError]) -> Iterator[type[PinciteError]]:
    """A class of errors and all below it."""
    yield kind
    for below in kind.__subclasses__():
        yield from kinds(below)


@pytest.fixture
def fails(make_app: MakeApp, connect: Connect) -> Callable[[Exception], Response]:
    """The answer of a route that raises."""
    app = make_app()
    client = connect(app)

    def ask(error: Exception) -> Response:
        @app.get(f"/{type(error).__name__}")
        def route() -> None:
            raise error

        return client.get(f"/{type(error).__name__}")

    return ask


def test_every_kind_of_error_has_its_status() -> None:
    assert set(kinds(PinciteError)) == SHOWN.keys() | HIDDEN.keys()


def test_codes_are_told_apart() -> None:
    codes = [kind.code for kind in kinds(PinciteError)]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("kind", SHOWN)
def test_what_is_wrong_with_a_request_is_told(
    kind: type[PinciteError], fails: Callable[[Exception], Response], read_problem: ReadProblem
) -> None:
    assert read_problem(fails(kind("what was sent"))) == (*SHOWN[kind], "what was sent")


@pytest.mark.parametrize("kind", HIDDEN)
def test_what_is_wrong_with_this_machine_is_logged_and_not_told(
    kind: type[PinciteError],
    fails: Callable[[Exception], Response],
    read_problem: ReadProblem,
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = fails(kind(SECRET))
    assert read_problem(answer) == HIDDEN[kind]
    assert caplog.messages == [f"request {answer.json()['request_id']}: {SECRET}"]


def test_a_defect_is_logged_with_its_traceback_and_not_told(
    fails: Callable[[Exception], Response], read_problem: ReadProblem, caplog: pytest.LogCaptureFixture
) -> None:
    answer = fails(KeyError(SECRET))
    assert read_problem(answer) == (500, "internal", f"something went wrong here; {LOG}")
    (record,) = caplog.records
    assert (record.levelno, record.getMessage()) == (
        logging.ERROR,
        f"request {answer.json()['request_id']} failed",
    )
    assert record.exc_info
    assert isinstance(record.exc_info[1], KeyError)


def test_an_unknown_path_is_not_found(client: TestClient, read_problem: ReadProblem) -> None:
    assert read_problem(client.get("/v1/nothing")) == (404, "not_found", "Not Found")


def test_a_slash_too_many_is_not_found_rather_than_redirected(
    client: TestClient, read_problem: ReadProblem
) -> None:
    """A redirect would carry the name of the Host header, whoever wrote it."""
    assert read_problem(client.get("/v1/documents/", follow_redirects=False)) == (
        404,
        "not_found",
        "Not Found",
    )


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/query", "POST"),
        ("DELETE", "/v1/documents", "GET, POST"),
        ("PATCH", "/v1/documents/doc_0", "DELETE, GET, PUT"),
        ("POST", "/health", "GET"),
        ("TRACE", "/health", "GET"),
    ],
)
def test_a_wrong_method_is_refused_with_those_allowed(
    method: str, path: str, allowed: str, client: TestClient, read_problem: ReadProblem
) -> None:
    answer = client.request(method, path)
    assert read_problem(answer) == (405, "method_not_allowed", "Method Not Allowed")
    assert set(answer.headers["allow"].split(", ")) <= set(allowed.split(", "))


def fault(where: str) -> dict[str, object]:
    return {"loc": ("body", where), "msg": "is wrong", "type": "some"}


def test_faults_are_told_together() -> None:
    assert problems.faults([fault("a"), fault("b")]) == "a: is wrong; b: is wrong"


def test_faults_beyond_ten_are_counted() -> None:
    told = problems.faults([fault(str(n)) for n in range(13)]).split("; ")
    assert told[9:] == ["9: is wrong", "and 3 more"]


def test_long_names_of_fields_are_cut() -> None:
    assert problems.faults([fault("x" * 1_000_000)]) == f"{'x' * 100}: is wrong"


def test_a_fault_of_the_whole_body_says_so() -> None:
    assert problems.faults([{"loc": ("body",), "msg": "is wrong", "type": "some"}]) == "body: is wrong"
