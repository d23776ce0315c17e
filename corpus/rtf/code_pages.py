"""Which code page the bytes of a Rich Text file are in: by its head and the character set of each font."""

from __future__ import annotations

import codecs

SYMBOLS = "symbols"  # signs that only their font can draw
DEFAULT = "cp1252"
_CHARSETS = {  # what Windows calls them
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "cp936",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
    2: SYMBOLS,
}
_PAGES = {10000: "mac_roman", 10006: "mac_greek", 10007: "mac_cyrillic", 10029: "mac_latin2", 65001: "utf-8"}
HEADS = {"ansi": DEFAULT, "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}


def of_charset(charset: int) -> str | None:
    """The code page of a font's character set; None for that of the document."""
    return _CHARSETS.get(charset)


def of_page(number: int) -> str | None:
    """A code page by its number; None where it is not known."""
    name = _PAGES.get(number, f"cp{number}")
    try:
        codecs.lookup(name)
    except LookupError:
        return None
    return name


def decoded(data: bytes, encoding: str) -> str:
    """The words of bytes; what the code page does not have is U+FFFD."""
    if encoding == SYMBOLS:
        return "".join("\u2022" if byte == 0xB7 else " " if byte == 0x20 else "" for byte in data)
    return data.decode(encoding, "replace")
