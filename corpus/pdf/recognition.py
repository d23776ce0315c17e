"""The text of pages that are pictures, recognised by RapidOCR where the extra `ocr` is installed."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from typing import Any

from corpus.pdf.words import Word

INSTALL = "pip install 'pincite[ocr]'"
MOST_PAGES = 200  # of one file: at some seconds each
_DOTS_PER_POINT = 200 / 72  # what scanners mostly take; more makes it slower and little better
_MOST_DOTS = 4_000  # of a page's longer side
_LEAST_SCORE = 0.5  # of a line: below, it is mostly no text
_LETTER = 0.72  # of a line's height is the size of its letters
_FOOT = 0.78  # of the height, from above, is where they stand


def available() -> bool:
    """Whether pages can be recognised."""
    return importlib.util.find_spec("rapidocr_onnxruntime") is not None


class Recogniser:
    """Recognises pages one by one; its models are part of the package."""

    def __init__(self) -> None:
        from rapidocr_onnxruntime import RapidOCR

        self._recognise = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)

    def words(self, page: Any) -> list[Word]:
        """The words of a page (a pypdfium2 one), line by line as they were found."""
        width, height = page.get_size()
        scale = min(_DOTS_PER_POINT, _MOST_DOTS / max(width, height))
        picture = page.render(scale=scale, prefer_bgrx=False, may_draw_forms=False).to_numpy()
        lines, _ = self._recognise(picture, use_cls=False)
        return [
            word
            for corners, text, score in lines or ()
            if float(score) >= _LEAST_SCORE
            for word in _words(text, [(x / scale, y / scale) for x, y in corners])
        ]


def _words(text: str, corners: list[tuple[float, float]]) -> Iterator[Word]:
    """The words of a line, each with its share of the line's width; corners in points."""
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    top, bottom = min(y for _, y in corners), max(y for _, y in corners)
    size = max(1.0, float(round(_LETTER * (bottom - top))))
    base = top + _FOOT * (bottom - top)
    wide = (right - left) / max(1, len(text))
    at = 0
    for word in text.split():
        at = text.index(word, at)
        begins = left + at * wide
        at += len(word)
        yield Word(word, begins, left + at * wide, base, top, bottom, size, bold=False, italic=False)
