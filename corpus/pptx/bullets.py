"""What is printed before the paragraphs of a slide: bullets and numbers, as the slide or its layout says."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.docx.numbering import numeral
from corpus.pptx.names import A, P, whole
from corpus.zipped import Element

_BULLET = "\u2022"
_LEVELS = 9
_FORMATS = {
    "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter",
    "arabic": "decimal",
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
}
_AROUND = {"ParenBoth": ("(", ")"), "ParenR": ("", ")"), "Period": ("", "."), "Plain": ("", "")}


class Bullets:
    """Counts the paragraphs of one shape; `styles` are what may say how they look, the nearest first."""

    def __init__(self, styles: Sequence[Element]) -> None:
        self._styles = styles
        self._counts = [0] * _LEVELS
        self._kinds = [""] * _LEVELS

    def before(self, paragraph: Element) -> str:
        """The bullet or the number of a paragraph; empty where there is none."""
        own = paragraph.find(A + "pPr")
        depth = whole(own.get("lvl"), 0, _LEVELS - 1) if own is not None else 0
        places = [own, *(style.find(f"{A}lvl{depth + 1}pPr") for style in self._styles)]
        sign = next((found for found in map(_sign, places) if found is not None), None)
        self._counts[depth + 1 :] = [0] * (_LEVELS - depth - 1)
        name = str(sign.tag).removeprefix(A) if sign is not None else "buNone"
        if name != "buAutoNum":
            self._counts[depth] = 0
            return "" if name == "buNone" else _BULLET
        assert sign is not None
        kind = str(sign.get("type") or "arabicPeriod")
        before = self._counts[depth] if self._kinds[depth] == kind else 0
        self._counts[depth] = before + 1 if before else max(1, whole(sign.get("startAt"), 1))
        self._kinds[depth] = kind
        return _numbered(kind, self._counts[depth])


def styles_of(shape: Element, inherited: Sequence[Element | None], master: Element | None) -> list[Element]:
    """What says how the paragraphs of a shape look: itself, those it stands for, its presentation's style."""
    lists = [_list_style(shape), *(_list_style(found) for found in inherited if found is not None), master]
    return [found for found in lists if found is not None]


def _list_style(shape: Element) -> Element | None:
    return shape.find(f"{P}txBody/{A}lstStyle")


def _sign(properties: Element | None) -> Element | None:
    for element in properties if properties is not None else ():
        if element.tag in (A + "buNone", A + "buChar", A + "buAutoNum", A + "buBlip"):
            return element
    return None


def _numbered(kind: str, number: int) -> str:
    for name, style in _FORMATS.items():
        if kind.startswith(name) and kind[len(name) :] in _AROUND:
            left, right = _AROUND[kind[len(name) :]]
            return f"{left}{numeral(number, style)}{right}"
    return f"{number}."
