"""The text of an OpenDocument text: what its reader sees who accepts all changes and hides all comments.

What was deleted stands apart in such a file, so that nothing has to be taken out of the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.docx.numbering import numeral
from corpus.flow import Flow
from corpus.manuscript import Manuscript
from corpus.odt.names import DRAW, LO, OFFICE, TABLE, TEXT, is_hidden, is_true, whole
from corpus.odt.numbering import OUTLINE, Count, Numbering
from corpus.odt.styles import Styles
from corpus.odt.tables import is_head, rows
from corpus.records import BlockKind, Span
from corpus.tables import Cell, write_table
from corpus.zipped import Element

_THROUGH = {TEXT + n for n in ("section", "index-body", "bibliography", "numbered-paragraph")}
_PASSED = {TEXT + n for n in ("tracked-changes", "script", "ruby-text", "note-citation", "number")}
_PASSED |= {OFFICE + n for n in ("annotation", "annotation-end", "forms")}
_WRITTEN = {TEXT + "s": " ", TEXT + "tab": " "}
_BOOKMARKS = {TEXT + n for n in ("bookmark", "bookmark-start", "reference-mark", "reference-mark-start")}
_NUMBERED = {"footnote": "decimal", "endnote": "lowerRoman"}
_SHAPES = {
    DRAW + n for n in ("frame", "g", "a", "rect", "custom-shape", "ellipse", "circle", "line", "polygon")
}
_SHAPES |= {DRAW + n for n in ("path", "connector", "caption", "regular-polygon")}


@dataclass(slots=True)
class _List:
    """A list that is open: its style and count, and the number of the item whose words come next."""

    style: str
    count: Count
    depth: int = 0
    start: str | None = None
    waiting: bool = False


@dataclass(slots=True)
class _Counts:
    """How far lists were counted, by their ids, and the last one of each style."""

    by_id: dict[str, Count] = field(default_factory=dict)
    by_style: dict[str, Count] = field(default_factory=dict)
    headings: Count = field(default_factory=Count)


class Reader:
    """Reads one document; `titled` is then where its title stands."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self.titled: Span | None = None
        self._styles = styles
        self._numbering = numbering
        self._counts = _Counts()
        self._lists: list[_List] = []
        self._numbers: dict[Element, str] = {}  # of notes, as they are called
        self._called: dict[str, int] = {}
        self._waiting: list[Element] = []  # notes that stand under the section that calls them
        self._boxes: list[Element] = []
        self._shift = 0
        self._flow = Flow()

    def read(self, body: Element) -> Manuscript:
        """The manuscript of a body: its text, footnotes under their sections, endnotes at the end."""
        self._shift = int(any(self._styles.is_title(p) and _words(p) for p in body.iter(TEXT + "p")))
        self._blocks(body)
        self._flow.close(BlockKind.PARAGRAPH)
        self._write_notes("footnote")
        self._write_notes("endnote")
        return self._flow.finish()

    def _blocks(self, holder: Element) -> None:
        for element in holder:
            if element.tag in (TEXT + "p", TEXT + "h"):
                self._paragraph(element)
            elif element.tag == TEXT + "list":
                self._list(element)
            elif element.tag == TABLE + "table":
                self._table(element)
            elif element.tag in _THROUGH and not is_hidden(element):
                self._blocks(element)
            elif element.tag in _SHAPES:
                self._box(element)

    def _box(self, shape: Element) -> None:
        """What stands in a frame or a shape; titles and descriptions of pictures are not text."""
        for element in shape:
            if element.tag == DRAW + "text-box" or element.tag in _SHAPES:
                self._box(element)
        self._blocks_in_shape(shape)

    def _blocks_in_shape(self, shape: Element) -> None:
        lists, self._lists = self._lists, []
        for element in shape:
            if element.tag in (TEXT + "p", TEXT + "h"):
                self._paragraph(element)
            elif element.tag == TEXT + "list":
                self._list(element)
            elif element.tag == TABLE + "table":
                self._table(element)
        self._lists = lists

    def _paragraph(self, paragraph: Element) -> None:
        if self._is_hidden(paragraph):
            return
        level = self._level(paragraph)
        words = _words(paragraph)
        if level is not None and words:
            self._flow.close(BlockKind.PARAGRAPH)
            self._write_notes("footnote")
        printed = self._printed(paragraph, level) if words else ""
        self._words(paragraph, self._flow)
        label = f"{printed} " if printed else ""
        if level is not None:
            span = self._flow.close(BlockKind.HEADING, level + self._shift, label)
            if level == 0 and span and self.titled is None:
                self.titled = span
        else:
            self._flow.close(BlockKind.LIST_ITEM if label else BlockKind.PARAGRAPH, label=label)
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self._box(box)

    def _level(self, paragraph: Element) -> int | None:
        """The level of a heading, 0 for the document's title; None for what is no heading."""
        if self._styles.is_title(paragraph):
            return 0
        if paragraph.tag != TEXT + "h":
            return None
        return max(1, whole(paragraph.get(TEXT + "outline-level"), 1, 10))

    def _printed(self, paragraph: Element, level: int | None) -> str:
        """The number or bullet before a paragraph."""
        within = self._lists[-1] if self._lists else None
        if within and within.waiting:
            within.waiting = False
            said = paragraph.find(TEXT + "number")
            counted = self._numbering.printed(within.style, within.depth, within.count, within.start)
            return (said.text or "").strip() if said is not None else counted
        if not level or within or is_true(paragraph, TEXT + "is-list-header"):
            return ""
        style = self._styles.list_style(paragraph)
        if style == "":  # its style takes it out of the numbering
            return ""
        restart = is_true(paragraph, TEXT + "restart-numbering")
        start = paragraph.get(TEXT + "start-value") or ("1" if restart else None)
        return self._numbering.printed(OUTLINE, level - 1, self._counts.headings, start)

    def _list(self, element: Element) -> None:
        outer = self._lists[-1] if self._lists else None
        own = element.get(TEXT + "style-name")
        style = own or (outer.style if outer else "")
        count = outer.count if outer else self._count(element, style)
        found = _List(style, count, outer.depth + 1 if outer else 0)
        self._lists.append(found)
        for item in element:
            if item.tag in (TEXT + "list-item", TEXT + "list-header"):
                found.waiting = item.tag == TEXT + "list-item"
                found.start = item.get(TEXT + "start-value")
                self._blocks(item)
        self._lists.pop()

    def _count(self, element: Element, style: str) -> Count:
        """A new count, or that of the list which is continued."""
        counts = self._counts
        count = None
        if continued := element.get(TEXT + "continue-list"):
            count = counts.by_id.get(continued)
        elif is_true(element, TEXT + "continue-numbering"):
            count = counts.by_style.get(style)
        count = count or Count()
        counts.by_style[style] = count
        if named := element.get("{http://www.w3.org/XML/1998/namespace}id"):
            counts.by_id[named] = count
        return count

    def _is_hidden(self, paragraph: Element) -> bool:
        if self._styles.hides(paragraph, "paragraph"):
            return True
        return any(is_true(e, TEXT + "is-hidden") for e in paragraph.iter(TEXT + "hidden-paragraph"))

    def _words(self, holder: Element, flow: Flow) -> None:
        """Write the words of a paragraph, or of anything in it."""
        flow.text(str(holder.text or ""))
        for element in holder:
            self._inline(element, flow)
            flow.text(str(element.tail or ""))

    def _inline(self, element: Element, flow: Flow) -> None:
        tag = str(element.tag)
        if tag in _WRITTEN:
            flow.text(_WRITTEN[tag])
        elif tag == TEXT + "line-break":
            flow.line()
        elif tag in _BOOKMARKS:
            if not str(element.get(TEXT + "name")).startswith("_"):
                flow.anchor(str(element.get(TEXT + "name")))
        elif tag == TEXT + "note":
            self._call(element, flow)
        elif tag in _SHAPES:
            self._boxes.append(element)
        elif tag not in _PASSED and tag.startswith((TEXT, LO)) and not self._passes(element):
            self._words(element, flow)

    def _passes(self, element: Element) -> bool:
        return is_hidden(element) or (element.tag == TEXT + "span" and self._styles.hides(element, "text"))

    def _call(self, note: Element, flow: Flow) -> None:
        if note not in self._numbers:
            kind = _kind(note)
            counted = self._called[kind] = self._called.get(kind, 0) + 1
            citation = note.find(TEXT + "note-citation")
            shown = "".join(map(str, citation.itertext())).strip() if citation is not None else ""
            self._numbers[note] = " ".join(shown.split())[:20] or numeral(counted, _NUMBERED[kind])
            self._waiting.append(note)
        flow.call(note, self._numbers[note])

    def _write_notes(self, kind: str) -> None:
        """Write the notes of a kind that were called and not written yet."""
        due = [note for note in self._waiting if _kind(note) == kind]
        self._waiting = [note for note in self._waiting if _kind(note) != kind]
        for note in due:
            for paragraph in note.iter(TEXT + "p", TEXT + "h"):
                self._flow.line()
                self._words(paragraph, self._flow)
            self._boxes = []
            self._flow.note(note, self._numbers[note], f"{self._numbers[note]} ")

    def _table(self, table: Element) -> None:
        heads, found = rows(table)
        if all(len(row) == 1 for row in found):  # a frame around text
            for row in found:
                for cell in row:
                    self._blocks(cell)
            return
        self._flow.close(BlockKind.PARAGRAPH)
        cells = [[self._cell(cell) for cell in row] for row in found]
        if not heads and len(found) > 1 and is_head(found[0], self._styles):
            heads = 1
        write_table(self._flow, cells, heads)
        boxes, self._boxes = self._boxes, []
        for box in dict.fromkeys(boxes):
            self._box(box)

    def _cell(self, cell: Element) -> Cell:
        scratch = Flow()
        self._write_cell(cell, scratch)
        return Cell(
            " ".join(scratch.waiting.split()),
            lambda: self._write_cell(cell, self._flow),
            columns=max(1, whole(cell.get(TABLE + "number-columns-spanned"), 1, 500)),
            rows=max(1, whole(cell.get(TABLE + "number-rows-spanned"), 1, 65_534)),
        )

    def _write_cell(self, cell: Element, flow: Flow) -> None:
        for n, paragraph in enumerate(_paragraphs(cell)):
            if n:
                flow.text(" ")
            if not self._is_hidden(paragraph):
                self._words(paragraph, flow)


def _paragraphs(cell: Element) -> Iterator[Element]:
    """The paragraphs of a cell, those of lists and tables in it, too, but none that stands in another."""
    waiting = [iter(cell)]
    while waiting:
        element = next(waiting[-1], None)
        if element is None:
            waiting.pop()
        elif element.tag in (TEXT + "p", TEXT + "h"):
            yield element
        elif element.tag not in _PASSED and not is_hidden(element):
            waiting.append(iter(element))


def _kind(note: Element) -> str:
    return "endnote" if note.get(TEXT + "note-class") == "endnote" else "footnote"


def _words(paragraph: Element) -> bool:
    """Whether a paragraph has any words."""
    return any(str(text).strip() for text in paragraph.itertext())
