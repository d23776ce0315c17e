"""Fakes that ship: web servers of this machine, and a network in which nothing but they is reached."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from ipaddress import ip_address
from types import TracebackType

import httpcore2

from api.network import dial as really_dial

PUBLIC = "93.184.216.34"  # an address that the tests take for the one of their servers; nothing is sent there
Answer = Callable[[socket.socket], None]


class FakeSite:
    """A server on a free port of 127.0.0.1, to be used as a context manager; a path it does not know is 404.

    `asked` are the heads of requests as they came, `names` what clients of TLS asked for.
    """

    def __init__(self, pages: Mapping[str, bytes | Answer], tls: ssl.SSLContext | None = None) -> None:
        """Pages are whole responses by their path, or what to do with the connection."""
        self.asked: list[str] = []
        self.names: list[str | None] = []
        self.accepted = 0
        self._pages = pages
        self._tls = tls
        if tls:
            tls.sni_callback = lambda _socket, name, _context: self.names.append(name)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._ended = threading.Event()

    def __enter__(self) -> FakeSite:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def wait(self, connection: socket.socket) -> None:
        """Say nothing until the client goes or the test is over."""
        connection.settimeout(0.05)
        while not self._ended.is_set():
            with suppress(TimeoutError):
                if not connection.recv(1):
                    return

    def _serve(self) -> None:
        while not self._ended.is_set():
            with suppress(OSError):
                connection, _ = self._listener.accept()
                self.accepted += 1
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            head = b""
            while b"\r\n\r\n" not in head and (part := connection.recv(65_536)):
                head += part
            if not head:
                return
            self.asked.append(head.decode("latin-1"))
            page = self._pages.get(
                head.split(b" ")[1].decode("latin-1"), respond(b"", status="404 Not Found")
            )
            if callable(page):
                page(connection)
            else:
                connection.sendall(page)
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()


def respond(body: bytes, kind: str = "text/plain", status: str = "200 OK", **headers: str) -> bytes:
    """A whole response."""
    told = {"Content-Type": kind, "Content-Length": str(len(body)), **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1") + body


def redirect(to: str, status: str = "302 Found") -> bytes:
    """A response that leads elsewhere."""
    return respond(b"", status=status, Location=to)


class FakeNames:
    """Names with their addresses; those of numbers are their own.

    With several answers, each look-up gets the next one, the last again.
    """

    def __init__(self, names: Mapping[str, Sequence[str] | Sequence[Sequence[str]]]) -> None:
        self._answers = {name: _answers(given) for name, given in names.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, _port: int) -> list[str]:
        self.asked.append(host)
        answers = self._answers.get(host) or ([[host]] if _is_address(host) else None)
        if answers is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return answers.pop(0) if len(answers) > 1 else answers[0]


def _answers(given: Sequence[str] | Sequence[Sequence[str]]) -> list[list[str]]:
    """The answers of one look-up after the other."""
    always = [one for one in given if isinstance(one, str)]
    return [always] if always else [list(one) for one in given]


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


class FakeNetwork:
    """Connections as they are made: to `PUBLIC` they lead to a server of the test, to others nowhere."""

    def __init__(self, site: FakeSite | None = None, address: str = PUBLIC) -> None:
        self._site = site
        self._address = address
        self.dialled: list[tuple[str, int]] = []

    def __call__(self, address: str, port: int, timeout_s: float) -> httpcore2.NetworkStream:
        self.dialled.append((address, port))
        if address != self._address or self._site is None:
            raise httpcore2.ConnectError("no route to host")
        return really_dial("127.0.0.1", self._site.port, timeout_s)
