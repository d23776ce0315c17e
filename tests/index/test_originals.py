"""Files that are no text: kept with what was read of them, so that a canonical text never changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from corpus.errors import UnreadableError
from corpus.manuscript import Manuscript, Scribe
from corpus.records import BlockKind
from corpus.sources import Source
from index.errors import NotFoundError
from index.ingest import Ingest
from index.plan import Change, Outcome

if TYPE_CHECKING:
    from tests.index.conftest import Desk

FILE = b"%PDF-1.7 of rivers"
OTHER = b"%PDF-1.7 that hangs"


class Loader:
    """Reads every file as the same page, counts how often, and refuses one of them."""

    def __init__(self, words: str = "The pact was signed in Morava.") -> None:
        self.words = words
        self.read: list[str] = []

    def __call__(self, data: bytes, source: str, kind: str) -> Manuscript:
        self.read.append(f"{source} ({kind})")
        if data == OTHER:
            raise UnreadableError(f"{source}: its parser was not done after 30 s")
        scribe = Scribe()
        scribe.page("7")
        scribe.block(BlockKind.PARAGRAPH, self.words)
        return replace(scribe.finish(), doubts=("page 2 without text",))


def add(desk: Desk, loader: Loader, *sources: Source, recipe: str = "") -> list[Outcome]:
    with Ingest(desk.data, lambda: desk.encoder, recipe=recipe, parse=loader) as ingest:
        return ingest.add(sources)


def test_a_file_that_is_no_text_is_read_by_its_loader_and_kept(desk: Desk) -> None:
    loader = Loader()
    (outcome,) = add(desk, loader, Source("rivers.txt", FILE))
    assert (outcome.change, outcome.passages, outcome.notes) == (Change.ADDED, 1, ("page 2 without text",))
    assert loader.read == ["rivers.txt (application/pdf)"]
    store = desk.reader().store
    stored = store.document(outcome.document_id or "").document
    assert (stored.media_type, stored.text) == ("application/pdf", loader.words)
    assert store.file(stored.version) == FILE
    made = store.manuscript(stored.version)
    assert made
    assert (made.text, made.pages) == (loader.words, stored.structure.pages)


def test_a_text_has_no_file_beside_it(desk: Desk) -> None:
    (outcome,) = add(desk, Loader(), Source("a.txt", b"The pact was signed."))
    store = desk.reader().store
    version = store.document(outcome.document_id or "").document.version
    assert store.manuscript(version) is None
    with pytest.raises(NotFoundError, match="is not kept: its text is all of it"):
        store.file(version)


def test_a_canonical_text_stays_whatever_a_newer_loader_would_make_of_its_file(desk: Desk) -> None:
    (first,) = add(desk, Loader(), Source("a.pdf", FILE))
    newer = Loader("Another text.")
    (outcome,) = add(desk, newer, Source("a.pdf", FILE, document_id=first.document_id), recipe="newer")
    assert (outcome.change, newer.read) == (Change.CHANGED, [])
    assert desk.texts() == {"a.pdf": "The pact was signed in Morava."}


def test_what_was_read_as_text_stays_text(desk: Desk) -> None:
    (first,) = add(desk, Loader(), Source("a.pdf", FILE, media_type="text/plain"))
    loader = Loader()
    (outcome,) = add(desk, loader, Source("a.pdf", FILE, document_id=first.document_id))
    assert (outcome.change, loader.read, desk.texts()) == (Change.CHANGED, [], {"a.pdf": FILE.decode()})


def test_a_removed_document_leaves_nothing_of_its_file(desk: Desk) -> None:
    (outcome,) = add(desk, Loader(), Source("a.pdf", FILE))
    desk.remove(outcome.document_id or "")
    with desk.writer() as ingest:
        assert ingest.store.rows("SELECT COUNT(*) FROM originals") == [(0,)]


def test_a_file_that_its_parser_does_not_survive_is_refused_and_the_others_are_added(desk: Desk) -> None:
    sources = [Source("bad.pdf", OTHER), Source("good.pdf", FILE), Source("c.txt", b"Good, too.")]
    outcomes = add(desk, Loader(), *sources)
    assert [(o.source, o.change, o.detail) for o in outcomes] == [
        ("bad.pdf", Change.REFUSED, "bad.pdf: its parser was not done after 30 s"),
        ("good.pdf", Change.ADDED, None),
        ("c.txt", Change.ADDED, None),
    ]
    assert set(desk.texts()) == {"good.pdf", "c.txt"}


def test_a_file_of_no_bytes_is_refused(desk: Desk) -> None:
    (outcome,) = add(desk, Loader(), Source("a.pdf", b""))
    assert outcome.detail == "a.pdf: the file is empty; there is nothing to add"
