"""Connections that were checked: a name is looked up once, and what is connected to is what was looked at.

Below HTTP and TLS, so that nothing above can reach around it: a redirect, a name whose records change
between two look-ups, an address written in another way all come through here.
"""

from __future__ import annotations

import queue
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from threading import Thread
from typing import Any, TypeAlias

import httpcore2

Resolve: TypeAlias = Callable[[str, int], Sequence[str]]  # a name and a port to addresses; OSError
Dial: TypeAlias = Callable[[str, int, float], httpcore2.NetworkStream]  # address, port, seconds
Admit: TypeAlias = Callable[[str, int], bool]  # whether an address and a port may be connected to
_MOST_TRIED = 4  # addresses of one name
_NOT_PUBLIC = "is no address of the public internet; nothing was asked there"


class AddressError(Exception):
    """A name that leads nowhere, or where nobody may go; the message says which."""


class Checked(httpcore2.NetworkBackend):
    """Connects to the addresses of a name if all of them are admitted, and to none of them if not."""

    def __init__(
        self, admit: Admit, resolve: Resolve, dial: Dial, until: float, *, discreet: bool = False
    ) -> None:
        """Everything ends at `until` (of `time.monotonic`). `discreet` keeps addresses out of messages."""
        self._admit = admit
        self._resolve = resolve
        self._dial = dial
        self._until = until
        self._discreet = discreet
        self.reached: str | None = None  # the address that it is connected to

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to a name. Raises AddressError, or ConnectError of httpcore2."""
        addresses = list(dict.fromkeys(self._looked_up(host, port)))
        if not addresses:
            raise AddressError(f"{host} is a name without an address; check it")
        for address in addresses:
            if not self._admit(address, port):
                found = "" if self._discreet or host == address else f", which is {address},"
                raise AddressError(f"{host}{found} {_NOT_PUBLIC}")
        for n, address in enumerate(addresses[:_MOST_TRIED], 1):
            try:
                left = remaining(self._until)
                stream = self._dial(address, port, left / 2 if n < len(addresses[:_MOST_TRIED]) else left)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if n == len(addresses[:_MOST_TRIED]):
                    raise
                continue
            self.reached = address
            return Timed(stream, self._until)
        raise AssertionError("unreachable")

    def _looked_up(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a name, as long as there is time: the system's own look-up knows no end."""
        answers: queue.SimpleQueue[Sequence[str] | OSError | UnicodeError] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolve(host, port))
            except (OSError, UnicodeError) as error:
                answers.put(error)

        Thread(target=ask, name="resolve", daemon=True).start()
        try:
            answer = answers.get(timeout=remaining(self._until))
        except queue.Empty:
            raise httpcore2.ConnectTimeout from None
        if isinstance(answer, Exception):
            if self._discreet:  # which names there are in this network is nobody's business
                raise AddressError(f"{host} {_NOT_PUBLIC}") from answer
            raise AddressError(f"{host} is not found ({answer}); check it, and the connection") from answer
        return answer


class Timed(httpcore2.NetworkStream):
    """A connection that ends at a moment, however many bytes still drip in."""

    def __init__(self, stream: httpcore2.NetworkStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has come. Raises ConnectTimeout when the time is up."""
        return self._stream.read(max_bytes, remaining(self._until))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send. Raises ConnectTimeout when the time is up."""
        self._stream.write(buffer, remaining(self._until))

    def close(self) -> None:
        """Close it."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """The same connection, encrypted; the name that was asked for is the one that must be proved."""
        left = remaining(self._until)
        return Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._until)

    def get_extra_info(self, info: str) -> Any:
        """What the connection says of itself."""
        return self._stream.get_extra_info(info)


def remaining(until: float) -> float:
    """Seconds that are left. Raises ConnectTimeout of httpcore2 when there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore2.ConnectTimeout
    return left


def resolve(host: str, port: int) -> list[str]:
    """The addresses that this machine finds for a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[4][0]) for address in found]


def dial(address: str, port: int, timeout_s: float) -> httpcore2.NetworkStream:
    """A TCP connection to an address."""
    return httpcore2.SyncBackend().connect_tcp(address, port, timeout_s)
