"""Elements of a page, in order, to blocks of a flow."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from lxml import etree

from corpus.flow import Flow
from corpus.records import BlockKind
from corpus.tables import write_table
from corpus.web.elements import BLOCKS, is_permalink, level, name, said, text_of
from corpus.web.notes import Notes, ids, where, without_label
from corpus.web.parse import Element
from corpus.web.tables import cells, is_data

_CODE = frozenset({"pre", "listing", "xmp", "plaintext"})
_QUOTES = {"en": "“”", "de": "„“", "fr": "«»", "az": "“”", "tr": "“”", "ru": "«»"}


@dataclass(slots=True)
class _Block:
    """A block element that is open: what its words are, and the bullet or number before them."""

    element: Element
    kind: BlockKind
    level: int = 0
    label: str = ""


class Walker:
    """Writes what it walks over; `file` is the page's name in links, `passed` what is not written."""

    def __init__(self, flow: Flow, notes: Notes, file: str = "", passed: Container[Element] = ()) -> None:
        self._flow = flow
        self._notes = notes
        self._file = file
        self._passed = passed
        self._open: list[_Block] = []
        self._lists: list[tuple[Element, int]] = []
        self._note: Element | None = None
        self._exact = 0
        self._cell = 0  # inside a cell, blocks are words in a row

    def walk(self, root: Element) -> None:
        """Write an element and all in it."""
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                if self._is_passed(element) or self._starts_whole(element):
                    walk.skip_subtree()
                else:
                    self._start(element)
                    self._words(element.text)
                continue
            if not self._is_passed(element):
                self._end(element)
            if element is not root:
                self._words(element.tail)
        if not self._cell:
            self._close()

    def _is_passed(self, element: Element) -> bool:
        return element in self._passed or element in self._notes.backs

    def _words(self, words: str | None) -> None:
        if words:
            (self._flow.exact if self._exact else self._flow.text)(words)

    def _starts_whole(self, element: Element) -> bool:
        """Write what is written at once: tables, markers."""
        if element in self._notes.calls:
            for id_ in ids(element):
                self._flow.anchor(self._anchor(id_))
            self._flow.call(self._notes.calls[element], text_of(element))
            return True
        if name(element) == "table" and not self._cell and not self._note_in(element) and is_data(element):
            self._table(element)
            return True
        heading = self._open[-1].kind is BlockKind.HEADING if self._open else False
        return heading and is_permalink(element)

    def _start(self, element: Element) -> None:
        tag = name(element)
        if tag in BLOCKS:
            self._start_block(element, tag)
        for id_ in ids(element):
            self._flow.anchor(self._anchor(id_))
        if tag == "br":
            self._break()
        elif tag == "q":
            self._flow.text(self._quote(element)[0])

    def _start_block(self, element: Element, tag: str) -> None:
        if self._cell:
            self._flow.text(" ")
            return
        if self._note is not None:
            self._flow.line()
            return
        self._close()
        if element in self._notes.defined:
            self._note = element
            return
        above = self._open[-1] if self._open else None
        block = _Block(element, BlockKind.PARAGRAPH)
        if depth := level(element):
            block.kind, block.level = BlockKind.HEADING, depth
        elif tag in _CODE:
            block.kind = BlockKind.CODE
            self._exact += 1
        elif tag == "li":
            block.kind, block.label = BlockKind.LIST_ITEM, self._bullet(element)
        elif above and above.label:  # the first paragraph of an item is the item
            block.kind, block.label = above.kind, above.label
        if tag in ("ol", "ul", "menu", "dir"):
            start = said(element, "start")
            self._lists.append((element, int(start) - 1 if start.isdecimal() and len(start) < 7 else 0))
        self._open.append(block)

    def _end(self, element: Element) -> None:
        tag = name(element)
        if tag == "q":
            self._flow.text(self._quote(element)[1])
        if self._cell:
            if tag in BLOCKS:
                self._flow.text(" ")
        elif element is self._note:
            self._define(element)
        elif self._open and self._open[-1].element is element:
            self._close()
            block = self._open.pop()
            self._exact -= block.kind is BlockKind.CODE and name(element) in _CODE
            if self._lists and self._lists[-1][0] is element:
                self._lists.pop()

    def _close(self) -> None:
        """End the block that is being written."""
        if self._note is not None or self._cell:
            return
        block = self._open[-1] if self._open else None
        if not block:
            self._flow.close(BlockKind.PARAGRAPH)
        elif self._flow.close(block.kind, block.level, block.label) and block.label:
            label = block.label
            for outer in self._open:  # it stands there once
                if outer.label == label:
                    outer.label = ""
                    if outer.kind is BlockKind.LIST_ITEM and name(outer.element) != "li":
                        outer.kind = BlockKind.PARAGRAPH

    def _break(self) -> None:
        if self._cell:
            self._flow.text(" ")
        elif self._flow.at_line_start and self._note is None:
            self._close()
        else:
            self._flow.line()

    def _bullet(self, element: Element) -> str:
        """What is printed before an item: its number, or a bullet."""
        if not self._lists or name(self._lists[-1][0]) != "ol" or "none" in said(self._lists[-1][0], "style"):
            return "\u2022 "
        owner, before = self._lists[-1]
        told = said(element, "value")
        number = int(told) if told.isdecimal() and len(told) < 7 else before + 1
        self._lists[-1] = (owner, number)
        return f"{_numeral(number, said(owner, 'type'))}. "

    def _define(self, element: Element) -> None:
        place, number = self._notes.defined[element]
        self._flow.drop(lambda words: len(words) - len(without_label(words, number)))
        self._note = None
        self._flow.note(place, number, f"{number}. " if number[-1:].isalnum() else f"{number} ")

    def _table(self, table: Element) -> None:
        self._close()
        for id_ in ids(table):
            self._flow.anchor(self._anchor(id_))
        for caption in table.iterchildren("caption", "{*}caption"):
            self.walk(caption)
        rows, heads = cells(table, self._write_cell, self._is_passed)
        write_table(self._flow, rows, heads)

    def _write_cell(self, cell: Element) -> None:
        self._cell += 1
        self.walk(cell)
        self._cell -= 1

    def _note_in(self, table: Element) -> bool:
        """Whether notes are set as a table."""
        return any(element in self._notes.defined for element in table.iter("*"))

    def _anchor(self, id_: str) -> str:
        return where(f"#{id_}", self._file) if self._file else id_

    def _quote(self, element: Element) -> str:
        languages = (said(e, "lang")[:2] for e in (element, *element.iterancestors()))
        return _QUOTES.get(next((found for found in languages if found), "en"), "“”")


def _numeral(number: int, style: str) -> str:
    if style in ("a", "A") and 0 < number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter.upper() if style == "A" else letter
    if style in ("i", "I") and 0 < number < 400:
        numeral = roman(number)
        return numeral.upper() if style == "I" else numeral
    return str(number)


def roman(number: int) -> str:
    """A number under 4,000 in small Roman numerals."""
    signs = (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")
    numeral = ""
    for value, sign in (*signs, (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        numeral += sign * (number // value)
        number %= value
    return numeral
