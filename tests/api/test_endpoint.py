"""A language model over HTTP, on a real socket: what it says, and each way in which it misbehaves."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Event, Thread
from time import monotonic

import pytest

from api.breaker import Breaker
from api.endpoint import Endpoint, EndpointConfig
from api.testing import Behaviour, FakeEndpoint, Request
from rag.errors import GeneratorError
from rag.records import Message, MessageRole
from rag.testing import Scripted

KEY = "sk-very-secret"
ASKED = [Message(MessageRole.SYSTEM, "Be brief."), Message(MessageRole.USER, "Well?")]
UNKNOWN_FORM = "the language model answered in no form that is known"
Connect = Callable[..., Endpoint]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """An endpoint with little patience, over an address."""
    with ExitStack() as stack:

        def made(url: str, **options: object) -> Endpoint:
            config = {"timeout_s": 5, "wait_s": 0.01, "model": "m", "key": KEY} | options
            breaker = config.pop("breaker", None)
            endpoint = Endpoint(EndpointConfig(url, **config), breaker)  # type: ignore[arg-type]
            stack.callback(endpoint.close)
            return endpoint

        yield made


def ask(endpoint: Endpoint) -> str:
    return "".join(endpoint.generate(ASKED, Event()))


def failure(endpoint: Endpoint) -> str:
    with pytest.raises(GeneratorError) as raised:
        ask(endpoint)
    return str(raised.value)


def sends(*data: bytes, kind: str = "text/event-stream") -> Behaviour:
    """Answer with these bytes."""

    def send(request: Request) -> None:
        request.start(kind=kind)
        for part in data:
            request.send(part)

    return send


def line(**sent: object) -> bytes:
    return b"data: " + json.dumps(sent).encode() + b"\n\n"


def piece(text: object, **more: object) -> bytes:
    return line(choices=[{"index": 0, "delta": {"content": text}, **more}])


def status(code: int, **headers: str) -> Behaviour:
    """Answer with a status."""
    return lambda request: request.start(code, "application/json", **headers)


def test_what_the_model_says_comes_in_pieces(connect: Connect) -> None:
    with FakeEndpoint(Scripted("It was so, once.")) as fake:
        assert list(connect(fake.url).generate(ASKED, Event())) == ["It", " was", " so,", " once."]


def test_the_model_is_sent_the_messages_and_the_key(connect: Connect) -> None:
    with FakeEndpoint(Scripted("Yes.")) as fake:
        ask(connect(fake.url, max_tokens=77))
        assert fake.asked == [
            {
                "model": "m",
                "messages": [
                    {"role": "system", "content": "Be brief."},
                    {"role": "user", "content": "Well?"},
                ],
                "stream": True,
                "temperature": 0,
                "max_tokens": 77,
            }
        ]
        assert fake.keys == [f"Bearer {KEY}"]


def test_without_a_key_none_is_sent(connect: Connect) -> None:
    with FakeEndpoint(Scripted("Yes.")) as fake:
        ask(connect(fake.url, key=""))
        assert fake.keys == [None]


def test_where_no_model_is_named_it_is_the_first_that_is_listed(connect: Connect) -> None:
    with FakeEndpoint(Scripted("Yes.")) as fake:
        endpoint = connect(fake.url, model="")
        assert endpoint.model == "unnamed"
        ask(endpoint)
        assert (endpoint.model, fake.asked[0]["model"]) == ("fake-1", "fake-1")


def test_a_server_that_does_not_stream_is_read_whole(connect: Connect) -> None:
    said = {"choices": [{"message": {"role": "assistant", "content": "It was so."}}]}
    with FakeEndpoint(None, lambda request: request.whole(said)) as fake:
        assert ask(connect(fake.url)) == "It was so."


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ((piece("It "), piece("was."), b"data: [DONE]\n\n"), "It was."),
        ((piece("It "), piece("was.", finish_reason="stop")), "It was."),  # and no [DONE]
        ((b": ping\n\n", b"event: x\nid: 1\n", piece("It."), b"data: [DONE]\n\n"), "It."),
        ((piece("Crlf.").replace(b"\n", b"\r\n"), b"data: [DONE]\r\n\r\n"), "Crlf."),
        ((b"data:" + piece("Tight.")[6:], b"data:[DONE]\n\n"), "Tight."),
        ((piece("Ä𝄞")[:20], piece("Ä𝄞")[20:], b"data: [DONE]\n\n"), "Ä𝄞"),
        ((piece(None), piece("It."), line(choices=[], usage={}), b"data: [DONE]\n\n"), "It."),
        (
            (line(choices=[{"delta": {"tool_calls": [{"function": {"name": "rm"}}]}}]), b"data: [DONE]\n\n"),
            "",
        ),
        ((b"data: [DONE]\n\n",), ""),
    ],
)
def test_streams_are_read_in_all_their_forms(sent: tuple[bytes, ...], text: str, connect: Connect) -> None:
    with FakeEndpoint(None, sends(*sent)) as fake:
        assert ask(connect(fake.url)) == text


@pytest.mark.parametrize(
    ("behave", "told"),
    [
        (status(401), "the language model's server refuses the key (401)"),
        (status(403), "the language model's server refuses the key (403)"),
        (status(404), "the language model's server does not know this path or model (404)"),
        (status(422), "the language model's server refused the request (422)"),
        (status(204), "the language model's server refused the request (204)"),
        (
            status(302, Location="http://169.254.169.254/latest"),
            "the language model's server redirects (302), which is not followed",
        ),
        (sends(b"data: {nonsense\n\n"), "the language model sent broken JSON"),
        (sends(b"data: \xff\xfe\n\n"), "the language model sent broken JSON"),
        (sends(b"data: " + b"[" * 100_000 + b"\n\n"), "the language model sent broken JSON"),
        (sends(b"data: null\n\n"), UNKNOWN_FORM),
        (sends(b'data: ["text"]\n\n'), UNKNOWN_FORM),
        (sends(line(text="It.")), UNKNOWN_FORM),
        (sends(line(choices="It.")), UNKNOWN_FORM),
        (sends(line(choices=[{"delta": "It."}])), UNKNOWN_FORM),
        (sends(line(choices={"delta": {}})), UNKNOWN_FORM),
        (sends(piece({"text": "It."})), UNKNOWN_FORM),
        (sends(piece(7)), UNKNOWN_FORM),
        (sends(b"<html>Sign in</html>", kind="text/html"), UNKNOWN_FORM),
        (sends(b'{"choices": [{"text": "It."}]}', kind="application/json"), UNKNOWN_FORM),
        (sends(b"{", kind="application/json"), "the language model sent broken JSON"),
        (sends(line(error={"message": "x"})), "the language model's server failed while it answered"),
        (sends(line(choices=[{"delta": {"refusal": "No."}}])), "the language model declined to answer"),
    ],
)
def test_what_goes_wrong_for_good_is_told_and_not_tried_again(
    behave: Behaviour, told: str, connect: Connect
) -> None:
    with FakeEndpoint(None, behave) as fake:
        assert failure(connect(fake.url)) == told
        assert len(fake.asked) == 1


@pytest.mark.parametrize("first", [status(429), status(500), status(503), sends(), sends(b": ping\n\n")])
def test_what_may_pass_is_tried_again(first: Behaviour, connect: Connect) -> None:
    second = sends(piece("It."), b"data: [DONE]\n\n")
    with FakeEndpoint(None, first, first, second) as fake:
        assert ask(connect(fake.url)) == "It."
        assert len(fake.asked) == 3


def test_it_is_tried_so_often_and_no_more(connect: Connect) -> None:
    with FakeEndpoint(None, status(500)) as fake:
        assert failure(connect(fake.url, tries=2)) == "the language model's server failed (500)"
        assert len(fake.asked) == 2


def test_as_long_as_the_server_wants_is_waited_but_not_beyond_the_deadline(connect: Connect) -> None:
    with FakeEndpoint(None, status(429, Retry_After="60")) as fake:
        endpoint = connect(fake.url, timeout_s=0.2)
        assert failure(endpoint) == "the language model did not answer in time"


def test_what_broke_off_after_it_said_something_is_not_tried_again(connect: Connect) -> None:
    with FakeEndpoint(None, sends(piece("It "))) as fake:
        pieces = connect(fake.url).generate(ASKED, Event())
        assert next(pieces) == "It "
        with pytest.raises(GeneratorError, match="the language model broke off"):
            next(pieces)
        assert len(fake.asked) == 1


def test_a_model_that_takes_no_options_is_asked_without(connect: Connect) -> None:
    with FakeEndpoint(None, status(400), sends(piece("It."), b"data: [DONE]\n\n")) as fake:
        endpoint = connect(fake.url)
        assert [ask(endpoint), ask(endpoint)] == ["It.", "It."]
        assert [sorted(body) for body in fake.asked[1:]] == [["messages", "model", "stream"]] * 2


def test_nobody_there_is_told(connect: Connect) -> None:
    with FakeEndpoint(Scripted("Yes.")) as fake:
        url = fake.url
    assert failure(connect(url)) == "the language model cannot be reached (ConnectError)"


def test_a_server_without_a_list_of_models_asks_for_a_name(connect: Connect) -> None:
    with FakeEndpoint(Scripted("Yes."), models=()) as fake:
        assert failure(connect(fake.url, model="")) == (
            "the language model's server lists no models; name one: PINCITE_GENERATOR_MODEL"
        )


def drips(request: Request) -> None:
    """A byte of a comment, again and again."""
    request.start()
    while True:
        request.send(b":\n")
        request.wait(0.02)


def stalls(request: Request) -> None:
    """Begin, and say no more."""
    request.start()
    request.say("It ")
    request.wait()


def silent(request: Request) -> None:
    """Say nothing at all."""
    request.wait()


@pytest.mark.parametrize("behave", [silent, stalls, drips])
def test_a_model_that_keeps_one_waiting_is_left_at_the_deadline(behave: Behaviour, connect: Connect) -> None:
    with FakeEndpoint(None, behave) as fake:
        start = monotonic()
        assert failure(connect(fake.url, timeout_s=0.3)) == "the language model did not answer in time"
        assert 0.25 < monotonic() - start < 1.5
        assert fake.gone.wait(2)  # and the server is not left to talk to nobody


@pytest.mark.parametrize(
    "part", [piece("x" * 1000) * 20, b": nothing at all\n" * 2000, b"data: " + b"x" * 20_000]
)
def test_of_too_much_no_more_than_the_limit_is_read(part: bytes, connect: Connect) -> None:
    sent = 0

    def flood(request: Request) -> None:
        nonlocal sent
        request.start()
        while sent < 200 * 1024 * 1024:
            request.send(part)
            sent += len(part)

    with FakeEndpoint(None, flood) as fake:
        told = failure(connect(fake.url, max_bytes=100_000))
        assert told == "the language model sent more than 100,000 bytes"
    assert sent < 20 * 1024 * 1024  # what the sockets take in


def test_a_stop_ends_it_at_once_and_the_server_notices(connect: Connect) -> None:
    stop, said = Event(), list[str]()
    with FakeEndpoint(None, stalls) as fake:
        endpoint = connect(fake.url)
        reading = Thread(target=lambda: said.extend(endpoint.generate(ASKED, stop)))
        reading.start()
        start = monotonic()
        stop.set()
        reading.join(2)
        assert not reading.is_alive()
        assert monotonic() - start < 0.5
        assert fake.gone.wait(0.5) or not fake.asked


def test_what_is_closed_by_its_reader_is_closed_at_the_server(connect: Connect) -> None:
    with FakeEndpoint(None, stalls) as fake:
        pieces = connect(fake.url).generate(ASKED, Event())
        assert next(pieces) == "It "
        pieces.close()
        assert fake.gone.wait(0.5)


def test_after_failures_in_a_row_it_is_not_asked_for_a_while(connect: Connect) -> None:
    with FakeEndpoint(None, status(401)) as fake:
        endpoint = connect(fake.url, breaker=Breaker(failures=2))
        for _ in range(2):
            assert failure(endpoint).endswith("(401)")
        assert failure(endpoint) == (
            "the language model failed several times in a row; it is tried again soon"
        )
        assert len(fake.asked) == 2


def test_neither_the_key_nor_the_address_is_in_logs_or_errors(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    told = []
    with caplog.at_level(logging.DEBUG):
        for behave in (status(401), status(302, Location="http://x.example"), status(500), sends(b"data: {")):
            with FakeEndpoint(None, behave) as fake:
                endpoint = connect(fake.url)
                told += [failure(endpoint), repr(endpoint.__dict__)]
        told.append(failure(connect("http://127.0.0.1:1/v1")))
    assert caplog.records
    assert KEY not in "".join([*told, caplog.text])
    assert not any(
        "127.0.0.1" in record.getMessage() for record in caplog.records if record.name == "api.endpoint"
    )
