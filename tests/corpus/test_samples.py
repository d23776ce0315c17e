"""The sample documents: each is what a newcomer should meet."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from corpus.invariants import verify
from corpus.load import load
from corpus.passages import PassageConfig, split
from corpus.records import BlockKind, Document, Role
from corpus.sources import FileSource, Selection, walk_folder
from corpus.structure.note_labels import SUPERSCRIPTS
from corpus.units import TokenCounter
from index.encoder import SentenceEncoder

FILES = list(walk_folder(Path(__file__).parents[2] / "corpus" / "samples", Selection()))
_NUMBER = {".md": re.compile(r"\[\^[^\]]+\]"), ".txt": re.compile(rf"\[\d+\]|[{SUPERSCRIPTS}]+")}  # of a note


@pytest.fixture(params=FILES, ids=[file.name for file in FILES])
def document(request: pytest.FixtureRequest) -> Document:
    file: FileSource = request.param
    source = file.read()
    return load(source.data, source.name, source.metadata)


def test_there_are_fifteen_of_both_kinds() -> None:
    assert len(FILES) == 15
    assert {file.path.suffix for file in FILES} == {".md", ".txt"}


def test_every_sample_splits_and_verifies(document: Document, count: TokenCounter) -> None:
    passages = split(document, count)
    verify(document, passages)
    assert len(passages) > 5


def test_the_encoder_reads_every_passage_whole(document: Document, encoder: SentenceEncoder) -> None:
    """With the real encoder's word pieces: nothing is cut off, and two special tokens have room."""
    config = PassageConfig()
    passages = split(document, encoder.count_tokens, config)
    assert max(encoder.count_tokens([passage.text for passage in passages])) <= config.max_tokens
    assert (
        max(encoder.count_tokens([passage.embedded for passage in passages]))
        <= encoder.identity.max_tokens - 2
    )


def test_every_sample_has_a_title_sections_and_the_right_length(document: Document) -> None:
    assert document.record.title
    assert len(document.structure.sections) > 2
    assert 600 <= len(document.text.split()) <= 2_000
    assert document.structure.notes == ()


def test_every_footnote_is_linked_both_ways(document: Document, count: TokenCounter) -> None:
    notes = document.structure.footnotes
    written = {match.start() for match in _NUMBER[Path(document.source).suffix].finditer(document.text)}
    assert written == {span.start for note in notes for span in (note.span, *note.markers)}
    assert all(note.markers for note in notes)
    linked = Counter(
        (note.number, note.text) for passage in split(document, count) for note in passage.locator.footnotes
    )
    assert all(linked[note.number, note.text] > 1 for note in notes)
    defined = [block for block in document.structure.blocks if block.kind is BlockKind.FOOTNOTE]
    assert len(defined) == len(notes)


def test_the_samples_use_all_of_what_is_known_of_structure() -> None:
    """Authors of parts, speakers with roles, `Ibid.`, numbering that restarts, printed pages, contents."""
    structures = [load(source.data, source.name).structure for source in (file.read() for file in FILES)]
    assert any(section.authors for made in structures for section in made.sections)
    assert {turn.role for made in structures for turn in made.turns} >= set(Role)
    assert any(note.refers_to is not None for made in structures for note in made.footnotes)
    assert any([note.number for note in made.footnotes].count("1") > 1 for made in structures)
    assert any(page.label for made in structures for page in made.pages)
    assert any(made.contents for made in structures)
