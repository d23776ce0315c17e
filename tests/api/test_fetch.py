"""What the web can try on a program that fetches from it; nothing here leaves this machine."""

from __future__ import annotations

import gzip
import socket
import ssl
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from api.errors import UrlError
from api.fetch import FetchConfig, Fetcher, Page
from api.testing_web import PUBLIC, Answer, FakeNames, FakeNetwork, FakeSite, redirect, respond
from api.urls import read_url
from api.version import VERSION

Serve = Callable[[dict[str, bytes | Answer]], FakeSite]
NAMES = {"docs.example": [PUBLIC], "other.example": [PUBLIC]}
NOT_PUBLIC = {
    "this network": "0.0.0.0",
    "this network, inside": "0.1.2.3",
    "private 10": "10.0.0.1",
    "private 10, last": "10.255.255.255",
    "CGNAT": "100.64.0.1",
    "CGNAT, keys of a cloud": "100.100.100.200",
    "loopback": "127.0.0.1",
    "loopback, another": "127.255.255.254",
    "the host of an Azure machine": "168.63.129.16",
    "link-local, keys of clouds": "169.254.169.254",
    "private 172": "172.16.0.1",
    "private 172, last": "172.31.255.255",
    "protocols": "192.0.0.1",
    "keys of Oracle": "192.0.0.192",
    "documentation 1": "192.0.2.1",
    "relays of 6to4": "192.88.99.1",
    "private 192": "192.168.1.1",
    "benchmarks": "198.18.0.1",
    "benchmarks, last": "198.19.255.255",
    "documentation 2": "198.51.100.1",
    "documentation 3": "203.0.113.1",
    "multicast": "224.0.0.1",
    "multicast, last": "239.255.255.255",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "v6 unspecified": "::",
    "v6 loopback": "::1",
    "v4-mapped loopback": "::ffff:127.0.0.1",
    "v4-mapped public": "::ffff:93.184.216.34",
    "v4-compatible": "::127.0.0.1",
    "v4-translated": "::ffff:0:127.0.0.1",
    "NAT64": "64:ff9b::7f00:1",
    "NAT64 of a public one": "64:ff9b::5db8:d822",
    "NAT64, local": "64:ff9b:1::1",
    "discard": "100::1",
    "Teredo": "2001:0:7f00:1::",
    "benchmarks v6": "2001:2::1",
    "ORCHID": "2001:10::1",
    "ORCHID 2": "2001:20::1",
    "documentation v6": "2001:db8::1",
    "6to4 of loopback": "2002:7f00:1::1",
    "6to4 of a public one": "2002:5db8:d822::1",
    "documentation v6, new": "3fff::1",
    "segment routing": "5f00::1",
    "unique local": "fc00::1",
    "unique local, keys of a cloud": "fd00:ec2::254",
    "link-local v6": "fe80::1",
    "link-local v6 with a zone": "fe80::1%eth0",
    "site-local": "fec0::1",
    "multicast v6": "ff02::1",
    "no address": "example",
}
NO_URL = {
    "file": "file:///etc/passwd",
    "gopher": "gopher://docs.example:70/_x",
    "ftp": "ftp://docs.example/x",
    "data": "data:text/html,<p>x",
    "javascript": "javascript:alert(1)",
    "dict": "dict://docs.example:11211/stats",
    "unix socket": "http+unix://%2Fvar%2Frun%2Fdocker.sock/info",
    "no scheme": "//docs.example/",
    "one slash": "http:/docs.example/",
    "no host": "http:///etc/passwd",
    "user": "http://me@docs.example/",
    "user and password": "http://me:s3cret@docs.example/",
    "empty user": "http://@docs.example/",
    "a host as user": "http://docs.example@127.0.0.1/",
    "a host as password": "http://a:b@docs.example:80@127.0.0.1/",
    "backslash": "http://docs.example\\@127.0.0.1/",
    "backslashes for slashes": "http:\\\\127.0.0.1\\",
    "decimal": "http://2130706433/",
    "octal": "http://0177.0.0.1/",
    "octal, long": "http://00000177.0.0.1/",
    "hexadecimal": "http://0x7f000001/",
    "hexadecimal parts": "http://0x7f.0x0.0x0.0x1/",
    "short": "http://127.1/",
    "zero": "http://0/",
    "decimal of a public one": "http://1572395042/",
    "five parts": "http://127.0.0.1.1/",
    "zone": "http://[fe80::1%25eth0]/",
    "zone, not escaped": "http://[fe80::1%eth0]/",
    "no end of an address": "http://[::1/",
    "no v6": "http://[127.0.0.1]/",
    "escaped host": "http://%31%32%37.0.0.1/",
    "escaped slash in the host": "http://docs.example%2f@127.0.0.1/",
    "two trailing dots": "http://docs.example../",
    "empty label": "http://docs..example/",
    "line end in the host": "http://docs.example\r\nX-Injected: 1/",
    "line end in the path": "http://docs.example/a\r\nX-Injected: 1",
    "tab": "http://docs.exa\tmple/",
    "NUL": "http://docs.example/\0",
    "space": "http://docs.example/a b",
    "space before": " http://docs.example/",
    "soft hyphen": "http://docs.exam\u00adple/",
    "right to left": "http://docs.example/\u202egnp.exe",
    "circled digits": "http://①②⑦.⓪.⓪.①/",
    "port of a mail server": "http://docs.example:25/",
    "port of a database": "http://docs.example:6379/",
    "port 0": "http://docs.example:0/",
    "port beyond": "http://docs.example:65616/",
    "port of https in http is one": "http://docs.example:8443/",
    "no number as port": "http://docs.example:http/",
    "long": "http://docs.example/" + "a" * 2_000,
    "long label": f"http://{'a' * 64}.example/",
    "underscore of dashes": "http://-docs.example/",
}


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Servers that end with the test."""
    with ExitStack() as stack:
        yield lambda pages: stack.enter_context(FakeSite(pages))


@pytest.fixture
def connects() -> Iterator[list[object]]:
    """Every address that this process connects a socket to, whatever code does so."""
    yield from _watched()


def _watched() -> Iterator[list[object]]:
    seen: list[object] = []
    watching = [True]

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if watching[0] and event == "socket.connect":
            seen.append(arguments[1])

    sys.addaudithook(hook)  # there is no way to take it off again
    yield seen
    watching[0] = False


def fetch(url: str, site: FakeSite, config: FetchConfig | None = None) -> Page:
    """What a server of the test gives under a public name."""
    return Fetcher(config or FetchConfig(), resolve=FakeNames(NAMES), dial=FakeNetwork(site)).get(url)


def refusal(url: str, site: FakeSite, config: FetchConfig | None = None) -> str:
    with pytest.raises(UrlError) as raised:
        fetch(url, site, config)
    return str(raised.value)


def test_a_page_comes_with_what_the_server_says_of_it(serve: Serve) -> None:
    site = serve({"/a.html?b=1": respond(b"<p>Quay", 'text/HTML; charset="ISO-8859-2"')})
    page = fetch("http://docs.example/a.html?b=1#part", site)
    assert (page.data, page.kind, page.charset) == (b"<p>Quay", "text/html", "iso-8859-2")
    assert str(page.url) == str(page.final) == "http://docs.example/a.html?b=1"


def test_a_request_carries_nothing_of_this_machine(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    site = serve({"/": respond(b"x", Set_Cookie="session=1"), "/b": redirect("/")})
    fetch("http://docs.example/b", site)
    for head in site.asked:
        names = sorted(line.partition(":")[0] for line in head.split("\r\n")[1:] if line)
        assert names == ["Accept", "Accept-Encoding", "Connection", "Host", "User-Agent"]
        assert "\r\nHost: docs.example\r\n" in head
        assert f"\r\nUser-Agent: pincite/{VERSION}\r\n" in head


@pytest.mark.parametrize("address", NOT_PUBLIC.values(), ids=NOT_PUBLIC.keys())
def test_nothing_connects_to_an_address_that_is_not_public(address: str) -> None:
    network = FakeNetwork()
    with pytest.raises(UrlError, match="no address of the public internet"):
        Fetcher(resolve=FakeNames({"docs.example": [address]}), dial=network).get("http://docs.example/")
    assert network.dialled == []


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111", "2a00:1450::1"])
def test_public_addresses_are_connected_to(address: str) -> None:
    network = FakeNetwork()
    with pytest.raises(UrlError, match="cannot be reached"):
        Fetcher(resolve=FakeNames({"docs.example": [address]}), dial=network).get("http://docs.example/")
    assert network.dialled == [(address, 80)]


@pytest.mark.parametrize("url", NO_URL.values(), ids=NO_URL.keys())
def test_an_address_that_is_not_plainly_one_is_not_even_looked_up(url: str) -> None:
    names, network = FakeNames(NAMES), FakeNetwork()
    with pytest.raises(UrlError):
        Fetcher(resolve=names, dial=network).get(url)
    assert (names.asked, network.dialled) == ([], [])


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "LOCALHOST", "0.0.0.0", "127。0。0。1"]
)
def test_a_server_of_this_machine_hears_nothing_by_any_of_its_names(
    host: str, serve: Serve, connects: list[object]
) -> None:
    site = serve({"/": respond(b"secret")})
    fetcher = Fetcher(FetchConfig(ports=frozenset({site.port})))
    with pytest.raises(UrlError):
        fetcher.get(f"http://{host}:{site.port}/")
    assert [found for found in connects if found[1] == site.port] == []  # type: ignore[index]
    assert site.accepted == 0


def test_a_port_of_this_machine_that_is_admitted_is_fetched_over_a_real_connection(
    serve: Serve, connects: list[object]
) -> None:
    site = serve({"/": respond(b"page")})
    fetcher = Fetcher(
        FetchConfig(ports=frozenset({site.port})),
        admit=lambda address, port: (address, port) == ("127.0.0.1", site.port),
    )
    assert fetcher.get(f"http://127.0.0.1:{site.port}/").data == b"page"
    assert ("127.0.0.1", site.port) in connects
    assert f"Host: 127.0.0.1:{site.port}\r\n" in site.asked[0]


@pytest.mark.parametrize("records", [[PUBLIC, "127.0.0.1"], ["10.0.0.1", PUBLIC], [PUBLIC, "::1"]])
def test_a_name_with_one_record_that_is_not_public_is_refused_whole(records: list[str]) -> None:
    network = FakeNetwork()
    with pytest.raises(UrlError, match="no address of the public internet"):
        Fetcher(resolve=FakeNames({"docs.example": records}), dial=network).get("http://docs.example/")
    assert network.dialled == []


def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to(serve: Serve) -> None:
    names = FakeNames({"docs.example": [[PUBLIC], ["127.0.0.1"]]})
    network = FakeNetwork(serve({"/": respond(b"page")}))
    assert Fetcher(resolve=names, dial=network).get("http://docs.example/").data == b"page"
    assert (names.asked, network.dialled) == (["docs.example"], [(PUBLIC, 80)])


def test_a_name_that_changes_between_two_redirects_is_checked_anew(serve: Serve) -> None:
    names = FakeNames({"docs.example": [[PUBLIC], ["169.254.169.254"]]})
    network = FakeNetwork(serve({"/": redirect("/latest/meta-data/")}))
    with pytest.raises(UrlError, match=r"169\.254\.169\.254"):
        Fetcher(resolve=names, dial=network).get("http://docs.example/")
    assert network.dialled == [(PUBLIC, 80)]


def test_the_next_address_is_tried_where_the_first_does_not_answer(serve: Serve) -> None:
    network = FakeNetwork(serve({"/": respond(b"page")}))
    fetcher = Fetcher(resolve=FakeNames({"docs.example": ["1.1.1.1", PUBLIC]}), dial=network)
    assert fetcher.get("http://docs.example/").data == b"page"
    assert network.dialled == [("1.1.1.1", 80), (PUBLIC, 80)]


def test_a_name_that_does_not_exist_is_told(serve: Serve) -> None:
    assert refusal("http://none.example/", serve({})) == (
        "http://none.example/: none.example is not found ([Errno -2] Name or service not known); "
        "check it, and the connection. In your own network: --allow-private"
    )


def test_a_look_up_without_end_ends_in_time() -> None:
    never = threading.Event()

    def resolve(_host: str, _port: int) -> list[str]:
        never.wait(20)
        return []

    with pytest.raises(UrlError, match=r"not all of it came within 0\.1 s"):
        Fetcher(FetchConfig(timeout_s=0.1), resolve=resolve, dial=FakeNetwork()).get("http://docs.example/")
    never.set()


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 Other", "307 Temporary", "308 Permanent"])
def test_redirects_are_followed(status: str, serve: Serve) -> None:
    site = serve({"/": redirect("http://other.example/b", status), "/b": respond(b"page")})
    page = fetch("http://docs.example/", site)
    assert (page.data, str(page.url), str(page.final)) == (
        b"page",
        "http://docs.example/",
        "http://other.example/b",
    )


def test_five_redirects_are_followed_and_six_are_not(serve: Serve) -> None:
    chain: dict[str, bytes | Answer] = {f"/{n}": redirect(f"/{n + 1}") for n in range(6)}
    site = serve({**chain, "/6": respond(b"page")})
    assert fetch("http://docs.example/1", site).data == b"page"
    assert refusal("http://docs.example/0", site).startswith("http://docs.example/0: more than 5 redirects")


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:7f00:1]/",
        "http://169.254.169.254/latest/meta-data/",
        "//10.0.0.1/",
        "http://intranet.example/",
        "http://2130706433/",
        "http://me@docs.example/",
        "file:///etc/passwd",
        "gopher://docs.example/",
        "data:text/plain,x",
        "http://docs.example:22/",
        "http://docs.example\\@127.0.0.1/",
        "\\\\127.0.0.1\\x",
        "http://[::1",
        "http://docs.example/\u00e4 b",
    ],
)
def test_a_redirect_to_where_nobody_may_go_is_not_followed(to: str, serve: Serve) -> None:
    network = FakeNetwork(serve({"/": redirect(to)}))
    names = FakeNames({**NAMES, "intranet.example": ["10.0.0.9"]})
    with pytest.raises(UrlError):
        Fetcher(resolve=names, dial=network).get("http://docs.example/")
    assert network.dialled == [(PUBLIC, 80)]


def test_addresses_of_this_network_are_fetched_where_that_is_allowed(serve: Serve) -> None:
    network = FakeNetwork(serve({"/": respond(b"page")}), "10.0.0.1")
    fetcher = Fetcher(FetchConfig(private=True), resolve=FakeNames({"wiki": ["10.0.0.1"]}), dial=network)
    assert fetcher.get("http://wiki/").data == b"page"


def test_a_public_server_may_not_lead_into_this_network_even_then(serve: Serve) -> None:
    network = FakeNetwork(serve({"/": redirect("http://wiki/")}))
    names = FakeNames({**NAMES, "wiki": ["10.0.0.1"]})
    with pytest.raises(UrlError, match="no address of the public internet"):
        Fetcher(FetchConfig(private=True), resolve=names, dial=network).get("http://docs.example/")
    assert network.dialled == [(PUBLIC, 80)]


def refuse_in_this_network(address: str) -> None:
    network = FakeNetwork()
    with pytest.raises(UrlError):
        Fetcher(FetchConfig(private=True), resolve=FakeNames({"wiki": [address]}), dial=network).get(
            "http://wiki/"
        )
    assert network.dialled == []


@pytest.mark.parametrize("address", ["0.0.0.0", "255.255.255.255", "224.0.0.1", "::", "ff02::1", "240.0.0.1"])
def test_what_is_no_machine_is_not_connected_to_even_then(address: str) -> None:
    refuse_in_this_network(address)


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "168.63.129.16", "100.100.100.200", "fe80::1", "fd00:ec2::254"]
)
def test_where_clouds_hand_out_keys_nothing_is_fetched_even_then(address: str) -> None:
    refuse_in_this_network(address)


def test_a_discreet_error_tells_nothing_of_the_names_of_this_network() -> None:
    fetcher = Fetcher(
        FetchConfig(discreet=True), resolve=FakeNames({"wiki": ["10.0.0.1"]}), dial=FakeNetwork()
    )
    told = []
    for host in ("wiki", "none"):
        with pytest.raises(UrlError) as raised:
            fetcher.get(f"http://{host}/")
        told.append(str(raised.value).replace(host, "HOST"))
    assert told == ["http://HOST/: HOST is no address of the public internet; nothing was asked there"] * 2


LIMITS = FetchConfig(max_bytes=100_000, timeout_s=0.4)


def test_a_body_of_the_largest_size_is_taken_and_one_byte_more_is_not(serve: Serve) -> None:
    site = serve({"/a": respond(b"x" * 100_000), "/b": respond(b"x" * 100_001)})
    assert len(fetch("http://docs.example/a", site, LIMITS).data) == 100_000
    assert refusal("http://docs.example/b", site, LIMITS).startswith(
        "http://docs.example/b: 100,001 bytes, but at most 100,000 bytes are fetched"
    )


def test_an_endless_body_is_left_at_the_limit(serve: Serve) -> None:
    sent = []

    def endless(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        while True:  # until the client goes
            connection.sendall(b"x" * 65_536)
            sent.append(65_536)

    assert "more, but at most 100,000 bytes" in refusal("http://docs.example/", serve({"/": endless}), LIMITS)
    assert sum(sent) < 20_000_000  # what fits into the buffers of two sockets


@pytest.mark.parametrize("drip", [b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 200 OK\r\n\r\n", b""])
def test_bytes_that_drip_in_end_in_time(drip: bytes, serve: Serve) -> None:
    ended = threading.Event()

    def slow(connection: socket.socket) -> None:
        connection.sendall(drip)
        while not ended.wait(0.02):
            connection.sendall(b"x")

    assert "not all of it came within 0.4 s" in refusal("http://docs.example/", serve({"/": slow}), LIMITS)
    ended.set()


def test_a_redirect_does_not_start_the_time_again(serve: Serve) -> None:
    site = serve({"/": redirect("/b"), "/b": lambda connection: site.wait(connection)})
    assert "http://docs.example/: not all of it came" in refusal("http://docs.example/", site, LIMITS)


def test_what_is_packed_is_unpacked(serve: Serve) -> None:
    packed = gzip.compress(b"first ") + gzip.compress(b"second")
    site = serve({"/": respond(packed, Content_Encoding="gzip")})
    assert fetch("http://docs.example/", site).data == b"first second"


def test_a_bomb_is_left_at_the_limit_and_never_held(serve: Serve) -> None:
    bomb = gzip.compress(b"\0" * 90_000_000)
    assert len(bomb) < 100_000
    site = serve({"/": respond(bomb, Content_Encoding="gzip")})
    tracemalloc.start()
    try:
        told = refusal("http://docs.example/", site, FetchConfig(max_bytes=100_000))
        assert "more, but at most 100,000 bytes" in told
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("body", "encoding", "why"),
    [
        (b"no gzip", "gzip", "sent as gzip, which it is not"),
        (gzip.compress(b"x" * 1000)[:-9], "gzip", "broke off before its end"),
        (gzip.compress(b"x") + b"rest", "gzip", "sent as gzip, which it is not"),
        (b"x", "br", "packed as 'br', which was not asked for"),
        (gzip.compress(gzip.compress(b"x")), "gzip, gzip", "packed as 'gzip, gzip'"),
    ],
    ids=["not packed", "broken off", "with a rest", "not asked for", "twice"],
)
def test_what_is_packed_otherwise_than_said_is_refused(
    body: bytes, encoding: str, why: str, serve: Serve
) -> None:
    site = serve({"/": respond(body, Content_Encoding=encoding)})
    assert why in refusal("http://docs.example/", site)


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("404 Not Found", "404 Not Found: nothing is there; check the address"),
        ("401 Unauthorized", "401 Unauthorized: it wants a login"),
        ("304 Not Modified", "304 Not Modified: try again later"),
        ("500 Internal Server Error", "500 Internal Server Error: try again later"),
        ("599 Odd", "599: try again later"),
        ("204 No Content", "204 No Content: "),
        ("302 Found", "302 Found: try again later"),  # without a Location
    ],
)
def test_a_status_that_is_no_document_is_told_with_what_to_do(status: str, why: str, serve: Serve) -> None:
    site = serve({"/": respond(b"x" * ("204" not in status and "304" not in status), status=status)})
    assert why in refusal("http://docs.example/", site)


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"\0" * 1000,
        b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 50_000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    ],
    ids=["ssh", "nothing", "broken off", "zeros", "endless head", "negative length"],
)
def test_what_is_no_http_is_refused(answer: bytes, serve: Serve) -> None:
    assert "it does not speak HTTP" in refusal("http://docs.example/", serve({"/": answer}))


def test_an_empty_body_is_refused(serve: Serve) -> None:
    assert "the server sent nothing" in refusal("http://docs.example/", serve({"/": respond(b"")}))


def test_one_address_has_one_form() -> None:
    forms = ["HTTP://Docs.Example:80/a/../b?c#d", "http://docs.example./b?c", "http://docs.example/b?c#e"]
    assert {str(read_url(form)) for form in forms} == {"http://docs.example/b?c"}


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://docs.example/guide/setup.html", "docs.example/setup.html"),
        ("https://docs.example/guide/", "docs.example"),
        ("https://docs.example/view?id=7", "docs.example/view?id=7"),
        ("https://docs.example/%C3%BCber.pdf", "docs.example/über.pdf"),
        ("https://docs.example/..%2f..%2fetc%2fpasswd", "docs.example/..%2f..%2fetc%2fpasswd"),
        ("https://docs.example/a%00%1b[2J", "docs.example/a%00%1b[2J"),
        ("https://bücher.example/a", "xn--bcher-kva.example/a"),
        ("https://docs.example/" + "a" * 300, "docs.example/" + "a" * 106 + "…"),
    ],
)
def test_a_document_is_called_by_its_host_and_the_last_part_of_its_path(url: str, name: str) -> None:
    assert read_url(url).name == name


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server that proves to be docs.example, and a client that believes it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "docs.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("docs.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file: Path = tmp_path_factory.mktemp("tls") / "site.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    client = ssl.create_default_context(cadata=made.public_bytes(serialization.Encoding.PEM).decode())
    return server, client


@pytest.fixture
def secure(certificates: tuple[ssl.SSLContext, ssl.SSLContext]) -> Iterator[FakeSite]:
    """A server over TLS."""
    pages = {"/": respond(b"page"), "/down": redirect("http://docs.example/"), "/up": redirect("/")}
    with FakeSite(pages, certificates[0]) as site:
        yield site


Certificates = tuple[ssl.SSLContext, ssl.SSLContext]


def test_a_checked_address_is_asked_by_the_name_and_proves_it(
    secure: FakeSite, certificates: Certificates
) -> None:
    network = FakeNetwork(secure)
    fetcher = Fetcher(resolve=FakeNames(NAMES), dial=network, tls=certificates[1])
    assert fetcher.get("https://docs.example/up").data == b"page"
    assert network.dialled == [(PUBLIC, 443)] * 2
    assert secure.names == ["docs.example"] * 2
    assert all("\r\nHost: docs.example\r\n" in head for head in secure.asked)


@pytest.mark.parametrize("url", ["https://other.example/", "https://93.184.216.34/"])
def test_a_server_that_proves_another_name_is_not_asked(
    url: str, secure: FakeSite, certificates: Certificates
) -> None:
    fetcher = Fetcher(resolve=FakeNames(NAMES), dial=FakeNetwork(secure), tls=certificates[1])
    with pytest.raises(UrlError, match="no connection that can be trusted"):
        fetcher.get(url)
    assert secure.asked == []


def test_a_server_that_nobody_vouches_for_is_not_asked(secure: FakeSite) -> None:
    fetcher = Fetcher(resolve=FakeNames(NAMES), dial=FakeNetwork(secure))
    with pytest.raises(UrlError, match="no connection that can be trusted"):
        fetcher.get("https://docs.example/")
    assert secure.asked == []


def test_https_does_not_lead_to_http(secure: FakeSite, certificates: Certificates) -> None:
    network = FakeNetwork(secure)
    with pytest.raises(UrlError, match=r"redirects from https to http://docs\.example/"):
        Fetcher(resolve=FakeNames(NAMES), dial=network, tls=certificates[1]).get("https://docs.example/down")
    assert network.dialled == [(PUBLIC, 443)]
