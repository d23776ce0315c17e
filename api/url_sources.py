"""What was fetched as a source: its name, what kind of file it is, and where a citation can link to."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from api.errors import UrlError
from api.fetch import Fetcher, Page
from api.urls import read_url
from corpus.decode import MAX_BYTES, decode
from corpus.errors import CorpusError
from corpus.media import HTML, MARKDOWN, TEXTS, ZIP, told
from corpus.sources import FileSource, Refused, Source
from corpus.web.parse import markup
from index.records import DocumentRow

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_MARKDOWN = frozenset({"text/markdown", "text/x-markdown"})
_UNSAID = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream"})
# Encodings that the web knows (https://encoding.spec.whatwg.org/#names-and-labels) by the names of Python,
# with what browsers take for them. Others are no text (rot13, zip) or have been used for attacks (utf-7).
_ENCODINGS: Mapping[str, str] = {name: name for name in ("utf-8", "gb18030", "koi8-r", "koi8-u")} | {
    **{name: name for name in (f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16))},
    **{
        name: name
        for name in (f"cp{n}" for n in (866, 874, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258))
    },
    **{name: name for name in ("mac-roman", "mac-cyrillic", "euc_jp", "utf-16-le", "utf-16-be")},
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-16": "utf-16-le",
}


@dataclass(frozen=True, slots=True)
class Web:
    """Fetches documents as sources; `published` are those that the index holds, by their location."""

    fetcher: Fetcher
    published: Mapping[str, DocumentRow]
    today: Callable[[], date] = lambda: datetime.now(UTC).date()

    def source(self, url: str, metadata: Mapping[str, Any] | None = None) -> Source:
        """The document at an address; `metadata` wins over what is known of it. Raises UrlError."""
        page = self.fetcher.get(url)
        location = str(page.url)
        data = _recoded(page)
        kind = _kind(page, data)
        kept = self.published.get(location)
        accessed = self.today().isoformat()
        if kept and kept.version == sha256(data).hexdigest():  # what is cited was read then, and is the same
            accessed = str(kept.record.get("accessed") or accessed)
        fields = {"URL": location, "accessed": accessed, **(metadata or {})}
        return Source(page.url.name, data, location, fields, kind if kind in TEXTS | {HTML} else None)

    def files(self, urls: Iterable[str], folder: Path) -> Iterator[FileSource]:
        """The same of several, each in a file of `folder` until it is read; what fails is refused alone.

        So the index is not locked while a server takes its time, and memory holds one document.
        """
        for n, url in enumerate(urls):
            path = folder / str(n)
            try:
                source = self.source(url)
            except CorpusError as error:
                yield Refused(path, _name(url), error)
                continue
            path.write_bytes(source.data)
            yield Fetched(path, source.name, source.location or "", source.metadata, source.media_type)


@dataclass(frozen=True, slots=True)
class Fetched(FileSource):
    """A document that was fetched and waits in a file."""

    url: str
    metadata: Mapping[str, Any]
    media_type: str | None

    def read(self, max_bytes: int = MAX_BYTES) -> Source:
        """The document, as it came from its address."""
        return Source(self.name, self.path.read_bytes(), self.url, self.metadata, self.media_type)


def _name(url: str) -> str:
    try:
        return str(read_url(url, range(65_536)))
    except UrlError:
        return ascii(url[:100])[1:-1]


def _kind(page: Page, data: bytes) -> str:
    """The media type that the bytes are of. Raises UrlError for one that is not read.

    What the server says decides between kinds of text alone, and which text is a program's.
    """
    kind = told(data, page.url.segment)
    if kind == ZIP:
        raise UrlError(
            f"{page.url}: a zip that is no document; download it and add the file, or what is in it"
        )
    if kind not in TEXTS:
        return kind
    if page.kind in _PAGES:
        return told(data, "page.html")
    if page.kind in _MARKDOWN:
        return MARKDOWN
    if page.kind in _UNSAID or page.kind.startswith("text/x-"):
        return kind
    raise UrlError(
        f"{page.url}: sent as {page.kind[:60]!a}, and nothing in it says otherwise; read are web pages, "
        "text, Markdown, PDF and other documents. Download it yourself and add the file if it is one"
    )


def _recoded(page: Page) -> bytes:
    """The bytes in UTF-8 where the server names another encoding than they would be read in.

    Of a web page with a byte order mark, which wins over what the page itself declares.
    """
    try:
        encoding = _ENCODINGS[codecs.lookup(page.charset).name] if page.charset else ""
        text = page.data.decode(encoding) if encoding else ""
    except (LookupError, UnicodeError):
        return page.data
    name = page.url.segment
    kind = told(page.data, "page.html" if page.kind in _PAGES else name)
    if not text or page.data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return page.data
    try:
        if kind == HTML:
            marked = codecs.BOM_UTF8 + text.encode()
            return page.data if markup(page.data, name)[0] == markup(marked, name)[0] else marked
        same = kind not in TEXTS or decode(page.data, name).text == text
    except CorpusError:  # as it stands, it could not be read
        same = False
    return page.data if same else text.encode()
