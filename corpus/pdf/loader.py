"""PDF to a manuscript: pages to words, lines, columns, blocks; then what is furniture, heading, footnote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.boxes import Boxes
from corpus.errors import ScanError, UnreadableError
from corpus.manuscript import Manuscript, Note, Scribe
from corpus.pdf import metadata, scans
from corpus.pdf.body import Body, body
from corpus.pdf.headings import Entry, headings
from corpus.pdf.lines import Line, joined, pieces
from corpus.pdf.margins import margins
from corpus.pdf.notes import Definition
from corpus.pdf.paragraphs import Kind
from corpus.pdf.places import Places
from corpus.pdf.recognition import INSTALL, MOST_PAGES, Recogniser, available
from corpus.pdf.words import Sheet, sheet
from corpus.records import Block, BlockKind, Span

MAX_PAGES = 2_000  # a longer file is a collection: it can be split
_MOST_ENTRIES = 5_000  # of an outline
_UNKNOWN = 0.3  # share of characters without a meaning that makes a file unreadable
_RECOGNISE = f"; to have it recognised: {INSTALL}"
_HOPELESS = f", and none is recognised on it (at most {MOST_PAGES} pages are looked at)"
_KINDS = {Kind.TEXT: BlockKind.PARAGRAPH, Kind.ITEM: BlockKind.LIST_ITEM, Kind.TABLE: BlockKind.TABLE}
_BULLETS = "\u00b7\u2023\u25aa\u25ab\u25cf\u25cb\u25e6\u25a0\u25a1\u2043\u2219\uf0a7\uf0b7\uf0d8"


def read(data: bytes, source: str, *, recognise: bool = False) -> Manuscript:
    """The manuscript of a PDF; `recognise` the text of its pictures, too.

    Raises UnreadableError; ScanError where there is something to recognise, and somebody who can.
    """
    document = opened(data, source)
    try:
        return _Reader(document, data, source, Recogniser() if recognise else None).read()
    finally:
        document.close()


def opened(data: bytes, source: str) -> Any:
    """A PDF, opened by PDFium. Raises UnreadableError."""
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        why = {
            pdfium.FPDF_ERR_PASSWORD: "encrypted, a password is needed; save it without one",
            pdfium.FPDF_ERR_SECURITY: "protected in a way that is not supported; print it to a new PDF",
        }.get(
            getattr(error, "err_code", None),
            "a damaged PDF, its pages cannot be found; open it and save it again",
        )
        raise UnreadableError(f"{source}: {why}") from error


class _Reader:
    """Reads one document, and collects what the reader should be told of it."""

    def __init__(self, document: Any, data: bytes, source: str, recogniser: Recogniser | None) -> None:
        self._recogniser = recogniser
        self._recognised: list[int] = []
        self._document = document
        self._data = data
        self._source = source
        self._doubts: list[str] = []
        self._places = Places()

    def read(self) -> Manuscript:
        count = len(self._document)
        if not 0 < count <= MAX_PAGES:
            raise self._refusal(f"{count:,} pages, but 1 to {MAX_PAGES:,} are read; split the file")
        sheets = list(map(self._sheet, range(count)))
        self._check(sheets)
        pages = [pieces(page.words) for page in sheets]
        size = _body_size(line for page in pages for line in page)
        told = [self._document.get_page_label(i) or None for i in range(count)]
        found = margins([joined(page) for page in pages], [page.height for page in sheets], told, size)
        inside = body(pages, found.furniture, size)
        return self._written(sheets, found.furniture, self._labels(found.labels, told), inside, size)

    def _refusal(self, why: str) -> UnreadableError:
        return UnreadableError(f"{self._source}: {why}")

    def _sheet(self, i: int) -> Sheet:
        try:
            page = self._document[i]
        except pypdfium2.PdfiumError:
            self._doubts.append(f"{_numbered([i])} cannot be read: damaged")
            return Sheet([], [], 0, 0, 612.0, 792.0)
        found = sheet(page, shadows=False)
        if not found.words and scans.is_picture(page):  # what a scanner recognised lies behind the picture
            found = sheet(page, shadows=True)._replace(picture=True)
            if not found.words and self._recogniser:
                found = found._replace(words=self._recogniser.words(page))
                self._recognised.append(i)
        page.close()
        return found

    def _check(self, sheets: Sequence[Sheet]) -> None:
        """Raise UnreadableError where there is no text to read; else say what is missing."""
        pictures = [i for i, found in enumerate(sheets) if found.picture and not found.words]
        are = f"{_numbered(pictures)} {'is a picture' if len(pictures) == 1 else 'are pictures'} without text"
        if pictures and not self._recogniser and available() and len(pictures) <= MOST_PAGES:
            raise ScanError(f"{self._source}: {are}", len(pictures))
        if not any(found.words for found in sheets):
            if pictures:
                raise self._refusal(
                    f"{are} (a scan){_HOPELESS if self._recogniser or available() else _RECOGNISE}"
                )
            raise self._refusal(f"no text on its {len(sheets):,} pages; there is nothing to add")
        characters = sum(len(word.text) for found in sheets for word in found.words)
        unknown = sum(found.unknown for found in sheets)
        if unknown > _UNKNOWN * characters:
            raise self._refusal(
                f"its fonts do not say which letters they draw ({unknown:,} of {characters:,} characters); "
                "print it to a new PDF"
            )
        if pictures:
            self._doubts.append(f"{are}: not read{'' if available() else _RECOGNISE}")
        if self._recognised:
            self._doubts.append(
                f"{_numbered(self._recognised)} recognised from pictures: letters may be wrong"
            )
        if unknown:
            self._doubts.append(f"{unknown:,} characters whose letters the file does not tell")
        if hidden := sum(found.hidden for found in sheets):
            self._doubts.append(
                f"{hidden:,} characters that nobody sees on the page (invisible, or beside it): left out"
            )

    def _labels(self, printed: Sequence[str | None], told: Sequence[str | None]) -> list[str | None]:
        """The numbers printed on the pages; where none is, what the file says, if it agrees elsewhere."""
        if any(own != name for own, name in zip(printed, told, strict=True) if own and name):
            self._doubts.append(
                "the file numbers its pages otherwise than they are printed: what is printed counts"
            )
            return list(printed)
        return [own or name for own, name in zip(printed, told, strict=True)]

    def _written(
        self,
        sheets: Sequence[Sheet],
        furniture: Sequence[Sequence[Line]],
        labels: Sequence[str | None],
        inside: Body,
        size: float,
    ) -> Manuscript:
        heads = headings(inside.blocks, size, list(self._outline()))
        scribe, places = Scribe(), self._places
        titled: Span | None = None
        stand: dict[int, list[Span]] = {}  # by id of a note, its parts
        ahead = 0
        for page, (found, rows, label) in enumerate(zip(sheets, furniture, labels, strict=True)):
            scribe.page(label)
            above, below = _sides(rows, found.height)
            for row in above:
                places.put(page, scribe.furniture(row.text), [row])
            while ahead < len(inside.blocks) and inside.blocks[ahead].page == page:
                block = inside.blocks[ahead]
                kind = BlockKind.HEADING if ahead in heads.levels else _KINDS[block.kind]
                span = scribe.block(kind, _text(block.lines), heads.levels.get(ahead, 0))
                places.put(page, span, block.lines)
                titled = span if ahead == heads.title else titled
                ahead += 1
            for note, lines in _notes_on(page, inside.notes):
                span = scribe.block(BlockKind.FOOTNOTE, _text(lines), number=note.number)
                places.put(page, span, lines)
                stand.setdefault(id(note), []).append(span)
            for row in below:
                places.put(page, scribe.furniture(row.text), [row])
            if found.sideways:
                scribe.furniture(" ".join(word.text for word in found.sideways))
        made = scribe.finish()
        notes = tuple(self._note(note, stand[id(note)]) for note in inside.notes)
        record, doubts = metadata.record(made, titled, metadata.claims(self._information(), self._data))
        return replace(
            made,
            blocks=tuple(_with_rest(made.blocks, notes)),
            notes=notes,
            record=record,
            boxes=Boxes(places.lines(), tuple((round(s.width, 1), round(s.height, 1)) for s in sheets)),
            doubts=(*self._doubts, *doubts),
        )

    def _note(self, note: Definition, spans: Sequence[Span]) -> Note:
        first, *rest = spans
        marked: tuple[Span, ...] = ()
        if note.mark:
            start = self._places.start(note.mark.word)
            marked = (Span(start + note.mark.start, start + note.mark.end),)
        return Note(note.number, first, Span(first.start + note.label, first.end), marked, tuple(rest))

    def _outline(self) -> Iterator[Entry]:
        try:
            for n, mark in enumerate(self._document.get_toc(max_depth=6)):
                if n >= _MOST_ENTRIES:
                    return
                target = mark.get_dest()
                page = target.get_index() if target else None
                title = " ".join(mark.get_title().split())
                if page is not None and title:
                    yield Entry(title, page, mark.level)
        except (pypdfium2.PdfiumError, ValueError):
            self._doubts.append("its outline is damaged: not used")

    def _information(self) -> dict[str, str]:
        try:
            return dict(self._document.get_metadata_dict())
        except (pypdfium2.PdfiumError, UnicodeDecodeError):
            return {}


def _notes_on(page: int, notes: Iterable[Definition]) -> Iterator[tuple[Definition, list[Line]]]:
    return ((note, lines) for note in notes for at, lines in note.places if at == page)


def _body_size(lines: Iterable[Line]) -> float:
    """The size that most letters have, in points."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return max(sizes, key=lambda size: sizes[size], default=10.0)


