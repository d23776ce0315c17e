"""Bytes of Rich Text Format to tokens: braces, control words with their numbers, and bytes of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    rb"(?P<text>[^\\{}\r\n\0]+)"
    rb"|(?P<brace>[{}])"
    rb"|\\'(?P<hex>[0-9a-fA-F]{2})"
    rb"|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?"
    rb"|\\(?P<symbol>[^a-zA-Z'])"
    rb"|[\r\n\0]+|\\'?",
    re.DOTALL,
)
TEXT = 0  # kinds of tokens; plain numbers, because a file has so many
HEX = 1
OPEN = 2
CLOSE = 3
WORD = 4
SYMBOL = 5


class Token(NamedTuple):
    """A token: `word` and `number` are those of a control word, `data` the bytes of text.

    A tuple, not a dataclass, because a file has so many.
    """

    kind: int
    data: bytes = b""
    word: str = ""
    number: int | None = None


_BRACES = {b"{": Token(OPEN), b"}": Token(CLOSE)}


def tokens(data: bytes) -> Iterator[Token]:
    """The tokens of a file; the bytes of anything that `bin` announces are passed over."""
    at, end = 0, len(data)
    while at < end:
        found = _TOKEN.match(data, at)
        assert found  # every byte begins something
        at = found.end()
        kind = found.lastgroup
        if kind == "text":
            yield Token(TEXT, found[0])
        elif kind == "brace":
            yield _BRACES[found[0]]
        elif kind == "hex":
            yield Token(HEX, bytes([int(found["hex"], 16)]))
        elif kind == "symbol":
            yield Token(SYMBOL, found["symbol"])
        elif kind:
            word, number = found["word"].decode("ascii"), found["number"]
            value = int(number) if number is not None else None
            if word == "bin":
                at += max(0, value or 0)
                continue
            yield Token(WORD, b"", word, value)
