"""A document from the web: fetched from public addresses alone, up to a size and for a time.

Each redirect is a new address that is read, looked up and checked like the first. Nothing of this machine
goes along: no cookies, no keys, no proxies of the environment.
"""

from __future__ import annotations

import ssl
import time
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus

import httpcore2

from api.addresses import is_private_host, is_public
from api.errors import UrlError
from api.network import AddressError, Admit, Checked, Dial, Resolve, dial, remaining, resolve
from api.urls import PORTS, Url, follow, read_url
from api.version import VERSION

_MIB = 1024 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ACCEPT = "text/html, application/xhtml+xml, text/markdown, text/plain, application/pdf, */*;q=0.5"
_ADVICE = {
    401: "it wants a login, and none is sent: download it yourself and add the file",
    403: "it does not give this to programs, or wants a login: download it yourself and add the file",
    404: "nothing is there; check the address",
    410: "it was removed there",
    429: "it was asked too often; try again later",
}
_ELSE = "try again later, or download it yourself and add the file"


@dataclass(frozen=True, slots=True)
class FetchConfig:
    """How much and how long a fetch may take, and where it may go."""

    max_bytes: int = 10 * _MIB  # as it comes, and unpacked
    timeout_s: float = 15  # with all redirects
    redirects: int = 5
    ports: frozenset[int] = frozenset(PORTS.values())
    private: bool = False  # addresses of this network, too, unless a public server redirects there
    discreet: bool = False  # errors tell nothing of the addresses that names have here