def _text(lines: Sequence[Line]) -> str:
    """Lines as they are written; every bullet is one that reads as nothing."""
    text = "\n".join(line.text for line in lines)
    return "\u2022" + text[1:] if text[0] in _BULLETS else text


def _sides(rows: Sequence[Line], height: float) -> tuple[list[Line], list[Line]]:
    """Furniture at the head and at the foot of a page, from top to bottom."""
    ordered = sorted(rows, key=lambda row: row.base)
    return [r for r in ordered if r.base < height / 2], [r for r in ordered if r.base >= height / 2]


def _with_rest(blocks: Sequence[Block], notes: Sequence[Note]) -> Iterator[Block]:
    """The blocks, those of a note that goes on as one."""
    rest = {note.span: note.rest for note in notes if note.rest}
    taken = {span for spans in rest.values() for span in spans}
    for block in blocks:
        if block.span not in taken:
            yield replace(block, rest=rest.get(block.span, ()))


def _numbered(pages: Sequence[int]) -> str:
    """`page 3`, `pages 3-5, 9`: as readers of PDF count them."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    told = ", ".join(f"{run[0] + 1}-{run[-1] + 1}" if len(run) > 1 else f"{run[0] + 1}" for run in runs)
    return f"{'page' if len(pages) == 1 else 'pages'} {told}"
