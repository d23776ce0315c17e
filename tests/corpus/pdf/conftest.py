"""A report that is typeset in four ways, with the truth of what stands where; and PDFs drawn by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import matplotlib
import pytest
from fpdf import FPDF

from corpus.records import BlockKind
from corpus.testing import Layout, Printed, Text, typeset

_HEADING, _PARAGRAPH, _ITEM = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM
_SUBJECTS = "council ministry harbour railway institute university federation municipality".split()  # noqa: SIM905
_VERBS = "considered strengthened administered extended investigated".split()  # noqa: SIM905
_OBJECTS = "navigation, irrigation. fisheries; documentation correspondence responsibilities".split()  # noqa: SIM905
LAYOUTS = {
    "one column": Layout(head="Rivers of the North"),
    "two columns": Layout(columns=2, size=9.5, head="Rivers of the North", first=41),
    "set in": Layout(set_in=True, justified=False, first=1),
    "bare": Layout(columns=2, size=10.0, set_in=True, first=None, cut_words=False),
}


def _prose(seed: int, sentences: int) -> str:
    """Sentences that are all different, some with a note."""
    said = []
    for n in range(sentences):
        k = seed * 31 + n * 7
        words = (_SUBJECTS[k % 8], _VERBS[k % 5], _OBJECTS[(k // 3) % 6].rstrip(",.;"), seed * 100 + n)
        said.append(
            "In the year {3} the {0} of the upper valley {1} the {2} of all four states.".format(*words)
        )
    return " ".join(said)


def report() -> tuple[list[Text], dict[str, str]]:
    """Blocks and notes: enough for several pages."""
    blocks = [Text(_HEADING, "The Rivers of the North", 1), Text(_PARAGRAPH, _prose(1, 3))]
    notes: dict[str, str] = {}
    for section in range(2, 8):
        blocks.append(
            Text(_HEADING, f"{section - 1}. The {_SUBJECTS[section].capitalize()} and its Waters", 2)
        )
        for part in range(4):
            number = str(len(notes) + 1)
            notes[number] = (
                f"Archive of Morava, folder {number}, with the letters of the {_SUBJECTS[part]} of that year."
            )
            prose = _prose(section * 10 + part, 5)
            cut = prose.index(". ") + 1
            blocks.append(Text(_PARAGRAPH, f"{prose[:cut]}[^{number}]{prose[cut:]}"))
        if section % 2:
            blocks += [
                Text(_ITEM, f"the {word} of {section} states, which is listed here") for word in _SUBJECTS[:3]
            ]
    return blocks, notes


@pytest.fixture(scope="session", params=LAYOUTS)
def printed(request: pytest.FixtureRequest) -> Printed:
    """The report in one of the layouts."""
    return typeset(*report(), LAYOUTS[request.param])


Draw = Callable[[FPDF], None]
Drawn = Callable[..., bytes]


@pytest.fixture(scope="session")
def draw() -> Drawn:
    """Make a PDF of pages, each drawn by a function; `Serif` is at hand, regular, bold and italic."""
    fonts = Path(matplotlib.get_data_path(), "fonts", "ttf")

    def made(*pages: Draw, **options: str) -> bytes:
        pdf = FPDF(unit="pt", format="A4")
        pdf.set_auto_page_break(False)
        for style, name in (("", ""), ("B", "-Bold"), ("I", "-Italic")):
            pdf.add_font("Serif", style, fonts / f"DejaVuSerif{name}.ttf")
        for name, value in options.items():
            getattr(pdf, f"set_{name}")(value)
        for page in pages:
            pdf.add_page()
            pdf.set_font("Serif", size=11)
            page(pdf)
        return bytes(pdf.output())

    return made
