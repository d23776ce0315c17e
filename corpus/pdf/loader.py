"""PDF to a manuscript: pages to words, lines, columns, blocks; then what is furniture, heading, footnote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from corpus import boxes
from corpus.errors import UnreadableError
from corpus.manuscript import Manuscript, Note, Scribe
from corpus.pdf import scans
from corpus.pdf.columns import edges, flows
from corpus.pdf.headings import Entry, headings
from corpus.pdf.lines import Line, joined, pieces
from corpus.pdf.margins import Margins, margins
from corpus.pdf.metadata import Claims, believed_authors, believed_title, claims
from corpus.pdf.notes import Definition, linked, marks, parted
from corpus.pdf.paragraphs import Kind, Paragraph, goes_on, paragraphs, pitches
from corpus.pdf.words import Sheet, Word, sheet
from corpus.records import BlockKind, Record, Span
from corpus.structure.casing import Casing

MAX_PAGES = 2_000  # a longer file is a collection: it can be split
_FRONT_PAGES = 3  # pages in which a title or an author must stand
_OUTLINE = 5_000  # entries
_UNKNOWN = 0.3  # share of characters without a meaning that makes a file unreadable
_KINDS = {Kind.TEXT: BlockKind.PARAGRAPH, Kind.ITEM: BlockKind.LIST_ITEM, Kind.TABLE: BlockKind.TABLE}
_BULLETS = "\u00b7\u2023\u25aa\u25ab\u25cf\u25cb\u25e6\u25a0\u25a1\u2043\u2219\uf0a7\uf0b7\uf0d8"


@dataclass(slots=True)
class _Body:
    """The body of a document: its blocks in reading order, and the notes that its pages hold."""

    blocks: list[Paragraph]
    notes: list[Definition]


def read(data: bytes, source: str) -> Manuscript:
    """The manuscript of a PDF. Raises UnreadableError."""
    document = opened(data, source)
    try:
        return _Reader(document, data, source).read()
    finally:
        document.close()


def opened(data: bytes, source: str) -> Any:
    """A PDF, opened by PDFium. Raises UnreadableError."""
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code == pdfium.FPDF_ERR_PASSWORD:
            raise UnreadableError(
                f"{source}: encrypted, a password is needed; save it without one"
            ) from error
        if code == pdfium.FPDF_ERR_SECURITY:
            raise UnreadableError(
                f"{source}: protected in a way that is not supported; print it to a new PDF"
            ) from error
        raise UnreadableError(
            f"{source}: a damaged PDF, its pages cannot be found; open it and save it again"
        ) from error


class _Reader:
    """Reads one document; holds what its pages say together."""

    def __init__(self, document: Any, data: bytes, source: str) -> None:
        self._document = document
        self._source = source
        self._data = data
        self._doubts: list[str] = []
        self._places: dict[int, tuple[int, int]] = {}  # by id of a word, where it stands in the text

    def read(self) -> Manuscript:
        count = len(self._document)
        if not 0 < count <= MAX_PAGES:
            raise UnreadableError(
                f"{self._source}: {count:,} pages, but 1 to {MAX_PAGES:,} are read; split the file"
            )
        sheets = self._sheets(count)
        self._check(sheets)
        cut = [pieces(page.words) for page in sheets]
        size = _body_size(line for page in cut for line in page)
        found = margins([joined(page) for page in cut], [page.height for page in sheets], size)
        body = self._body(cut, found, size)
        return self._written(sheets, found, body, size)

    def _sheets(self, count: int) -> list[Sheet]:
        sheets: list[Sheet] = []
        broken: list[int] = []
        for i in range(count):
            try:
                page = self._document[i]
            except pypdfium2.PdfiumError:
                broken.append(i)
                sheets.append(Sheet([], [], 0, 0, 612.0, 792.0))
                continue
            found = sheet(page, shadows=False)
            if found.hidden and not found.words and scans.is_picture(page):
                found = sheet(page, shadows=True)
            sheets.append(found)
            page.close()
        if broken:
            self._doubts.append(f"{_numbered(broken)} cannot be read: damaged")
        return sheets

    def _check(self, sheets: Sequence[Sheet]) -> None:
        """Raise UnreadableError where there is no text to read, and say what is missing where there is some."""
        pictures = [
            i for i, found in enumerate(sheets) if not found.words and scans.is_picture(self._document[i])
        ]
        words = sum(len(found.words) for found in sheets)
        if not words and pictures:
            raise UnreadableError(
                f"{self._source}: {_numbered(pictures)} {'is a picture' if len(pictures) == 1 else 'are pictures'} "
                "without text (a scan); recognise its text with an OCR program first"
            )
        if not words:
            raise UnreadableError(
                f"{self._source}: no text on its {len(sheets):,} pages; there is nothing to add"
            )
        characters = sum(len(word.text) for found in sheets for word in found.words)
        unknown = sum(found.unknown for found in sheets)
        if unknown > _UNKNOWN * characters:
            raise UnreadableError(
                f"{self._source}: its fonts do not say which letters they draw ({unknown:,} of {characters:,} "
                "characters unknown); print it to a new PDF, or recognise its text with an OCR program"
            )
        if pictures:
            self._doubts.append(f"{_numbered(pictures)} without text (pictures): not read")
        if unknown:
            self._doubts.append(f"{unknown:,} characters whose letters the file does not tell")
        if hidden := sum(found.hidden for found in sheets):
            self._doubts.append(
                f"{hidden:,} characters that nobody sees on the page (invisible, or beside it): left out"
            )

    def _body(self, cut: Sequence[Sequence[Line]], found: Margins, size: float) -> _Body:
        columns: list[list[list[Line]]] = []
        hints = sorted({round(edge) for page in cut for edge in edges(page)})
        for page, rows in zip(cut, found.furniture, strict=True):
            taken = {id(word) for row in rows for word in row.words}
            kept = [piece for piece in page if id(piece.words[0]) not in taken]
            columns.append([joined(flow) for flow in flows(kept, hints)])
        notes: list[Definition] = []
        bodies: list[list[list[Line]]] = []
        called = []
        for i, page_columns in enumerate(columns):
            bodies.append([])
            for lines in page_columns:
                part = parted(i, lines, size)
                if part.lead and notes and notes[-1].page == i - 1 and part.notes:
                    notes[-1].rest.append((i, part.lead))
                    own = part.body
                else:
                    own = [*part.body, *part.lead]
                notes += part.notes
                bodies[-1].append(own)
                called += marks(i, own)
        kept_notes = linked(notes, called)
        kept_ids = {id(note) for note in kept_notes}
        for note in notes:  # small print that no mark calls is text like any other
            if id(note) not in kept_ids:
                for page, lines in [(note.page, note.lines), *note.rest]:
                    bodies[page].append(list(lines))
        pitch = pitches(lines for page in bodies for lines in page)
        blocks: list[Paragraph] = []
        for i, page_bodies in enumerate(bodies):
            before = len(blocks)
            for lines in page_bodies:
                own_blocks = paragraphs(i, lines, pitch)
                if len(blocks) > before and own_blocks and goes_on(blocks[-1], own_blocks[0]):
                    blocks[-1].lines += own_blocks.pop(0).lines
                blocks += own_blocks
        return _Body(blocks, kept_notes)

    def _written(self, sheets: Sequence[Sheet], found: Margins, body: _Body, size: float) -> Manuscript:
        labels = self._labels(found.labels)
        heads = headings(body.blocks, size, list(self._outline()))
        scribe = Scribe()
        spans: dict[int, Span] = {}  # by index of a block
        stand: dict[int, list[Span]] = {}  # by id of a note
        for page, label in enumerate(labels):
            scribe.page(label)
            heads_of, feet = _sides(found.furniture[page], sheets[page].height)
            for row in heads_of:
                self._place(scribe.furniture(_text([row])).start, [row])
            for i, block in enumerate(body.blocks):
                if block.page == page:
                    kind = BlockKind.HEADING if i in heads.levels else _KINDS[block.kind]
                    spans[i] = scribe.block(kind, _text(block.lines), heads.levels.get(i, 0))
                    self._place(spans[i].start, block.lines)
            for note in body.notes:
                for at, lines in [(note.page, note.lines), *note.rest]:
                    if at == page:
                        span = scribe.block(BlockKind.FOOTNOTE, _text(lines), number=note.number)
                        self._place(span.start, lines)
                        stand.setdefault(id(note), []).append(span)
            for row in feet:
                self._place(scribe.furniture(_text([row])).start, [row])
            for text in _aside(sheets[page].sideways):
                scribe.furniture(text)
        made = scribe.finish()
        notes = tuple(self._note(note, stand[id(note)]) for note in body.notes)
        return replace(
            made,
            blocks=tuple(_with_rest(made.blocks, notes)),
            notes=notes,
            record=self._record(made, spans.get(heads.title) if heads.title is not None else None),
            boxes=self._boxes(sheets, found, body),
            doubts=tuple(self._doubts),
        )

    def _place(self, start: int, lines: Iterable[Line]) -> None:
        """Keep where the words of lines stand that were written at an offset."""
        at = start
        for n, line in enumerate(lines):
            at += n > 0
            for space, word in zip(line.spaces, line.words, strict=True):
                at += len(space)
                self._places[id(word)] = (at, at + len(word.text))
                at += len(word.text)

    def _note(self, note: Definition, spans: Sequence[Span]) -> Note:
        first, *rest = spans
        marked: tuple[Span, ...] = ()
        if note.mark:
            start, _ = self._places[id(note.mark.word)]
            marked = (Span(start + note.mark.start, start + note.mark.end),)
        return Note(note.number, first, Span(first.start + note.label, first.end), marked, tuple(rest))

    def _labels(self, printed: Sequence[str | None]) -> list[str | None]:
        """The numbers printed on the pages; where none is, what the file calls the page, if it agrees elsewhere."""
        named = [self._document.get_page_label(i) or None for i in range(len(printed))]
        both = [(own, name) for own, name in zip(printed, named, strict=True) if own and name]
        if any(own != name for own, name in both):
            self._doubts.append(
                "the file numbers its pages otherwise than they are printed: what is printed counts"
            )
            return list(printed)
        return [own or name for own, name in zip(printed, named, strict=True)]

    def _outline(self) -> Iterator[Entry]:
        try:
            for n, mark in enumerate(self._document.get_toc(max_depth=6)):
                if n >= _OUTLINE:
                    return
                target = mark.get_dest()
                page = target.get_index() if target else None
                title = " ".join(mark.get_title().split())
                if page is not None and title:
                    yield Entry(title, page, mark.level)
        except (pypdfium2.PdfiumError, ValueError):
            self._doubts.append("its outline is damaged: not used")

    def _record(self, made: Manuscript, titled: Span | None) -> Record:
        end = made.pages[min(_FRONT_PAGES, len(made.pages)) - 1].end
        front = made.text[:end]
        claimed = self._claims()
        csl: dict[str, Any] = {}
        support: dict[str, Span] = {}
        title = believed_title(claimed, front)
        if titled:
            printed = " ".join(made.text[titled.start : titled.end].split())
            csl["title"], support["title"] = Casing(made.text).cased(printed), titled
        elif title:
            csl["title"] = title
            if (at := front.find(title)) >= 0:
                support["title"] = Span(at, at + len(title))
        elif claimed.titles:
            self._doubts.append(
                f"the file calls itself {claimed.titles[0]!r}, which its text does not say: not used"
            )
        if names := believed_authors(claimed, front):
            csl["author"] = [{"literal": name} for name in names]
            if (at := front.find(names[0])) >= 0:
                support["author"] = Span(at, at + len(names[0]))
        return Record(csl, support)

    def _claims(self) -> Claims:
        try:
            info: Mapping[str, str] = self._document.get_metadata_dict()
        except (pypdfium2.PdfiumError, UnicodeDecodeError):
            info = {}
        return claims(info, self._data)

    def _boxes(self, sheets: Sequence[Sheet], found: Margins, body: _Body) -> boxes.Boxes:
        lines = [
            *((page, row) for page, rows in enumerate(found.furniture) for row in rows),
            *((page, line) for block in body.blocks for page, line in _paged(block)),
            *((note.page, line) for note in body.notes for line in note.lines),
            *((page, line) for note in body.notes for page, rest in note.rest for line in rest),
        ]
        made = [
            boxes.Line(
                page,
                round(line.top, 1),
                round(line.bottom, 1),
                tuple((*self._places[id(w)], round(w.left, 1), round(w.right, 1)) for w in line.words),
            )
            for page, line in lines
        ]
        made.sort(key=lambda line: line.start)
        return boxes.Boxes(tuple(made), tuple((round(s.width, 1), round(s.height, 1)) for s in sheets))


def _paged(block: Paragraph) -> Iterator[tuple[int, Line]]:
    return ((block.page, line) for line in block.lines)


def _body_size(lines: Iterable[Line]) -> float:
    """The size that most letters have, in points."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return max(sizes, key=lambda size: sizes[size], default=10.0)


def _text(lines: Sequence[Line]) -> str:
    text = "\n".join(line.text for line in lines)
    return "\u2022" + text[1:] if text[0] in _BULLETS else text


def _sides(rows: Sequence[Line], height: float) -> tuple[list[Line], list[Line]]:
    """Furniture at the head and at the foot of a page, from top to bottom."""
    ordered = sorted(rows, key=lambda row: row.base)
    return [r for r in ordered if r.base < height / 2], [r for r in ordered if r.base >= height / 2]


def _aside(words: Sequence[Word]) -> Iterator[str]:
    if words:
        yield " ".join(word.text for word in words)


def _with_rest(blocks: Sequence[Any], notes: Sequence[Note]) -> Iterator[Any]:
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
