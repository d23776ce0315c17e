"""Documents of known structure come back whole from every format that they are written in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path

import pytest

from corpus.invariants import verify
from corpus.load import load, reading
from corpus.media import PLAIN, told
from corpus.passages import split
from corpus.records import BlockKind, Document
from corpus.structure.titles import key
from corpus.testing import Text
from corpus.testing_markup import as_book, as_page, as_word
from corpus.testing_office import as_mail, as_odt, as_rtf, as_slides, by_pandoc
from corpus.units import TokenCounter

SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"
SHARED = Path(__file__).parents[3] / "shared" / "corpus"
SAMPLED = sorted(p.name for p in SAMPLES.glob("*.*") if p.suffix in (".md", ".txt"))
Render = Callable[[Sequence[Text], Mapping[str, str]], bytes]
RENDERERS: dict[str, Render] = {
    "page.html": as_page,
    "report.docx": as_word,
    "book.epub": as_book,
    "report.odt": as_odt,
    "pandoc.odt": partial(by_pandoc, "odt"),
    "report.rtf": as_rtf,
    "pandoc.rtf": partial(by_pandoc, "rtf"),
}
_CALL = re.compile(r"\[\^\w+\]")


def as_known(document: Document) -> tuple[list[Text], dict[str, str]]:
    """The blocks and notes of a document that was read as text, as they would be written anew."""
    names = {note.span: f"{n + 1}" for n, note in enumerate(document.structure.footnotes)}
    marks = sorted((m, names[note.span]) for note in document.structure.footnotes for m in note.markers)
    depth = {section.heading: section.level for section in document.structure.sections}
    whole = reading(document)
    titled = document.structure.blocks[0].kind is BlockKind.HEADING
    blocks: list[Text] = []
    for block in document.structure.blocks:
        if block.kind is BlockKind.FOOTNOTE:
            continue
        words = ""
        for span in block.spans:
            at = span.start
            for mark, name in marks:
                if span.start <= mark.start < span.end:
                    words += whole.of(type(span)(at, mark.start)) + f"[^{name}]"
                    at = mark.end
            words += whole.of(type(span)(at, span.end)) + " "
        words = " ".join(words.split())
        kind = block.kind if block.kind in (BlockKind.HEADING, BlockKind.LIST_ITEM) else BlockKind.PARAGRAPH
        if words:
            blocks.append(Text(kind, words, min(6, depth.get(block.span, 1) + titled) if blocks else 1))
    return blocks, {names[note.span]: note.text for note in document.structure.footnotes if note.text}


def report() -> tuple[list[Text], dict[str, str]]:
    blocks = [Text(BlockKind.HEADING, "The Rivers of the North", 1)]
    notes: dict[str, str] = {}
    for n in range(1, 9):
        notes[str(n)] = f"Archive of Morava, folder {n} & letters of <that> year."
        blocks += [
            Text(BlockKind.HEADING, f"{n}. The harbours of state {n}", 2),
            Text(
                BlockKind.PARAGRAPH,
                f"In the year 19{n}4 the council met.[^{n}] It strengthened the fleet.",
            ),
            Text(BlockKind.LIST_ITEM, f"the railway of {n} states, which is listed here"),
        ]
    return _called_once(blocks), notes


def _called_once(blocks: Sequence[Text]) -> list[Text]:
    """A note is called where it is called first."""
    called: set[str] = set()

    def mark(found: re.Match[str]) -> str:
        again = found[0] in called
        called.add(found[0])
        return "" if again else found[0]

    return [Text(block.kind, _CALL.sub(mark, block.words).strip(), block.level) for block in blocks]


def words_of(texts: Sequence[str]) -> list[str]:
    return " ".join(texts).split()


def compare(blocks: Sequence[Text], notes: Mapping[str, str], made: Document) -> tuple[float, float, float]:
    """The shares of words in order, headings with their depth, and notes with their markers."""
    whole = reading(made)
    read = [
        re.sub(r"^(?:\u2022|\d+\.) ", "", whole.of(block.span))
        if block.kind is BlockKind.LIST_ITEM
        else whole.of(block.span)
        for block in made.structure.blocks
        if block.kind is not BlockKind.FOOTNOTE
    ]
    known = words_of([_CALL.sub("", block.words) for block in blocks])
    matcher = SequenceMatcher(None, known, words_of(read), autojunk=False)
    same = sum(match.size for match in matcher.get_matching_blocks()) / len(known)
    heads = [(key(b.words), b.level) for b in blocks if b.kind is BlockKind.HEADING]
    found = [(key(s.label), s.level) for s in made.structure.sections]
    right = sum(m.size for m in SequenceMatcher(None, heads, found, autojunk=False).get_matching_blocks())
    told_notes = {(n.text, len(n.markers)) for n in made.structure.footnotes}
    kept = sum((" ".join(words.split()), 1) in told_notes for words in notes.values())
    return same, right / max(len(heads), len(found), 1), kept / max(1, len(notes))


@pytest.mark.parametrize("name", RENDERERS)
def test_a_report_comes_back_whole(name: str, count: TokenCounter) -> None:
    blocks, notes = report()
    made = load(RENDERERS[name](blocks, notes), name)
    assert compare(blocks, notes, made) == (1.0, 1.0, 1.0)
    assert made.record.title == "The Rivers of the North"
    verify(made, split(made, count))


@pytest.mark.parametrize("name", RENDERERS)
@pytest.mark.parametrize("sample", SAMPLED)
def test_a_sample_comes_back_whole(sample: str, name: str, count: TokenCounter) -> None:
    known = load((SAMPLES / sample).read_bytes(), sample)
    blocks, notes = as_known(known)
    blocks = _called_once(blocks)
    data = RENDERERS[name](blocks, notes)
    assert told(data, sample) != PLAIN
    made = load(data, name)
    words, heads, kept = compare(blocks, notes, made)
    assert (words, heads, kept) >= (0.995, 0.0, 0.0)
    if any(block.kind is BlockKind.HEADING for block in blocks):
        assert heads >= 0.98
    if notes:
        assert kept >= 0.98
    verify(made, split(made, count))


def flat(blocks: Sequence[Text]) -> list[Text]:
    """The blocks as slides have them: one title, all other headings under it."""
    if blocks[0].kind is not BlockKind.HEADING:
        blocks = [Text(BlockKind.HEADING, "On Water", 1), *blocks]
    under = (replace(block, level=2) if block.level else block for block in blocks[1:])
    return [replace(blocks[0], level=1), *under]


@pytest.mark.parametrize("sample", SAMPLED)
def test_a_sample_comes_back_from_slides(sample: str, count: TokenCounter) -> None:
    known = load((SAMPLES / sample).read_bytes(), sample)
    blocks = flat(as_known(known)[0])
    made = load(as_slides(blocks), "talk.pptx")
    words, heads, _ = compare(blocks, {}, made)
    assert words >= 0.995
    assert heads >= 0.98
    assert len(made.structure.pages) == sum(block.kind is BlockKind.HEADING for block in blocks)
    verify(made, split(made, count))


@pytest.mark.parametrize("html", [False, True])
@pytest.mark.parametrize("sample", SAMPLED)
def test_a_sample_comes_back_from_a_message(sample: str, html: bool, count: TokenCounter) -> None:
    known = load((SAMPLES / sample).read_bytes(), sample)
    blocks, notes = as_known(known)
    blocks = [Text(BlockKind.HEADING, "On Water", 1), *_called_once(blocks)]
    made = load(as_mail(blocks, notes, html=html), "letter.eml")
    wrote = words_of([re.sub(r"\[\^\w+\]", "", block.words) for block in blocks])
    read = words_of([reading(made).text])
    same = SequenceMatcher(None, wrote, read, autojunk=False).get_matching_blocks()
    assert sum(match.size for match in same) >= 0.995 * len(wrote)
    assert (made.record.title, made.record.authors, made.record.date) == (
        "On Water",
        ("Ann Lee",),
        "2020-03-03",
    )
    verify(made, split(made, count))
