"""Claims told from the structure of documents: who wrote a part, what a note says, who said a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.records import Record
from index.reader import Snapshot
from index.records import StoredPassage
from rag.asked import Asked
from rag.extract import Extract
from rag.lead import STRUCTURE
from rag.recorded import listed
from rag.records import RankedPassage, Ranking

_SAYS = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|tells?|told|speak\w*|spoke|talk\w*|ask(?:s|ed)?|argu\w+|claim\w*|think\w*|thought"
    r"|believ\w+|mention\w*|bring|brings|brought up|rais(?:es|ed)|observ\w+|note[sd]?|remark\w*|liken\w*"
    r"|compar\w+|describ\w+|calls?|called|judg\w+|forecast\w*|predict\w*|suggest\w*|stress\w*|emphasi\w+"
    r"|quot\w+|words?|accord\w+|warn\w*|admit\w*|declar\w+|opinions?|views?|attribut\w+|advi[cs]e\w*|explain\w*"
    r"|point(?:s|ed) out|stat(?:es|ed)|consider\w*|acknowledg\w+|boast\w*|expect\w*|propos\w+"
    r"|complain\w*|demand\w*|hop(?:es|ed))\b",
    re.IGNORECASE,
)


def told(ranking: Ranking, wants: Asked) -> list[Extract]:
    """What structure alone answers: the author of the part that was asked about, the notes of a number."""
    led = [ranked for ranked in ranking.passages if STRUCTURE in ranked.signals]
    if not led or led[0].rank > 1:
        return []
    first = led[0].stored.passage
    if first.signs and not wants.notes:
        authors = listed(first.locator.section_authors)
        return [Extract(led[0], *first.signs, 1.0, f"“{first.locator.section[-1]}” is by {authors}.")]
    notes = [ranked for ranked in led if ranked.stored.passage.note]
    several = len({ranked.stored.document_id for ranked in notes}) > 1
    return [_note(ranked, _of(ranked) if several else "") for ranked in notes]


def with_provenance(
    extracts: Sequence[Extract], ranking: Ranking, index: Snapshot, wants: Asked
) -> list[Extract]:
    """Sentences with what was asked about their place: their speakers, the notes that back them."""
    if wants.source and extracts:
        return list(_backed(extracts, index))
    if wants.who:
        says = bool(_SAYS.search(ranking.question.text))
        return [_said(extract, says=says) for extract in extracts]
    return list(extracts)


def _note(ranked: RankedPassage, of: str = "") -> Extract:
    passage = ranked.stored.passage
    return Extract(ranked, 0, len(passage.text), 1.0, f"Note {passage.note}{of}: {passage.text}")


def _of(ranked: RankedPassage) -> str:
    """Which document's: several have a note of one number."""
    return f" of “{_title(ranked.stored)}”"


def _said(extract: Extract, *, says: bool) -> Extract:
    """A sentence with its speaker; where somebody `says`, with the author of its part if it names nobody."""
    stored = extract.ranked.stored
    locator = stored.passage.locator
    if locator.speaker:
        return replace(extract, told=_according(locator.speaker, _title(stored), extract))
    if says and locator.section_authors and locator.section and not extract.highlights:
        return replace(
            extract, told=_according(listed(locator.section_authors), locator.section[-1], extract)
        )
    return extract


def _according(who: str, where: str, extract: Extract) -> str:
    return f"According to {who}, in “{where}”: {extract.quoted}"


def _title(stored: StoredPassage) -> str:
    return Record(stored.record).title or stored.source


def _backed(extracts: Sequence[Extract], index: Snapshot) -> Iterator[Extract]:
    """The best sentence that calls notes, with these; all sentences where none does."""
    for extract in sorted(extracts, key=lambda extract: -extract.score):
        stored = extract.ranked.stored
        own = extract.start if extract.own is None else extract.own
        called = [n for n in stored.passage.locator.footnotes if n.at and own < n.at <= extract.end]
        if notes := index.defining(stored, called):
            yield extract
            yield from (_note(replace(extract.ranked, stored=note)) for note in notes)
            return
    yield from extracts
