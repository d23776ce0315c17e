"""Pages that are pictures: a scan shows its text, but holds none."""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as pdfium

_COVERS = 0.5  # of the page's area
_OBJECTS = 2_000  # looked at: a drawing of more is no scan


def is_picture(page: Any) -> bool:
    """Whether pictures cover most of a page (a pypdfium2 one)."""
    width, height = page.get_size()
    covered = 0.0
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for i in range(min(_OBJECTS, pdfium.FPDFPage_CountObjects(page.raw))):
        drawn = pdfium.FPDFPage_GetObject(page.raw, i)
        if pdfium.FPDFPageObj_GetType(drawn) != pdfium.FPDF_PAGEOBJ_IMAGE:
            continue
        if pdfium.FPDFPageObj_GetBounds(drawn, left, bottom, right, top):
            covered += max(0.0, right.value - left.value) * max(0.0, top.value - bottom.value)
    return bool(covered >= _COVERS * width * height)
