"""The text of one slide: its title first, then its shapes in the order in which they are read aloud."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.flow import Flow
from corpus.pptx.bullets import Bullets, styles_of
from corpus.pptx.drawings import chart, diagram
from corpus.pptx.names import MC, A, C, D, P, Part, R, part, whole
from corpus.records import BlockKind, Span
from corpus.tables import Cell, write_table
from corpus.zipped import Element, Zipped

_TITLES = frozenset({"title", "ctrTitle"})
_APART = frozenset({"dt", "ftr", "sldNum", "hdr", "sldImg"})  # date, foot, number: on every slide
_NO_WORDS = frozenset({"slidenum"})
_NOTES = "Speaker notes"
_BODIES = frozenset({"body", "obj", None})


class Look:
    """What a slide takes over: from the shapes of its layout and of its master, and its master's style."""

    def __init__(self, layout: Element | None, master: Element | None) -> None:
        self.body = master.find(f"{P}txStyles/{P}bodyStyle") if master is not None else None
        self._named = [_named(found) for found in (layout, master)]

    def inherited(self, placeholder: Element) -> list[Element]:
        """The shapes that a placeholder stands for: by its number, else by its kind."""
        said = [(name, placeholder.get(name)) for name in ("idx", "type") if placeholder.get(name)]
        found = (next((shapes[key] for key in said if key in shapes), None) for shapes in self._named)
        return [shape for shape in found if shape is not None]


class SlideWriter:
    """Writes slides into a flow."""

    def __init__(self, flow: Flow, files: Zipped) -> None:
        self._flow = flow
        self._files = files
        self._looks: dict[str, Look] = {}
        self._opened: set[str] = set()

    def write(self, slide: Part, number: str, level: int) -> Span | None:
        """Write a slide that others follow; where its title stands, if it has one."""
        shapes = [*_shapes(slide.root.find(f"{P}cSld/{P}spTree"))]
        look = self._look(slide)
        titles = [shape for shape in shapes if _kind(shape) in _TITLES and _says(shape)]
        titled: Span | None = None
        for shape in titles:
            for n, paragraph in enumerate(shape.iterfind(f"{P}txBody/{A}p")):
                if n:
                    self._flow.text(" ")
                self._words(paragraph, " ")
        titled = self._flow.close(BlockKind.HEADING, level)
        rest = [shape for shape in shapes if shape not in titles]
        if titled is None and any(map(_says, rest)):  # else its text would pass for that of the slide before
            self._flow.text(f"Slide {number}")
            self._flow.close(BlockKind.HEADING, level)
        for shape in rest:
            self._shape(shape, slide, look)
        self._notes(slide, level + 1)
        return titled

    def open(self, path: str) -> Part | None:
        """A part that only one other has; None the second time, for no program writes that."""
        if not path or path in self._opened:
            return None
        self._opened.add(path)
        return part(self._files, path)

    def _look(self, slide: Part) -> Look:
        path = slide.by_kind.get("slideLayout", "")
        if path not in self._looks:
            layout = part(self._files, path) if path else None
            master = part(self._files, layout.by_kind.get("slideMaster", "")) if layout else None
            self._looks[path] = Look(layout.root if layout else None, master.root if master else None)
        return self._looks[path]

    def _shape(self, shape: Element, slide: Part, look: Look) -> None:
        if shape.tag == P + "graphicFrame":
            self._graphic(shape, slide)
        elif _kind(shape) not in _APART:
            self._paragraphs(shape, Bullets(_styles(shape, look)))

    def _paragraphs(self, shape: Element, bullets: Bullets) -> None:
        for paragraph in shape.iterfind(f"{P}txBody/{A}p"):
            label = bullets.before(paragraph) if _says(paragraph) else ""
            self._words(paragraph, "\n")
            kind = BlockKind.LIST_ITEM if label else BlockKind.PARAGRAPH
            self._flow.close(kind, label=f"{label} " if label else "")

    def _words(self, paragraph: Element, line: str) -> None:
        for element in paragraph:
            if element.tag == A + "br":
                if line == "\n":
                    self._flow.line()
                else:
                    self._flow.text(line)
            elif element.tag == A + "r" or (
                element.tag == A + "fld" and str(element.get("type")) not in _NO_WORDS
            ):
                self._flow.text("".join(str(text.text or "") for text in element.iterchildren(A + "t")))
            elif element.tag in (MC + "AlternateContent",):
                self._flow.text("".join(_alternative(element)))

    def _graphic(self, frame: Element, slide: Part) -> None:
        data = frame.find(f"{A}graphic/{A}graphicData")
        for element in data if data is not None else ():
            if element.tag == A + "tbl":
                self._table(element)
            elif element.tag == C + "chart":
                self._chart(slide.by_id.get(str(element.get(R + "id")), ""))
            elif element.tag == D + "relIds":
                self._diagram(slide.by_id.get(str(element.get(R + "dm")), ""))

    def _table(self, table: Element) -> None:
        rows = [
            [self._cell(cell) for cell in row.iterchildren(A + "tc") if cell.get("hMerge") not in _YES]
            for row in table.iterchildren(A + "tr")
        ]
        look = table.find(A + "tblPr")
        write_table(self._flow, rows, int(look is not None and look.get("firstRow") in _YES))

    def _cell(self, cell: Element) -> Cell:
        text = " ".join(" ".join(_all(cell)).split())
        if cell.get("vMerge") in _YES:
            text = ""
        return Cell(
            text,
            lambda: self._flow.text(text),
            columns=max(1, whole(cell.get("gridSpan"), 1, 500)),
        )

    def _chart(self, path: str) -> None:
        found = self.open(path)
        if found is None:
            return
        title, rows = chart(found.root)
        self._flow.text(title)
        self._flow.close(BlockKind.PARAGRAPH)
        cells = [[_written(self._flow, text) for text in row] for row in rows]
        write_table(self._flow, cells, 1 if any(rows[0]) else 0) if rows else None

    def _diagram(self, path: str) -> None:
        found = self.open(path)
        for text in diagram(found.root) if found else ():
            self._flow.text(text)
            self._flow.close(BlockKind.LIST_ITEM, label="\u2022 ")

    def _notes(self, slide: Part, level: int) -> None:
        """What the speaker noted, under a heading of its own that every citation of it names."""
        notes = self.open(slide.by_kind.get("notesSlide", ""))
        tree = notes.root.find(f"{P}cSld/{P}spTree") if notes else None
        bodies = [shape for shape in _shapes(tree) if _kind(shape) in _BODIES and _says(shape)]
        if not bodies:
            return
        self._flow.text(_NOTES)
        self._flow.close(BlockKind.HEADING, level)
        for shape in bodies:
            self._paragraphs(shape, Bullets(styles_of(shape, (), None)))


