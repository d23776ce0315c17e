"""Tokens of Rich Text Format to what they mean: groups, what holds in them, and words in their code pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from corpus.errors import UnreadableError
from corpus.rtf import code_pages
from corpus.rtf.content import Content, Note, Piece, Style, Words
from corpus.rtf.targets import Plain, State, StyleNow, Target
from corpus.rtf.tokens import CLOSE, HEX, OPEN, SYMBOL, TEXT, WORD, Token, tokens

_DEEPEST = 2_000  # groups in one another
_SYMBOLS = {b"~": "\u00a0", b"_": "\u2011", b"{": "{", b"}": "}", b"\\": "\\", b"\t": "\t"}
Action: TypeAlias = "Callable[[Parser, int | None], None]"


class Parser:
    """Reads one file; `actions` are what control words do, `written` the signs that they stand for."""

    def __init__(self, source: str, actions: Mapping[str, Action], written: Mapping[str, str]) -> None:
        self.content = Content()
        self.main = Target(self.content.blocks)
        self.state = State(self.main)
        self.stack: list[State] = []
        self.page = code_pages.DEFAULT
        self.fonts: dict[int, str] = {}
        self.default_font: int | None = None
        self.font_now = 0
        self.style_now = StyleNow()
        self.note_now = Note()
        self._source = source
        self._actions = actions
        self._written = written
        self._starred = False
        self._skip = 0
        self._raw = bytearray()
        self._encoding = code_pages.DEFAULT
        self._high = 0
        self._lost = 0

    @property
    def target(self) -> Target | None:
        """Where paragraphs go; None where words are no part of any."""
        return self.state.sink if isinstance(self.state.sink, Target) else None

    @property
    def is_unseen(self) -> bool:
        """Whether words are hidden here, or deleted."""
        return self.state.hidden or self.state.deleted

    def parse(self, data: bytes) -> Content:
        """What the file holds. Raises UnreadableError."""
        for token in tokens(data):
            self._take(token)
            if not self.stack and token.kind == CLOSE:  # what stands behind the text is none of it
                break
        self._flush()
        if self.stack:
            self.content.doubts.append("it ends in the middle: perhaps a part of the file is missing")
        while self.stack:
            self._close()
        self.main.end(self.state)
        self.main.end_rows()
        if self._lost:
            self.content.doubts.append(f"{self._lost:,} characters that its code page does not have")
        return self.content

    def add(self, piece: Piece) -> None:
        """Put something into the paragraph that is no words."""
        if self.target and not self.is_unseen:
            self.target.add(piece)

    def pass_over(self, dest: str) -> None:
        """Nothing of this group is read."""
        self.state.sink, self.state.dest = None, dest

    def collect(self, done: Callable[[str], None], dest: str) -> None:
        """The words of this group are for `done`, when it ends."""
        sink = Plain()
        self.state = replace(
            self.state, sink=sink, dest=dest, hidden=False, deleted=False, close=lambda: done(sink.text)
        )

    def _take(self, token: Token) -> None:
        kind = token.kind
        if kind in (TEXT, HEX):
            self._bytes(token.data)
        elif kind == WORD:
            self._word(token.word, token.number)
        elif kind == OPEN:
            self._open()
        elif kind == CLOSE:
            self._close()
        elif kind == SYMBOL:
            self._symbol(token.data)

    def _open(self) -> None:
        self._flush()
        self._skip, self._starred = 0, False
        if len(self.stack) >= _DEEPEST:
            raise UnreadableError(
                f"{self._source}: groups nested more than {_DEEPEST:,} deep, which no document needs; "
                "open it with its program and save it again"
            )
        self.stack.append(self.state)
        self.state = replace(self.state, close=None)
        if self.state.dest == "stylesheet":
            self._begin_style()

    def _close(self) -> None:
        self._flush()
        self._skip, self._starred = 0, False
        if not self.stack:
            return
        ended, self.state = self.state, self.stack.pop()
        if isinstance(ended.sink, Target) and ended.sink is not self.state.sink:
            ended.sink.end(ended)
            ended.sink.end_rows()
        if ended.close:
            ended.close()

    def _begin_style(self) -> None:
        now = self.style_now = StyleNow()
        self.state.sink, self.state.dest = now.words, "style"

        def done() -> None:
            name = now.words.text.rstrip(";").strip().lower()
            self.content.styles.setdefault(now.number, Style(name, now.outline))

        self.state.close = done

    def _bytes(self, data: bytes) -> None:
        if self._skip:
            passed = min(self._skip, len(data))
            self._skip -= passed
            data = data[passed:]
        if self.state.sink is None or not data:
            return
        font = self.state.font if self.state.font is not None else self.default_font
        encoding = self.page if font is None else self.fonts.get(font, self.page)
        if encoding != self._encoding:
            self._flush()
            self._encoding = encoding
        self._raw += data

    def _flush(self) -> None:
        """Write the bytes that wait; two of them may be one character."""
        if self._raw:
            text = code_pages.decoded(bytes(self._raw), self._encoding)
            self._raw.clear()
            self._lost += text.count("\ufffd")
            self._put(text)

    def _put(self, text: str) -> None:
        if self.state.sink is not None and not self.is_unseen:
            self.state.sink.add(Words(text, self.state.raised))

    def _symbol(self, sign: bytes) -> None:
        if sign == b"*":
            self._starred = True
        elif sign in (b"\n", b"\r"):
            self._word("par", None)
        elif self._skip:
            self._skip -= 1
        elif sign in _SYMBOLS:
            self._flush()
            self._put(_SYMBOLS[sign])

    def _word(self, word: str, number: int | None) -> None:
        starred, self._starred = self._starred, False
        if self._skip and word in self._written:  # it stands for a character that was read already
            self._skip -= 1
        elif word == "u":
            self._unicode(number or 0)
        elif self.state.sink is None and word not in ("result", "ud"):
            return
        elif word in self._written:
            self._flush()
            self._put(self._written[word])
        elif action := self._actions.get(word):
            self._flush()
            action(self, number)
        elif starred or (word.startswith("m") and word.endswith("Pr")):  # properties of formulas
            self._flush()
            self.pass_over(word)

    def _unicode(self, number: int) -> None:
        """A character by its number, which may be half of one, or negative as 16 bits make it."""
        self._flush()
        self._skip = self.state.fallback
        code = number + 0x10000 if number < 0 else number
        if 0xD800 <= code < 0xDC00:
            self._high = code
            return
        if 0xDC00 <= code < 0xE000 and self._high:
            code = 0x10000 + ((self._high - 0xD800) << 10) + code - 0xDC00
        self._high = 0
        if 0xF000 <= code <= 0xF0FF:  # a sign that only its font can draw
            self._put(code_pages.decoded(bytes([code & 0xFF]), code_pages.SYMBOLS))
        elif 0 < code < 0x110000 and not 0xD800 <= code < 0xE000:
            self._put(chr(code))
