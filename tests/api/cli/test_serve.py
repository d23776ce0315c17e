from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import httpx2
import pytest

from api.version import VERSION


class Done(Protocol):
    status: int
    out: str
    err: str


Pincite = Callable[..., Done]


def of(done: Done) -> Any:
    """What was printed as JSON, by a verb that succeeded."""
    assert (done.status, done.err) == (0, "")
    return json.loads(done.out)


def test_the_version_is_printed(pincite: Pincite) -> None:
    assert pincite("version").out == f"{VERSION}\n"
    assert of(pincite("version", "--json")) == {"version": VERSION}


def test_the_settings_are_printed_without_secrets(
    pincite: Pincite, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pincite.toml").write_text('data = "from-file"\nport = 81\nhost = "::1"\n', encoding="utf-8")
    monkeypatch.setenv("PINCITE_WRITE_TOKEN", "s3cret")
    monkeypatch.setenv("OPENAI_API_KEY", "s3cret")
    monkeypatch.setenv("PINCITE_PORT", "82")
    settings = of(pincite("config", "--data", "from-flag", "--json"))
    assert settings == {
        "data": "from-flag",
        "embedder": "all-MiniLM-L6-v2",
        "device": "cpu",
        "precision": "auto",
        "late": "auto",
        "reranker": "",
        "host": "::1",
        "port": 82,
        "hosts": "",
        "max_body_mib": 32,
        "write_token": "********",
        "trusted_proxies": 0,
        "address_per_minute": 0,
        "public_url": "",
        "generator_url": "",
        "generator_key": "********",
        "generator_model": "",
        "generator_timeout_s": 30,
        "calibration": "",
        "risk": "",
        "url_sources": False,
        "url_max_mib": 10,
        "url_ports": "80, 443",
    }
    shown = pincite("config", "--data", "from-flag").out
    assert shown.splitlines() == [f"{name} = {value}" for name, value in settings.items()]


def test_settings_that_do_not_fit_are_all_told(pincite: Pincite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINCITE_PORT", "http")
    monkeypatch.setenv("PINCITE_PRECISION", "int8")
    done = pincite("config")
    assert (done.status, done.out) == (3, "")
    assert done.err.startswith("pincite: PINCITE_PRECISION: ")
    assert "; PINCITE_PORT: port must be a number from 0 to 65535, found 'http'" in done.err


def test_an_index_in_order_is_said_to_be(pincite: Pincite, docs: Path) -> None:
    pincite("add", docs)
    report = of(pincite("doctor", "--json"))
    assert report["pincite"] == VERSION
    assert report["index"] == "ok"
    assert report["encoder"] == "hash, 64 dimensions, float32"
    done = pincite("doctor")
    assert done.status == 0
    assert re.search(r"^ +index  ok$", done.out, re.MULTILINE)


def test_no_index_is_found_wanting(pincite: Pincite) -> None:
    done = pincite("doctor")
    assert done.status == 1
    assert "no index here; add documents first" in done.out


def test_a_flipped_bit_is_found_wanting_and_mended_by_a_rebuild(
    pincite: Pincite, docs: Path, tmp_path: Path
) -> None:
    pincite("add", docs)
    (dense,) = (tmp_path / "data" / "generations").glob("*/dense.faiss")
    broken = bytearray(dense.read_bytes())
    broken[-3] ^= 1
    dense.write_bytes(broken)
    assert pincite("doctor").status == 1
    assert of(pincite("rebuild", "--json")) == {"generation": 2}
    assert pincite("doctor").status == 0
    assert "The quay is 900 metres long." in pincite("ask", "How long is the quay?").out


def test_a_rebuild_may_embed_anew(pincite: Pincite, docs: Path) -> None:
    pincite("add", docs)
    assert pincite("rebuild", "--reencode").out == "generation 2 is published\n"
    assert "The quay is 900 metres long." in pincite("ask", "How long is the quay?").out


def test_what_is_kept_of_tokens_is_chosen_told_and_changed_on_demand_alone(
    pincite: Pincite, docs: Path
) -> None:
    pincite("add", docs, "--late", "small")
    assert "token codes  small, 8 bytes a token, " in pincite("doctor").out
    for verb in (("add", docs), ("sync", docs), ("rebuild",)):
        refused = pincite(*verb, "--late", "off")
        assert (refused.status, refused.out) == (3, "")
        assert "pincite rebuild --reencode --late off" in refused.err
    assert pincite("rebuild", "--reencode", "--late", "off").status == 0
    assert "token codes  off; `pincite rebuild --reencode --late default` makes them" in pincite("doctor").out
    assert "The quay is 900 metres long." in pincite("ask", "How long is the quay?").out


def test_a_question_to_an_index_that_keeps_tokens_otherwise_than_configured_is_refused(
    pincite: Pincite, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pincite("add", docs)
    monkeypatch.setenv("PINCITE_LATE", "full")
    refused = pincite("search", "quay")
    assert (refused.status, refused.out) == (3, "")
    assert "keeps token codes 'default', but 'full' is configured" in refused.err
    monkeypatch.setenv("PINCITE_LATE", "default")
    assert pincite("search", "quay").status == 0


@pytest.fixture
def taken() -> Iterator[int]:
    """A port where somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_in_use_is_told(taken: int, pincite: Pincite) -> None:
    done = pincite("serve", "--port", str(taken))
    assert (done.status, done.out, done.err) == (
        3,
        "",
        f"pincite: cannot listen on 127.0.0.1:{taken}: Address already in use; "
        "choose another with --host and --port (0 picks a free one)\n",
    )


@pytest.mark.parametrize("host", ["host.invalid", "203.0.113.7"])
def test_an_address_that_is_not_ours_is_told(host: str, pincite: Pincite) -> None:
    done = pincite("serve", "--host", host, "--port", "0")
    assert (done.status, done.out) == (3, "")
    assert done.err.startswith(f"pincite: cannot listen on {host}:0: ")


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`pincite serve --port 0` as a user starts it."""
    command = [sys.executable, "-I", "-m", "api", "serve", "--port", "0", "--data", str(tmp_path / "data")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    ) as process:
        yield process
        process.kill()


@pytest.mark.slow
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 130)])
def test_a_server_prints_its_address_answers_at_once_and_ends_when_told(
    number: signal.Signals, status: int, serving: subprocess.Popen[str]
) -> None:
    assert serving.stdout
    assert serving.stderr
    address = serving.stdout.readline().removeprefix("Pincite on ").strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address)
    with httpx2.Client(base_url=address, timeout=60) as client:
        assert client.get("/health").json() == {"status": "ok", "version": VERSION}
        made = client.post("/v1/documents", json={"source": "a.txt", "text": "The tower was built in 1905."})
        assert made.status_code == 201
        asked = client.post("/v1/query", json={"question": "When was the tower built?"}).json()
        assert asked["answer"]["text"] == "The tower was built in 1905."
        serving.send_signal(number)
        assert serving.wait(30) == status
    assert "Traceback" not in serving.stderr.read()


