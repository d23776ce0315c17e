"""Addresses of the web as users write them: one reading of each, by which it is checked, asked and named."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import unquote, urljoin

import httpx2

from api.errors import UrlError

PORTS = {"http": 80, "https": 443}
LONGEST = 2_000  # characters
_LIKE_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_NUMBER = re.compile(
    r"[0-9]+|0x[0-9a-f]*"
)  # a last part like this makes readers take a host for an IPv4 address
_LONGEST_NAME = 120  # characters of a document's name


@dataclass(frozen=True, slots=True)
class Url:
    """An address of the web, as it is asked: host and target in ASCII, without a fragment."""

    scheme: str
    host: str  # IPv6 without brackets
    port: int
    target: str  # path and query

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def authority(self) -> str:
        """The host as the `Host` header names it: with its port where that is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def segment(self) -> str:
        """What a file there is called: the last part of the path, as people read it; may be empty."""
        raw = self.target.partition("?")[0].rpartition("/")[2]
        try:
            plain = unquote(raw, errors="strict")
        except UnicodeDecodeError:
            return raw
        return plain if plain.isprintable() and not set("/\\") & set(plain) else raw

    @property
    def name(self) -> str:
        """What citations call the document: the host, and the last part of the path with its query."""
        _, mark, query = self.target.partition("?")
        name = f"{self.host}/{self.segment}{mark}{query}".removesuffix("/")
        return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def is_url(text: str) -> bool:
    """Whether somebody means an address by it, and no file."""
    return _LIKE_URL.match(text) is not None


def read_url(text: str, ports: Collection[int] = frozenset(PORTS.values())) -> Url:
    """An address read. Raises UrlError for what is not plainly one of the web, on one of the ports."""
    if len(text) > LONGEST:
        raise UrlError(f"{text[:60]}…: {len(text):,} characters; an address has at most {LONGEST:,}")
    if " " in text or "\\" in text or not text.isprintable():
        raise UrlError(f"{text!a}: white space, control characters or backslashes in it; write them as %20")
    scheme, colon, rest = text.partition(":")
    if not colon or scheme.lower() not in PORTS or not rest.startswith("//"):
        raise UrlError(f"{text}: only addresses that begin with https:// or http:// are fetched")
    if "@" in re.split(r"[/?#]", rest[2:], maxsplit=1)[0]:
        raise UrlError(f"{_without_user(text)}: a user name or password in it; neither is sent anywhere")
    try:
        parsed = httpx2.URL(text)
        host = _host(text, parsed.raw_host.decode("ascii").lower())
        port = PORTS[parsed.scheme] if parsed.port is None else parsed.port
        target = parsed.raw_path.decode("ascii")
    except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
        raise UrlError(f"{text}: no address that can be read ({error}); check it") from error
    if port not in ports:
        raise UrlError(
            f"{text}: port {port}; fetched is from {', '.join(map(str, sorted(ports)))} "
            "(the setting url_ports allows others)"
        )
    return Url(parsed.scheme, host, port, target)


def follow(url: Url, location: str, ports: Collection[int]) -> Url:
    """Where a redirect leads. Raises UrlError."""
    try:
        target = urljoin(str(url), location)
    except ValueError as error:
        raise UrlError(f"{url}: redirects to {location[:200]!a}, which is no address") from error
    try:
        found = read_url(target, ports)
    except UrlError as error:
        raise UrlError(f"{url}: redirects to what is not followed: {error}") from error
    if url.scheme == "https" and found.scheme == "http":
        raise UrlError(
            f"{url}: redirects from https to {found}, which anybody on the way can change; "
            "if you trust it, add that address itself"
        )
    return found


def _host(text: str, host: str) -> str:
    """The host in its one form. Raises UrlError."""
    if ":" in host:
        if "%" in host:
            raise UrlError(f"{text}: a zone in the address (%…), which means something on one machine only")
        return str(IPv6Address(host))
    host = host.removesuffix(".")
    if not _HOST.fullmatch(host) or len(host) > 253:
        raise UrlError(f"{text}: {host!a} is no name of a host; check it")
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        try:
            return str(IPv4Address(host))
        except ValueError as error:
            raise UrlError(
                f"{text}: {host} is a number, but no address like 192.0.2.1; write it so"
            ) from error
    return host


def _without_user(text: str) -> str:
    return re.sub(r"//[^/?#]*@", "//…@", text)
