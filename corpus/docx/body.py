"""The text of a Word document: what its reader sees who accepts all changes and hides all comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from corpus.docx.names import W, child, is_on, value
from corpus.docx.numbering import Numbering, numeral
from corpus.docx.styles import TITLE, Styles
from corpus.flow import Flow
from corpus.manuscript import Manuscript
from corpus.records import BlockKind, Span
from corpus.tables import Cell, write_table
from corpus.zipped import Element

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_THROUGH = {W + n for n in ("ins", "moveTo", "hyperlink", "smartTag", "fldSimple", "bdo", "dir", "customXml")}
_THROUGH |= {W + "sdt", W + "sdtContent", W + "ruby", W + "rubyBase", W + "object", W + "pict"}
_BLOCKS_THROUGH = {W + n for n in ("ins", "moveTo", "customXml", "smartTag", "sdt", "sdtContent")}
_WRITTEN = {W + "tab": " ", W + "noBreakHyphen": "\u2011", W + "ptab": " "}
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}
_NUMBERED = {"footnotes": ("footnotePr", "decimal"), "endnotes": ("endnotePr", "lowerRoman")}
_LONGEST_HEAD = 80  # characters of a cell that may name a column
_LONGEST_REPEATED = 200  # characters of a cell that reaches over several rows
_MOST_COLUMNS = 500

Key = tuple[str, str]  # of a note: which part it is in, and its id there


class Reader:
    """Reads one document; `titled` is then where its title stands."""

    def __init__(self, styles: Styles, numbering: Numbering, parts: Mapping[str, Element | None]) -> None:
        self.titled: Span | None = None
        self._styles = styles
        self._numbering = numbering
        self._definitions = {key: note for part in _NUMBERED for key, note in _definitions(part, parts[part])}
        settings = parts["settings"]
        self._formats = {
            part: value(settings, place, "numFmt") or usual for part, (place, usual) in _NUMBERED.items()
        }
        self._numbers: dict[Key, str] = {}
        self._waiting: list[Key] = []  # notes that stand under the section that calls them
        self._fields: list[bool] = []  # of each that is open, whether its result is reached
        self._boxes: list[Element] = []
        self._shift = 0
        self._flow = Flow()
        self._doubts: list[str] = []

    def read(self, body: Element) -> Manuscript:
        """The manuscript of a body: its text, footnotes under their sections, endnotes at the end."""
        self._shift = int(any(self._styles.level(p) == TITLE and _words(p) for p in body.iter(W + "p")))
        self._blocks(body)
        self._flow.close(BlockKind.PARAGRAPH)
        self._write_notes("footnotes")
        self._write_notes("endnotes")
        if next(body.iter(W + "altChunk"), None) is not None:
            self._doubts.append("holds another document inside it: that is not read")
        return replace(self._flow.finish(), doubts=tuple(self._doubts))

    def _blocks(self, holder: Element) -> None:
        for element in holder:
            if element.tag == W + "p":
                self._paragraph(element)
            elif element.tag == W + "tbl":
                self._table(element)
            elif element.tag == _CHOICE + "AlternateContent":
                self._blocks(_chosen(element))
            elif element.tag in _BLOCKS_THROUGH and not _is_contents(element):
                self._blocks(element)

    def _paragraph(self, paragraph: Element) -> None:
        if self._styles.is_contents(paragraph):
            return
        level = self._styles.level(paragraph)
        printed = self._printed(paragraph)
        if level is not None and _words(paragraph):
            self._flow.close(BlockKind.PARAGRAPH)
            self._write_notes("footnotes")
        self._words(paragraph, self._flow)
        if is_on(paragraph, "pPr", "rPr", "del"):  # its end was deleted: the next one goes on with it
            self._flow.text(" ")
            return
        label = f"{printed} " if printed else ""
        if level is not None:
            span = self._flow.close(BlockKind.HEADING, level + self._shift, label)
            if level == TITLE and span and self.titled is None:
                self.titled = span
        else:
            self._flow.close(BlockKind.LIST_ITEM if label else BlockKind.PARAGRAPH, label=label)
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self._blocks(box)

    def _printed(self, paragraph: Element) -> str:
        """The number or bullet before a paragraph."""
        list_id, depth, style = self._styles.numbering(paragraph)
        if style and list_id and (linked := self._numbering.of_style(style)) and linked[0] == list_id:
            depth = linked[1]
        return self._numbering.count(list_id, depth) if list_id not in (None, "0") else ""

    def _words(self, holder: Element, flow: Flow) -> None:
        """Write the words of a paragraph, or of anything in it."""
        for element in holder:
            if element.tag == W + "r":
                self._run(element, flow)
            elif element.tag in _THROUGH:
                self._words(element, flow)
            elif element.tag == W + "bookmarkStart" and not str(element.get(W + "name")).startswith("_"):
                flow.anchor(str(element.get(W + "name")))
            elif str(element.tag).startswith(_MATH):
                self._show(flow, "".join(str(t.text or "") for t in element.iter(_MATH + "t", W + "t")))
            elif element.tag == _CHOICE + "AlternateContent":
                self._words(_chosen(element), flow)

    def _run(self, run: Element, flow: Flow) -> None:
        if is_on(run, "rPr", "vanish") or self._styles.hides(run):
            return
        children = iter(run)
        for element in children:
            name = str(element.tag).removeprefix(W)
            if words := _shown(element, name):
                self._show(flow, words)
            elif name in ("br", "cr"):
                if element.get(W + "type") in (None, "textWrapping"):
                    flow.line()
            elif name in _NOTES:
                own = element.get(W + "customMarkFollows") in ("1", "true", "on")
                rest = (str(other.text or "") for other in children if other.tag == W + "t") if own else ()
                self._call((_NOTES[name], str(element.get(W + "id"))), "".join(rest), flow)
            elif name == "fldChar":
                self._field(str(element.get(W + "fldCharType")))
            elif name in ("drawing", "pict", "object") or element.tag == _CHOICE + "AlternateContent":
                chosen = _chosen(element) if element.tag.startswith(_CHOICE) else element
                self._boxes += list(chosen.iter(W + "txbxContent"))
            elif element.tag in _THROUGH:
                self._words(element, flow)

    def _show(self, flow: Flow, words: str) -> None:
        """Write words that are no instruction of a field."""
        if all(self._fields):
            flow.text(words)

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _call(self, key: Key, mark: str, flow: Flow) -> None:
        if key not in self._definitions:
            if mark:
                flow.text(mark)
            return
        if key not in self._numbers:
            counted = sum(part == key[0] for part, _ in self._numbers)
            self._numbers[key] = mark.strip() or numeral(counted + 1, self._formats[key[0]])
            self._waiting.append(key)
        flow.call(key, self._numbers[key])

    def _write_notes(self, part: str) -> None:
        """Write the notes of a part that were called and not written yet."""
        due = [key for key in self._waiting if key[0] == part]
        self._waiting = [key for key in self._waiting if key[0] != part]
        for key in due:
            for paragraph in self._definitions[key].iter(W + "p"):
                self._flow.line()
                self._words(paragraph, self._flow)
            self._flow.note(key, self._numbers[key], f"{self._numbers[key]} ")

    def _table(self, table: Element) -> None:
        rows = [row for row in _rows(table) if not is_on(row, "trPr", "del")]
        cells: list[list[Cell]] = []
        for row in rows:
            cells.append(self._row(row, cells[-1] if cells else []))
        if all(len(row) == 1 for row in cells):  # a frame around text
            for row in rows:
                for cell in _cells(row):
                    self._blocks(cell)
            return
        self._flow.close(BlockKind.PARAGRAPH)
        heads = 0
        for row in rows:
            if not is_on(row, "trPr", "tblHeader"):
                break
            heads += 1
        write_table(self._flow, cells, heads or int(_first_names(table, cells)))

    def _row(self, row: Element, above: list[Cell]) -> list[Cell]:
        made: list[Cell] = []
        for cell in _cells(row):
            span = value(cell, "tcPr", "gridSpan") or "1"
            merged = child(cell, "tcPr", "vMerge")
            column = sum(found.columns for found in made)
            if merged is not None and merged.get(W + "val") != "restart":
                upper = _at(above, column)
                made.append(upper if upper and len(upper.text) <= _LONGEST_REPEATED else Cell("", _nothing))
                continue
            made.append(self._cell(cell, min(int(span), _MOST_COLUMNS) if span.isdecimal() else 1))
        return made

    def _cell(self, cell: Element, columns: int) -> Cell:
        scratch = Flow()
        self._write_cell(cell, scratch)
        text = " ".join(scratch.waiting.split())
        return Cell(text, lambda: self._write_cell(cell, self._flow), columns=max(1, columns))

    def _write_cell(self, cell: Element, flow: Flow) -> None:
        for n, paragraph in enumerate(cell.iter(W + "p")):
            if n:
                flow.text(" ")
            self._words(paragraph, flow)


def _nothing() -> None:
    """Writes an empty cell."""


def _definitions(part: str, root: Element | None) -> Iterator[tuple[Key, Element]]:
    """The notes of a part; the lines that part them from the text are none."""
    for note in root if root is not None else ():
        if note.tag in (W + "footnote", W + "endnote") and note.get(W + "type") in (None, "normal"):
            yield (part, str(note.get(W + "id"))), note


def _chosen(element: Element) -> Element:
    """Of two forms of the same, the newer one."""
    for name in ("Choice", "Fallback"):
        found = element.find(_CHOICE + name)
        if found is not None:
            return found
    return element


def _is_contents(element: Element) -> bool:
    gallery = value(element, "sdtPr", "docPartObj", "docPartGallery") or ""
    return gallery in ("Table of Contents", "Table of Figures")


def _shown(element: Element, name: str) -> str:
    """The words that a part of a run stands for."""
    if name == "t":
        return str(element.text or "")
    return _symbol(element) if name == "sym" else _WRITTEN.get(str(element.tag), "")


def _symbol(element: Element) -> str:
    """A sign by its number; of the private ones, which only their font can draw, none."""
    number = str(element.get(W + "char"))
    try:
        code = int(number, 16)
    except ValueError:
        return ""
    return chr(code) if 32 < code < 0xD800 else ""


def _words(paragraph: Element) -> bool:
    """Whether a paragraph has any words."""
    return any((t.text or "").strip() for t in paragraph.iter(W + "t"))


def _rows(holder: Element) -> Iterator[Element]:
    for element in holder:
        if element.tag == W + "tr":
            yield element
        elif element.tag in _BLOCKS_THROUGH:
            yield from _rows(element)


def _cells(holder: Element) -> Iterator[Element]:
    for element in holder:
        if element.tag == W + "tc":
            yield element
        elif element.tag in _BLOCKS_THROUGH:
            yield from _cells(element)


def _at(row: list[Cell], column: int) -> Cell | None:
    for cell in row:
        if column < cell.columns:
            return cell
        column -= cell.columns
    return None


def _first_names(table: Element, cells: list[list[Cell]]) -> bool:
    """Whether the first row names the columns: the table is styled so, and the row can."""
    look = child(table, "tblPr", "tblLook")
    styled = look is not None and (
        look.get(W + "firstRow") in ("1", "true")
        or (str(look.get(W + "val") or "0").isalnum() and _bits(str(look.get(W + "val") or "0")) & 0x20 != 0)
    )
    texts = [cell.text for cell in cells[0]] if cells else []
    able = all(0 < len(text) <= _LONGEST_HEAD and any(map(str.isalpha, text)) for text in texts[1:])
    return bool(styled and able and len(cells) > 1 and len(set(texts)) == len(texts) > 1)


def _bits(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError:
        return 0
