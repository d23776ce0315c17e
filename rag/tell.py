"""Claims told from the structure of documents: who wrote a part, what a note says, who said a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.records import Record
from index.reader import Snapshot
from rag.asked import Asked
from rag.extract import Extract
from rag.lead import STRUCTURE
from rag.records import RankedPassage, Ranking


def told(ranking: Ranking, wants: Asked) -> list[Extract]:
    """What structure alone answers: the author of the part that was asked about, the notes of a number."""
    led = [ranked for ranked in ranking.passages if STRUCTURE in ranked.signals]
    if not led or led[0].rank > 1:
        return []
    first = led[0].stored.passage
    if first.signs and not wants.notes:
        authors = _listed(first.locator.section_authors)
        return [Extract(led[0], *first.signs, 1.0, f"“{first.locator.section[-1]}” is by {authors}.")]
    notes = [ranked for ranked in led if ranked.stored.passage.note]
    several = len({ranked.stored.document_id for ranked in notes}) > 1
    return [_note(ranked, _of(ranked) if several else "") for ranked in notes]


def with_provenance(extracts: Sequence[Extract], index: Snapshot, wants: Asked) -> list[Extract]:
    """Sentences with what was asked about their place: their speakers, the notes that back them."""
    if wants.source and extracts:
        return list(_backed(extracts, index))
    if wants.who:
        return [_said(extract) for extract in extracts]
    return list(extracts)


def _note(ranked: RankedPassage, of: str = "") -> Extract:
    passage = ranked.stored.passage
    return Extract(ranked, 0, len(passage.text), 1.0, f"Note {passage.note}{of}: {passage.text}")


def _of(ranked: RankedPassage) -> str:
    """Which document's: several have a note of one number."""
    return f" of “{Record(ranked.stored.record).title or ranked.stored.source}”"


def _said(extract: Extract) -> Extract:
    speaker = extract.ranked.stored.passage.locator.speaker
    return replace(extract, told=f"{speaker}: {extract.text}") if speaker else extract


def _backed(extracts: Sequence[Extract], index: Snapshot) -> Iterator[Extract]:
    """The first sentence that calls notes, with these; all sentences where none does."""
    for extract in extracts:
        stored = extract.ranked.stored
        called = [n for n in stored.passage.locator.footnotes if n.at and extract.start < n.at <= extract.end]
        if notes := index.defining(stored, called):
            yield extract
            yield from (_note(replace(extract.ranked, stored=note)) for note in notes)
            return
    yield from extracts


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
