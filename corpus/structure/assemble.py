"""The detectors one after another, and what they found put together: one structure, one record."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from corpus.blocks import lines, place, scan
from corpus.fold import Reading, fold, is_blank
from corpus.manuscript import Manuscript
from corpus.records import Block, BlockKind, Footnote, Span, Structure, merged
from corpus.structure import bylines, contents, footnotes, headings, pages, record, turns
from corpus.structure.cuts import Cut
from corpus.structure.rows import Row, outside, rows

_PROSE = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)  # what the end of a page cuts
_FULL = 0.7  # of a paragraph's longest line: a shorter one ends on purpose


@dataclass(frozen=True, slots=True)
class Assembled:
    """The structure of a text, and of its record the fields that the text supports.

    `support` says where, and `doubts` what is not sure of a field.
    """

    structure: Structure
    fields: Mapping[str, Any]
    support: Mapping[str, Span]
    doubts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Sighted:
    """What is found before anything is read; `shown` is what is in no passage.

    `said` are the rows with the lines of a paragraph as one, where a loader knows that they are.
    """

    blocks: tuple[Block, ...]
    rows: list[Row]
    said: list[Row]
    shown: list[Span]
    tables: contents.Found
    called: footnotes.Found
    paged: pages.Found
    heads: headings.Found


def assemble(text: str, *, markdown: bool, furniture: Sequence[Span] = ()) -> Assembled:
    """What the detectors find in a text; `furniture` is what is known to be none of it.

    In Markdown, headings and footnotes are what its marks say, and pages what form feeds and numbers say.
    """
    sighted = _sighted(text, furniture, markdown=markdown)
    marks = _marks(sighted.called)
    whole = fold(text, markdown=markdown, furniture=sighted.shown, marks=marks)
    return _assembled(text, sighted, whole, markdown=markdown)


def compose(manuscript: Manuscript) -> Assembled:
    """The structure of what a loader has made: what it tells, and what the detectors find besides."""
    text = manuscript.text
    sighted = _told(manuscript)
    marks = _marks(sighted.called)
    whole = fold(text, markdown=False, literal=True, furniture=sighted.shown, marks=marks)
    return _assembled(text, sighted, whole, markdown=False)


def _sighted(text: str, furniture: Sequence[Span], *, markdown: bool) -> _Sighted:
    blocks = scan(text, markdown=markdown, furniture=furniture)
    hidden = merged([*furniture, *(block.span for block in blocks if block.kind is BlockKind.CODE)])
    all_rows = outside(rows(text), hidden)
    tables, shown = _tables(text, all_rows, furniture, markdown=markdown)
    if markdown:
        called, heads = footnotes.Found(), headings.Found()
        defined = [block.span for block in blocks if block.kind is BlockKind.FOOTNOTE]
        paged = pages.detect(text, lines(text, hidden), defined, inferred=False)
    else:
        called, paged, heads = _plain(text, all_rows, tables, furniture)
    furnished = merged([*shown, *paged.furniture])
    if is_blank(text, markdown=markdown, furniture=furnished):  # one that says the same on every page
        paged, furnished = pages.Found(), shown
    shown = furnished
    if paged.furniture:  # a page number ends a paragraph, whatever stands right above and below it
        blocks = scan(text, markdown=markdown, furniture=shown)
    if not markdown:
        blocks = place(text, blocks, _disjoint([*heads.headings, *_definitions(called, tables)]))
    return _Sighted(blocks, all_rows, all_rows, shown, tables, called, paged, heads)


def _told(manuscript: Manuscript) -> _Sighted:
    """What a loader tells; headings and footnotes are looked for where it tells none."""
    text, blocks = manuscript.text, manuscript.blocks
    code = [span for block in blocks if block.kind is BlockKind.CODE for span in block.spans]
    all_rows = outside(rows(text), merged([*manuscript.furniture, *code]))
    tables, shown = _tables(text, all_rows, manuscript.furniture, literal=True)
    blocks = tuple(_outside(text, blocks, [table.span for table in tables.contents]))
    called = footnotes.told(text, manuscript.notes)
    seen = lines(text, merged([*shown, *code]))
    found: list[Block] = []
    if not called.footnotes:
        called = footnotes.detect(text, seen)
        found += _definitions(called, tables)
    defined = sorted(span for note in called.footnotes for span in (note.span, *note.rest))
    heads = headings.Found()
    if not any(block.kind is BlockKind.HEADING for block in blocks):
        heads = headings.detect(all_rows, contents=tables.contents, hidden=[*defined, *shown])
        found += heads.headings
    blocks = place(text, blocks, _disjoint(found)) if found else blocks
    paged = pages.Found(pages.cuts(text, seen, defined), manuscript.pages)
    said = outside(rows(_unwrapped(text, blocks)), merged([*shown, *code]))
    return _Sighted(blocks, all_rows, said, shown, tables, called, paged, heads)


def _unwrapped(text: str, blocks: Iterable[Block]) -> str:
    """The text with a blank where a paragraph's line simply was full, of the same length: offsets hold."""
    parts: list[str] = []
    at = 0
    for block in sorted(blocks, key=lambda block: block.span) if "\n" in text else ():
        start, end = max(at, block.span.start), block.span.end
        if block.kind not in _PROSE or end <= start:
            continue
        wrapped = text[start:end].split("\n")
        full = _FULL * max(map(len, wrapped))
        parts.append(text[at:start])
        for line in wrapped[:-1]:
            parts += (line, " " if len(line) >= full else "\n")
        parts.append(wrapped[-1])
        at = end
    return "".join((*parts, text[at:]))