def exchange(port: int, sent: bytes) -> bytes:
    """What a server answers to these bytes, until it closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(sent)
        received = b""
        try:
            while part := connection.recv(65_536):
                received += part
        except ConnectionResetError:  # what we sent was not read to its end
            pass
        return received


END, CHUNKS = b"\r\n\r\n", b"0\r\n\r\nGET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
GET = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /v1/search HTTP/1.1\r\nHost: localhost\r\n"
MALFORMED = [
    GET + b"X-Long: " + b"a" * 1_000_000 + END,
    GET + b"Host: evil.example" + END,
    b"GET /health HTTP/1.1" + END,
    POST + b"Content-Length: 4\r\nContent-Length: 5" + END + b"12345",
    POST + b"Content-Length: -1" + END,
    POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked" + END + CHUNKS,
    POST + b"Transfer-Encoding: xchunked" + END + CHUNKS,
    b"\x16\x03\x01 not http" + END,
]


def test_malformed_requests_are_refused_once_and_cut_off(serving: subprocess.Popen[str]) -> None:
    """What follows them is never taken for a request of its own, and a head is never longer than we like."""
    assert serving.stdout
    port = int(serving.stdout.readline().rpartition(":")[2])
    for sent in MALFORMED:
        answer = exchange(port, sent)
        assert answer.startswith(b"HTTP/1.1 400 "), sent[:80]
        assert answer.count(b"HTTP/1.1 ") == 1, sent[:80]


@pytest.mark.slow
def test_a_request_that_never_ends_does_not_keep_a_server_alive(serving: subprocess.Popen[str]) -> None:
    assert serving.stdout
    port = int(serving.stdout.readline().rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(POST + b"Content-Type: application/json\r\nContent-Length: 9" + END + b"{")
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(60) == -signal.SIGTERM
