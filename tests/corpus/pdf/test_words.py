"""Words as makers of PDF write them: without spaces, or with letters that are pictures."""

from __future__ import annotations

from corpus.pdf.loader import read
from corpus.testing import pdf_of

TIMES = b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>"
PICTURES = (  # a font of TeX's whose letters are pictures; 28 is what its encoding has for fi
    b"<</Type/Font/Subtype/Type3/FontBBox[0 0 10 10]/FontMatrix[.1 0 0 .1 0 0]/FirstChar 28/LastChar 28"
    b"/Widths[5]/CharProcs<</a28 6 0 R>>/Encoding<</Type/Encoding/Differences[28/a28]>>/Resources<<>>>>"
)
PICTURE = b"<</Length 24>>stream\n5 0 d0 0 0 4 7 re f       \nendstream"


def text_of(drawn: bytes, font: bytes = TIMES) -> str:
    made = pdf_of(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R/T 7 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(drawn), drawn),
        font,
        PICTURE,
        TIMES,
    )
    return read(made, "x.pdf").text


def test_room_for_a_space_parts_words_where_none_is_written() -> None:
    drawn = b"BT /F 10 Tf 72 720 Td (receive) Tj 3.3 Tc 28.9 0 Td (dat) Tj 0 Tc 18.8 0 Td (enth of it) Tj ET"
    assert text_of(drawn) == "received a tenth of it"


def test_letters_that_are_spread_are_one_word() -> None:
    assert text_of(b"BT /F 10 Tf 3.3 Tc 72 720 Td (WATER) Tj ET") == "WATER"


def test_a_ligature_that_is_a_picture_is_read_by_its_code() -> None:
    drawn = b"BT /F 10 Tf 72 720 Td (\\034) Tj /T 10 Tf 5.2 0 Td (shermen paid) Tj ET"
    assert text_of(drawn, PICTURES) == "fishermen paid"
