from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.decode import Decoded, decode, line_feeds
from corpus.errors import UnreadableError

TEXT = "Bakı, 1994: “Ünvan” — the contract 😀 was signed in the city.\n"
NO_MARK = "no byte order mark; read as {} because every other byte is NUL"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (TEXT.encode(), Decoded(TEXT, "utf-8")),
        (codecs.BOM_UTF8 + TEXT.encode(), Decoded(TEXT, "utf-8")),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), Decoded(TEXT, "utf-16-le")),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), Decoded(TEXT, "utf-16-be")),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), Decoded(TEXT, "utf-32-le")),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), Decoded(TEXT, "utf-32-be")),
        (TEXT.encode("utf-16-le"), Decoded(TEXT, "utf-16-le", (NO_MARK.format("utf-16-le"),))),
        (TEXT.encode("utf-16-be"), Decoded(TEXT, "utf-16-be", (NO_MARK.format("utf-16-be"),))),
    ],
)
def test_unicode_in_every_encoding_is_the_same_text(data: bytes, expected: Decoded) -> None:
    assert decode(data, "a.txt") == expected


def test_windows_1252_is_the_last_resort_and_said() -> None:
    text = "The café said “no” — twice.\n"
    note = "not UTF-8 (byte 7); read as Windows-1252, accents may be wrong"
    assert decode(text.encode("windows-1252"), "a.txt") == Decoded(text, "windows-1252", (note,))


def test_line_ends_nuls_and_form_feeds_stay_character_for_character() -> None:
    text = "one\r\ntwo\rthree\n\x0cfour" + 200 * " five" + "\x00"
    assert decode(text.encode(), "a.txt").text == text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "a.txt: the file is empty; there is nothing to add"),
        (codecs.BOM_UTF8, "a.txt: only white space; there is nothing to add"),
        (b" \r\n\t\x0c\n", "a.txt: only white space; there is nothing to add"),
        (b"x" * 1001, "a.txt: 1,001 bytes, but at most 1,000 are read; split the file or raise max_bytes"),
        (
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
            "a.txt: looks like a binary file (3 NULs and 1 control characters in 16); "
            "it is of no kind that is read",
        ),
        (
            b"\x7fELF\x02\x01\x01\x8d\x81",
            "a.txt: looks like a binary file (0 NULs and 3 control characters in 9); "
            "it is of no kind that is read",
        ),
        (
            b"text" + b"\x00" * 4,
            "a.txt: looks like a binary file (4 NULs and 0 control characters in 8); "
            "it is of no kind that is read",
        ),
        (
            b"caf\xe9 and \x81",
            "a.txt: neither UTF-8 (byte 3) nor Windows-1252 (byte 9); save it as UTF-8",
        ),
        (
            codecs.BOM_UTF16_LE + b"a\x00b",
            "a.txt: begins with the byte order mark of utf-16-le but byte 4 is not valid utf-16-le; "
            "save it as UTF-8",
        ),
        (
            codecs.BOM_UTF8 + b"caf\xe9",
            "a.txt: begins with the byte order mark of utf-8 but byte 6 is not valid utf-8; save it as UTF-8",
        ),
    ],
)
def test_what_is_not_text_is_refused_with_its_reason(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        decode(data, "a.txt", max_bytes=1000)
    assert str(refused.value) == message


def test_nuls_in_every_other_byte_that_are_no_utf_16_are_a_binary() -> None:
    lone_surrogate = "text".encode("utf-16-le") + b"\x00\xd8" + "text".encode("utf-16-le")
    with pytest.raises(UnreadableError, match="looks like a binary file"):
        decode(lone_surrogate, "a.txt")


@settings(deadline=None, max_examples=200)
@given(st.binary(min_size=1, max_size=60))
def test_any_bytes_are_a_text_that_encodes_to_them_or_refused(data: bytes) -> None:
    try:
        decoded = decode(data, "a.txt")
    except UnreadableError:
        return
    assert data.endswith(decoded.text.encode(decoded.encoding))


@settings(deadline=None)
@given(st.text("a\r\n\f\u2028"))
def test_line_feeds_keeps_every_offset(text: str) -> None:
    flat = line_feeds(text)
    assert flat.replace(" \n", "\n") == text.replace("\r\n", "\n").replace("\r", "\n")
    assert [i for i, c in enumerate(flat) if c == "a"] == [i for i, c in enumerate(text) if c == "a"]
