from __future__ import annotations

import pytest

from api.errors import OriginError
from api.origins import fits, normal, own


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://docs.example", "https://docs.example"),
        (" HTTPS://Docs.Example/ ", "https://docs.example"),
        ("https://docs.example:443", "https://docs.example"),
        ("https://docs.example:0443", "https://docs.example"),
        ("http://docs.example:80", "http://docs.example"),
        ("http://docs.example:443", "http://docs.example:443"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("https://*.Docs.Example:443", "https://*.docs.example"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
def test_an_origin_is_kept_as_browsers_send_it(given: str, kept: str) -> None:
    assert normal(given) == kept


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("docs.example", "is no origin; give scheme, host"),
        ("*", "is no origin"),
        ("null", "is no origin"),
        ("", "is no origin"),
        ("ftp://docs.example", "is no origin"),
        ("https://docs.example/path", "and no path"),
        ("https://docs.example?q", "and no path"),
        ("https://me@docs.example", "is no origin"),
        ("https://docs example", "is no origin"),
        ("https://docs.example:70000", "a port is a number from 1 to 65535"),
        ("https://docs.example:0", "a port is a number from 1 to 65535"),
        ("https://*", "would let everybody in"),
        ("https://*.example", "would let everybody in"),
        ("https://docs.*.example", "names no host"),
        ("https://*.*.docs.example", "names no host"),
        ("https://d*.docs.example", "names no host"),
        ("https://.docs.example", "names no host"),
        ("https://docs..example", "names no host"),
        ("https://bücher.example", "give its form with xn--"),
    ],
)
def test_what_is_no_origin_is_refused_with_the_reason(given: str, why: str) -> None:
    with pytest.raises(OriginError) as refused:
        normal(given)
    assert str(refused.value).startswith(repr(given))
    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("origin", "fitting"),
    [
        ("https://a.docs.example", True),
        ("https://docs.example", False),
        ("https://a.b.docs.example", False),
        ("https://.docs.example", False),
        ("https://a.docs.example.evil.com", False),
        ("https://evildocs.example", False),
        ("http://a.docs.example", False),
        ("https://a.docs.example:8443", False),
        ("https://A.docs.example", False),
        ("https://*.docs.example", False),
        ("https://evil.com/.docs.example", False),
        ("https://evil.com#.docs.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_a_star_stands_for_one_label(origin: str, fitting: bool) -> None:
    assert fits(origin, "https://*.docs.example") is fitting


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Ask.example/behind", "https://ask.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("", ""),
        ("nonsense", ""),
        ("ftp://ask.example", ""),
    ],
)
def test_an_address_has_an_origin_or_none(url: str, origin: str) -> None:
    assert own(url) == origin
