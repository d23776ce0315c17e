"""Extractive answers: the sentences of the best passages that say what was asked, verbatim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from operator import itemgetter

from corpus.records import Passage
from index.reader import Snapshot
from rag.asked import asked
from rag.closeness import closeness, share
from rag.leaning import leans
from rag.offered import Range, best_offered
from rag.records import RankedPassage, Ranking, Role
from rag.wanted import Kind, wanted

_BROUGHT = 2  # sentences that one brings along at most


@dataclass(frozen=True, slots=True)
class ExtractConfig:
    """How much an extractive answer may hold; scores are closenesses, see `rag.closeness`.

    The weights and the margins were chosen on four collections, see docs/answers.md.
    """

    passages: int = 10  # sentences come from so many of the best passages
    sentences: int = 3
    characters: int = 400
    looked_at: int = 16  # closest sentences, which are read closely
    terms: float = 0.085  # what it counts that a sentence has the question's own words
    offers: float = 0.055  # what it counts that a sentence offers the kind of thing that is wanted
    said: float = 0.1  # what it costs that the conversation has heard a sentence already
    close: float = 0.08  # a further sentence may score so much less than the best one
    closer: float = 0.15  # the same where the best one does not offer what is wanted


@dataclass(frozen=True, slots=True)
class Extract:
    """A sentence that may stand in an answer, `passage.text[start:end]`, or what is `told` of it.

    It begins with the sentence before where that one names who or what this one is about; `own` is where
    it begins itself. `highlights` are ranges of the passage's text that say what is wanted.
    """

    ranked: RankedPassage
    start: int
    end: int
    score: float
    told: str | None = None
    highlights: tuple[Range, ...] = ()
    own: int | None = None

    @property
    def text(self) -> str:
        """The claim: the sentence as it reads, if nothing else is told."""
        return self.told or self.quoted

    @property
    def quoted(self) -> str:
        """The sentence as it reads."""
        return self.ranked.stored.passage.text[self.start : self.end]

    @property
    def marks(self) -> tuple[Range, ...]:
        """The highlights as ranges of the claim; what is told ends with the sentence, or marks nothing."""
        text = self.text
        shift = len(text) - len(self.quoted) - self.start if text.endswith(self.quoted) else None
        return () if shift is None else tuple((a + shift, b + shift) for a, b in self.highlights)


def extract(ranking: Ranking, index: Snapshot, config: ExtractConfig | None = None) -> list[Extract]:
    """The best sentences in reading order, none twice; empty when none has to do with the question.

    Footnotes speak only where a source is asked for: they back what the body says, and say little.
    """
    config = config or ExtractConfig()
    kind = wanted(ranking.question.text)
    read = (_with_subject(sentence) for sentence in _scored(ranking, index, kind, config))
    found = sorted(filter(None, read), key=lambda e: (-e.score, e.ranked.rank, e.start))
    chosen: list[Extract] = []
    for candidate in _near(found, kind, config):
        if len(chosen) == config.sentences:
            break
        if any(candidate.text in other.text for other in chosen):
            continue
        kept = [other for other in chosen if other.text not in candidate.text]
        room = config.characters - sum(len(e.text) + 1 for e in kept)
        if not kept or len(candidate.text) <= room:
            chosen = [*kept, candidate]
    return _in_reading_order(chosen)


def _scored(ranking: Ranking, index: Snapshot, kind: Kind | None, config: ExtractConfig) -> Iterator[Extract]:
    """The sentences that come closest and state something, with their scores."""
    about_sources = asked(ranking.question.text).source
    speaking = [ranked for ranked in ranking.passages if about_sources or ranked.stored.passage.note is None]
    read = speaking[: config.passages]
    close = [
        (float(value), ranked, at)
        for ranked, values in zip(read, closeness(read, ranking, index), strict=True)
        for at, value in enumerate(values)
        if value > 0 and not _asks(ranked.stored.passage, at)
    ]
    heard = [turn.content for turn in ranking.question.history if turn.role is Role.ASSISTANT]
    for value, ranked, at in nlargest(config.looked_at, close, key=itemgetter(0)):
        start, end = ranked.stored.passage.sentences[at]
        text = ranked.stored.passage.text[start:end]
        marked = best_offered(kind, text, ranking.question.text)
        value += config.terms * share(ranked, at, ranking.terms, index)
        value += config.offers if marked else 0.0
        value -= config.said if any(text in said for said in heard) else 0.0
        yield Extract(ranked, start, end, value, highlights=tuple((start + a, start + b) for a, b in marked))


def _asks(passage: Passage, at: int) -> bool:
    """Whether a sentence is a question, which states nothing."""
    return passage.text[slice(*passage.sentences[at])].rstrip("\"'”’») ").endswith("?")


def _near(found: Sequence[Extract], kind: Kind | None, config: ExtractConfig) -> Iterator[Extract]:
    """The best sentence and those that come near it; nearer still where it offers what is wanted itself."""
    if not found:
        return
    offers = bool(found[0].highlights)
    margin = config.close if offers or kind is None else config.closer
    for extract in found:
        if extract.score < found[0].score - margin:
            return
        if extract.highlights or not offers:
            yield extract


def _with_subject(extract: Extract) -> Extract | None:
    """A sentence with what names its subject: the one before, or the two; None where that is out of sight.

    Under a heading, and first in an answer, nothing stands before: there the place tells.
    """
    passage = extract.ranked.stored.passage
    at = first = [start for start, _ in passage.sentences].index(extract.start)
    while at - first < _BROUGHT and leans(passage.text[slice(*passage.sentences[first])]):
        if _opens(passage, first):
            break
        if first == 0:
            return None
        first -= 1
    if leans(passage.text[slice(*passage.sentences[first])]):
        first = max(first, at - 1)  # it does not name it either: one is enough
    return replace(extract, start=passage.sentences[first][0], own=extract.start)


def _opens(passage: Passage, at: int) -> bool:
    """Whether a sentence has none before it: it stands first, or behind a heading or a speaker's name."""
    before = passage.sentences[at - 1][1] if at else 0
    return bool(passage.text[before : passage.sentences[at][0]].strip()) or (not at and not passage.ordinal)


def _in_reading_order(chosen: Sequence[Extract]) -> list[Extract]:
    """Documents by their best passage, in each the order of the text."""
    by_rank = sorted(chosen, key=lambda e: -e.ranked.rank)
    best_rank = {e.ranked.stored.document_id: e.ranked.rank for e in by_rank}
    return sorted(
        chosen,
        key=lambda e: (best_rank[e.ranked.stored.document_id], e.ranked.stored.passage.ordinal, e.start),
    )