def _tables(
    text: str,
    all_rows: Sequence[Row],
    furniture: Sequence[Span],
    *,
    markdown: bool = False,
    literal: bool = False,
) -> tuple[contents.Found, list[Span]]:
    """The tables of contents, and the furniture with them."""
    tables = contents.detect(all_rows)
    shown = merged([*furniture, *(table.span for table in tables.contents)])
    if is_blank(text, markdown=markdown, literal=literal, furniture=shown):  # nothing but a table of contents
        return contents.Found(), list(furniture)
    return tables, shown


def _marks(called: footnotes.Found) -> list[Span]:
    marks = [m for note in called.footnotes for m in (*note.markers, Span(note.span.start, note.text.start))]
    return sorted(marks)


def _outside(text: str, blocks: Iterable[Block], hidden: Sequence[Span]) -> Iterator[Block]:
    """The blocks without what is hidden; of one that it cuts, what is left."""
    for block in blocks:
        cutting = [span for span in hidden if any(span.overlap(part) for part in block.spans)]
        if not cutting:
            yield block
            continue
        taken = [Block(block.kind, span) for span in cutting]
        left = (
            part for span in block.spans for part in place(text, [replace(block, span=span, rest=())], taken)
        )
        yield from (part for part in left if part.span not in cutting)


def _assembled(text: str, sighted: _Sighted, whole: Reading, *, markdown: bool) -> Assembled:
    all_rows, shown, tables = sighted.rows, sighted.shown, sighted.tables
    called, paged, heads = sighted.called, sighted.paged, sighted.heads
    blocks = tuple(block for block in sighted.blocks if _reads(text, block, whole))
    stops = [table.span for table in tables.contents] + ([heads.back] if heads.back else [])
    sections = headings.sections(blocks, whole, len(text), stops)
    signed = bylines.detect(text, all_rows, sections, tables.contents)
    printed = {byline.section: byline.span for byline in signed.bylines}
    sections = tuple(
        replace(s, authors=a, byline=printed.get(s.id)) for s, a in zip(sections, signed.authors, strict=True)
    )
    apart = [b.span for b in blocks if b.kind is BlockKind.FOOTNOTE]
    dialogue = turns.detect(text, sighted.said, [s.heading for s in sections], merged([*shown, *apart]))
    labels = [Block(BlockKind.LABEL, turn.label_span) for turn in dialogue.turns]
    if labels:
        blocks = tuple(b for b in place(text, blocks, labels) if _reads(text, b, whole))
    blocks = _joined(text, blocks, paged.breaks)
    said = record.detect(
        text,
        outside(all_rows, paged.furniture),
        contents=tables.contents,
        sections=sections,
        bylines=signed,
        turns=dialogue.turns,
    )
    structure = Structure(
        blocks=blocks,
        sections=sections,
        footnotes=footnotes.footnotes(text, blocks, whole)
        if markdown
        else _notes(called.footnotes, blocks, whole, shown),
        furniture=tuple(shown),
        notes=tuple(
            note for found in (tables, heads, called, paged, signed, dialogue) for note in found.notes
        ),
        turns=dialogue.turns,
        pages=paged.pages,
        contents=tables.contents[0].span if tables.contents else None,
        people=signed.people,
    )
    return _with_title(structure, said, markdown=markdown)


