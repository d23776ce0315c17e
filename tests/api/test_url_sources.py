"""What was fetched as a source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from api.errors import UrlError
from api.fetch import Fetcher
from api.testing_web import PUBLIC, FakeNames, FakeNetwork, FakeSite, respond
from api.url_sources import Fetched, Web
from corpus.load import load
from corpus.media import HTML, MARKDOWN, PDF, PLAIN, told
from corpus.sources import Refused, Source
from index.records import DocumentRow

URL = "http://docs.example/guide/quay"
TODAY = date(2026, 5, 4)
Read = Callable[..., Source]
PAGE = "<!doctype html><title>Quay</title><p>Der Kai ist 900 Meter lang. Žižkov, łódź."


@pytest.fixture
def read() -> Read:
    """The source that an answer becomes."""

    def made(
        body: bytes,
        kind: str = "text/plain",
        url: str = URL,
        published: Mapping[str, DocumentRow] | None = None,
        metadata: Mapping[str, object] | None = None,
    ) -> Source:
        with FakeSite({url.removeprefix("http://docs.example"): respond(body, kind)}) as site:
            fetcher = Fetcher(resolve=FakeNames({"docs.example": [PUBLIC]}), dial=FakeNetwork(site))
            return Web(fetcher, published or {}, lambda: TODAY).source(url, metadata)

    return made


def kind_of(source: Source) -> str:
    return source.media_type or told(source.data, source.name)


def test_a_source_is_what_was_fetched_with_where_and_when(read: Read) -> None:
    assert read(b"The quay.") == Source(
        "docs.example/quay", b"The quay.", URL, {"URL": URL, "accessed": "2026-05-04"}, PLAIN
    )


def test_what_is_given_with_an_address_wins(read: Read) -> None:
    source = read(b"The quay.", metadata={"title": "Quays", "URL": "http://a.example/"})
    assert source.metadata == {"title": "Quays", "URL": "http://a.example/", "accessed": "2026-05-04"}


def row(data: bytes, **record: object) -> DocumentRow:
    return DocumentRow("doc_1", "quay", URL, sha256(data).hexdigest(), "2026-01-01", 1, 9, record)


def test_a_content_that_is_here_keeps_the_day_when_it_was_first_read(read: Read) -> None:
    published = {URL: row(b"The quay.", accessed="2026-01-01")}
    assert read(b"The quay.", published=published).metadata["accessed"] == "2026-01-01"
    assert read(b"The crane.", published=published).metadata["accessed"] == "2026-05-04"


@pytest.mark.parametrize(
    ("body", "sent_as", "url", "kind"),
    [
        (PAGE.encode(), "text/html", URL, HTML),
        (PAGE.encode(), "text/plain", URL, HTML),
        (b"<p>A piece of a page", "text/html", URL, HTML),
        (b"<p>A piece of a page", "text/plain", URL, PLAIN),
        (b"no tag at all", "text/html", URL, PLAIN),
        (b"# Quay", "text/plain", f"{URL}.md", MARKDOWN),
        (b"# Quay", "text/markdown", URL, MARKDOWN),
        (b"# Quay", "", URL, PLAIN),
        (b"%PDF-1.7\n", "text/html", URL, PDF),
        (b"%PDF-1.7\n", "application/octet-stream", f"{URL}.html", PDF),
        (b"quay", "text/x-rst", URL, PLAIN),
    ],
)
def test_the_content_says_what_it_is_and_the_server_which_kind_of_text(
    body: bytes, sent_as: str, url: str, kind: str, read: Read
) -> None:
    assert kind_of(read(body, sent_as, url)) == kind


@pytest.mark.parametrize(
    ("body", "sent_as"),
    [
        (b'{"quay": 900}', "application/json"),
        (b"body { color: red }", "text/css"),
        (b"alert(1)", "text/javascript"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"<svg/>", "image/svg+xml"),
        (b"quay", "x" * 500),
    ],
)
def test_what_is_no_document_is_refused_with_what_was_found(body: bytes, sent_as: str, read: Read) -> None:
    with pytest.raises(UrlError) as raised:
        read(body, sent_as)
    assert str(raised.value).startswith(f"{URL}: sent as '{sent_as[:60]}', and nothing in it says otherwise;")


def test_an_archive_is_refused(read: Read) -> None:
    with pytest.raises(UrlError, match="a zip that is no document"):
        read(b"PK\x03\x04", "application/zip")


@pytest.mark.parametrize("charset", ["ISO-8859-2", "windows-1250", "latin2", "UTF-8", "gb18030", "utf-16"])
def test_text_is_read_in_the_encoding_that_the_server_names(charset: str, read: Read) -> None:
    text = "Žižkov, łódź"
    encoded = text.encode("utf-16-le" if charset == "utf-16" else charset)
    assert load(read(encoded, f"text/plain; charset={charset}").data, "a.txt").text == text


@pytest.mark.parametrize("declared", ["", '<meta charset="windows-1252">', '<meta charset="iso-8859-2">'])
def test_a_page_is_read_in_the_encoding_that_the_server_names_whatever_it_declares(
    declared: str, read: Read
) -> None:
    body = PAGE.replace("<p>", f"{declared}<p>").encode("iso-8859-2")
    source = read(body, "text/html; charset=iso-8859-2")
    assert "Žižkov, łódź" in load(source.data, "a.html").text
    assert (source.data == body) == ("8859-2" in declared)  # what reads right is left as it is


@pytest.mark.parametrize(
    "charset", ["rot13", "zip", "utf-7", "unicode_escape", "idna", "no-such", "", "x" * 999, "hex"]
)
def test_an_encoding_that_the_web_does_not_know_changes_nothing(charset: str, read: Read) -> None:
    body = "Žižkov +AGE-".encode()
    assert read(body, f"text/plain; charset={charset}").data == body


@pytest.mark.parametrize("body", ["\ufeffŽižkov".encode(), b"caf\xe9 \x81"])
def test_a_byte_order_mark_wins_and_what_is_not_in_an_encoding_is_left(body: bytes, read: Read) -> None:
    assert read(body, "text/plain; charset=windows-1252").data == body


def test_several_wait_in_files_and_one_that_fails_is_refused_alone(tmp_path: Path) -> None:
    with FakeSite({"/a.md": respond(b"# Quay")}) as site:
        fetcher = Fetcher(resolve=FakeNames({"docs.example": [PUBLIC]}), dial=FakeNetwork(site))
        web = Web(fetcher, {}, lambda: TODAY)
        files = list(web.files(["http://docs.example/a.md", "http://docs.example/b", "ftp://x\n"], tmp_path))
    fields = {"URL": "http://docs.example/a.md", "accessed": "2026-05-04"}
    assert [type(file) for file in files] == [Fetched, Refused, Refused]
    assert [file.name for file in files[1:]] == ["http://docs.example/b", "ftp://x\\n"]
    assert files[0].read() == Source(
        "docs.example/a.md", b"# Quay", "http://docs.example/a.md", fields, MARKDOWN
    )
