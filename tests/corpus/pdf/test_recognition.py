"""Scanned pages are recognised where the extra is installed; else these tests are skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from fpdf import FPDF
from PIL import Image

from corpus.media import PDF
from corpus.sandbox import Sandbox

pytest.importorskip("rapidocr_onnxruntime", reason="needs pip install 'pincite[ocr]'")
Drawn = Callable[..., bytes]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(1)
    yield made
    made.close()


def test_the_text_of_a_scan_is_recognised_and_that_is_said(draw: Drawn, sandbox: Sandbox) -> None:
    def page(pdf: FPDF) -> None:
        pdf.set_font("Serif", size=16)
        pdf.text(60, 100, "The pact was signed in Morava.")
        pdf.text(60, 130, "Nobody has left it since.")

    drawn = Image.open(BytesIO(sandbox.picture(draw(page), "x", 0, 1_600)))

    def scan(pdf: FPDF) -> None:
        pdf.image(drawn, 0, 0, pdf.w, pdf.h)

    made = sandbox.read(draw(scan), "x", PDF)
    assert made.text.replace(" ", "").replace("\n", "") == "ThepactwassignedinMorava.Nobodyhasleftitsince."
    assert made.doubts == ("page 1 recognised from pictures: letters may be wrong",)
    assert {line.page for line in made.boxes.lines} == {0}