def _plain(
    text: str, all_rows: Sequence[Row], tables: contents.Found, furniture: Sequence[Span]
) -> tuple[footnotes.Found, pages.Found, headings.Found]:
    """Footnotes, then the pages that they stand on, then the headings, which are none of either."""
    all_lines = lines(text, furniture)
    called = footnotes.detect(text, all_lines)
    defined = [note.span for note in called.footnotes]
    paged = pages.detect(text, all_lines, defined)
    hidden = [*defined, *paged.furniture]
    return called, paged, headings.detect(all_rows, contents=tables.contents, hidden=hidden)


def _definitions(called: footnotes.Found, tables: contents.Found) -> list[Block]:
    """The blocks of notes; a line of a table of contents is none."""
    return [
        Block(BlockKind.FOOTNOTE, note.span, number=note.number)
        for note in called.footnotes
        if not any(table.span.overlap(note.span) for table in tables.contents)
    ]


def _notes(
    found: Sequence[footnotes.Footnote], blocks: Sequence[Block], whole: Reading, shown: Sequence[Span]
) -> tuple[Footnote, ...]:
    """The notes that became blocks, with the markers that are read."""
    defined = {block.span for block in blocks if block.kind is BlockKind.FOOTNOTE}
    kept = [i for i, note in enumerate(found) if note.span in defined]
    place_of = {i: n for n, i in enumerate(kept)}
    return tuple(
        Footnote(
            number=found[i].number,
            text=" ".join(whole.of(span).strip() for span in (found[i].text, *found[i].rest)),
            span=found[i].span,
            body=found[i].text,
            markers=tuple(m for m in found[i].markers if not any(m.overlap(span) for span in shown)),
            refers_to=place_of.get(before) if (before := found[i].refers_to) is not None else None,
        )
        for i in kept
    )


def _with_title(structure: Structure, said: record.Found, *, markdown: bool) -> Assembled:
    """A heading that opens the text before anything else names the document; in Markdown it comes first.

    Other words name it only where more words follow.
    """
    fields, support = dict(said.csl), dict(said.support)
    if "title" in support and not any(b.span.start >= support["title"].end for b in structure.blocks):
        del fields["title"], support["title"]
    opens = bool(structure.blocks) and structure.blocks[0].kind is BlockKind.HEADING
    if opens and structure.sections[0].level == 1 and (markdown or "title" not in fields):
        fields["title"], support["title"] = structure.sections[0].title, structure.sections[0].heading
    return Assembled(structure, MappingProxyType(fields), MappingProxyType(support), said.doubts)


def _joined(text: str, blocks: Sequence[Block], breaks: Iterable[pages.PageBreak]) -> tuple[Block, ...]:
    """The blocks, paragraphs that the end of a page cuts as one; only where both parts are whole blocks."""
    follows: dict[int, int] = {}
    for found in breaks:
        if found.cuts is not Cut.NONE:
            before, after = _block_at(blocks, found.start - 1), _block_at(blocks, found.end)
            ends = not text[found.start : blocks[before].span.end].strip()
            begins = not text[blocks[after].span.start : found.end].strip()
            paragraph = blocks[after].kind is BlockKind.PARAGRAPH
            if before != after and ends and begins and paragraph and blocks[before].kind in _PROSE:
                follows[before] = after
    taken = set(follows.values())
    joined: list[Block] = []
    for i, block in enumerate(blocks):
        if i not in taken:
            rest: list[Span] = []
            while (i := follows.get(i, -1)) >= 0:
                rest.append(blocks[i].span)
            joined.append(replace(block, rest=tuple(rest)) if rest else block)
    return tuple(joined)


def _block_at(blocks: Sequence[Block], offset: int) -> int:
    return max(0, bisect_right(blocks, offset, key=lambda block: block.span.start) - 1)


def _reads(text: str, block: Block, whole: Reading) -> bool:
    """Whether anything of a block is left to read; a note stays one that says nothing: its label is none."""
    if block.kind is BlockKind.FOOTNOTE:
        return True
    start, end = block.span.start, block.span.end
    if text[start].isalpha() and whole.position(start) < whole.end(start + 1):
        return True
    return bool(whole.of(Span(start, end)).strip())


def _disjoint(blocks: Iterable[Block]) -> list[Block]:
    """Blocks in order; of two that overlap the first counts."""
    kept: list[Block] = []
    for block in sorted(blocks, key=lambda block: block.span):
        if not kept or kept[-1].span.end <= block.span.start:
            kept.append(block)
    return kept
