from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from api.proxies import Proxies


def seen(trusted: int, *forwarded: str, peer: str = "10.0.0.9", proto: str = "") -> tuple[str, str]:
    """The address and the scheme that are told inside."""
    told: list[Scope] = []

    async def inside(scope: Scope, _receive: Receive, _send: Send) -> None:
        told.append(scope)

    async def receive() -> Message:
        raise AssertionError

    async def send(_message: Message) -> None:
        raise AssertionError

    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    headers += [(b"x-forwarded-proto", proto.encode())] if proto else []
    scope = {"type": "http", "client": (peer, 1), "scheme": "http", "headers": headers}
    asyncio.run(Proxies(inside, trusted)(scope, receive, send))
    return told[0]["client"][0], told[0]["scheme"]


@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        (0, (), "10.0.0.9"),
        (0, ("1.1.1.1",), "10.0.0.9"),
        (1, (), "10.0.0.9"),
        (1, ("192.0.2.1",), "192.0.2.1"),
        (1, ("1.1.1.1, 2.2.2.2, 192.0.2.1",), "192.0.2.1"),
        (1, ("1.1.1.1", "192.0.2.1"), "192.0.2.1"),
        (2, ("1.1.1.1, 192.0.2.1, 10.0.0.8",), "192.0.2.1"),
        (2, ("192.0.2.1",), "192.0.2.1"),
        (1, ("192.0.2.1:4711",), "192.0.2.1"),
        (1, ("[2001:db8::1]:4711",), "2001:db8::1"),
        (1, ("2001:db8::1",), "2001:db8::1"),
        (1, (" , ",), "10.0.0.9"),
        (1, ("x" * 500,), "x" * 64),
    ],
)
def test_the_address_is_what_the_outermost_proxy_of_ours_saw(
    trusted: int, forwarded: tuple[str, ...], address: str
) -> None:
    assert seen(trusted, *forwarded)[0] == address


@pytest.mark.parametrize("trusted", [0, 1, 2])
def test_ten_forged_addresses_are_one(trusted: int) -> None:
    hops = ", ".join(["192.0.2.1", "10.0.0.8"][: trusted or None])
    forged = [f"{n}.{n}.{n}.{n}" for n in range(1, 11)]
    lines = [f"{one}, {hops}" if trusted else one for one in forged]
    assert len({seen(trusted, line)[0] for line in lines}) == 1


@pytest.mark.parametrize(
    ("trusted", "proto", "scheme"),
    [(0, "https", "http"), (1, "https", "https"), (1, "HTTPS", "https"), (1, "javascript", "http")],
)
def test_the_scheme_is_what_a_proxy_of_ours_says(trusted: int, proto: str, scheme: str) -> None:
    assert seen(trusted, proto=proto)[1] == scheme
