"""Bytes to canonical text: encodings told apart, everything that is not text refused with its reason."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from corpus.errors import UnreadableError

MAX_BYTES = 64 * 1024 * 1024  # a text of 64 MiB is a database export, not a document

_BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")  # none that texts use; NULs count apart
_MAX_CONTROL_SHARE = 0.02  # more control characters than this, and a file is not text
_MAX_NUL_SHARE = 0.01  # stray NULs are padding of old editors; many are a binary


@dataclass(frozen=True, slots=True)
class Decoded:
    """The canonical text, the encoding it was read in, and what the reader should be told."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(data: bytes, source: str, max_bytes: int = MAX_BYTES) -> Decoded:
    """Decode a text file, character for character: line ends and NULs stay, a byte order mark does not.

    Raises UnreadableError for an empty, binary, over-large or undecodable file.
    """
    check_size(data, source, max_bytes)
    decoded = _decode_marked(data, source) or _decode_unmarked(data, source)
    _refuse_binary(decoded.text, source)
    if not decoded.text.strip("\x00\ufeff \t\r\n\f\v"):
        raise UnreadableError(f"{source}: only white space; there is nothing to add")
    return decoded


def check_size(data: bytes, source: str, max_bytes: int = MAX_BYTES) -> None:
    """Raise UnreadableError for an empty or over-large file."""
    if len(data) > max_bytes:
        raise UnreadableError(
            f"{source}: {len(data):,} bytes, but at most {max_bytes:,} are read; "
            "split the file or raise max_bytes"
        )
    if not data:
        raise UnreadableError(f"{source}: the file is empty; there is nothing to add")


def line_feeds(text: str) -> str:
    """The text with every line end as a line feed, of the same length: offsets hold."""
    return text.replace("\r\n", " \n").replace("\r", "\n")


def _decode_marked(data: bytes, source: str) -> Decoded | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return Decoded(data[len(mark) :].decode(encoding), encoding)
            except UnicodeDecodeError as error:
                raise UnreadableError(
                    f"{source}: begins with the byte order mark of {encoding} but byte "
                    f"{error.start + len(mark):,} is not valid {encoding}; save it as UTF-8"
                ) from error
    return None


def _decode_unmarked(data: bytes, source: str) -> Decoded:
    if encoding := _bare_utf16(data):
        try:
            note = f"no byte order mark; read as {encoding} because every other byte is NUL"
            return Decoded(data.decode(encoding), encoding, (note,))
        except UnicodeDecodeError:
            pass  # NULs of another kind: the checks below say so
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        broken = error.start
    _refuse_binary(data.decode("latin-1"), source)
    try:
        text = data.decode("windows-1252")
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"{source}: neither UTF-8 (byte {broken:,}) nor Windows-1252 (byte {error.start:,}); "
            "save it as UTF-8"
        ) from error
    note = f"not UTF-8 (byte {broken:,}); read as Windows-1252, accents may be wrong"
    return Decoded(text, "windows-1252", (note,))


def _bare_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark shows in mostly-Latin text as a NUL in every other byte."""
    sample = data[: 4096 & ~1]
    if len(sample) < 4 or len(data) % 2:
        return None
    odd, even = sample[1::2].count(0), sample[0::2].count(0)
    if odd > 0.6 * len(sample) / 2 and even < 0.1 * len(sample) / 2:
        return "utf-16-le"
    if even > 0.6 * len(sample) / 2 and odd < 0.1 * len(sample) / 2:
        return "utf-16-be"
    return None


def _refuse_binary(text: str, source: str) -> None:
    nuls = text.count("\x00")
    controls = len(_CONTROL.findall(text))
    if nuls > _MAX_NUL_SHARE * len(text) or controls > _MAX_CONTROL_SHARE * len(text):
        raise UnreadableError(
            f"{source}: looks like a binary file ({nuls:,} NULs and {controls:,} control characters "
            f"in {len(text):,}); it is of no kind that is read"
        )
