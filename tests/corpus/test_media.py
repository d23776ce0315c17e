"""Media types are told by what a file holds; a name tells only one kind of text from another."""

from __future__ import annotations

import pytest

from corpus.media import told

HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (HEAD, "report.pdf", "application/pdf"),
        (HEAD, "report.txt", "application/pdf"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + HEAD + b"\0", "download", "application/pdf"),
        (b"junk\n" + HEAD + b"1 0 obj\nstartxref\n0\n%%EOF", "x.pdf", "application/pdf"),
        (b"# Water\n", "water.md", "text/markdown"),
        (b"# Water\n", "water.pdf", "text/plain"),
        (b"A file begins with %PDF-1.7, and then", "formats.txt", "text/plain"),
        (b" " * 2000 + HEAD + b"\0", "far.bin", "text/plain"),
        (b"", "empty.pdf", "text/plain"),
    ],
)
def test_content_tells_the_kind(data: bytes, name: str, kind: str) -> None:
    assert told(data, name) == kind
