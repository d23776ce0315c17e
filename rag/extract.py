"""Extractive answers: the sentences of the best passages that say most of what was asked, verbatim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.reader import Snapshot
from rag.asked import asked
from rag.records import RankedPassage, Ranking

_ANSWERS = 0.9  # what a word counts that stands in the question only that a sentence answers


@dataclass(frozen=True, slots=True)
class ExtractConfig:
    """How much an extractive answer may hold."""

    passages: int = 3  # sentences come from so many of the best passages
    sentences: int = 3
    characters: int = 600
    enough: float = 0.75  # a further sentence must score this share of the best one's score


@dataclass(frozen=True, slots=True)
class Extract:
    """A sentence that may stand in an answer: `passage.text[start:end]`, or what is `told` of it."""

    ranked: RankedPassage
    start: int
    end: int
    score: float
    told: str | None = None

    @property
    def text(self) -> str:
        """The claim: the sentence as it reads, if nothing else is told."""
        return self.told or self.ranked.stored.passage.text[self.start : self.end]


def extract(ranking: Ranking, index: Snapshot, config: ExtractConfig | None = None) -> list[Extract]:
    """The best supported sentences in reading order, none twice; empty when no sentence shares a term.

    Footnotes speak only where a source is asked for: they back what the body says, and say little.
    """
    config = config or ExtractConfig()
    about_sources = asked(ranking.question.text).source
    speaking = [ranked for ranked in ranking.passages if about_sources or ranked.stored.passage.note is None]
    found = sorted(
        (e for ranked in speaking[: config.passages] for e in _sentences(ranked, ranking.terms, index)),
        key=lambda e: (-e.score, e.ranked.rank, e.start),
    )
    chosen: list[Extract] = []
    for candidate in found:
        if len(chosen) == config.sentences or not candidate.score:
            break
        if chosen and candidate.score < config.enough * chosen[0].score:
            break
        room = config.characters - sum(len(e.text) + 1 for e in chosen)
        if (not chosen or len(candidate.text) <= room) and all(candidate.text != e.text for e in chosen):
            chosen.append(candidate)
    by_rank = sorted(chosen, key=lambda e: -e.ranked.rank)
    best_rank = {e.ranked.stored.document_id: e.ranked.rank for e in by_rank}
    return sorted(
        chosen,
        key=lambda e: (best_rank[e.ranked.stored.document_id], e.ranked.stored.passage.ordinal, e.start),
    )


def _sentences(ranked: RankedPassage, terms: Mapping[str, float], index: Snapshot) -> Sequence[Extract]:
    """Each sentence with its score: the rarity-weighted share of the question's terms that it holds.

    What the passage's header says (title, section) counts half: a sentence of the section on a thing
    need not name it. The sentence that begins an answer says what its question asked. Of sentences that
    say equally much, one in a better passage wins.
    """
    passage = ranked.stored.passage
    total = sum(terms.values()) or 1.0
    in_header = set(index.terms(passage.header))
    answered = set(index.terms(passage.locator.question or ""))
    extracts = []
    for start, end in passage.sentences:
        if passage.text[start:end].rstrip("\"'”’») ").endswith("?"):
            continue  # a question states nothing
        own = set(index.terms(passage.text[start:end]))
        met = sum(
            weight if term in own else 0.5 * weight if term in in_header and own & terms.keys() else 0.0
            for term, weight in terms.items()
        )
        if answered and (start, end) == passage.sentences[0] and start:  # behind the name of who speaks
            met = max(met, _ANSWERS * sum(weight for term, weight in terms.items() if term in answered))
        extracts.append(Extract(ranked, start, end, met / total * (0.5 + 0.5 * min(1.0, ranked.score))))
    return extracts