@dataclass(frozen=True, slots=True)
class Page:
    """What came: the bytes unpacked, and what the server says that they are."""

    url: Url  # that was asked for
    final: Url  # that gave it
    data: bytes
    kind: str = ""  # a media type in lower case
    charset: str = ""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches addresses one by one; safe for threads. `resolve` and `dial` are the network."""

    config: FetchConfig = FetchConfig()
    admit: Admit = field(default=lambda address, _port: is_public(address))
    resolve: Resolve = resolve
    dial: Dial = dial
    tls: ssl.SSLContext | None = None  # None is what this machine trusts

    def get(self, text: str) -> Page:
        """What is at an address. Raises UrlError."""
        asked = url = read_url(text, self.config.ports)
        until = time.monotonic() + self.config.timeout_s
        private = self.config.private
        for _ in range(self.config.redirects + 1):
            network = Checked(
                self._admit_private if private else self.admit,
                self.resolve,
                self.dial,
                until,
                discreet=self.config.discreet,
            )
            try:
                found = self._ask(url, network, asked, until)
            except AddressError as error:
                hint = "" if private or self.config.discreet else ". In your own network: --allow-private"
                raise UrlError(f"{url}: {error}{hint}") from error
            except httpcore2.TimeoutException as error:
                raise UrlError(
                    f"{asked}: not all of it came within {self.config.timeout_s:g} s; try again, "
                    "or download it yourself and add the file"
                ) from error
            except (httpcore2.NetworkError, httpcore2.ProtocolError, ssl.SSLError) as error:
                raise UrlError(f"{url}: {_failure(error)}") from error
            if isinstance(found, Page):
                return found
            private = private and not self.admit(network.reached or "", url.port)
            url = found
        raise UrlError(
            f"{asked}: more than {self.config.redirects} redirects; add the address that it ends at"
        )

    def _admit_private(self, address: str, port: int) -> bool:
        return self.admit(address, port) or is_private_host(address)

    def _ask(self, url: Url, network: Checked, asked: Url, until: float) -> Page | Url:
        """A page, or where it is instead."""
        headers: dict[bytes | str, bytes | str] = {
            "Host": url.authority,
            "User-Agent": f"pincite/{VERSION}",
            "Accept": _ACCEPT,
            "Accept-Encoding": "gzip, identity;q=0.5",
            "Connection": "close",
        }
        address = httpcore2.URL(scheme=url.scheme, host=url.host, port=url.port, target=url.target)
        with (
            httpcore2.ConnectionPool(ssl_context=self.tls, network_backend=network) as pool,
            pool.stream("GET", address, headers=headers) as response,
        ):
            heads = {name.lower(): value for name, value in response.headers}
            if response.status in _REDIRECTS and b"location" in heads:
                return follow(url, heads[b"location"].decode("latin-1"), self.config.ports)
            if response.status != 200:
                raise UrlError(f"{url}: the server answered {_status(response.status)}")
            data = self._body(response.iter_stream(), heads, url, until)
        if not data:
            raise UrlError(f"{url}: the server sent nothing; there is nothing to add")
        kind, charset = _content_type(heads.get(b"content-type", b"").decode("latin-1"))
        return Page(asked, url, data, kind, charset)

    def _body(self, parts: Iterable[bytes], heads: dict[bytes, bytes], url: Url, until: float) -> bytes:
        """The body, unpacked; no more of it than the limit is ever held."""
        most = self.config.max_bytes
        said = heads.get(b"content-length", b"")
        if said.isdigit() and int(said) > most:
            raise self._too_much(url, f"{int(said):,} bytes")
        packed = heads.get(b"content-encoding", b"identity").decode("latin-1").strip().lower()
        if packed in ("gzip", "x-gzip"):
            parts = _unpacked(parts, most, url)
        elif packed != "identity":
            raise UrlError(f"{url}: packed as {packed[:40]!a}, which was not asked for; download it yourself")
        body = bytearray()
        for part in parts:
            remaining(until)
            body += part
            if len(body) > most:
                raise self._too_much(url, "more")
        return bytes(body)

    def _too_much(self, url: Url, found: str) -> UrlError:
        return UrlError(
            f"{url}: {found}, but at most {self.config.max_bytes:,} bytes are fetched "
            "(the setting url_max_mib allows more); or download it yourself and add the file"
        )


def _unpacked(parts: Iterable[bytes], most: int, url: Url) -> Iterable[bytes]:
    """What was packed with gzip, in pieces no larger than what may be held; so may be the packed, too."""
    unpack, left = zlib.decompressobj(wbits=31), most
    for part in parts:
        left -= len(part)
        if left < 0:
            raise UrlError(f"{url}: more than {most:,} bytes, packed; download it yourself and add the file")
        while part:
            if unpack.eof:  # another piece follows the first
                unpack = zlib.decompressobj(wbits=31)
            try:
                yield unpack.decompress(part, most + 1)
            except zlib.error as error:
                raise UrlError(f"{url}: sent as gzip, which it is not ({error}); try again") from error
            part = unpack.unused_data if unpack.eof else unpack.unconsumed_tail
    if not unpack.eof:
        raise UrlError(f"{url}: broke off before its end; try again")


def _content_type(value: str) -> tuple[str, str]:
    """The media type and the charset of a `Content-Type`."""
    kind, *parameters = value.split(";")
    for parameter in parameters:
        name, _, text = parameter.partition("=")
        if name.strip().lower() == "charset":
            return kind.strip().lower(), text.strip(" \t\"'").lower()
    return kind.strip().lower(), ""


def _status(status: int) -> str:
    known = status in HTTPStatus._value2member_map_
    phrase = f" {HTTPStatus(status).phrase}" if known else ""
    return f"{status}{phrase}: {_ADVICE.get(status, _ELSE)}"


def _failure(error: Exception) -> str:
    """What went wrong on the way, and what to do."""
    text = str(error)
    if isinstance(error, ssl.SSLError) or "CERTIFICATE" in text or "SSL" in text:
        return f"no connection that can be trusted ({text[:200]}); it is not fetched unchecked"
    if isinstance(error, httpcore2.ConnectError):
        return f"cannot be reached ({text[:200]}); check the address, and the connection"
    return f"the connection broke off, or it does not speak HTTP ({text[:200]}); try again"
