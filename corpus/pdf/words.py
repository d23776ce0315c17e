"""The words that stand on a page, as PDFium finds them: each with its place, its size and its style.

PDFium's own order is kept: that of the file, which is mostly the order of reading. Coordinates are points
from the upper left corner of the page as it is shown, downwards.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

_BOLD = re.compile(r"bold|black|heavy|semibold|demi(?!r)|\bcmbx|cmbx|-b\b", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique|slanted|cmti|\bital", re.IGNORECASE)
_FORCE_BOLD, _ITALIC_FLAG = 0x40000, 0x40  # ISO 32000-1, table 123
_HEAVY = 600  # weight of a bold font whose name does not say so
_LINE_END_HYPHEN = "\ufffe"  # what PDFium makes of a hyphen at a line's end; it drops the line's end
_SPACES = re.compile(r"[^\s\ufffe\x00]+\ufffe?|\ufffe")
_LARGEST = 1_000.0  # points: no letter is larger
_MOST = 200_000  # characters of a page: more are a trap, or a drawing
_INVISIBLE = 3  # text rendering mode, ISO 32000-1, table 106
_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
_CORK = {"\x1b": "\ufb00", "\x1c": "\ufb01", "\x1d": "\ufb02", "\x1e": "\ufb03", "\x1f": "\ufb04"}
_CODED = re.compile(
    "[\x1b-\x1f]"
)  # ligatures in the fonts of TeX that are pictures of letters, and say no more
_GAP = 0.2  # of the size: wider than between two letters, as narrow as a space may be
_LEAST_GAP = 0.5  # points: what is less need not be looked at
_WRITTEN = str.maketrans({**_LIGATURES, _LINE_END_HYPHEN: "-", "\x02": "-"})
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_UNKNOWN = re.compile("[\ue000-\uf8ff\ufffd]")  # without a meaning that all agree on
_ODD = re.compile(f"{_UNPRINTABLE.pattern[:-1]}\ue000-\uf8ff\ufffd{''.join(map(chr, _WRITTEN))}]")


def _bound(function: Any, result: Any, *arguments: Any) -> Any:
    """A function of PDFium that takes and gives plain addresses: making and casting pointers costs most."""
    return ctypes.CFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_ADDRESS, _INT = ctypes.c_void_p, ctypes.c_int
_text_object = _bound(pdfium.FPDFText_GetTextObject, _ADDRESS, _ADDRESS, _INT)
_font_of = _bound(pdfium.FPDFTextObj_GetFont, _ADDRESS, _ADDRESS)
_mode_of = _bound(pdfium.FPDFTextObj_GetTextRenderMode, _INT, _ADDRESS)
_font_size = _bound(pdfium.FPDFText_GetFontSize, ctypes.c_double, _ADDRESS, _INT)
_matrix = _bound(pdfium.FPDFText_GetMatrix, _INT, _ADDRESS, _INT, _ADDRESS)
_loose_box = _bound(pdfium.FPDFText_GetLooseCharBox, _INT, _ADDRESS, _INT, _ADDRESS)
_origin = _bound(pdfium.FPDFText_GetCharOrigin, _INT, _ADDRESS, _INT, _ADDRESS, _ADDRESS)


class Word(NamedTuple):
    """A word, or a part of one in a style of its own: `glued` says that no space stands before it."""

    text: str
    left: float
    right: float
    base: float  # of the line that the letters stand on
    top: float
    bottom: float
    size: float  # points
    bold: bool
    italic: bool
    glued: bool = False


class _Style(NamedTuple):
    size: float  # to a tenth of a point
    bold: bool
    italic: bool
    upright: bool
    shown: bool


class _Font(NamedTuple):
    bold: bool
    italic: bool


class Sheet(NamedTuple):
    """The words of a page: `words` upright, `sideways` turned; `hidden` counts invisible characters."""

    words: list[Word]
    sideways: list[Word]
    hidden: int
    unknown: int  # characters without a Unicode value
    width: float
    height: float
    picture: bool = False  # a scan


def sheet(page: Any, *, shadows: bool) -> Sheet:
    """The words of a page (a pypdfium2 one); invisible ones only where they are the `shadows` of a scan."""
    text = page.get_textpage()
    try:
        return _Reader(page, text.raw).read(shadows=shadows)
    finally:
        text.close()


class _Reader:
    """Reads one page; holds what PDFium fills in, so that it is made only once."""

    def __init__(self, page: Any, text: Any) -> None:
        self._text = text
        self._handle = ctypes.cast(text, ctypes.c_void_p).value
        self._count = max(0, pdfium.FPDFText_CountChars(text))
        self._rotation = page.get_rotation() // 90
        self._box = _shown(page)
        self._rect, self._matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._rect_at, self._matrix_at = ctypes.addressof(self._rect), ctypes.addressof(self._matrix)
        self._x_at, self._y_at = ctypes.addressof(self._x), ctypes.addressof(self._y)
        self._styles: dict[int | None, _Style] = {}  # by text object
        self._fonts: dict[int | None, _Font] = {}
        self._name = ctypes.create_string_buffer(256)
        self._flags = ctypes.c_int()
        left, bottom, right, top = self._box
        width, height = right - left, top - bottom
        self.width, self.height = (height, width) if self._rotation % 2 else (width, height)

    def read(self, *, shadows: bool) -> Sheet:
        if self._count > _MOST:
            return Sheet([], [], self._count, 0, self.width, self.height)
        words: list[Word] = []
        sideways: list[Word] = []
        hidden = unknown = 0
        end = -1
        text = self._characters()
        for match in _SPACES.finditer(text):
            for first, behind in self._parts(*match.span()):
                style = self._style(first, self._object(first))
                written = text[first:behind]
                if _ODD.search(written):
                    written = written.translate(_WRITTEN)
                    unknown += len(_UNKNOWN.findall(written))
                    written = _UNPRINTABLE.sub("", written)
                    if not written:
                        continue
                if not (style.shown or shadows):
                    hidden += behind - first
                    continue
                glued = first == end and not self._parted(first)
                word = self._word(written, first, behind - 1, style, glued=glued)
                end = -1 if text[behind - 1] == _LINE_END_HYPHEN else behind
                if not self._on_page(word):
                    hidden += behind - first
                elif style.upright:
                    words.append(word)
                else:
                    sideways.append(word)
        return Sheet(words, sideways, hidden, unknown, self.width, self.height)

    def _characters(self) -> str:
        """The characters of the page, one each: at their own index."""
        buffer = (ctypes.c_ushort * (self._count + 1))()
        written = pdfium.FPDFText_GetText(self._text, 0, self._count, buffer) - 1
        text = bytes(buffer)[: 2 * max(0, written)].decode("utf-16-le", "replace")
        if len(text) == self._count:
            return self._with_ligatures(text)
        codes = (pdfium.FPDFText_GetUnicode(self._text, i) for i in range(self._count))
        text = "".join(chr(c) if 0 < c < 0x110000 else "\0" for c in codes).replace("\x02", _LINE_END_HYPHEN)
        return self._with_ligatures(text)

    def _with_ligatures(self, text: str) -> str:
        """Characters of fonts without Unicode values, whose codes are those of TeX's own encoding."""

        def read(found: re.Match[str]) -> str:
            known = pdfium.FPDFText_HasUnicodeMapError(self._text, found.start()) != 1
            return found[0] if known else _CORK[found[0]]

        return _CODED.sub(read, text)

    def _parts(self, first: int, behind: int) -> Iterator[tuple[int, int]]:
        """A word in parts of one style and height each: a raised number at its end is one of its own.

        Where room for a space is left a new word begins: some makers write none.
        """
        for start, end in self._between_gaps(first, behind):
            yield from self._in_one_style(start, end)

    def _between_gaps(self, first: int, behind: int) -> Iterator[tuple[int, int]]:
        right, cuts = math.inf, [first]
        handle, rect, place = self._handle, self._rect, self._rect_at  # asked for each letter
        for i in range(first, behind):
            _loose_box(handle, i, place)
            gap, right = rect.left - right, rect.right
            if gap > _LEAST_GAP and self._parted(i):
                cuts.append(i)
        if 2 * (len(cuts) - 1) > behind - first - 1:  # letters that are spread are one word
            cuts = [first]
        yield from pairwise([*cuts, behind])

    def _in_one_style(self, first: int, behind: int) -> Iterator[tuple[int, int]]:
        start, last = first, self._object(first)
        if last == self._object(behind - 1):
            yield first, behind
            return
        frame, look = self._frame(first, last), self._look(first, last)
        for i in range(first + 1, behind):
            here = self._object(i)
            if here in (last, None):
                continue
            last = here
            if (framed := self._frame(i, here)) == frame:  # sooner asked than the look
                continue
            frame = framed
            if (now := self._look(i, here)) != look:
                yield start, i
                start, look = i, now
        yield start, behind

    def _frame(self, i: int, drawn: int | None) -> tuple[float, float, int | None, int]:
        """Where the font of a character reaches, and which it is: alike only where the look is."""
        _loose_box(self._handle, i, self._rect_at)
        rect = self._rect
        low, high = (rect.left, rect.right) if self._rotation % 2 else (rect.bottom, rect.top)
        return low, high, _font_of(drawn) if drawn else None, _mode_of(drawn) if drawn else 0

    def _parted(self, i: int) -> bool:
        """Whether there is room for a space between a character and the one before, on one line."""
        _, _, before, base = self._place(*self._loose(i - 1))
        left, _, _, base_here = self._place(*self._loose(i))
        size = self._style(i, self._object(i)).size
        return abs(base - base_here) < size and left - before > _GAP * size

    def _look(self, i: int, drawn: int | None) -> tuple[_Style, int]:
        """The style of a character, and how high it stands in half points."""
        _origin(self._handle, i, self._x_at, self._y_at)
        up = self._x.value if self._rotation % 2 else self._y.value
        return self._style(i, drawn), round(2 * up)

    def _object(self, i: int) -> int | None:
        """The address of the text object that a character is of; None for a blank that PDFium has made up."""
        found: int | None = _text_object(self._handle, i)
        return found

    def _style(self, i: int, drawn: int | None) -> _Style:
        """The style of a character, which is that of its text object."""
        style = self._styles.get(drawn)
        if style is None:
            style = self._styles[drawn] = self._new_style(i, drawn)
        return style

    def _new_style(self, i: int, drawn: int | None) -> _Style:
        key = _font_of(drawn) if drawn else None
        font = self._fonts.get(key)
        if font is None:
            font = self._fonts[key] = self._font(i)
        size, matrix = _font_size(self._handle, i), self._matrix
        a, b, c, d = 1.0, 0.0, 0.0, 1.0
        if _matrix(self._handle, i, self._matrix_at):
            a, b, c, d = matrix.a, matrix.b, matrix.c, matrix.d
        scale = math.hypot(c, d) or 1.0
        right, down = ((a, -b), (b, a), (-a, b), (-b, -a))[self._rotation]
        upright = right > 0 and abs(down) <= 0.2 * right
        size = min(max(0.1, abs(size) * scale), _LARGEST) if math.isfinite(size * scale) else _LARGEST
        shown = drawn is None or _mode_of(drawn) != _INVISIBLE
        return _Style(round(size, 1), font.bold, font.italic, upright, shown)

    def _font(self, i: int) -> _Font:
        length = pdfium.FPDFText_GetFontInfo(self._text, i, self._name, len(self._name), self._flags)
        name = self._name.value.decode("latin-1") if 0 < length <= len(self._name) else ""
        name = name.rpartition("+")[2]
        heavy = pdfium.FPDFText_GetFontWeight(self._text, i) >= _HEAVY
        return _Font(
            bool(_BOLD.search(name)) or bool(self._flags.value & _FORCE_BOLD) or heavy,
            bool(_ITALIC.search(name)) or bool(self._flags.value & _ITALIC_FLAG),
        )

    def _word(self, text: str, first: int, last: int, style: _Style, *, glued: bool) -> Word:
        place = self._place
        left, top, right, bottom = place(*self._loose(first))
        if last > first:
            left2, top2, right2, bottom2 = place(*self._loose(last))
            left, top = min(left, left2), min(top, top2)
            right, bottom = max(right, right2), max(bottom, bottom2)
        _origin(self._handle, first, self._x_at, self._y_at)
        x, y = self._x.value, self._y.value
        base = place(x, y, x, y)[1]
        return Word(text, left, right, base, top, bottom, style.size, style.bold, style.italic, glued)

    def _loose(self, i: int) -> tuple[float, float, float, float]:
        _loose_box(self._handle, i, self._rect_at)
        return self._rect.left, self._rect.bottom, self._rect.right, self._rect.top

    def _place(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """A rectangle of the file's coordinates (upwards) as it is shown: left, top, right, bottom."""
        left, bottom, right, top = self._box
        if self._rotation == 0:
            return x0 - left, top - y1, x1 - left, top - y0
        if self._rotation == 1:
            return y0 - bottom, x0 - left, y1 - bottom, x1 - left
        if self._rotation == 2:
            return right - x1, y0 - bottom, right - x0, y1 - bottom
        return top - y1, right - x1, top - y0, right - x0

    def _on_page(self, word: Word) -> bool:
        across, down = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        return -1 <= across <= self.width + 1 and -1 <= down <= self.height + 1


def _shown(page: Any) -> tuple[float, float, float, float]:
    """The part of a page that is shown: left, bottom, right, top."""
    left, bottom, right, top = page.get_bbox()
    return (left, bottom, right, top) if right > left and top > bottom else (0.0, 0.0, 612.0, 792.0)