_YES = frozenset({"1", "true"})


def _written(flow: Flow, text: str) -> Cell:
    return Cell(text, lambda: flow.text(text))


def _shapes(tree: Element | None) -> Iterator[Element]:
    """The shapes of a slide, those of groups in their places; hidden ones are left out."""
    waiting = [iter(tree)] if tree is not None else []
    while waiting:
        element = next(waiting[-1], None)
        if element is None:
            waiting.pop()
        elif element.tag == P + "grpSp":
            waiting.append(iter(element))
        elif element.tag == MC + "AlternateContent":
            waiting.append(iter(_chosen(element)))
        elif element.tag in (P + "sp", P + "graphicFrame", P + "cxnSp") and not _is_hidden(element):
            yield element


def _chosen(element: Element) -> Element:
    """Of two forms of the same, the older one, which has no names that are not known."""
    for name in ("Fallback", "Choice"):
        found = element.find(MC + name)
        if found is not None and len(found):
            return found
    return element


def _alternative(element: Element) -> Iterator[str]:
    return (str(text.text or "") for text in _chosen(element).iter(A + "t"))


def _is_hidden(shape: Element) -> bool:
    return any(found.get("hidden") in _YES for found in shape.iterfind(f"*/{P}cNvPr"))


def _placeholder(shape: Element) -> Element | None:
    return shape.find(f"*/{P}nvPr/{P}ph")


def _kind(shape: Element) -> str | None:
    """What a shape stands for on a slide; `obj` for a placeholder of anything, empty for none."""
    found = _placeholder(shape)
    return "" if found is None else found.get("type") or "obj"


def _styles(shape: Element, look: Look) -> list[Element]:
    found = _placeholder(shape)
    if found is None:
        return styles_of(shape, (), None)
    return styles_of(shape, look.inherited(found), look.body if _kind(shape) in ("body", "obj") else None)


def _named(above: Element | None) -> dict[tuple[str, str | None], Element]:
    """The placeholders of a layout or a master by their numbers and by their kinds."""
    named: dict[tuple[str, str | None], Element] = {}
    for shape in _shapes(above.find(f"{P}cSld/{P}spTree") if above is not None else None):
        if (found := _placeholder(shape)) is not None:
            for name in ("idx", "type"):
                named.setdefault((name, found.get(name)), shape)
    return named


def _all(holder: Element) -> Iterator[str]:
    for paragraph in holder.iter(A + "p"):
        yield "".join(str(text.text or "") for text in paragraph.iter(A + "t"))


def _says(shape: Element) -> bool:
    """Whether there are any words in it, or a chart or a diagram, whose words stand elsewhere."""
    if any((text.text or "").strip() for text in shape.iter(A + "t")):
        return _kind(shape) not in _APART
    return next(shape.iter(C + "chart", D + "relIds"), None) is not None
