"""Origins of pages: as an allow-list names them, as a browser sends them, and whether one fits the other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from api.errors import OriginError

_DEFAULT_PORTS = {"http": "80", "https": "443"}
_FORM = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[^/?#@:\[\]\s]+)(?::(?P<port>[0-9]{1,5}))?/?"
)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_BEHIND_A_STAR = 2  # labels, at least: `*.example` would be everybody's


def normal(given: str) -> str:
    """An origin of an allow-list in the form that browsers send: lower case, without a default port.

    `https://*.docs.example` is every name with one label in place of the star. Raises OriginError.
    """
    found = _FORM.fullmatch(given.strip().lower())
    if not found:
        raise OriginError(
            f"{given!r} is no origin; give scheme, host and, where it is not the usual one, port, "
            "such as https://docs.example or http://localhost:8080, and no path"
        )
    scheme, host, port = found["scheme"], found["host"], found["port"]
    _check_host(given, host)
    if port and not 0 < int(port) <= 65535:
        raise OriginError(f"{given!r} has port {port}; a port is a number from 1 to 65535")
    number = str(int(port)) if port else _DEFAULT_PORTS[scheme]
    return f"{scheme}://{host}" + ("" if number == _DEFAULT_PORTS[scheme] else f":{number}")


def _check_host(given: str, host: str) -> None:
    if host.startswith("["):
        return
    if not host.isascii():
        raise OriginError(f"{given!r} is not written as browsers send it; give its form with xn--")
    labels = host.split(".")
    if labels[0] == "*":
        del labels[0]
        if len(labels) < _BEHIND_A_STAR:
            raise OriginError(f"{given!r} would let everybody in; name at least a domain behind *.")
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise OriginError(
            f"{given!r} names no host; a star stands for the first label alone, as in https://*.docs.example"
        )


def fits(origin: str, allowed: str) -> bool:
    """Whether an origin, as a browser sent it, is one that an entry of an allow-list lets in."""
    scheme, star, behind = allowed.partition("://*.")
    if not star:
        return origin == allowed
    first, dot, rest = origin.removeprefix(f"{scheme}://").partition(".")
    return (
        origin.startswith(f"{scheme}://")
        and bool(dot)
        and rest == behind
        and _LABEL.fullmatch(first) is not None
    )


def foreign(headers: Mapping[bytes, bytes], host: str) -> bool:
    """Whether a page of another origin sent this; Sec-Fetch-Site is told to https and localhost only."""
    if site := headers.get(b"sec-fetch-site"):
        return site not in (b"none", b"same-origin")
    origin = headers.get(b"origin")
    return origin is not None and origin.decode("latin-1") not in (f"http://{host}", f"https://{host}")


def own(url: str) -> str:
    """The origin of an address of ours, as browsers send it; empty where it has none."""
    parts = urlsplit(url)
    try:
        return normal(f"{parts.scheme}://{parts.netloc}") if parts.netloc else ""
    except OriginError:
        return ""
