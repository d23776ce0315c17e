"""A typesetter for tests: documents of known structure as PDF, and what stands on which page.

It breaks lines and pages, sets notes at the foot of their column, and prints running heads and page numbers.
Needs fpdf2 (`pip install 'pincite[dev]'`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib
from fpdf import FPDF

from corpus.records import BlockKind

_CALL = re.compile(r"\[\^(\w+)\]")
_LEADING = 1.35  # of the size
_SHORTEST_CUT = 8  # letters of a word that may be cut at a line's end
_SIZES = (1.9, 1.4, 1.2, 1.1)  # of headings, by level
_NOTE_GAP = 8.0  # points between body and notes


@dataclass(frozen=True, slots=True)
class Text:
    """A block to be set: `level` 1 is the title, over all columns. `[^1]` in the words calls note 1."""

    kind: BlockKind
    words: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """How pages look, in points; `head` is the running head, `first` the number of the first page."""

    columns: int = 1
    size: float = 10.5
    width: float = 595.0
    height: float = 842.0
    margin: float = 62.0
    gutter: float = 18.0
    head: str = ""
    first: int | None = 1
    cut_words: bool = True
    justified: bool = True
    set_in: bool = False  # the first line of a paragraph; else there is room above


@dataclass(slots=True)
class Printed:
    """A PDF, and the truth of it: words with their pages, headings with their levels, and notes."""

    data: bytes = b""
    body: list[tuple[str, int]] = field(default_factory=list)
    headings: list[tuple[str, int]] = field(default_factory=list)
    notes: list[tuple[str, str, int]] = field(default_factory=list)  # (number, text, page)
    pages: int = 0


class _Run:
    """A word as it is set: its letters, and the note that it calls."""

    def __init__(self, text: str, call: str | None) -> None:
        self.text, self.call = text, call


class _Setter:
    def __init__(self, layout: Layout, notes: Mapping[str, str]) -> None:
        fonts = Path(matplotlib.get_data_path(), "fonts", "ttf")
        self.layout = layout
        self.notes = notes
        self.pdf = FPDF(unit="pt", format=(layout.width, layout.height))
        self.pdf.set_auto_page_break(False)
        self.pdf.add_font("Serif", "", fonts / "DejaVuSerif.ttf")
        self.pdf.add_font("Serif", "B", fonts / "DejaVuSerif-Bold.ttf")
        self.pdf.add_font("Serif", "I", fonts / "DejaVuSerif-Italic.ttf")
        self.done = Printed()
        self.page = -1
        self.top = layout.margin
        self._new_page()

    def run(self, blocks: Sequence[Text]) -> Printed:
        for n, block in enumerate(blocks):
            self._set(block, blocks[n + 1] if n + 1 < len(blocks) else None)
        self._close_column()
        self.done.data = bytes(self.pdf.output())
        self.done.pages = self.page + 1
        return self.done

    @property
    def measure(self) -> float:
        lay = self.layout
        return (lay.width - 2 * lay.margin - (lay.columns - 1) * lay.gutter) / lay.columns

    @property
    def left(self) -> float:
        return self.layout.margin + self.column * (self.measure + self.layout.gutter)

    def _new_page(self) -> None:
        lay = self.layout
        self.page += 1
        self.pdf.add_page()
        self.column, self.top, self.y = 0, lay.margin, lay.margin
        self.waiting: list[str] = []
        self.pdf.set_font("Serif", "I", 8.5)
        if lay.head:
            self.pdf.text(lay.margin, lay.margin - 24, lay.head)
        if lay.first is not None:
            self.pdf.set_font("Serif", "", 8.5)
            self.pdf.text(lay.width / 2 - 4, lay.height - lay.margin + 30, str(lay.first + self.page))

    def _close_column(self) -> None:
        """Set the notes that were called in this column at its foot."""
        size = self.layout.size * 0.8
        y = self.layout.height - self.layout.margin - self._notes_height(self.waiting)
        for number in self.waiting:
            runs = [_Run(number, None), *(_Run(w, None) for w in self.notes[number].split())]
            for n, line in enumerate(self._lines(runs, self.measure, size, "", cut=False)):
                y += size * _LEADING
                if n == 0:
                    self.pdf.set_font("Serif", "", size * 0.7)
                    self.pdf.text(self.left, y - size * 0.35, number)
                    self._print(line[1:], self.left + size, y, self.measure - size, size, "", justified=False)
                else:
                    self._print(line, self.left, y, self.measure, size, "", justified=False)
            self.done.notes.append((number, self.notes[number], self.page))
        self.waiting = []

    def _next_column(self) -> None:
        self._close_column()
        if self.column + 1 < self.layout.columns:
            self.column += 1
            self.y = self.top
        else:
            self._new_page()

    def _room(self, calls: Sequence[str]) -> float:
        foot = self.layout.height - self.layout.margin
        return foot - self._notes_height([*self.waiting, *calls]) - self.y

    def _notes_height(self, numbers: Sequence[str]) -> float:
        size = self.layout.size * 0.8
        total = _NOTE_GAP if numbers else 0.0
        for number in numbers:
            runs = [_Run(number, None), *(_Run(w, None) for w in self.notes[number].split())]
            total += size * _LEADING * len(list(self._lines(runs, self.measure, size, "", cut=False)))
        return total

    def _set(self, block: Text, following: Text | None) -> None:
        lay = self.layout
        head = block.kind is BlockKind.HEADING
        size = lay.size * (_SIZES[min(block.level, len(_SIZES)) - 1] if head else 1.0)
        style = "B" if head else ""
        over = block.level == 1 and self.page == 0
        measure = lay.width - 2 * lay.margin if over else self.measure
        indent = lay.size * 1.5 if lay.set_in and block.kind is BlockKind.PARAGRAPH else 0.0
        words = f"\u2022 {block.words}" if block.kind is BlockKind.LIST_ITEM else block.words
        lines = list(
            self._lines(_runs(words), measure, size, style, cut=lay.cut_words and not head, first=indent)
        )
        self.y += size * 0.9 if head else 0.0 if lay.set_in else lay.size * 0.6
        needed = size * _LEADING * (len(lines) + 2) if head else 0.0
        if needed > self._room(()):
            self._next_column()
        if head:
            self.done.headings.append((block.words, block.level))
        for n, line in enumerate(lines):
            calls = [run.call for run in line if run.call]
            if size * _LEADING > self._room(calls):
                self._next_column()
            self.y += size * _LEADING
            left = self.left + (indent if n == 0 else 0.0)
            room = measure - (indent if n == 0 else 0.0)
            stretched = lay.justified and not head and n + 1 < len(lines)
            self._print(line, left, self.y, room, size, style, justified=stretched)
            self.waiting += calls
            self.done.body += [(run.text, self.page) for run in line if run.text != "\u2022"]
        if over:
            self.top = self.y + size

    def _lines(
        self, runs: Sequence[_Run], measure: float, size: float, style: str, *, cut: bool, first: float = 0.0
    ) -> Iterator[list[_Run]]:
        self.pdf.set_font("Serif", style, size)
        space = self.pdf.get_string_width(" ")
        waiting = list(runs)
        line: list[_Run] = []
        used = first
        while waiting:
            run = waiting.pop(0)
            wide = self._wide(run.text, size, style) + (size * 0.4 * len(run.call) if run.call else 0)
            if used + wide <= measure or (not line and wide <= measure):
                line.append(run)
                used += wide + space
                continue
            if not line:  # an address: as much of it as there is room for
                most = next(
                    n for n in range(len(run.text), 0, -1) if self._wide(run.text[:n], size, style) <= measure
                )
                yield [_Run(run.text[:most], None)]
                waiting.insert(0, _Run(run.text[most:], run.call))
                continue
            if cut and len(run.text) >= _SHORTEST_CUT and run.text.isalpha():
                fits = [
                    n
                    for n in range(3, len(run.text) - 2)
                    if used + self._wide(run.text[:n] + "-", size, style) <= measure
                ]
                if fits:
                    line.append(_Run(run.text[: fits[-1]] + "-", None))
                    run = _Run(run.text[fits[-1] :], run.call)
            yield line
            waiting.insert(0, run)
            line, used = [], 0.0
        if line:
            yield line

    def _wide(self, text: str, size: float, style: str) -> float:
        self.pdf.set_font("Serif", style, size)
        return float(self.pdf.get_string_width(text))

    def _print(
        self,
        line: Sequence[_Run],
        x: float,
        y: float,
        measure: float,
        size: float,
        style: str,
        *,
        justified: bool,
    ) -> None:
        wide = sum(self._wide(run.text, size, style) for run in line)
        wide += sum(size * 0.4 * len(run.call) for run in line if run.call)
        space = self._wide(" ", size, style)
        gap = (measure - wide) / (len(line) - 1) if justified and len(line) > 1 else space
        for run in line:
            self.pdf.set_font("Serif", style, size)
            self.pdf.text(x, y, run.text)
            x += float(self.pdf.get_string_width(run.text))
            if run.call:
                self.pdf.set_font("Serif", "", size * 0.6)
                self.pdf.text(x, y - size * 0.35, run.call)
                x += size * 0.4 * len(run.call)
            x += gap


def _runs(words: str) -> list[_Run]:
    runs: list[_Run] = []
    for word in words.split():
        call = _CALL.search(word)
        runs.append(_Run(_CALL.sub("", word), call.group(1) if call else None))
    return runs


def typeset(
    blocks: Sequence[Text], notes: Mapping[str, str] | None = None, layout: Layout | None = None
) -> Printed:
    """The blocks as a PDF, with the truth of what stands where."""
    return _Setter(layout or Layout(), notes or {}).run(blocks)


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of objects as they are given, numbered from 1; the first one is its catalog."""
    made, places = b"%PDF-1.4\n", []
    for n, inside in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj%b\nendobj\n" % (n, inside)
    count = len(objects) + 1
    table = b"".join(b"%010d 00000 n \n" % at for at in places)
    return (
        made
        + b"xref\n0 %d\n0000000000 65535 f \n" % count
        + table
        + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, len(made))
    )
